//! What names and functions mean in the expressions of a scenario, depending on where they stand.

use super::calls::DISTRIBUTIONS;
use super::compiler::{Compiler, Parameter, Symbol};
use super::history::{Subject, What, landed, leaves, seen};
use super::pools::{Shadow, turns_range};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::expression::{
    Arithmetic, Binary, Expr, Flag, Interval, Kind, Number, NumberKind, Scope, SetId, Term, Type, Typed, exactly,
};
use crate::model::{Cell, OUTCOME, TURN};

/// Which parts of the world an expression may read, and how.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading {
    /// Variables, history and the turn.
    pub state: bool,
    /// Parameters that each replication draws.
    pub drawn: bool,
    /// As it was at the start of the trigger phase.
    pub snapshot: bool,
    /// How the replication ended.
    pub outcome: bool,
    /// The path of the key, if it may draw, and how many draws it has had.
    pub draws: Option<(String, u32)>,
}

impl Reading {
    /// Numbers and undrawn parameters.
    pub fn constant() -> Self {
        Self::default()
    }

    /// All parameters.
    pub fn parameters() -> Self {
        Self { drawn: true, ..Self::default() }
    }

    pub fn state() -> Self {
        Self { state: true, drawn: true, ..Self::default() }
    }

    #[must_use]
    pub fn at_start_of_phase(mut self, snapshot: bool) -> Self {
        self.snapshot = snapshot;
        self
    }

    #[must_use]
    pub fn drawing(mut self, path: &str) -> Self {
        self.draws = Some((path.to_owned(), 0));
        self
    }
}

/// The scope of an expression.
pub(super) struct ScopeAt<'c, 's> {
    pub compiler: &'c mut Compiler<'s>,
    pub reading: Reading,
}

const FUNCTIONS: &[&str] = &[
    "prev",
    "rung",
    "peak_rung",
    "fired",
    "count",
    "since",
    "landed",
    "since_landed",
    "observed",
    "since_observed",
    "pending",
    "sum",
    "mean",
    "bernoulli",
    "binomial",
    "poisson",
    "uniform",
    "normal",
    "triangular",
];

pub(super) type Found = Option<Result<Typed, Vec<Diagnostic>>>;

impl Scope for ScopeAt<'_, '_> {
    fn name(&mut self, name: &str, span: Span) -> Option<Result<Typed, Diagnostic>> {
        match name {
            "turn" => {
                return Some(self.readable(span).map(|()| {
                    let range = turns_range(self.compiler.turns);
                    numeric(Number::column(TURN, range), Type::Integer)
                }));
            }
            "turns" if self.compiler.turns == 0 => return Some(Err(turns_of_turns(span))),
            "turns" => return Some(Ok(numeric(Number::constant(f64::from(self.compiler.turns)), Type::Integer))),
            "rung" | "peak_rung" => return Some(self.rung(name == "peak_rung", None, span)),
            "outcome" => return Some(self.outcome(span)),
            _ => {}
        }
        match *self.compiler.symbols.get(name)? {
            Symbol::Variable(variable) => Some(self.readable(span).map(|()| {
                self.compiler.uses.read.insert(variable);
                self.variable(variable)
            })),
            Symbol::Parameter(parameter) => Some(self.parameter(parameter, span)),
            Symbol::Actor(_) => {
                Some(Err(refuse(span, name, "an actor", &format!("write `{name}.` and one of its variables"))))
            }
            Symbol::Relation(_) => {
                let hint = format!("name two actors, `{name}(a, b)`, or ask for `max({name})`, `mean({name})`");
                Some(Err(refuse(span, name, "a relation", &hint)))
            }
            Symbol::Event(_) => {
                let hint = format!("write `fired({name})`, `count({name})` or `since({name})`");
                Some(Err(refuse(span, name, "a trigger or inject", &hint)))
            }
            Symbol::Dynamic => {
                Some(Err(refuse(span, name, "a dynamic", "it happens every turn, and leaves no trace but its effects")))
            }
        }
    }

    fn call(&mut self, name: &str, arguments: &[Expr], span: Span) -> Found {
        if let Some(Symbol::Relation(relation)) = self.compiler.symbols.get(name) {
            let cell = self.cell(*relation, name, arguments, span);
            return Some(cell.map(|variable| {
                self.compiler.uses.read.insert(variable);
                self.variable(variable)
            }));
        }
        if let Some((_, distribution, takes)) = DISTRIBUTIONS.iter().find(|(known, ..)| *known == name) {
            return Some(self.draw(name, *distribution, takes, arguments, span));
        }
        if let ("min" | "max" | "sum" | "mean", [argument]) = (name, arguments) {
            return self.aggregate(name, argument);
        }
        match name {
            "prev" => Some(self.previous(arguments, span)),
            "rung" | "peak_rung" => Some(self.rung_of(name, arguments, span)),
            "fired" | "count" | "since" | "landed" | "since_landed" | "pending" => {
                Some(self.past(name, arguments, span))
            }
            "observed" | "since_observed" => Some(self.observation(name, arguments, span)),
            _ => None,
        }
    }

    fn is_draw(&self, function: &str) -> bool {
        DISTRIBUTIONS.iter().any(|(known, ..)| *known == function)
    }

    fn values(&self, set: SetId) -> &[String] {
        self.compiler.sets.0.get(set as usize).map_or(&[], Vec::as_slice)
    }

    fn unknown_name(&self, name: &str, span: Span) -> Diagnostic {
        let names = self
            .compiler
            .symbols
            .iter()
            .filter(|(_, symbol)| matches!(symbol, Symbol::Variable(_) | Symbol::Parameter(_)));
        let names = names.map(|(name, _)| name.as_str()).chain(["turn", "turns", "rung", "peak_rung"]);
        let message = format!("there is no variable or parameter `{name}`");
        let finding = Diagnostic::new(Code::UnknownName, span, message).did_you_mean(name, names);
        let value = self.compiler.sets.0.iter().any(|set| set.iter().any(|value| value == name));
        if value && finding.hint.is_none() {
            return finding.hint(format!("`{name}` is a value: it is known only beside a variable that can have it"));
        }
        finding
    }

    fn functions(&self) -> &'static [&'static str] {
        FUNCTIONS
    }
}

impl ScopeAt<'_, '_> {
    pub fn readable(&self, span: Span) -> Result<(), Diagnostic> {
        if self.reading.state {
            return Ok(());
        }
        let message = "this must not change during a replication, so it may only use numbers and parameters";
        Err(Diagnostic::new(Code::NotConstant, span, message))
    }

    /// The column to read: its copy from the start of the phase, where all triggers play at once.
    fn read(&mut self, cell: Cell) -> Cell {
        if self.reading.snapshot { self.compiler.columns.shadow(Shadow::Snapshot, cell) } else { cell }
    }

    pub fn variable(&mut self, variable: usize) -> Typed {
        let found = &self.compiler.variables[variable];
        let (cell, kind, range) = (found.cell, found.kind, found.range);
        let cell = self.read(cell);
        column(cell, kind, range)
    }

    fn parameter(&mut self, parameter: usize, span: Span) -> Result<Typed, Diagnostic> {
        self.compiler.uses.parameters.insert(parameter);
        match self.compiler.parameters[parameter] {
            Parameter::Fixed(value) => Ok(numeric(Number::constant(value), Type::Number)),
            Parameter::Drawn(column, range) if self.reading.drawn => {
                Ok(numeric(Number::column(column, range), Type::Number))
            }
            Parameter::Drawn(..) | Parameter::Unknown => {
                let message = "this parameter is drawn anew in each replication, and must be the same in all here";
                Err(Diagnostic::new(Code::NotConstant, span, message))
            }
        }
    }

    fn outcome(&mut self, span: Span) -> Result<Typed, Diagnostic> {
        match self.compiler.outcome_set {
            Some(set) if self.reading.outcome => {
                let range = Interval::new(-1.0, self.values(set).len() as f64 - 1.0);
                Ok(numeric(Number::column(OUTCOME, range), Type::Choice(set)))
            }
            _ => {
                let message = "the outcome is known only at the end, in claims";
                Err(Diagnostic::new(Code::NotAllowedHere, span, message))
            }
        }
    }

    fn rung(&mut self, peak: bool, actor: Option<usize>, span: Span) -> Result<Typed, Diagnostic> {
        self.readable(span)?;
        let Some(set) = self.compiler.rung_set else {
            let message = "the scenario has no ladder, so there is no rung";
            return Err(Diagnostic::new(Code::NotAllowedHere, span, message).hint("declare `[ladder]` with `rungs`"));
        };
        let column = if peak { self.compiler.peak_column(actor) } else { self.compiler.rung_columns(actor).rung };
        let highest = self.values(set).len() as f64 - 1.0;
        let cell = self.read(Cell::Number(column));
        Ok(super::scope::column(cell, Type::Rank(set), Interval::new(0.0, highest)))
    }

    fn rung_of(&mut self, name: &str, arguments: &[Expr], span: Span) -> Result<Typed, Vec<Diagnostic>> {
        let [actor] = exactly::<1>(name, arguments, span)?;
        let actor = self.actor(actor)?;
        self.rung(name == "peak_rung", Some(actor), span).map_err(|error| vec![error])
    }

    fn actor(&self, expr: &Expr) -> Result<usize, Vec<Diagnostic>> {
        let name = plain(expr);
        match name.and_then(|name| self.compiler.symbols.get(name)) {
            Some(Symbol::Actor(actor)) => Ok(*actor),
            _ => {
                let actors = self.compiler.scenario.actors.iter().map(|actor| actor.id.text.as_str());
                let message = match name {
                    Some(name) if !self.compiler.symbols.contains_key(name) => format!("there is no actor `{name}`"),
                    _ => "an actor is expected here".to_owned(),
                };
                let error = Diagnostic::new(Code::UnknownName, expr.span, message);
                Err(vec![error.did_you_mean(name.unwrap_or(""), actors)])
            }
        }
    }

    /// The index of a relation cell, from the actors it is called with.
    pub fn cell(&self, relation: usize, name: &str, arguments: &[Expr], span: Span) -> Result<usize, Vec<Diagnostic>> {
        self.readable(span).map_err(|error| vec![error])?;
        let [from, to] = exactly::<2>(name, arguments, span)?;
        let (from, to) = (self.actor(from)?, self.actor(to)?);
        self.compiler.cells.get(&(relation, from, to)).copied().ok_or_else(|| {
            let actors = &self.compiler.scenario.actors;
            let message = format!("`{name}` has no number for ({}, {})", actors[from].id.text, actors[to].id.text);
            let hint = match self.compiler.cells.contains_key(&(relation, to, from)) {
                true => "it is listed the other way round; `symmetric = true` makes the two one",
                false => "add the pair to the relation's `pairs`",
            };
            vec![Diagnostic::new(Code::UnknownName, span, message).hint(hint)]
        })
    }

    fn previous(&mut self, arguments: &[Expr], span: Span) -> Result<Typed, Vec<Diagnostic>> {
        let [argument] = exactly::<1>("prev", arguments, span)?;
        let refuse = || {
            let message = "`prev` takes a variable, a relation cell or `rung`";
            vec![Diagnostic::new(Code::WrongArguments, argument.span, message)]
        };
        self.readable(span).map_err(|error| vec![error])?;
        let snapshot = std::mem::replace(&mut self.reading.snapshot, false);
        let found = match &argument.kind {
            Kind::Name(name)
                if name == "rung" || matches!(self.compiler.symbols.get(name), Some(Symbol::Variable(_))) =>
            {
                self.name(name, argument.span).map(|found| found.map_err(|error| vec![error]))
            }
            Kind::Call(name, inner)
                if name == "rung" || matches!(self.compiler.symbols.get(name), Some(Symbol::Relation(_))) =>
            {
                self.call(name, inner, argument.span)
            }
            Kind::Name(name) if !self.compiler.symbols.contains_key(name) && name != "peak_rung" => {
                Some(Err(vec![self.unknown_name(name, argument.span)]))
            }
            _ => None,
        };
        self.reading.snapshot = snapshot;
        let typed = found.unwrap_or_else(|| Err(refuse()))?;
        let cell = match &typed.term {
            Term::Number(Number { kind: NumberKind::Column(column), .. }) => Cell::Number(*column),
            Term::Flag(Flag::Column(column)) => Cell::Flag(*column),
            _ => return Err(refuse()),
        };
        let range = match &typed.term {
            Term::Number(number) => number.range,
            Term::Flag(_) => Interval::UNIT,
        };
        let previous = self.compiler.columns.shadow(Shadow::Previous, cell);
        Ok(column(previous, typed.kind, range))
    }

    fn event(&self, expr: &Expr) -> Result<usize, Vec<Diagnostic>> {
        let name = plain(expr).unwrap_or("");
        match self.compiler.symbols.get(name) {
            Some(Symbol::Event(event)) => return Ok(*event),
            Some(_) => {
                let message = format!("`{name}` is no trigger and no inject, so it has no history");
                return Err(vec![Diagnostic::new(Code::TypeMismatch, expr.span, message)]);
            }
            None => {}
        }
        let ids = self.compiler.events.iter().map(|event| event.id.as_str());
        let message = if name.is_empty() {
            "a trigger, an inject or one of their branches is expected here".to_owned()
        } else {
            format!("there is no trigger or inject `{name}`")
        };
        Err(vec![Diagnostic::new(Code::UnknownName, expr.span, message).did_you_mean(name, ids)])
    }

    fn past(&mut self, name: &str, arguments: &[Expr], span: Span) -> Result<Typed, Vec<Diagnostic>> {
        self.readable(span).map_err(|error| vec![error])?;
        let [event] = exactly::<1>(name, arguments, span)?;
        let event = self.event(event)?;
        let subject = match name {
            "landed" | "since_landed" => landed(&self.compiler.events, event),
            _ => Subject::Fired(event),
        };
        match name {
            "fired" | "landed" => Ok(self.ever(subject)),
            "since" | "since_landed" => Ok(self.since(subject)),
            "count" => Ok(self.counted(subject)),
            _ => Ok(self.pending(event)),
        }
    }

    fn observation(&mut self, name: &str, arguments: &[Expr], span: Span) -> Result<Typed, Vec<Diagnostic>> {
        self.readable(span).map_err(|error| vec![error])?;
        let [actor, event] = exactly::<2>(name, arguments, span)?;
        let (actor, event) = (self.actor(actor)?, self.event(event)?);
        let subject = seen(&self.compiler.events, actor, event);
        Ok(if name == "observed" { self.ever(subject) } else { self.since(subject) })
    }

    fn asked(&mut self, subject: Subject, what: What) -> Cell {
        let cell = self.compiler.history.column(subject, what, &mut self.compiler.columns);
        self.read(cell)
    }

    fn ever(&mut self, subject: Subject) -> Typed {
        if subject == Subject::Never {
            return Typed { term: Term::Flag(Flag::Constant(false)), kind: Type::Flag };
        }
        let cell = self.asked(subject, What::Ever);
        column(cell, Type::Flag, Interval::UNIT)
    }

    fn since(&mut self, subject: Subject) -> Typed {
        if subject == Subject::Never {
            return numeric(Number::constant(f64::INFINITY), Type::Integer);
        }
        let last = match self.asked(subject, What::Last) {
            Cell::Number(column) | Cell::Flag(column) => Number::column(column, Interval::ALL),
        };
        let turn = Number::column(TURN, turns_range(self.compiler.turns));
        let since = Number::binary(Binary::Arithmetic(Arithmetic::Subtract), turn, last);
        numeric(since.within(Interval::positive()), Type::Integer)
    }

    fn counted(&mut self, subject: Subject) -> Typed {
        let cell = self.asked(subject, What::Count);
        column(cell, Type::Integer, turns_range(self.compiler.turns))
    }

    fn pending(&mut self, event: usize) -> Typed {
        let mut sum = Number::constant(0.0);
        for leaf in leaves(&self.compiler.events, event) {
            if self.compiler.events[leaf].delayed {
                let pending = self.compiler.history.pending(leaf, &mut self.compiler.columns);
                let Cell::Number(pending) = self.read(Cell::Number(pending)) else { continue };
                let one = Number::column(pending, turns_range(self.compiler.turns));
                sum = match sum.as_constant() {
                    Some(_) => one,
                    None => Number::binary(Binary::Arithmetic(Arithmetic::Add), sum, one),
                };
            }
        }
        numeric(sum, Type::Integer)
    }
}

/// The name, if the expression is nothing but one.
pub(super) fn plain(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        Kind::Name(name) => Some(name),
        _ => None,
    }
}

fn turns_of_turns(span: Span) -> Diagnostic {
    Diagnostic::new(Code::NotConstant, span, "the number of turns cannot hang on itself")
}

fn refuse(span: Span, name: &str, what: &str, hint: &str) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, format!("`{name}` is {what}, not a value")).hint(hint)
}

pub(super) fn numeric(number: Number, kind: Type) -> Typed {
    Typed { term: Term::Number(number), kind }
}

pub(super) fn column(cell: Cell, kind: Type, range: Interval) -> Typed {
    match cell {
        Cell::Number(column) => numeric(Number::column(column, range), kind),
        Cell::Flag(column) => Typed { term: Term::Flag(Flag::Column(column)), kind: Type::Flag },
    }
}
