//! The difference of two shares on common luck, from how many pairs flipped either way.
//!
//! Course and reference meet the same luck, replication by replication, so a pair of replications either agrees on an
//! outcome or flips: gained (only the course has it) or lost (only the reference). The difference of the shares is the
//! difference of the two shares of flips, and its interval joins the Wilson limits of both by square-and-add with their
//! correlation, -√(pq / ((1 - p)(1 - q))): G. Y. Zou, A. Donner, "Construction of confidence limits about effect measures:
//! a general approach", Statistics in Medicine 27 (2008), 1693-1702. It keeps its width where nothing flipped, and its
//! coverage where only few did.
//!
//! An `error` is the probability that an interval is allowed to miss: [`shared_error`] for several courses.

use super::sequence::log_evidence;
use super::tail::normal_quantile;
use super::wilson::{Interval, wilson};
use serde::{Deserialize, Serialize};

/// The error of each of several intervals that are to hold together with 95 %: 5 % divided by their number (Bonferroni).
pub fn shared_error(intervals: usize) -> f64 {
    0.05 / intervals.max(1) as f64
}

/// Pairs of replications on common luck, by which of the two has an outcome. Counts of disjoint replications add up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flips {
    /// All pairs, those that have it on neither side among them.
    pub pairs: u64,
    /// Pairs in which both course and reference have it.
    pub both: u64,
    /// Pairs in which only the course has it.
    pub gained: u64,
    /// Pairs in which only the reference has it.
    pub lost: u64,
}

impl Flips {
    /// The share of the course less the share of the reference; 0 if there are no pairs.
    pub fn difference(&self) -> f64 {
        (self.gained as f64 - self.lost as f64) / self.pairs.max(1) as f64
    }

    /// The interval of the difference that uses the pairing, within (-1, 1).
    ///
    /// ```
    /// use escalate::statistics::paired::{Flips, shared_error};
    ///
    /// // 10,000 pairs: 40 gained war, 10 lost it.
    /// let flips = Flips { pairs: 10_000, both: 500, gained: 40, lost: 10 };
    /// let (paired, unpaired) = (flips.paired(shared_error(1)), flips.unpaired(shared_error(1)));
    /// assert!(paired.low > 0.0, "the difference can be told from none");
    /// assert!(unpaired.low < 0.0, "which independent luck would not have shown");
    /// ```
    pub fn paired(&self, error: f64) -> Interval {
        let z = normal_quantile(error);
        let n = self.pairs.max(1) as f64;
        let (p, q) = (self.gained as f64 / n, self.lost as f64 / n);
        let (gained, lost) = (wilson(self.gained, self.pairs, z), wilson(self.lost, self.pairs, z));
        joined(self.difference(), &around(p, gained), &around(q, lost), flip_correlation(p, q))
    }

    /// The interval of the difference had the two courses met independent luck: square-and-add of the Wilson limits of
    /// both shares (R. G. Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10).
    pub fn unpaired(&self, error: f64) -> Interval {
        let z = normal_quantile(error);
        let n = self.pairs.max(1) as f64;
        let side = |count: u64| around(count as f64 / n, wilson(count, self.pairs, z));
        joined(self.difference(), &side(self.both + self.gained), &side(self.both + self.lost), 0.0)
    }

    /// The interval that holds at all numbers of pairs at once, for stopping when it is narrow: from the lowest share
    /// gained less the highest share lost to the highest gained less the lowest lost, each by a confidence sequence that
    /// is given half of the error.
    pub fn sequence(&self, error: f64) -> Interval {
        let gained = sequence(self.gained, self.pairs, error / 2.0);
        let lost = sequence(self.lost, self.pairs, error / 2.0);
        Interval { low: gained.low - lost.high, high: gained.high - lost.low }
    }
}

/// How far an interval reaches below and above its estimate.
pub(super) struct Arms {
    pub below: f64,
    pub above: f64,
}

fn around(share: f64, limits: Interval) -> Arms {
    Arms { below: share - limits.low, above: limits.high - share }
}

/// The correlation of two shares of which a replication can have only one.
pub(super) fn flip_correlation(p: f64, q: f64) -> f64 {
    if p <= 0.0 || q <= 0.0 { 0.0 } else { -libm::sqrt(p * q / ((1.0 - p) * (1.0 - q))).min(1.0) }
}

/// Square-and-add: the limits of the difference of two estimates from the limits of both and their correlation.
pub(super) fn square_and_add(difference: f64, plus: &Arms, minus: &Arms, correlation: f64) -> Interval {
    let reach = |a: f64, b: f64| libm::sqrt((a * a - 2.0 * correlation * a * b + b * b).max(0.0));
    Interval { low: difference - reach(plus.below, minus.above), high: difference + reach(plus.above, minus.below) }
}

fn joined(difference: f64, plus: &Arms, minus: &Arms, correlation: f64) -> Interval {
    let found = square_and_add(difference, plus, minus, correlation);
    Interval { low: found.low.max(-1.0), high: found.high.min(1.0) }
}

/// The confidence sequence of a share at any error; at 5 % it is [`super::sequence::sequence_95`].
fn sequence(count: u64, n: u64, error: f64) -> Interval {
    if n == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let share = count.min(n) as f64 / n as f64;
    let bound = -libm::log(error);
    let end = |edge: f64| {
        let (mut within, mut out) = (share, edge);
        loop {
            let middle = within + (out - within) / 2.0;
            if middle == within || middle == out {
                return out;
            }
            *(if log_evidence(count, n, middle) >= bound { &mut out } else { &mut within }) = middle;
        }
    };
    Interval { low: if count == 0 { 0.0 } else { end(0.0) }, high: if count >= n { 1.0 } else { end(1.0) } }
}

#[cfg(test)]
mod tests;
