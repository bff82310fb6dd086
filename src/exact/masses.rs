//! What the states of a scenario weigh, by what happens in them: sums of probabilities by turn.

use super::record::Record;
use super::weight::DoubleDouble;
use crate::expression::{Bank, Mask, lanes};
use crate::model::uses::Wanted;
use crate::model::{Bins, Model};
use crate::results::Reason;
use std::collections::BTreeMap;

/// Probability by value: the mass in each bin that has any, and the sums of value and square.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spread {
    pub bins: BTreeMap<usize, DoubleDouble>,
    pub mass: DoubleDouble,
    pub first: DoubleDouble,
    pub second: DoubleDouble,
}

impl Spread {
    fn put(&mut self, bins: &Bins, value: f64, weight: DoubleDouble) {
        let value = value.clamp(bins.low, bins.high);
        *self.bins.entry(bins.index(value)).or_default() += weight;
        self.mass += weight;
        let moment = weight.by(value);
        self.first += moment;
        self.second += moment.by(value);
    }

    /// Adds the masses of others, apart from these.
    pub fn add(&mut self, other: &Spread) {
        for (bin, mass) in &other.bins {
            *self.bins.entry(*bin).or_default() += *mass;
        }
        self.mass += other.mass;
        self.first += other.first;
        self.second += other.second;
    }
}

/// What happened in part of a turn, or in one turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Masses {
    /// By outcome: what ended so.
    pub ended: Vec<DoubleDouble>,
    /// By the index of the place and the reason: what failed.
    pub failed: BTreeMap<(u32, Reason), DoubleDouble>,
    /// By milestone: what passed it first.
    pub passed: Vec<DoubleDouble>,
    /// By event: expected firings.
    pub fired: Vec<DoubleDouble>,
    /// By metric: all that was measured, and that part of it which ended in this turn.
    pub metrics: Vec<Spread>,
    pub metrics_ended: Vec<Spread>,
    /// By rung: the highest of the turn, and that part which ended or failed in this turn.
    pub rungs: Vec<DoubleDouble>,
    pub rungs_finished: Vec<DoubleDouble>,
    /// By rung: the highest of all, of what ended or failed in this turn.
    pub peak: Vec<DoubleDouble>,
    /// By scale: of what ended or failed in this turn.
    pub scores: Vec<Spread>,
    /// What was too light to be carried on.
    pub pruned: DoubleDouble,
}

impl Masses {
    pub(super) fn new(model: &Model, wanted: Wanted) -> Self {
        let metrics = || vec![Spread::default(); model.metrics.len()];
        let rungs = model.ladder.filter(|_| wanted.rungs).map_or(0, |ladder| ladder.rungs as usize);
        let rungs = || vec![DoubleDouble::ZERO; rungs];
        Self {
            ended: vec![DoubleDouble::ZERO; model.outcomes.len() + 1],
            failed: BTreeMap::new(),
            passed: vec![DoubleDouble::ZERO; model.milestones.len()],
            fired: vec![DoubleDouble::ZERO; model.events.len()],
            metrics: metrics(),
            metrics_ended: metrics(),
            rungs: rungs(),
            rungs_finished: rungs(),
            peak: rungs(),
            scores: vec![Spread::default(); if wanted.scores { model.scores.len() } else { 0 }],
            pruned: DoubleDouble::ZERO,
        }
    }

    /// Adds what was recorded of a block, now that its weights are known.
    pub(super) fn count(
        &mut self,
        model: &Model,
        record: &Record,
        weights: impl Fn(usize) -> DoubleDouble,
        bank: &Bank,
    ) {
        let sum = |mask: Mask| lanes(mask).map(&weights).sum::<DoubleDouble>();
        for (event, mask) in &record.fired {
            self.fired[*event as usize] += sum(*mask);
        }
        for (milestone, mask) in &record.passed {
            self.passed[*milestone as usize] += sum(*mask);
        }
        let mut ended = 0;
        for (outcome, mask) in &record.ended {
            self.ended[*outcome as usize] += sum(*mask);
            ended |= mask;
        }
        for (place, reason, mask) in &record.failed {
            *self.failed.entry((*place, *reason)).or_default() += sum(*mask);
        }
        for (metric, mask, values) in &record.measured {
            let metric = *metric as usize;
            let bins = &model.metrics[metric].bins;
            for lane in lanes(*mask) {
                self.metrics[metric].put(bins, values[lane], weights(lane));
                if ended >> lane & 1 == 1 {
                    self.metrics_ended[metric].put(bins, values[lane], weights(lane));
                }
            }
        }
        for lane in lanes(record.finished()) {
            self.finish(model, lane, weights(lane), bank);
        }
    }

    /// What is known only when a branch ends or fails: its rungs and scores.
    fn finish(&mut self, model: &Model, lane: usize, weight: DoubleDouble, bank: &Bank) {
        if let Some(ladder) = model.ladder.filter(|_| !self.rungs.is_empty()) {
            let rung = bank.numbers[ladder.rung as usize][lane] as usize;
            self.rungs[rung] += weight;
            self.rungs_finished[rung] += weight;
            self.peak[bank.numbers[ladder.peak as usize][lane] as usize] += weight;
        }
        for (spread, score) in self.scores.iter_mut().zip(&model.scores) {
            spread.put(&score.bins, bank.numbers[score.column as usize][lane], weight);
        }
    }

    /// The highest rung of the turn, where it goes on.
    pub(super) fn go_on(&mut self, model: &Model, mask: Mask, weights: impl Fn(usize) -> DoubleDouble, bank: &Bank) {
        let Some(ladder) = model.ladder.filter(|_| !self.rungs.is_empty()) else { return };
        for lane in lanes(mask) {
            self.rungs[bank.numbers[ladder.rung as usize][lane] as usize] += weights(lane);
        }
    }

    pub(super) fn add(&mut self, other: &Masses) {
        add(&mut self.ended, &other.ended);
        for (cause, mass) in &other.failed {
            *self.failed.entry(*cause).or_default() += *mass;
        }
        add(&mut self.passed, &other.passed);
        add(&mut self.fired, &other.fired);
        let spreads = self.metrics.iter_mut().chain(&mut self.metrics_ended).chain(&mut self.scores);
        let others = other.metrics.iter().chain(&other.metrics_ended).chain(&other.scores);
        spreads.zip(others).for_each(|(mine, theirs)| mine.add(theirs));
        add(&mut self.rungs, &other.rungs);
        add(&mut self.rungs_finished, &other.rungs_finished);
        add(&mut self.peak, &other.peak);
        self.pruned += other.pruned;
    }
}

fn add(mine: &mut [DoubleDouble], theirs: &[DoubleDouble]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += *theirs;
    }
}
