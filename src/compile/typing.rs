//! Typing in a scenario: which name and which function of its own mean which column.

use super::calls::DISTRIBUTIONS;
use super::pools::{Shadow, turns_range};
use super::scope::{Found, ScopeAt, column, numeric};
use super::world::Symbol;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::expression::{
    Expr, Flag, Interval, Kind, Number, NumberKind, Scope, SetId, Term, Type, Typed, exactly, pure_functions,
};
use crate::model::{Cell, TURN};

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

/// What functions of other languages are called here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("log", "`ln(x)`, the natural logarithm"),
    ("pow", "`x ^ y`"),
    ("power", "`x ^ y`"),
    ("mod", "`x % y`"),
    ("int", "`floor(x)` or `round(x)`"),
    ("ceiling", "`ceil(x)`"),
    ("average", "`mean(relation)`, or `(x + y) / 2`"),
    ("avg", "`mean(relation)`, or `(x + y) / 2`"),
    ("sigmoid", "`logistic(x)`"),
    ("random", "`uniform(0, 1)`, in an effect"),
    ("rand", "`uniform(0, 1)`, in an effect"),
    ("previous", "`prev(x)`"),
    ("happened", "`fired(x)`"),
];

impl Scope for ScopeAt<'_, '_> {
    fn name(&mut self, name: &str, span: Span) -> Option<Result<Typed, Diagnostic>> {
        match name {
            "turn" => {
                return Some(self.readable(span).map(|()| {
                    let range = turns_range(self.world.turns);
                    numeric(Number::column(TURN, range), Type::Integer)
                }));
            }
            "turns" if self.world.turns == 0 => return Some(Err(turns_of_turns(span))),
            "turns" => return Some(Ok(numeric(Number::constant(f64::from(self.world.turns)), Type::Integer))),
            "rung" | "peak_rung" => return Some(self.rung(name == "peak_rung", None, span)),
            "outcome" => return Some(self.outcome(span)),
            _ => {}
        }
        match *self.world.symbols.get(name)? {
            Symbol::Variable(variable) => Some(self.readable(span).map(|()| {
                self.world.uses.read.insert(variable);
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
        if let Some(Symbol::Relation(relation)) = self.world.symbols.get(name) {
            let cell = self.cell(*relation, name, arguments, span);
            return Some(cell.map(|variable| {
                self.world.uses.read.insert(variable);
                self.variable(variable)
            }));
        }
        if let Some((_, distribution, takes)) = DISTRIBUTIONS.iter().find(|(known, ..)| *known == name) {
            return Some(self.draw(name, *distribution, takes, arguments, span));
        }
        match (name, arguments) {
            ("sum" | "mean", [argument]) => return self.aggregate(name, argument),
            ("min" | "max", [] | [_]) => {
                let of_relation = arguments.first().and_then(|argument| self.aggregate(name, argument));
                return Some(of_relation.unwrap_or_else(|| {
                    let message = format!("`{name}` takes two or more numbers, or the name of a relation");
                    Err(vec![Diagnostic::new(Code::WrongArguments, span, message)])
                }));
            }
            _ => {}
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
        &self.world.sets.0[set as usize]
    }

    fn unknown_name(&self, name: &str, span: Span) -> Diagnostic {
        let names = self
            .world
            .symbols
            .iter()
            .filter(|(_, symbol)| matches!(symbol, Symbol::Variable(_) | Symbol::Parameter(_)));
        let names = names.map(|(name, _)| name.as_str()).chain(["turn", "turns", "rung", "peak_rung"]);
        let message = format!("there is no variable or parameter `{name}`");
        let finding = Diagnostic::new(Code::UnknownName, span, message).did_you_mean(name, names);
        let value = self.world.sets.0.iter().any(|set| set.iter().any(|value| value == name));
        if value && finding.hint.is_none() {
            return finding.hint(format!("`{name}` is a value: it is known only beside a variable that can have it"));
        }
        finding
    }

    fn unknown_function(&self, name: &str, span: Span) -> Diagnostic {
        let finding = Diagnostic::new(Code::UnknownFunction, span, format!("there is no function `{name}`"));
        match ELSEWHERE.iter().find(|(known, _)| *known == name) {
            Some((_, here)) => finding.hint(format!("write {here}")),
            None => finding.did_you_mean(name, pure_functions().chain(FUNCTIONS.iter().copied())),
        }
    }

    fn ranked(&self, _: SetId) -> &str {
        "a rung"
    }
}

impl ScopeAt<'_, '_> {
    fn previous(&mut self, arguments: &[Expr], span: Span) -> Result<Typed, Vec<Diagnostic>> {
        let [argument] = exactly::<1>("prev", arguments, span)?;
        let refuse = || {
            let message = "`prev` takes a variable, a relation cell or `rung`";
            vec![Diagnostic::new(Code::WrongArguments, argument.span, message)]
        };
        self.readable(span).map_err(|error| vec![error])?;
        let snapshot = std::mem::replace(&mut self.reading.snapshot, false);
        let found = match &argument.kind {
            Kind::Name(name) if name == "rung" || matches!(self.world.symbols.get(name), Some(Symbol::Variable(_))) => {
                self.name(name, argument.span).map(|found| found.map_err(|error| vec![error]))
            }
            Kind::Call(name, inner)
                if name == "rung" || matches!(self.world.symbols.get(name), Some(Symbol::Relation(_))) =>
            {
                self.call(name, inner, argument.span)
            }
            Kind::Name(name) if !self.world.symbols.contains_key(name) && name != "peak_rung" => {
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
        let previous = self.world.columns.shadow(Shadow::Previous, cell);
        Ok(column(previous, typed.kind, range))
    }
}

fn turns_of_turns(span: Span) -> Diagnostic {
    Diagnostic::new(Code::NotConstant, span, "the number of turns cannot hang on itself")
}

fn refuse(span: Span, name: &str, what: &str, hint: &str) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, format!("`{name}` is {what}, not a value")).hint(hint)
}
