//! What names and functions mean in the expressions of a scenario, depending on where they stand.

use super::history::{Subject, landed, leaves, seen};
use super::pools::{Shadow, turns_range};
use super::world::{Parameter, Symbol, World};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::expression::{Arithmetic, Binary, Expr, Flag, Interval, Kind, Number, Scope, Term, Type, Typed, exactly};
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
    pub world: &'c mut World<'s>,
    pub reading: Reading,
}

pub(super) type Found = Option<Result<Typed, Vec<Diagnostic>>>;

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
        if self.reading.snapshot { self.world.columns.shadow(Shadow::Snapshot, cell) } else { cell }
    }

    /// The number column to read, like [`Self::read`].
    fn read_number(&mut self, column: u32) -> u32 {
        if self.reading.snapshot { self.world.columns.number_shadow(Shadow::Snapshot, column) } else { column }
    }

    pub fn variable(&mut self, variable: usize) -> Typed {
        let found = &self.world.variables[variable];
        let (cell, kind, range) = (found.cell, found.kind, found.range);
        let cell = self.read(cell);
        column(cell, kind, range)
    }

    pub fn parameter(&mut self, parameter: usize, span: Span) -> Result<Typed, Diagnostic> {
        self.world.uses.parameters.insert(parameter);
        match self.world.parameters[parameter] {
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

    pub fn outcome(&mut self, span: Span) -> Result<Typed, Diagnostic> {
        match self.world.outcome_set {
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

    pub fn rung(&mut self, peak: bool, actor: Option<usize>, span: Span) -> Result<Typed, Diagnostic> {
        self.readable(span)?;
        let Some(set) = self.world.rung_set else {
            let message = "the scenario has no ladder, so there is no rung";
            return Err(Diagnostic::new(Code::NotAllowedHere, span, message).hint("declare `[ladder]` with `rungs`"));
        };
        let place = if peak { self.world.peak_column(actor) } else { self.world.rung_columns(actor).rung };
        let highest = self.values(set).len() as f64 - 1.0;
        let cell = self.read(Cell::Number(place));
        Ok(column(cell, Type::Rank(set), Interval::new(0.0, highest)))
    }

    pub fn rung_of(&mut self, name: &str, arguments: &[Expr], span: Span) -> Result<Typed, Vec<Diagnostic>> {
        let [actor] = exactly::<1>(name, arguments, span)?;
        let actor = self.actor(actor)?;
        self.rung(name == "peak_rung", Some(actor), span).map_err(|error| vec![error])
    }

    fn actor(&self, expr: &Expr) -> Result<usize, Vec<Diagnostic>> {
        let name = plain(expr);
        match name.and_then(|name| self.world.symbols.get(name)) {
            Some(Symbol::Actor(actor)) => Ok(*actor),
            _ => {
                let actors = self.world.scenario.actors.iter().map(|actor| actor.id.text.as_str());
                let message = match name {
                    Some(name) if !self.world.symbols.contains_key(name) => format!("there is no actor `{name}`"),
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
        self.world.cells.get(&(relation, from, to)).copied().ok_or_else(|| {
            let actors = &self.world.scenario.actors;
            let message = format!("`{name}` has no number for ({}, {})", actors[from].id.text, actors[to].id.text);
            let hint = match self.world.cells.contains_key(&(relation, to, from)) {
                true => "it is listed the other way round; `symmetric = true` makes the two one",
                false => "add the pair to the relation's `pairs`",
            };
            vec![Diagnostic::new(Code::UnknownName, span, message).hint(hint)]
        })
    }

    fn event(&self, expr: &Expr) -> Result<usize, Vec<Diagnostic>> {
        let name = plain(expr).unwrap_or("");
        match self.world.symbols.get(name) {
            Some(Symbol::Event(event)) => return Ok(*event),
            Some(_) => {
                let message = format!("`{name}` is no trigger and no inject, so it has no history");
                return Err(vec![Diagnostic::new(Code::TypeMismatch, expr.span, message)]);
            }
            None => {}
        }
        let ids = self.world.events.iter().map(|event| event.id.as_str());
        let message = if name.is_empty() {
            "a trigger, an inject or one of their branches is expected here".to_owned()
        } else {
            format!("there is no trigger or inject `{name}`")
        };
        Err(vec![Diagnostic::new(Code::UnknownName, expr.span, message).did_you_mean(name, ids)])
    }

    pub fn past(&mut self, name: &str, arguments: &[Expr], span: Span) -> Result<Typed, Vec<Diagnostic>> {
        self.readable(span).map_err(|error| vec![error])?;
        let [event] = exactly::<1>(name, arguments, span)?;
        let event = self.event(event)?;
        let subject = match name {
            "landed" | "since_landed" => landed(&self.world.events, event),
            _ => Subject::Fired(event),
        };
        match name {
            "fired" | "landed" => Ok(self.ever(subject)),
            "since" | "since_landed" => Ok(self.since(subject)),
            "count" => Ok(self.counted(subject)),
            _ => Ok(self.pending(event)),
        }
    }

    pub fn observation(&mut self, name: &str, arguments: &[Expr], span: Span) -> Result<Typed, Vec<Diagnostic>> {
        self.readable(span).map_err(|error| vec![error])?;
        let [actor, event] = exactly::<2>(name, arguments, span)?;
        let (actor, event) = (self.actor(actor)?, self.event(event)?);
        let subject = seen(&self.world.events, actor, event);
        Ok(if name == "observed" { self.ever(subject) } else { self.since(subject) })
    }

    fn ever(&mut self, subject: Subject) -> Typed {
        if subject == Subject::Never {
            return Typed { term: Term::Flag(Flag::Constant(false)), kind: Type::Flag };
        }
        let ever = self.world.history.ever(subject, &mut self.world.columns);
        column(self.read(Cell::Flag(ever)), Type::Flag, Interval::UNIT)
    }

    fn since(&mut self, subject: Subject) -> Typed {
        if subject == Subject::Never {
            return numeric(Number::constant(f64::INFINITY), Type::Integer);
        }
        let last = self.world.history.last(subject, &mut self.world.columns);
        let last = Number::column(self.read_number(last), Interval::ALL);
        let turn = Number::column(TURN, turns_range(self.world.turns));
        let since = Number::binary(Binary::Arithmetic(Arithmetic::Subtract), turn, last);
        numeric(since.within(Interval::positive()), Type::Integer)
    }

    fn counted(&mut self, subject: Subject) -> Typed {
        let count = self.world.history.count(subject, &mut self.world.columns);
        numeric(Number::column(self.read_number(count), turns_range(self.world.turns)), Type::Integer)
    }

    fn pending(&mut self, event: usize) -> Typed {
        let mut sum = Number::constant(0.0);
        for leaf in leaves(&self.world.events, event) {
            if self.world.events[leaf].delayed {
                let pending = self.world.history.pending(leaf, &mut self.world.columns);
                let one = Number::column(self.read_number(pending), turns_range(self.world.turns));
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

pub(super) fn numeric(number: Number, kind: Type) -> Typed {
    Typed { term: Term::Number(number), kind }
}

pub(super) fn column(cell: Cell, kind: Type, range: Interval) -> Typed {
    match cell {
        Cell::Number(column) => numeric(Number::column(column, range), kind),
        Cell::Flag(column) => Typed { term: Term::Flag(Flag::Column(column)), kind: Type::Flag },
    }
}
