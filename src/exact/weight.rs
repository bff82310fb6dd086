//! Weights of branches: probabilities at twice the precision of a binary64, and the shares that divide them.

use std::ops::{Add, AddAssign};

/// The probability of one answer out of all: (plus − minus) / over, exactly. Shares of all answers to a question add
/// up to 1 without rounding: a chance p is (p − 0) / 1 and (1 − p) / 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    pub plus: f64,
    pub minus: f64,
    pub over: f64,
}

impl Share {
    pub fn is_possible(self) -> bool {
        self.plus > self.minus
    }
}

/// What a branch weighs: multiplied by shares on the way, added where branches meet.
pub trait Weight: Clone + Send + Sync {
    fn one() -> Self;
    #[must_use]
    fn times(&self, share: Share) -> Self;
    fn gain(&mut self, other: &Self);
}

/// An unevaluated sum of two numbers, the second below half a unit in the last place of the first: 106 bits in all
/// (T. J. Dekker, A floating-point technique for extending the available precision, 1971). Sums and products are right
/// to about 2^-104, so a million steps lose less than 2^-80.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct DoubleDouble {
    high: f64,
    low: f64,
}

/// a + b as a rounded sum and what was lost.
fn two_sum(a: f64, b: f64) -> DoubleDouble {
    let high = a + b;
    let part = high - a;
    DoubleDouble { high, low: (a - (high - part)) + (b - part) }
}

/// The same where |a| ≥ |b|.
fn quick_sum(a: f64, b: f64) -> DoubleDouble {
    let high = a + b;
    DoubleDouble { high, low: b - (high - a) }
}

/// The upper and the lower half of the digits.
fn split(a: f64) -> (f64, f64) {
    const SPLITTER: f64 = 134_217_729.0; // 2^27 + 1
    let wide = SPLITTER * a;
    let high = wide - (wide - a);
    (high, a - high)
}

/// a · b as a rounded product and what was lost.
fn two_product(a: f64, b: f64) -> DoubleDouble {
    let high = a * b;
    let ((ah, al), (bh, bl)) = (split(a), split(b));
    DoubleDouble { high, low: ((ah * bh - high) + ah * bl + al * bh) + al * bl }
}

impl DoubleDouble {
    pub const ZERO: DoubleDouble = DoubleDouble { high: 0.0, low: 0.0 };
    pub const ONE: DoubleDouble = DoubleDouble { high: 1.0, low: 0.0 };

    /// The nearest binary64.
    pub fn value(self) -> f64 {
        self.high + self.low
    }

    /// The difference of two numbers, without rounding.
    pub fn difference(a: f64, b: f64) -> Self {
        two_sum(a, -b)
    }

    /// Times another.
    #[must_use]
    pub fn scaled(self, other: DoubleDouble) -> Self {
        let product = two_product(self.high, other.high);
        quick_sum(product.high, product.low + (self.high * other.low + self.low * other.high))
    }

    /// Times a number.
    #[must_use]
    pub fn by(self, factor: f64) -> Self {
        self.scaled(DoubleDouble { high: factor, low: 0.0 })
    }

    /// The same below 0.
    #[must_use]
    pub fn negated(self) -> Self {
        DoubleDouble { high: -self.high, low: -self.low }
    }

    /// 1 divided by it, by one step of Newton's from the nearest binary64.
    #[must_use]
    pub fn inverse(self) -> Self {
        let first = 1.0 / self.high;
        let rest = DoubleDouble::ONE + self.by(first).negated();
        DoubleDouble::from(first) + rest.by(first)
    }

    /// Divided by a number.
    #[must_use]
    pub fn over(self, divisor: f64) -> Self {
        let first = self.high / divisor;
        let product = two_product(first, divisor);
        let rest = ((self.high - product.high) - product.low) + self.low;
        quick_sum(first, rest / divisor)
    }
}

impl Add for DoubleDouble {
    type Output = DoubleDouble;

    fn add(self, other: DoubleDouble) -> DoubleDouble {
        let sum = two_sum(self.high, other.high);
        quick_sum(sum.high, sum.low + (self.low + other.low))
    }
}

impl AddAssign for DoubleDouble {
    fn add_assign(&mut self, other: DoubleDouble) {
        *self = *self + other;
    }
}

impl From<f64> for DoubleDouble {
    fn from(value: f64) -> Self {
        DoubleDouble { high: value, low: 0.0 }
    }
}

impl std::iter::Sum for DoubleDouble {
    fn sum<I: Iterator<Item = DoubleDouble>>(all: I) -> Self {
        all.fold(DoubleDouble::ZERO, DoubleDouble::add)
    }
}

impl Weight for DoubleDouble {
    fn one() -> Self {
        DoubleDouble::ONE
    }

    fn times(&self, share: Share) -> Self {
        let difference = DoubleDouble::difference(share.plus, share.minus);
        let weight = self.scaled(difference);
        if share.over == 1.0 { weight } else { weight.over(share.over) }
    }

    fn gain(&mut self, other: &Self) {
        *self += *other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_a_question_add_up_to_one() {
        for p in [0.1, 1e-17, 0.5 + f64::EPSILON, 1.0 - f64::EPSILON / 2.0] {
            let came = DoubleDouble::ONE.times(Share { plus: p, minus: 0.0, over: 1.0 });
            let not = DoubleDouble::ONE.times(Share { plus: 1.0, minus: p, over: 1.0 });
            assert_eq!(came + not, DoubleDouble::ONE, "{p}");
        }
        let third = DoubleDouble::ONE.times(Share { plus: 1.0, minus: 0.0, over: 3.0 });
        let one = third + third + third;
        assert!(DoubleDouble::difference(one.high - 1.0, -one.low).value().abs() < 1e-31);
    }

    #[test]
    fn products_and_quotients_keep_106_bits() {
        let tenth = DoubleDouble::ONE.over(10.0);
        let power = (0..20).fold(DoubleDouble::ONE, |power, _| power.scaled(tenth));
        let back = (0..20).fold(power, |power, _| power.by(10.0));
        assert_eq!(back.value(), 1.0);
        assert!((back + DoubleDouble::from(-1.0)).value().abs() < 1e-30);
    }

    #[test]
    fn an_inverse_times_its_number_is_one() {
        for n in 1..1_000 {
            let number = DoubleDouble::ONE.over(f64::from(n)) + DoubleDouble::from(f64::from(n));
            let rest = number.scaled(number.inverse()) + DoubleDouble::ONE.negated();
            assert!(rest.value().abs() < 1e-31, "{n}");
        }
    }

    #[test]
    fn small_things_are_not_lost_beside_large_ones() {
        let mut sum = DoubleDouble::ONE;
        for _ in 0..1_000 {
            sum += DoubleDouble::from(1e-25);
        }
        assert!(((sum + DoubleDouble::from(-1.0)).value() - 1e-22).abs() < 1e-31);
    }
}
