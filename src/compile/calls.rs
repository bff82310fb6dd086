//! Functions of the scenario's own in expressions: over the pairs of a relation, and draws.

use super::scope::{Found, ScopeAt, numeric, plain};
use super::world::Symbol;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::expression::{
    Arithmetic, Binary, Expr, Interval, Number, NumberKind, Term, Type, Typed, number, wrong_number,
};
use crate::model::Distribution;

/// The distributions by the names under which they are called, with their arguments.
pub const DISTRIBUTIONS: &[(&str, Distribution, &[&str])] = &[
    ("bernoulli", Distribution::Bernoulli, &["p"]),
    ("binomial", Distribution::Binomial, &["n", "p"]),
    ("poisson", Distribution::Poisson, &["mean"]),
    ("uniform", Distribution::Uniform, &["low", "high"]),
    ("normal", Distribution::Normal, &["mean", "sd"]),
    ("triangular", Distribution::Triangular, &["low", "mode", "high"]),
];

impl ScopeAt<'_, '_> {
    /// `max`, `min`, `sum` or `mean` over the pairs of a relation, in the order in which they are listed.
    pub fn aggregate(&mut self, name: &str, argument: &Expr) -> Found {
        let Some(Symbol::Relation(relation)) = self.world.symbols.get(plain(argument)?) else {
            return matches!(name, "sum" | "mean").then(|| {
                let relations = self.world.scenario.relations.iter().map(|relation| relation.id.text.as_str());
                let message = format!("`{name}` takes the name of a relation");
                let error = Diagnostic::new(Code::WrongArguments, argument.span, message);
                Err(vec![error.did_you_mean(plain(argument).unwrap_or(""), relations)])
            });
        };
        let mut cells: Vec<usize> =
            self.world.cells.iter().filter(|((of, ..), _)| of == relation).map(|(_, variable)| *variable).collect();
        cells.sort_unstable();
        cells.dedup();
        if let Err(error) = self.readable(argument.span) {
            return Some(Err(vec![error]));
        }
        let function = match name {
            "min" => Binary::Min,
            "max" => Binary::Max,
            _ => Binary::Arithmetic(Arithmetic::Add),
        };
        let pairs = cells.len() as f64;
        let mut numbers = cells.into_iter().filter_map(|variable| {
            self.world.uses.read.insert(variable);
            match self.variable(variable).term {
                Term::Number(number) => Some(number),
                Term::Flag(_) => None,
            }
        });
        let Some(first) = numbers.next() else {
            let message = format!("`{}` has no pairs, so it has no `{name}`", plain(argument)?);
            return Some(Err(vec![Diagnostic::new(Code::WrongArguments, argument.span, message)]));
        };
        let rest = numbers.collect();
        let all = Number::fold(function, first, rest);
        let all = match name {
            "mean" => Number::binary(Binary::Arithmetic(Arithmetic::Divide), all, Number::constant(pairs)),
            _ => all,
        };
        Some(Ok(numeric(all, Type::Number)))
    }

    pub fn draw(
        &mut self,
        name: &str,
        distribution: Distribution,
        takes: &[&str],
        arguments: &[Expr],
        span: Span,
    ) -> Result<Typed, Vec<Diagnostic>> {
        let Some((path, count)) = &mut self.reading.draws else {
            let message = format!("`{name}` draws, and nothing may be drawn here");
            let hint = "draws stand in effects, in `amount` and `loss`; elsewhere, draw into a variable first";
            return Err(vec![Diagnostic::new(Code::NotAllowedHere, span, message).hint(hint)]);
        };
        if arguments.len() != takes.len() {
            let error = wrong_number(name, takes.len(), arguments.len(), span);
            return Err(vec![error.hint(format!("write `{name}({})`", takes.join(", ")))]);
        }
        let site = if path.starts_with("parameters/") { path.clone() } else { format!("{path}/{count}") };
        *count += 1;
        let ask = self.world.sites.value(&site, distribution);
        let mut numbers = Vec::new();
        let mut errors = Vec::new();
        for argument in arguments {
            match number(argument, self) {
                Ok(number) => numbers.push(number),
                Err(found) => errors.extend(found),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let constants: Option<Vec<f64>> = numbers.iter().map(Number::as_constant).collect();
        if let Some(needs) = constants.and_then(|constants| missed_domain(distribution, &constants)) {
            let message = format!("`{name}` has no value for these arguments");
            return Err(vec![Diagnostic::new(Code::NotANumber, span, message).label(format!("needs {needs}"))]);
        }
        let ranges: Vec<Interval> = numbers.iter().map(|number| number.range).collect();
        let range = drawn_range(distribution, &ranges);
        let integer = matches!(distribution, Distribution::Bernoulli | Distribution::Binomial | Distribution::Poisson);
        let number = Number { kind: NumberKind::Ask(ask, numbers), range };
        Ok(numeric(number, if integer { Type::Integer } else { Type::Number }))
    }
}

/// What a distribution needs of its arguments, if these have it not.
fn missed_domain(distribution: Distribution, arguments: &[f64]) -> Option<&'static str> {
    let needs = match (distribution, arguments) {
        (Distribution::Bernoulli, [p]) => (!p.is_nan(), "a number"),
        (Distribution::Binomial, [n, p]) => (
            (0.0..=1e9).contains(n) && n.floor() == *n && (0.0..=1.0).contains(p) && n * p * (1.0 - p) <= 1e6,
            "an integer from 0, a chance in [0, 1], and a variance of at most a million",
        ),
        (Distribution::Poisson, [mean]) => ((0.0..=1e6).contains(mean), "a mean from 0 to a million"),
        (Distribution::Uniform, [low, high]) => (low <= high && (high - low).is_finite(), "the lower bound first"),
        (Distribution::Normal, [mean, sd]) => (mean.is_finite() && *sd >= 0.0, "a standard deviation of at least 0"),
        (Distribution::Triangular, [low, mode, high]) => (
            low <= mode && mode <= high && (high - low).is_finite(),
            "the lowest, the likeliest and the highest, in this order",
        ),
        _ => (true, ""),
    };
    (!needs.0).then_some(needs.1)
}

/// Where the values of a distribution can lie, and whether its arguments may be outside its domain.
fn drawn_range(distribution: Distribution, arguments: &[Interval]) -> Interval {
    let nan = arguments.iter().any(|argument| argument.nan || !argument.is_finite());
    let (first, last) = (arguments[0], arguments[arguments.len() - 1]);
    match distribution {
        Distribution::Bernoulli => Interval::UNIT.or_nan(first.nan),
        Distribution::Binomial => Interval::new(0.0, first.high.max(0.0)).or_nan(true),
        Distribution::Poisson => Interval::positive().or_nan(nan || first.low < 0.0 || first.high > 1e6),
        Distribution::Uniform => first.hull(last).or_nan(nan || first.high > last.low),
        Distribution::Normal => Interval::ALL.or_nan(nan || last.low < 0.0),
        Distribution::Triangular => {
            let mode = arguments[1];
            let ordered = first.high <= mode.low && mode.high <= last.low;
            first.hull(mode).hull(last).or_nan(nan || !ordered)
        }
    }
}
