//! What is measured of replications, and how measured values are counted so that counts merge exactly.

use super::rule::Test;
use crate::expression::{Comparison, Tape};

/// A number measured at the end of every turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    pub value: Tape,
    pub place: u32,
    pub range: Range,
    /// The bounds that are declared, `min` and `max`: they claim something, and change no value.
    pub bounds: [Option<f64>; 2],
}

impl Metric {
    /// The bounds of the mean: those declared, and where none is, that of the range.
    pub fn mean_bounds(&self) -> [f64; 2] {
        [self.bounds[0].unwrap_or(self.range.low), self.bounds[1].unwrap_or(self.range.high)]
    }
}

/// What is noted when it first holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Milestone {
    pub test: Test,
    /// The flag column that says whether it has been passed.
    pub passed: u32,
}

/// The columns of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LadderColumns {
    pub rung: u32,
    pub peak: u32,
    pub rungs: u32,
}

/// The sum over what fired under one scale, in whole units of the scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    pub column: u32,
    /// What one unit is worth: 1, or 0.1 if the scale has tenths, …
    pub unit: f64,
    pub range: Range,
}

/// What an expectation says: a share or a mean at the end of a replication, compared with a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    pub value: ClaimValue,
    pub comparison: Comparison,
    pub bound: f64,
    pub label: u32,
    pub place: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ClaimValue {
    /// The share of replications at whose end the condition holds.
    Share(Tape),
    /// The mean of a metric at the end of replications.
    Mean(u32),
}

/// Where the values of an expression lie, by what it is made of; either end may be infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    pub low: f64,
    pub high: f64,
    /// Whether all values are whole numbers.
    pub is_whole: bool,
}

impl Range {
    /// How many whole numbers the range has, if its values are no others and each may have a counter of its own.
    pub fn few(&self) -> Option<usize> {
        let (low, high) = (self.low.ceil(), self.high.floor());
        let is_few = self.is_whole && self.low == low && (0.0..256.0).contains(&(high - low));
        is_few.then(|| (high - low) as usize + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_whole_numbers_have_a_counter_each() {
        let few = |low: f64, high: f64, is_whole: bool| Range { low, high, is_whole }.few();
        assert_eq!((few(0.0, 1.0, true), few(-3.0, 252.0, true)), (Some(2), Some(256)));
        assert_eq!((few(0.0, 256.0, true), few(0.0, 1.0, false), few(0.0, f64::INFINITY, true)), (None, None, None));
        assert_eq!((few(f64::NEG_INFINITY, f64::INFINITY, true), few(f64::NAN, 1.0, true)), (None, None));
    }
}
