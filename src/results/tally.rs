//! Counts of a batch: integers and fixed-point sums only, so that merging in any order gives the same.

use super::Reason;
use super::exact_sum::Sums as ExactSums;
use super::histogram::Histogram;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many failed replications are remembered by number for each cause.
pub const FIRST_FAILURES: usize = 8;

/// Everything that is counted. Vectors by turn have one entry for every turn from 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    pub replications: u64,
    /// By outcome and turn.
    pub outcomes: Vec<Vec<u64>>,
    pub failed: Vec<u64>,
    /// By the index of the place and the reason.
    pub failures: BTreeMap<(u32, Reason), FailureCount>,
    /// First passages by milestone and turn.
    pub milestones: Vec<Vec<u64>>,
    pub events: Vec<EventCount>,
    /// By metric and turn.
    pub metrics: Vec<Vec<ValueCount>>,
    /// By turn and rung; empty without a ladder.
    pub rungs: Vec<Vec<u64>>,
    pub peak: Vec<u64>,
    /// Scores at the end of replications: one turn only.
    pub scores: Vec<Vec<ValueCount>>,
    /// By variable: assignments below, above, and in all.
    pub saturations: Vec<[u64; 3]>,
    /// By site: chances below 0, above 1, and in all.
    pub clamped: Vec<[u64; 3]>,
    /// Replications at whose end a claim's condition held.
    pub claims: Vec<u64>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FailureCount {
    pub count: u64,
    /// The lowest replications that failed so, with their turns.
    pub first: Vec<(u64, u32)>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EventCount {
    /// Firings.
    pub by_turn: Vec<u64>,
    /// Replications in which it fired for the first time.
    pub first_by_turn: Vec<u64>,
}

/// Measured values of one turn: how many in each bin, the sums of the finite ones, and how many lie below and above the
/// bounds that are declared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ValueCount {
    pub histogram: Histogram,
    pub sums: ExactSums,
    pub outside: [u64; 2],
}

impl ValueCount {
    /// Adds a value so many times.
    pub fn add(&mut self, value: f64, count: u64) {
        self.histogram.add(value, count);
        if value.is_finite() && count > 0 {
            self.sums.add(value, count);
        }
    }

    /// Adds the counts of other replications.
    pub fn merge(&mut self, other: &Self) {
        self.histogram.merge(&other.histogram);
        self.sums.merge(&other.sums);
        add(&mut self.outside, &other.outside);
    }

    /// The mean and the standard deviation, divided by the number of values; none if there are no values, or infinite ones.
    pub fn mean_and_sd(&self) -> Option<[f64; 2]> {
        let count = self.histogram.count();
        let is_known = count > 0 && self.histogram.infinite() == 0;
        is_known.then(|| [self.sums.mean(count), self.sums.sd(count)])
    }
}

/// Sums of `value − centre` and of its square, in units of a [`FixedPoint`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    pub count: u64,
    pub first: i128,
    pub second: i128,
}

/// How numbers between two bounds are put into integers without loss that matters: 2⁻⁵¹ of the larger distance from
/// the centre is the unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FixedPoint {
    pub centre: f64,
    unit: f64,
    square_unit: f64,
    /// One by the units, which are powers of two.
    per_unit: f64,
    per_square_unit: f64,
}

impl FixedPoint {
    /// For values between two finite bounds.
    pub fn new(low: f64, high: f64) -> Self {
        let centre = low + (high - low) / 2.0;
        let reach = (high - centre).abs().max((low - centre).abs()).max(f64::MIN_POSITIVE);
        let unit = |reach: f64| libm::ldexp(1.0, (libm::frexp(reach).1 - 51).max(-1_020));
        let (unit, square_unit) = (unit(reach), unit((reach * reach).clamp(f64::MIN_POSITIVE, 1e300)));
        Self { centre, unit, square_unit, per_unit: 1.0 / unit, per_square_unit: 1.0 / square_unit }
    }

    /// How many units a value within the bounds lies from the centre, and how many its square; at most 2⁵¹.
    pub fn units(&self, value: f64) -> [i64; 2] {
        self.scaled(value).map(|units| units.round() as i64)
    }

    /// The same, not rounded yet. A unit is chosen so that the reach is less than 2⁵¹ of them; only squares that are
    /// larger than their units allow for have to be held.
    #[inline(always)]
    pub fn scaled(&self, value: f64) -> [f64; 2] {
        const LIMIT: f64 = (1_u64 << 51) as f64;
        let distance = value - self.centre;
        let square = distance * distance * self.per_square_unit;
        [distance * self.per_unit, if square < LIMIT { square } else { LIMIT }]
    }

    /// Adds a value within the bounds.
    pub fn add(&self, sums: &mut Sums, value: f64) {
        let [first, second] = self.units(value);
        sums.count += 1;
        sums.first += i128::from(first);
        sums.second += i128::from(second);
    }

    pub fn mean(&self, sums: &Sums) -> f64 {
        if sums.count == 0 { self.centre } else { self.centre + sums.first as f64 / sums.count as f64 * self.unit }
    }

    /// The standard deviation of the values themselves (divided by their number).
    pub fn sd(&self, sums: &Sums) -> f64 {
        if sums.count == 0 {
            return 0.0;
        }
        let n = sums.count as f64;
        let mean = sums.first as f64 / n * self.unit;
        let square = sums.second as f64 / n * self.square_unit;
        libm::sqrt((square - mean * mean).max(0.0))
    }
}

impl Tally {
    /// Adds the counts of other replications of the same model and seed.
    pub fn merge(&mut self, other: &Tally) {
        self.replications += other.replications;
        add_tables(&mut self.outcomes, &other.outcomes);
        add(&mut self.failed, &other.failed);
        for (cause, failures) in &other.failures {
            self.failures.entry(*cause).or_default().merge(failures);
        }
        add_tables(&mut self.milestones, &other.milestones);
        for (mine, theirs) in self.events.iter_mut().zip(&other.events) {
            add(&mut mine.by_turn, &theirs.by_turn);
            add(&mut mine.first_by_turn, &theirs.first_by_turn);
        }
        let values = self.metrics.iter_mut().chain(&mut self.scores);
        for (mine, theirs) in values.zip(other.metrics.iter().chain(&other.scores)) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| mine.merge(theirs));
        }
        add_tables(&mut self.rungs, &other.rungs);
        add(&mut self.peak, &other.peak);
        let threes = self.saturations.iter_mut().chain(&mut self.clamped);
        for (mine, theirs) in threes.zip(other.saturations.iter().chain(&other.clamped)) {
            add(mine, theirs);
        }
        add(&mut self.claims, &other.claims);
    }
}

impl Tally {
    /// Whether this has a place for all that `other` counts and no more: only then may they be merged.
    pub fn fits(&self, other: &Tally) -> bool {
        let tables = |a: &[Vec<u64>], b: &[Vec<u64>]| same(a, b, |a, b| a.len() == b.len());
        let values = |a: &[Vec<ValueCount>], b: &[Vec<ValueCount>]| same(a, b, |a, b| a.len() == b.len());
        let events = |a: &EventCount, b: &EventCount| {
            a.by_turn.len() == b.by_turn.len() && a.first_by_turn.len() == b.first_by_turn.len()
        };
        tables(&self.outcomes, &other.outcomes)
            && self.failed.len() == other.failed.len()
            && tables(&self.milestones, &other.milestones)
            && same(&self.events, &other.events, events)
            && values(&self.metrics, &other.metrics)
            && values(&self.scores, &other.scores)
            && tables(&self.rungs, &other.rungs)
            && self.peak.len() == other.peak.len()
            && self.saturations.len() == other.saturations.len()
            && self.clamped.len() == other.clamped.len()
            && self.claims.len() == other.claims.len()
    }
}

fn same<T>(a: &[T], b: &[T], alike: impl Fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
}

impl FailureCount {
    fn merge(&mut self, other: &FailureCount) {
        self.count += other.count;
        self.first.extend_from_slice(&other.first);
        self.first.sort_unstable();
        self.first.truncate(FIRST_FAILURES);
    }

    pub fn add(&mut self, replication: u64, turn: u32) {
        self.merge(&FailureCount { count: 1, first: vec![(replication, turn)] });
    }
}

fn add(mine: &mut [u64], theirs: &[u64]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}

fn add_tables(mine: &mut [Vec<u64>], theirs: &[Vec<u64>]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        add(mine, theirs);
    }
}
