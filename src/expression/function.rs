//! The pure functions of the language: what they are called, what they take, what they give.

use super::interval::Interval;

/// A function of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unary {
    Negate,
    Abs,
    Floor,
    Ceil,
    Round,
    Sqrt,
    Exp,
    Ln,
    Sin,
    Cos,
    Logistic,
}

/// The functions by the names under which they are called, with a line for the documentation.
pub const FUNCTIONS: &[(&str, Unary, &str)] = &[
    ("abs", Unary::Abs, "the value without its sign"),
    ("floor", Unary::Floor, "the largest integer not above"),
    ("ceil", Unary::Ceil, "the smallest integer not below"),
    ("round", Unary::Round, "the nearest integer; halves away from zero"),
    ("sqrt", Unary::Sqrt, "the square root"),
    ("exp", Unary::Exp, "e to the power of the value"),
    ("ln", Unary::Ln, "the natural logarithm"),
    ("sin", Unary::Sin, "the sine of an angle in radians"),
    ("cos", Unary::Cos, "the cosine of an angle in radians"),
    ("logistic", Unary::Logistic, "1 / (1 + exp(-x)): from any number to a share"),
];

/// The functions that take several numbers, or make a number of a condition.
const OTHERS: &[&str] = &["min", "max", "clamp", "number"];

/// The names of all functions of the language itself, whose values depend on their arguments alone.
pub fn pure_functions() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, ..)| *name).chain(OTHERS.iter().copied())
}

impl Unary {
    /// The value; NaN outside the domain.
    pub fn apply(self, x: f64) -> f64 {
        match self {
            Unary::Negate => -x,
            Unary::Abs => x.abs(),
            Unary::Floor => x.floor(),
            Unary::Ceil => x.ceil(),
            Unary::Round => x.round(),
            Unary::Sqrt => libm::sqrt(x),
            Unary::Exp => libm::exp(x),
            Unary::Ln => libm::log(x),
            Unary::Sin => libm::sin(x),
            Unary::Cos => libm::cos(x),
            Unary::Logistic => logistic(x),
        }
    }

    /// Whether an integer goes to an integer.
    pub fn keeps_integers(self) -> bool {
        matches!(self, Unary::Negate | Unary::Abs)
    }

    /// Whether every number goes to an integer.
    pub fn gives_integers(self) -> bool {
        matches!(self, Unary::Floor | Unary::Ceil | Unary::Round)
    }

    /// Whether one evaluation costs so much that it is done only where it is needed.
    pub fn is_costly(self) -> bool {
        matches!(self, Unary::Exp | Unary::Ln | Unary::Sin | Unary::Cos | Unary::Logistic)
    }

    pub fn interval(self, x: Interval) -> Interval {
        let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
        match self {
            Unary::Negate => x.negated(),
            Unary::Abs => x.abs(),
            Unary::Floor | Unary::Ceil | Unary::Round | Unary::Exp | Unary::Logistic => {
                x.rising(|v| self.apply(v), low, high)
            }
            Unary::Sqrt | Unary::Ln => x.rising(|v| self.apply(v), 0.0, high),
            Unary::Sin | Unary::Cos => Interval::new(-1.0, 1.0).or_nan(x.nan || !x.is_finite()),
        }
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// The smaller of two numbers; NaN if either is.
#[inline(always)]
pub fn min(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if b < a {
        b
    } else {
        a
    }
}

/// The larger of two numbers; NaN if either is.
#[inline(always)]
pub fn max(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if b > a {
        b
    } else {
        a
    }
}

/// The floored remainder: it has the sign of the divisor; NaN for a divisor of 0.
pub fn remainder(a: f64, b: f64) -> f64 {
    let rest = libm::fmod(a, b);
    if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
}

/// The quotient; NaN for a divisor of 0.
#[inline(always)]
pub fn divide(a: f64, b: f64) -> f64 {
    if b == 0.0 { f64::NAN } else { a / b }
}

/// The power; NaN if either is, also where IEEE 754 says 1.
pub fn power(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { libm::pow(a, b) }
}
