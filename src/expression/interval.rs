//! Interval arithmetic: between which bounds an expression's value can lie, and whether it can fail.

use super::ast::Arithmetic;

/// All values from `low` to `high`, both included; `nan` if the expression may also have no value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
    pub nan: bool,
}

impl Interval {
    pub const ALL: Interval = Interval { low: f64::NEG_INFINITY, high: f64::INFINITY, nan: false };
    /// What is known of a number of which nothing is known.
    pub const ANYTHING: Interval = Interval { nan: true, ..Self::ALL };
    pub const UNIT: Interval = Interval { low: 0.0, high: 1.0, nan: false };

    #[inline]
    pub fn new(low: f64, high: f64) -> Self {
        Self { low, high, nan: low.is_nan() || high.is_nan() }
    }

    pub fn point(value: f64) -> Self {
        Self::new(value, value)
    }

    /// From zero upwards.
    pub fn positive() -> Self {
        Self::new(0.0, f64::INFINITY)
    }

    pub fn is_point(self) -> bool {
        self.low == self.high && !self.nan
    }

    pub fn is_finite(self) -> bool {
        self.low.is_finite() && self.high.is_finite()
    }

    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    #[must_use]
    pub fn or_nan(mut self, nan: bool) -> Self {
        self.nan |= nan;
        self
    }

    /// The smallest interval that holds both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high), nan: self.nan || other.nan }
    }

    #[must_use]
    pub fn negated(self) -> Self {
        Self { low: -self.high, high: -self.low, nan: self.nan }
    }

    /// The interval of a function that never falls; no value outside its domain `from ..= to`.
    #[must_use]
    pub fn rising(self, function: impl Fn(f64) -> f64, from: f64, to: f64) -> Self {
        let nan = self.nan || self.low < from || self.high > to;
        Self { low: function(self.low.clamp(from, to)), high: function(self.high.clamp(from, to)), nan }
    }

    #[must_use]
    pub fn abs(self) -> Self {
        if self.low >= 0.0 {
            return self;
        }
        if self.high <= 0.0 {
            return self.negated();
        }
        Self { low: 0.0, high: self.high.max(-self.low), nan: self.nan }
    }

    #[must_use]
    #[inline]
    pub fn arithmetic(self, op: Arithmetic, other: Self) -> Self {
        let nan = self.nan || other.nan;
        match op {
            Arithmetic::Add => Self::sum(self, other).or_nan(nan),
            Arithmetic::Subtract => Self::sum(self, other.negated()).or_nan(nan),
            Arithmetic::Multiply => {
                let endless = |a: Self, b: Self| a.contains(0.0) && !b.is_finite();
                let undefined = endless(self, other) || endless(other, self);
                self.corners(other, |a, b| if a == 0.0 || b == 0.0 { 0.0 } else { a * b }).or_nan(nan || undefined)
            }
            Arithmetic::Divide if other.contains(0.0) => Self::ALL.or_nan(true),
            Arithmetic::Divide => {
                let undefined = !self.is_finite() && !other.is_finite();
                self.corners(other, |a, b| if a.is_infinite() && b.is_infinite() { 0.0 } else { a / b })
                    .or_nan(nan || undefined)
            }
            Arithmetic::Remainder => self.remainder(other).or_nan(nan),
            Arithmetic::Power => self.power(other).or_nan(nan),
        }
    }

    fn sum(a: Self, b: Self) -> Self {
        let undefined = (a.low == f64::NEG_INFINITY && b.high == f64::INFINITY)
            || (a.high == f64::INFINITY && b.low == f64::NEG_INFINITY);
        let side = |sum: f64, without: f64| if sum.is_nan() { without } else { sum };
        Self { low: side(a.low + b.low, f64::NEG_INFINITY), high: side(a.high + b.high, f64::INFINITY), nan: undefined }
    }

    fn corners(self, other: Self, function: impl Fn(f64, f64) -> f64) -> Self {
        let corners = [
            function(self.low, other.low),
            function(self.low, other.high),
            function(self.high, other.low),
            function(self.high, other.high),
        ];
        let low = corners.iter().copied().fold(f64::INFINITY, f64::min);
        let high = corners.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self { low, high, nan: false }
    }

    fn remainder(self, other: Self) -> Self {
        let nan = other.contains(0.0) || !self.is_finite() || !other.is_finite();
        Self { low: other.low.min(0.0), high: other.high.max(0.0), nan }
    }

    fn power(self, other: Self) -> Self {
        if self.low > 0.0 || (self.low >= 0.0 && other.low >= 0.0) {
            return self.corners(other, libm::pow).or_nan(false);
        }
        if other.is_point() && other.low >= 0.0 && other.low.floor() == other.low && self.is_finite() {
            let even = (other.low / 2.0).floor() * 2.0 == other.low;
            let base = if even { self.abs() } else { self };
            return Self::new(libm::pow(base.low, other.low), libm::pow(base.high, other.low));
        }
        Self::ALL.or_nan(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(found: Interval, low: f64, high: f64, nan: bool) {
        assert_eq!((found.low, found.high, found.nan), (low, high, nan));
    }

    #[test]
    fn sums_of_the_endless_may_have_no_value() {
        let positive = Interval::positive();
        is(positive.arithmetic(Arithmetic::Add, positive), 0.0, f64::INFINITY, false);
        is(positive.arithmetic(Arithmetic::Subtract, positive), f64::NEG_INFINITY, f64::INFINITY, true);
    }

    #[test]
    fn products_take_the_corners() {
        let (a, b) = (Interval::new(-2.0, 3.0), Interval::new(-5.0, 4.0));
        is(a.arithmetic(Arithmetic::Multiply, b), -15.0, 12.0, false);
        is(Interval::UNIT.arithmetic(Arithmetic::Multiply, Interval::positive()), 0.0, f64::INFINITY, true);
    }

    #[test]
    fn a_divisor_that_may_be_zero_leaves_nothing_known() {
        is(Interval::UNIT.arithmetic(Arithmetic::Divide, Interval::new(2.0, 4.0)), 0.0, 0.5, false);
        is(Interval::UNIT.arithmetic(Arithmetic::Divide, Interval::UNIT), f64::NEG_INFINITY, f64::INFINITY, true);
        is(Interval::new(-9.0, 9.0).arithmetic(Arithmetic::Remainder, Interval::new(2.0, 4.0)), 0.0, 4.0, false);
    }

    #[test]
    fn powers_know_even_from_odd() {
        let x = Interval::new(-2.0, 3.0);
        is(x.arithmetic(Arithmetic::Power, Interval::point(2.0)), 0.0, 9.0, false);
        is(x.arithmetic(Arithmetic::Power, Interval::point(3.0)), -8.0, 27.0, false);
        is(x.arithmetic(Arithmetic::Power, Interval::point(0.5)), f64::NEG_INFINITY, f64::INFINITY, true);
        is(Interval::new(0.5, 2.0).arithmetic(Arithmetic::Power, Interval::new(-1.0, 2.0)), 0.25, 4.0, false);
    }

    #[test]
    fn signs_are_turned_and_dropped() {
        is(Interval::new(-2.0, 3.0).abs(), 0.0, 3.0, false);
        is(Interval::new(-3.0, -2.0).abs(), 2.0, 3.0, false);
        is(Interval::new(2.0, 3.0).abs(), 2.0, 3.0, false);
        is(Interval::new(2.0, 3.0).negated(), -3.0, -2.0, false);
        is(Interval::new(-1.0, 4.0).rising(libm::sqrt, 0.0, f64::INFINITY), 0.0, 2.0, true);
    }
}
