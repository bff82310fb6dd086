//! A sample of the asks at which a rare answer could be taken by force, in memory that does not grow with them.
//!
//! Priority sampling: an ask of mass m has the priority m / u, u uniform; of each class the k asks of highest priority are
//! kept, and stand for max(m, τ) each, where τ is the priority of the next. Then the sums over any part of them are right in
//! the mean, and no scheme with as many does better on the whole: N. Duffield, C. Lund, M. Thorup, "Priority sampling for
//! estimation of arbitrary subset sums", Journal of the ACM 54 (2007), 32.

use crate::engine::DrawId;
use crate::expression::{Bank, Mask};
use std::collections::BTreeMap;

/// The state of one lane.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    numbers: Vec<f64>,
    flags: Vec<bool>,
}

impl Lane {
    /// The state in a lane of a bank that holds nothing else.
    pub fn of(bank: &Bank, lane: usize) -> Self {
        Self {
            numbers: bank.numbers.iter().map(|column| column[lane]).collect(),
            flags: bank.flags.iter().map(|flags| flags >> lane & 1 == 1).collect(),
        }
    }

    pub fn put(&self, bank: &mut Bank, lane: usize) {
        for (column, value) in bank.numbers.iter_mut().zip(&self.numbers) {
            column[lane] = *value;
        }
        for (flags, value) in bank.flags.iter_mut().zip(&self.flags) {
            *flags = *flags & !(1 << lane) | Mask::from(*value) << lane;
        }
    }
}

/// An ask, and what is needed to come back to it.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub ask: DrawId,
    pub answer: u32,
    /// The replication number under which its copy played.
    pub number: u64,
    /// The weight of the copy times the probability of the answer.
    pub mass: f64,
    pub priority: f64,
    /// The state before the turn; none in turn 0.
    pub state: Option<Lane>,
}

/// The candidates that are kept.
#[derive(Debug)]
pub(super) struct Sample {
    /// How many are kept of each class, beside the one that gives τ.
    quota: usize,
    /// By class: the priority that must be exceeded.
    least: Vec<f64>,
    /// By class that has any, highest priority first.
    kept: BTreeMap<usize, Vec<Candidate>>,
    /// The mass of all candidates, kept or not.
    pub mass: f64,
    /// The state of SplitMix64.
    state: u64,
}

impl Sample {
    pub fn new(classes: usize) -> Self {
        Self { quota: 1, least: vec![0.0; classes], kept: BTreeMap::new(), mass: 0.0, state: 0 }
    }

    /// Begins anew, with draws that follow from a seed.
    pub fn begin(&mut self, quota: usize, seed: u64) {
        self.least.fill(0.0);
        self.kept.clear();
        (self.quota, self.mass, self.state) = (quota, 0.0, seed);
    }

    /// The priority of a new ask, if it is one to keep.
    pub fn priority(&mut self, class: usize, mass: f64) -> Option<f64> {
        self.mass += mass;
        let priority = mass / self.uniform();
        (priority > self.least[class]).then_some(priority)
    }

    /// Keeps a candidate, and drops the last of its class if there are too many.
    pub fn keep(&mut self, class: usize, candidate: Candidate) {
        let kept = self.kept.entry(class).or_default();
        let place = kept.partition_point(|other| other.priority >= candidate.priority);
        kept.insert(place, candidate);
        kept.truncate(self.quota + 1);
        if let Some(last) = kept.get(self.quota) {
            self.least[class] = last.priority;
        }
    }

    /// What is kept, each with the mass for which it stands.
    pub fn take(&mut self) -> Vec<(Candidate, f64)> {
        let mut all = Vec::new();
        for mut kept in std::mem::take(&mut self.kept).into_values() {
            let least = if kept.len() > self.quota { kept.pop().map_or(0.0, |last| last.priority) } else { 0.0 };
            all.extend(kept.into_iter().map(|candidate| {
                let mass = candidate.mass.max(least);
                (candidate, mass)
            }));
        }
        all
    }

    /// The next number above 0 and at most 1, by SplitMix64: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable
    /// pseudorandom number generators", OOPSLA 2014.
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        ((bits >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_stands_for_all_in_the_mean() {
        // Five hundred asks with masses from 1 to 500, of which 20 are kept; those below 100 add up to 4,950.
        let (mut all, mut small, rounds) = (0.0, 0.0, 4_000);
        let mut sample = Sample::new(1);
        for seed in 0..rounds {
            sample.begin(20, seed);
            for mass in 1..=500 {
                let mass = f64::from(mass);
                if let Some(priority) = sample.priority(0, mass) {
                    let ask = DrawId { site: 0, turn: 0, k: 0 };
                    sample.keep(0, Candidate { ask, answer: 1, number: 0, mass, priority, state: None });
                }
            }
            let kept = sample.take();
            assert_eq!(kept.len(), 20);
            all += kept.iter().map(|(_, mass)| mass).sum::<f64>();
            small += kept.iter().filter(|(it, _)| it.mass < 100.0).map(|(_, mass)| mass).sum::<f64>();
        }
        let (all, small) = (all / rounds as f64, small / rounds as f64);
        assert!((all / 125_250.0 - 1.0).abs() < 0.02, "{all}");
        assert!((small / 4_950.0 - 1.0).abs() < 0.1, "{small}");
    }
}
