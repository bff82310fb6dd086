//! What an expression is worth: a number; a truth as 1 or 0; a value of an enum or a rung as its index; else NaN.

use super::start::cells;
use super::{Game, State};
use escalate::draws::{Draw, Site, Threshold, continuous, counting, unit};
use escalate::expression::{
    Arithmetic, BinaryOp, Comparison, Expr, FUNCTIONS, Kind, UnaryOp, divide, max, min, power, remainder,
};
use escalate::scenario::Formula;

/// What an expression sees where it stands.
#[derive(Clone, Copy)]
pub struct View<'v> {
    pub game: &'v Game<'v>,
    pub state: &'v State,
    /// Where its draws come from, if it may draw.
    pub luck: Option<Luck<'v>>,
}

/// The draw sites of a key.
#[derive(Clone, Copy)]
pub struct Luck<'v> {
    site: &'v str,
    /// All draws written in the key, in order of text: the i-th is at `site/i`. None: the one draw is at `site`.
    draws: Option<&'v [&'v Expr]>,
    k: u32,
}

impl<'v> Luck<'v> {
    pub fn single(site: &'v str) -> Self {
        Self { site, draws: None, k: 0 }
    }

    pub fn numbered(site: &'v str, draws: &'v [&'v Expr], k: u32) -> Self {
        Self { site, draws: Some(draws), k }
    }
}

const DRAWS: [&str; 6] = ["bernoulli", "binomial", "poisson", "uniform", "normal", "triangular"];

/// The draws written in some expressions, in order of text.
pub fn draws_in<'e>(expressions: impl IntoIterator<Item = &'e Expr>) -> Vec<&'e Expr> {
    let mut draws = Vec::new();
    for expression in expressions {
        expression.walk(&mut |part| {
            if matches!(&part.kind, Kind::Call(name, _) if DRAWS.contains(&name.as_str())) {
                draws.push(part);
            }
        });
    }
    draws
}

/// The 64 bits of a draw.
pub fn bits(game: &Game, site: &str, k: u32) -> u64 {
    let site = Site::from_digest(blake3::hash(site.as_bytes()).as_bytes());
    Draw::new(site, game.turn, k).expect("within the limits").bits(&game.key, game.replication)
}

impl<'v> View<'v> {
    /// A number or truth, or one of a set of values, whose names are recognised here.
    pub fn formula(&self, formula: &Formula, set: &[String]) -> f64 {
        match formula {
            Formula::Number { value, .. } => *value,
            Formula::Flag { value, .. } => truth(*value),
            Formula::Text(text) => self.value(text.parsed.as_ref().expect("it parses"), set),
        }
    }

    /// What a metric measures: if rungs, their names are recognised.
    pub fn measure(&self, formula: &Formula) -> f64 {
        match formula {
            Formula::Text(text) => {
                let expr = text.parsed.as_ref().expect("it parses");
                self.value(expr, &self.set_of(expr).unwrap_or_default())
            }
            _ => self.formula(formula, &[]),
        }
    }

    pub fn value(&self, expr: &Expr, set: &[String]) -> f64 {
        match &expr.kind {
            Kind::Number(value, _) => *value,
            Kind::Bool(value) => truth(*value),
            Kind::Name(name) => self.name(name, set),
            Kind::Call(function, arguments) => self.call(function, arguments, expr),
            Kind::Unary(UnaryOp::Negate, a) => -self.value(a, &[]),
            Kind::Unary(UnaryOp::Not, a) => 1.0 - self.value(a, &[]),
            Kind::Binary(op, a, b) => self.binary(*op, a, b),
            Kind::If(condition, yes, no) => {
                let condition = self.value(condition, &[]);
                if condition.is_nan() {
                    f64::NAN
                } else if condition != 0.0 {
                    self.value(yes, set)
                } else {
                    self.value(no, set)
                }
            }
        }
    }

    fn name(&self, name: &str, set: &[String]) -> f64 {
        if let Some(index) = set.iter().position(|value| value == name) {
            return index as f64;
        }
        match name {
            "pi" => std::f64::consts::PI,
            "turn" => f64::from(self.game.turn),
            "turns" => f64::from(self.game.turns),
            "rung" => f64::from(self.state.rung),
            "peak_rung" => f64::from(self.state.peak_rung),
            _ => match self.game.parameters.get(name) {
                Some(value) => *value,
                None => self.state.values[name],
            },
        }
    }

    /// The second part of `and` and `or` counts only where the first does not decide.
    fn binary(&self, op: BinaryOp, left: &Expr, right: &Expr) -> f64 {
        let set = match op {
            BinaryOp::Compare(_) => self.set_of(left).or_else(|| self.set_of(right)).unwrap_or_default(),
            _ => Vec::new(),
        };
        let a = self.value(left, &set);
        if a.is_nan() || (op == BinaryOp::And && a == 0.0) || (op == BinaryOp::Or && a != 0.0) {
            return a;
        }
        let b = self.value(right, &set);
        match op {
            _ if b.is_nan() => f64::NAN,
            BinaryOp::And | BinaryOp::Or => b,
            BinaryOp::Compare(Comparison::Equal) => truth(a == b),
            BinaryOp::Compare(Comparison::NotEqual) => truth(a != b),
            BinaryOp::Compare(Comparison::Less) => truth(a < b),
            BinaryOp::Compare(Comparison::LessEqual) => truth(a <= b),
            BinaryOp::Compare(Comparison::Greater) => truth(a > b),
            BinaryOp::Compare(Comparison::GreaterEqual) => truth(a >= b),
            BinaryOp::Arithmetic(Arithmetic::Add) => a + b,
            BinaryOp::Arithmetic(Arithmetic::Subtract) => a - b,
            BinaryOp::Arithmetic(Arithmetic::Multiply) => a * b,
            BinaryOp::Arithmetic(Arithmetic::Divide) => divide(a, b),
            BinaryOp::Arithmetic(Arithmetic::Remainder) => remainder(a, b),
            BinaryOp::Arithmetic(Arithmetic::Power) => power(a, b),
        }
    }

    /// The names of the values that an expression can have, if it is one of an enum or a rung.
    pub fn set_of(&self, expr: &Expr) -> Option<Vec<String>> {
        let scenario = self.game.scenario;
        let rungs = || Some(scenario.ladder.as_ref()?.rungs.iter().map(|rung| rung.text.clone()).collect());
        match &expr.kind {
            Kind::Name(name) if name == "rung" || name == "peak_rung" => rungs(),
            Kind::Name(name) => {
                let variable = scenario.variables.iter().find(|variable| variable.path() == *name)?;
                let values: Vec<String> = variable.values.iter().map(|value| value.text.clone()).collect();
                (!values.is_empty()).then_some(values)
            }
            Kind::Call(name, _) if name == "rung" || name == "peak_rung" => rungs(),
            Kind::Call(name, arguments) if name == "prev" => self.set_of(&arguments[0]),
            Kind::If(_, yes, no) => self.set_of(yes).or_else(|| self.set_of(no)),
            _ => None,
        }
    }

    fn call(&self, function: &str, arguments: &[Expr], call: &Expr) -> f64 {
        let history = &self.state.history;
        let first = || name_of(&arguments[0]);
        let number = |i: usize| self.value(&arguments[i], &[]);
        let since = |turns: &[u32]| turns.last().map_or(f64::INFINITY, |last| f64::from(self.game.turn - last));
        match function {
            "prev" => self.previous(&arguments[0]),
            "rung" => f64::from(*self.state.rung_of.get(first()).unwrap_or(&0)),
            "peak_rung" => f64::from(*self.state.peak_rung_of.get(first()).unwrap_or(&0)),
            "fired" => truth(!history.fired(first()).is_empty()),
            "count" => history.fired(first()).len() as f64,
            "since" => since(history.fired(first())),
            "landed" => truth(!history.landed(first()).is_empty()),
            "since_landed" => since(history.landed(first())),
            "observed" => truth(!history.seen(first(), name_of(&arguments[1])).is_empty()),
            "since_observed" => since(history.seen(first(), name_of(&arguments[1]))),
            "pending" => f64::from(history.pending(first())),
            "min" | "max" | "sum" | "mean" if arguments.len() == 1 => self.aggregate(function, first()),
            "min" => (1..arguments.len()).fold(number(0), |least, i| min(least, number(i))),
            "max" => (1..arguments.len()).fold(number(0), |most, i| max(most, number(i))),
            "clamp" => min(max(number(0), number(1)), number(2)),
            "number" => number(0),
            _ if DRAWS.contains(&function) => {
                let arguments: Vec<f64> = (0..arguments.len()).map(number).collect();
                self.draw(function, &arguments, call)
            }
            _ => match FUNCTIONS.iter().find(|(name, ..)| *name == function) {
                Some((_, function, _)) => function.apply(number(0)),
                None => self.state.values[&self.cell(function, arguments)],
            },
        }
    }

    /// What something was at the end of the turn before.
    fn previous(&self, expr: &Expr) -> f64 {
        match &expr.kind {
            Kind::Name(name) if name == "rung" => f64::from(self.state.previous_rung),
            Kind::Name(name) => self.state.previous[name],
            Kind::Call(name, actor) if name == "rung" => {
                f64::from(*self.state.previous_rung_of.get(name_of(&actor[0])).unwrap_or(&0))
            }
            Kind::Call(relation, actors) => self.state.previous[&self.cell(relation, actors)],
            other => panic!("no value of the turn before: {other:?}"),
        }
    }

    fn aggregate(&self, function: &str, relation: &str) -> f64 {
        let relation = self.game.scenario.relations.iter().find(|it| it.id.text == relation).expect("a relation");
        let values: Vec<f64> = cells(self.game.scenario, relation)
            .iter()
            .map(|(a, b, _)| self.state.values[&format!("{}({a}, {b})", relation.id.text)])
            .collect();
        let sum = || values.iter().fold(0.0, |sum, value| sum + value);
        match function {
            "min" => values.iter().copied().fold(f64::INFINITY, min),
            "max" => values.iter().copied().fold(f64::NEG_INFINITY, max),
            "sum" => sum(),
            _ => sum() / values.len() as f64,
        }
    }

    /// The path of what an effect changes.
    pub fn target(&self, target: &Expr) -> String {
        match &target.kind {
            Kind::Call(relation, actors) => self.cell(relation, actors),
            _ => name_of(target).to_owned(),
        }
    }

    /// The path under which a relation cell is kept; of a symmetric relation the actors may stand either way.
    fn cell(&self, relation: &str, actors: &[Expr]) -> String {
        let path = |a: &str, b: &str| format!("{relation}({a}, {b})");
        let (a, b) = (name_of(&actors[0]), name_of(&actors[1]));
        if self.state.values.contains_key(&path(a, b)) { path(a, b) } else { path(b, a) }
    }

    fn draw(&self, distribution: &str, arguments: &[f64], call: &Expr) -> f64 {
        let luck = self.luck.expect("a draw where there may be one");
        if arguments.iter().any(|argument| argument.is_nan()) {
            return f64::NAN;
        }
        let site = match luck.draws {
            None => luck.site.to_owned(),
            Some(draws) => {
                let number = draws.iter().position(|draw| std::ptr::eq(*draw, call)).expect("one of the draws");
                format!("{}/{number}", luck.site)
            }
        };
        let bits = bits(self.game, &site, luck.k);
        match (distribution, arguments) {
            ("bernoulli", [p]) => truth(Threshold::new(*p).comes(bits)),
            ("binomial", [n, p]) => counting::binomial(unit(bits), *n, *p),
            ("poisson", [mean]) => counting::poisson(unit(bits), *mean),
            ("uniform", [low, high]) => continuous::uniform(unit(bits), *low, *high),
            ("normal", [mean, sd]) => continuous::normal(unit(bits), *mean, *sd),
            ("triangular", [low, mode, high]) => continuous::triangular(unit(bits), *low, *mode, *high),
            other => panic!("no distribution: {other:?}"),
        }
    }
}

fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

fn name_of(expr: &Expr) -> &str {
    match &expr.kind {
        Kind::Name(name) => name,
        other => panic!("not a name: {other:?}"),
    }
}
