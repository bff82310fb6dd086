//! What is measured of replications, and how measured values are counted so that counts merge exactly.

use super::rule::Test;
use crate::expression::{Comparison, Tape};

/// A number measured at the end of every turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    pub value: Tape,
    pub place: u32,
    pub bins: Bins,
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
    pub bins: Bins,
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

/// Equal bins from a lower bound up; the last holds the upper bound too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bins {
    pub low: f64,
    pub high: f64,
    pub width: f64,
    pub count: u32,
    /// Whether each bin holds one value only, its lower edge.
    pub exact: bool,
}

/// How many bins a measured number has at most.
pub const BINS_MAX: u32 = 1_024;

impl Bins {
    /// Bins over the bounds: one a value for integers, as far as there are not too many.
    pub fn new(low: f64, high: f64, integer: bool, most: u32) -> Self {
        let (low, high) = if integer { (low.ceil(), high.floor()) } else { (low, high) };
        if low >= high {
            return Self { low, high: low, width: 0.0, count: 1, exact: true };
        }
        if integer && high - low < f64::from(most) {
            return Self { low, high, width: 1.0, count: (high - low) as u32 + 1, exact: true };
        }
        let width =
            if integer { ((high - low + 1.0) / f64::from(most)).ceil() } else { (high - low) / f64::from(most) };
        let count = (((high - low) / width).floor() as u32).saturating_add(1).min(most);
        Self { low, high, width, count, exact: false }
    }

    /// The bin of a value; values outside count to the nearest.
    pub fn index(&self, value: f64) -> usize {
        let place = (value - self.low) / self.width;
        // To i64 and not usize: one instruction.
        (place as i64).clamp(0, i64::from(self.count) - 1) as usize
    }

    /// One by the width of a bin, where multiplying by it gives the same numbers as dividing by the width.
    pub fn per_width(&self) -> Option<f64> {
        let is_power_of_two = self.width.is_normal() && self.width.to_bits() << 12 == 0;
        is_power_of_two.then(|| 1.0 / self.width).filter(|per_width| per_width.is_normal())
    }

    /// The value that stands for a bin: the value itself if it holds only one, else its middle.
    pub fn value(&self, index: usize) -> f64 {
        let edge = self.low + index as f64 * self.width;
        if self.exact { edge } else { (edge + 0.5 * self.width).min(self.high) }
    }

    /// How far a reported quantile may be from the true one.
    pub fn reported_width(&self) -> f64 {
        if self.exact { 0.0 } else { self.width }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_a_bin_each() {
        let bins = Bins::new(0.0, 10.0, true, BINS_MAX);
        assert_eq!((bins.count, bins.index(10.0), bins.value(7)), (11, 10, 7.0));
    }

    #[test]
    fn the_upper_bound_is_in_the_last_bin() {
        let bins = Bins::new(0.0, 1.0, false, BINS_MAX);
        assert_eq!((bins.index(0.0), bins.index(1.0), bins.count), (0, 1023, 1024));
    }

    #[test]
    fn wide_integers_share_bins() {
        let bins = Bins::new(0.0, 9_999.0, true, BINS_MAX);
        assert_eq!((bins.width, bins.count), (10.0, 1000));
        assert_eq!(bins.index(9_999.0), 999);
    }
}
