//! The mean of paired differences of a number, such as severity, from counts that merge exactly.
//!
//! On common luck nearly all pairs differ by nothing. Where at least a hundred pairs differ, the interval is that of the
//! paired t. Where fewer do, t covers too little (55 % with one differing pair); then the differences above 0 and those
//! below 0 are each taken as a count of equal steps with the same sum and sum of squares, which has Wilson limits, and
//! square-and-add joins the two (see [`super::paired`]); the interval is the hull of that and of t. With differences of
//! one size, and one sign each way, the steps are the differences themselves. Matching of weighted counts by two moments:
//! G. Bohm, G. Zech, "Statistics of weighted Poisson events and its applications", Nuclear Instruments and Methods in
//! Physics Research A 748 (2014), 1-6.

use super::paired::{Arms, flip_correlation, square_and_add};
use super::tail::{normal_quantile, student_quantile};
use super::wilson::Interval;
use crate::results::tally::{FixedPoint, Sums};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// From so many differing pairs on, the interval is that of the paired t alone, and differences are no longer kept apart.
pub const ENOUGH: u64 = 100;

/// The largest difference that a pair can have, and the fixed point in which differences up to it are summed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    largest: f64,
    fixed: FixedPoint,
}

impl Reach {
    /// For differences from -`largest` to `largest`; what is not positive and finite is taken as 0: no difference can be.
    pub fn new(largest: f64) -> Self {
        let largest = if largest > 0.0 && largest.is_finite() { largest } else { 0.0 };
        Self { largest, fixed: FixedPoint::new(-largest, largest) }
    }

    fn difference(&self, units: i64) -> f64 {
        self.fixed.mean(&Sums { count: 1, first: i128::from(units), second: 0 })
    }
}

/// Paired differences, counted: what is kept does not depend on the order in which pairs come or parts are merged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differences {
    sums: Sums,
    /// Pairs whose difference is not 0.
    pub differing: u64,
    /// Pairs left out, because one of the two replications failed or had no such number.
    pub failed: u64,
    /// The differences that are not 0, in units of the fixed point, as long as fewer than [`ENOUGH`] pairs differ.
    distinct: BTreeMap<i64, u64>,
}

impl Differences {
    /// Adds so many pairs with this difference; one that is no number, or beyond the reach, leaves its pairs out.
    pub fn add(&mut self, reach: &Reach, difference: f64, pairs: u64) {
        if difference.is_nan() || difference.abs() > reach.largest {
            self.failed += pairs;
            return;
        }
        let [first, second] = reach.fixed.units(difference);
        self.sums.count += pairs;
        self.sums.first += i128::from(first) * i128::from(pairs);
        self.sums.second += i128::from(second) * i128::from(pairs);
        if first != 0 && pairs > 0 {
            self.differing += pairs;
            *self.distinct.entry(first).or_default() += pairs;
            self.forget();
        }
    }

    /// Adds the pairs of other replications, counted with the same reach.
    pub fn merge(&mut self, other: &Self) {
        self.sums.count += other.sums.count;
        self.sums.first += other.sums.first;
        self.sums.second += other.sums.second;
        self.differing += other.differing;
        self.failed += other.failed;
        for (&units, &pairs) in &other.distinct {
            *self.distinct.entry(units).or_default() += pairs;
        }
        self.forget();
    }

    fn forget(&mut self) {
        if self.differing >= ENOUGH {
            self.distinct.clear();
        }
    }

    /// The pairs that have a difference: all but those left out.
    pub fn pairs(&self) -> u64 {
        self.sums.count
    }

    /// The mean difference, course less reference; 0 without pairs.
    pub fn mean(&self, reach: &Reach) -> f64 {
        if self.differing == 0 { 0.0 } else { reach.fixed.mean(&self.sums) }
    }

    /// The interval of the mean difference that may miss it with the probability `error`.
    ///
    /// Without differing pairs it allows for differences as large as the reach, as often as could have been overlooked;
    /// with fewer than two pairs it says nothing but that.
    pub fn interval(&self, reach: &Reach, error: f64) -> Interval {
        if self.pairs() < 2 {
            return Interval { low: -reach.largest, high: reach.largest };
        }
        let of_t = self.student(reach, error);
        if self.differing >= ENOUGH {
            return of_t;
        }
        let of_counts = self.counted(reach, error);
        Interval {
            low: of_t.low.min(of_counts.low).max(-reach.largest),
            high: of_t.high.max(of_counts.high).min(reach.largest),
        }
    }

    fn student(&self, reach: &Reach, error: f64) -> Interval {
        let (n, mean) = (self.pairs() as f64, self.mean(reach));
        let half = student_quantile(error, n - 1.0) * reach.fixed.sd(&self.sums) / libm::sqrt(n - 1.0);
        Interval { low: mean - half, high: mean + half }
    }

    /// Square-and-add of differences above and below 0, each as a count of equal steps. A side on which nothing was
    /// seen has the largest step that was seen on the other, and the reach if nothing differs at all.
    fn counted(&self, reach: &Reach, error: f64) -> Interval {
        let (mut above, mut below) = (Steps::default(), Steps::default());
        let mut largest: f64 = 0.0;
        for (&units, &pairs) in &self.distinct {
            let size = reach.difference(units).abs();
            largest = largest.max(size);
            (if units > 0 { &mut above } else { &mut below }).add(size, pairs);
        }
        let unseen = if largest > 0.0 { largest } else { reach.largest };
        let (n, z) = (self.pairs() as f64, normal_quantile(error));
        let correlation = flip_correlation(above.count() / n, below.count() / n);
        square_and_add(self.mean(reach), &above.arms(n, z, unseen), &below.arms(n, z, unseen), correlation)
    }
}

/// The numbers of one course by themselves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// Replications that have a number.
    pub count: u64,
    pub mean: f64,
    /// The standard deviation of the numbers themselves (divided by their number).
    pub sd: f64,
}

impl Margin {
    /// Of numbers that are counted; those that are not finite are left out.
    pub fn of_counts(counts: impl Iterator<Item = (f64, u64)> + Clone) -> Self {
        let seen = counts.filter(|&(number, count)| number.is_finite() && count > 0);
        let count: u64 = seen.clone().map(|(_, count)| count).sum();
        let n = count.max(1) as f64;
        let mean = seen.clone().map(|(number, count)| number * count as f64).sum::<f64>() / n;
        let squares: f64 = seen.map(|(number, count)| (number - mean) * (number - mean) * count as f64).sum();
        Self { count, mean, sd: libm::sqrt(squares / n) }
    }
}

/// The interval that the difference of two means would have, had the two courses met independent luck: B. L. Welch,
/// Biometrika 34 (1947), 28-35. Unbounded if one of them has fewer than two numbers.
pub fn unpaired(course: &Margin, reference: &Margin, error: f64) -> Interval {
    if course.count < 2 || reference.count < 2 {
        return Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
    }
    let free = |margin: &Margin| (margin.count - 1) as f64;
    let square = |margin: &Margin| margin.sd * margin.sd / free(margin);
    let (a, b) = (square(course), square(reference));
    let difference = course.mean - reference.mean;
    if a + b <= 0.0 {
        return Interval { low: difference, high: difference };
    }
    let freedom = (a + b) * (a + b) / (a * a / free(course) + b * b / free(reference));
    let half = student_quantile(error, freedom) * libm::sqrt(a + b);
    Interval { low: difference - half, high: difference + half }
}

/// Differences of one sign as a count of equal steps with the same sum and the same sum of squares.
#[derive(Default)]
struct Steps {
    sum: f64,
    squares: f64,
}

impl Steps {
    fn add(&mut self, size: f64, pairs: u64) {
        self.sum += size * pairs as f64;
        self.squares += size * size * pairs as f64;
    }

    fn count(&self) -> f64 {
        if self.squares > 0.0 { self.sum / self.squares * self.sum } else { 0.0 }
    }

    fn arms(&self, n: f64, z: f64, unseen: f64) -> Arms {
        let step = if self.sum > 0.0 { self.squares / self.sum } else { unseen };
        let (share, limits) = (self.count() / n, wilson_real(self.count(), n, z));
        Arms { below: step * (share - limits.low), above: step * (limits.high - share) }
    }
}

/// Wilson's interval, as [`super::wilson::wilson`] has it, for a count that need not be whole.
fn wilson_real(count: f64, n: f64, z: f64) -> Interval {
    let (share, scale) = (count / n, 1.0 / (n + z * z));
    let centre = (count + z * z / 2.0) * scale;
    let half = z * libm::sqrt(count * (1.0 - share) + z * z / 4.0) * scale;
    let low = if count > 0.0 { (centre - half).clamp(0.0, share) } else { 0.0 };
    Interval { low, high: (centre + half).clamp(share, 1.0) }
}

#[cfg(test)]
mod tests;
