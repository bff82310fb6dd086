//! Expressions as meant: typed, resolved to columns, with the bounds of their values.

use super::ast::{Arithmetic, Comparison};
use super::function::{self, Unary};
use super::interval::Interval;

/// A set of named values, which the scope knows.
pub type SetId = u32;

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Number,
    Integer,
    Flag,
    /// One of a set of values that have no order.
    Choice(SetId),
    /// One of a set of values in order; counts as an integer from 0.
    Rank(SetId),
}

impl Type {
    pub fn is_numeric(self) -> bool {
        matches!(self, Type::Number | Type::Integer | Type::Rank(_))
    }

    pub fn is_integer(self) -> bool {
        matches!(self, Type::Integer | Type::Rank(_))
    }

    pub fn set(self) -> Option<SetId> {
        match self {
            Type::Choice(set) | Type::Rank(set) => Some(set),
            _ => None,
        }
    }
}

/// A typed expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    pub term: Term,
    pub kind: Type,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    Number(Number),
    Flag(Flag),
}

/// An expression whose value is a number; the index of a value counts as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    pub kind: NumberKind,
    pub range: Interval,
}

#[derive(Debug, Clone, PartialEq)]
pub enum NumberKind {
    Constant(f64),
    Column(u32),
    Unary(Unary, Box<Number>),
    Binary(Binary, Box<Number>, Box<Number>),
    /// A function of two numbers over a first and all others, from left to right.
    Fold(Binary, Box<Number>, Vec<Number>),
    If(Box<Flag>, Box<Number>, Box<Number>),
    FromFlag(Box<Flag>),
    /// A value that only the scope can give, from these arguments.
    Ask(u32, Vec<Number>),
}

/// A function of two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Binary {
    Arithmetic(Arithmetic),
    Min,
    Max,
}

/// An expression that is true or false.
#[derive(Debug, Clone, PartialEq)]
pub enum Flag {
    Constant(bool),
    Column(u32),
    Not(Box<Flag>),
    And(Box<Flag>, Box<Flag>),
    Or(Box<Flag>, Box<Flag>),
    If(Box<Flag>, Box<Flag>, Box<Flag>),
    Compare(Comparison, Box<Number>, Box<Number>),
}

impl Binary {
    pub fn apply(self, a: f64, b: f64) -> f64 {
        match self {
            Binary::Arithmetic(Arithmetic::Add) => a + b,
            Binary::Arithmetic(Arithmetic::Subtract) => a - b,
            Binary::Arithmetic(Arithmetic::Multiply) => a * b,
            Binary::Arithmetic(Arithmetic::Divide) => function::divide(a, b),
            Binary::Arithmetic(Arithmetic::Remainder) => function::remainder(a, b),
            Binary::Arithmetic(Arithmetic::Power) => function::power(a, b),
            Binary::Min => function::min(a, b),
            Binary::Max => function::max(a, b),
        }
    }

    fn interval(self, a: Interval, b: Interval) -> Interval {
        let nan = a.nan || b.nan;
        match self {
            Binary::Arithmetic(op) => a.arithmetic(op, b),
            Binary::Min => Interval { low: a.low.min(b.low), high: a.high.min(b.high), nan },
            Binary::Max => Interval { low: a.low.max(b.low), high: a.high.max(b.high), nan },
        }
    }
}

impl Comparison {
    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Comparison::Equal => a == b,
            Comparison::NotEqual => a != b,
            Comparison::Less => a < b,
            Comparison::LessEqual => a <= b,
            Comparison::Greater => a > b,
            Comparison::GreaterEqual => a >= b,
        }
    }
}

impl Number {
    pub fn constant(value: f64) -> Self {
        Self { kind: NumberKind::Constant(value), range: Interval::point(value) }
    }

    pub fn column(column: u32, range: Interval) -> Self {
        Self { kind: NumberKind::Column(column), range }
    }

    pub fn as_constant(&self) -> Option<f64> {
        match self.kind {
            NumberKind::Constant(value) => Some(value),
            _ => None,
        }
    }

    pub fn unary(function: Unary, a: Number) -> Self {
        if let Some(value) = a.as_constant() {
            return Self::constant(function.apply(value));
        }
        let range = function.interval(a.range);
        Self { kind: NumberKind::Unary(function, Box::new(a)), range }
    }

    pub fn binary(function: Binary, a: Number, b: Number) -> Self {
        if let (Some(a), Some(b)) = (a.as_constant(), b.as_constant()) {
            return Self::constant(function.apply(a, b));
        }
        let range = function.interval(a.range, b.range);
        Self { kind: NumberKind::Binary(function, Box::new(a), Box::new(b)), range }
    }

    /// A function of two numbers over one or more, from left to right; however many, the term is not deep.
    pub fn fold(function: Binary, first: Number, rest: Vec<Number>) -> Self {
        if rest.is_empty() {
            return first;
        }
        let range = rest.iter().fold(first.range, |range, next| function.interval(range, next.range));
        Self { kind: NumberKind::Fold(function, Box::new(first), rest), range }
    }

    pub fn choose(condition: Flag, yes: Number, no: Number) -> Self {
        match condition {
            Flag::Constant(true) => yes,
            Flag::Constant(false) => no,
            condition => {
                let range = yes.range.hull(no.range).or_nan(condition.may_fail());
                Self { kind: NumberKind::If(Box::new(condition), Box::new(yes), Box::new(no)), range }
            }
        }
    }

    pub fn from_flag(flag: Flag) -> Self {
        if let Flag::Constant(value) = flag {
            return Self::constant(f64::from(u8::from(value)));
        }
        let range = Interval::UNIT.or_nan(flag.may_fail());
        Self { kind: NumberKind::FromFlag(Box::new(flag)), range }
    }

    /// The same expression, known to lie within tighter bounds.
    #[must_use]
    pub fn within(mut self, range: Interval) -> Self {
        self.range = range;
        self
    }

    /// Bounds that hold to the last bit: those of functions that rise only but for their last digits are widened. What
    /// the outside is asked for it may not have.
    pub fn reliable_range(&self) -> Interval {
        let (mut rough, mut asks) = (false, false);
        self.walk(&mut |part| {
            asks |= matches!(part.kind, NumberKind::Ask(..));
            rough |= match &part.kind {
                NumberKind::Unary(function, _) => function.is_costly() || *function == Unary::Sqrt,
                NumberKind::Binary(Binary::Arithmetic(Arithmetic::Power | Arithmetic::Remainder), ..) => true,
                NumberKind::Fold(Binary::Arithmetic(_), ..) | NumberKind::Ask(..) => true,
                _ => false,
            };
        });
        if !rough {
            return self.range;
        }
        let slack = |bound: f64| 1e-6 * bound.abs().max(1.0);
        let Interval { low, high, nan } = self.range;
        Interval { low: low - slack(low), high: high + slack(high), nan: nan || asks }
    }

    /// Calls `visit` with every number in this expression, outermost first, those in conditions included.
    pub fn walk(&self, visit: &mut impl FnMut(&Number)) {
        visit(self);
        match &self.kind {
            NumberKind::Constant(_) | NumberKind::Column(_) => {}
            NumberKind::Unary(_, a) => a.walk(visit),
            NumberKind::Binary(_, a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            NumberKind::If(condition, a, b) => {
                condition.walk(visit);
                a.walk(visit);
                b.walk(visit);
            }
            NumberKind::FromFlag(flag) => flag.walk(visit),
            NumberKind::Fold(_, first, rest) => {
                first.walk(visit);
                rest.iter().for_each(|next| next.walk(visit));
            }
            NumberKind::Ask(_, arguments) => arguments.iter().for_each(|a| a.walk(visit)),
        }
    }
}

impl Flag {
    pub fn negated(self) -> Self {
        match self {
            Flag::Constant(value) => Flag::Constant(!value),
            Flag::Not(inner) => *inner,
            flag => Flag::Not(Box::new(flag)),
        }
    }

    pub fn and(self, other: Flag) -> Self {
        match (self, other) {
            (Flag::Constant(true), flag) | (flag, Flag::Constant(true)) => flag,
            (Flag::Constant(false), _) => Flag::Constant(false),
            (a, b) => Flag::And(Box::new(a), Box::new(b)),
        }
    }

    pub fn or(self, other: Flag) -> Self {
        match (self, other) {
            (Flag::Constant(false), flag) | (flag, Flag::Constant(false)) => flag,
            (Flag::Constant(true), _) => Flag::Constant(true),
            (a, b) => Flag::Or(Box::new(a), Box::new(b)),
        }
    }

    pub fn choose(condition: Flag, yes: Flag, no: Flag) -> Self {
        match condition {
            Flag::Constant(true) => yes,
            Flag::Constant(false) => no,
            condition => Flag::If(Box::new(condition), Box::new(yes), Box::new(no)),
        }
    }

    /// Compares two numbers; a constant where the bounds of the two already decide.
    pub fn compare(comparison: Comparison, a: Number, b: Number) -> Self {
        if !a.range.nan
            && !b.range.nan
            && let Some(decided) = decided(comparison, a.range, b.range)
        {
            return Flag::Constant(decided);
        }
        Flag::Compare(comparison, Box::new(a), Box::new(b))
    }

    /// Whether evaluating it may come upon a number that is none.
    pub fn may_fail(&self) -> bool {
        match self {
            Flag::Constant(_) | Flag::Column(_) => false,
            Flag::Not(a) => a.may_fail(),
            Flag::And(a, b) | Flag::Or(a, b) => a.may_fail() || b.may_fail(),
            Flag::If(a, b, c) => a.may_fail() || b.may_fail() || c.may_fail(),
            Flag::Compare(_, a, b) => a.range.nan || b.range.nan,
        }
    }

    /// Whether evaluating it asks the outside for a value.
    pub fn asks(&self) -> bool {
        let mut asks = false;
        self.walk(&mut |part| asks |= matches!(part.kind, NumberKind::Ask(..)));
        asks
    }

    /// Calls `visit` with every number in this expression.
    pub fn walk(&self, visit: &mut impl FnMut(&Number)) {
        match self {
            Flag::Constant(_) | Flag::Column(_) => {}
            Flag::Not(a) => a.walk(visit),
            Flag::And(a, b) | Flag::Or(a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            Flag::If(a, b, c) => {
                a.walk(visit);
                b.walk(visit);
                c.walk(visit);
            }
            Flag::Compare(_, a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
        }
    }
}

fn decided(comparison: Comparison, a: Interval, b: Interval) -> Option<bool> {
    let apart = a.high < b.low || a.low > b.high;
    let same = a.is_point() && b.is_point() && a.low == b.low;
    match comparison {
        Comparison::Equal if apart => Some(false),
        Comparison::Equal if same => Some(true),
        Comparison::NotEqual if apart => Some(true),
        Comparison::NotEqual if same => Some(false),
        Comparison::Less if a.high < b.low => Some(true),
        Comparison::Less if a.low >= b.high => Some(false),
        Comparison::LessEqual if a.high <= b.low => Some(true),
        Comparison::LessEqual if a.low > b.high => Some(false),
        Comparison::Greater | Comparison::GreaterEqual => decided(comparison.flipped(), b, a),
        _ => None,
    }
}
