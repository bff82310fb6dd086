//! What the states of a scenario weigh, by what happens in them: sums of probabilities by turn.

use super::record::Record;
use super::weight::DoubleDouble;
use crate::expression::{Bank, Mask, lanes};
use crate::model::Model;
use crate::model::uses::Wanted;
use crate::results::Reason;
use crate::results::histogram::{Bin, Content, Quantile};
use std::collections::BTreeMap;

/// Probability by value: the mass in each bin that has any, and sums of distances to a centre and of their squares.
///
/// The centre is the first finite value, so that a value that is the same in all states has no spread at all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spread {
    pub bins: BTreeMap<Bin, (Content, DoubleDouble)>,
    pub mass: DoubleDouble,
    pub infinite: DoubleDouble,
    centre: Option<f64>,
    first: DoubleDouble,
    second: DoubleDouble,
}

impl Spread {
    /// Adds a value, which is not NaN.
    pub fn put(&mut self, value: f64, weight: DoubleDouble) {
        self.put_bin(Bin::of(value), Content::One(value + 0.0), weight);
        self.mass += weight;
        if value.is_infinite() {
            self.infinite += weight;
            return;
        }
        let distance = DoubleDouble::difference(value, *self.centre.get_or_insert(value));
        let moment = weight.scaled(distance);
        self.first += moment;
        self.second += moment.scaled(distance);
    }

    fn put_bin(&mut self, bin: Bin, content: Content, weight: DoubleDouble) {
        let (held, mass) = self.bins.entry(bin).or_default();
        *held = held.join(content);
        *mass += weight;
    }

    /// Adds the masses of others, apart from these.
    pub fn add(&mut self, other: &Spread) {
        for (bin, (content, mass)) in &other.bins {
            self.put_bin(*bin, *content, *mass);
        }
        if let Some(theirs) = other.centre {
            // About this centre: Σ w (d + s) = Σ w d + s Σ w, and Σ w (d + s)² = Σ w d² + 2 s Σ w d + s² Σ w.
            let shift = DoubleDouble::difference(theirs, *self.centre.get_or_insert(theirs));
            let moved = shift.scaled(other.mass + other.infinite.by(-1.0));
            self.first += other.first + moved;
            self.second += other.second + shift.scaled(other.first.by(2.0) + moved);
        }
        self.mass += other.mass;
        self.infinite += other.infinite;
    }

    /// The mean and the standard deviation; none without mass, or with mass at infinite values.
    pub fn mean_and_sd(&self) -> Option<[f64; 2]> {
        let (mass, centre) = (self.mass.value(), self.centre?);
        if mass <= 0.0 || self.infinite.value() > 0.0 {
            return None;
        }
        let mean = self.first.over(mass);
        let variance = (self.second.over(mass) + mean.scaled(mean).by(-1.0)).value();
        Some([(DoubleDouble::from(centre) + mean).value(), libm::sqrt(variance.max(0.0))])
    }

    /// The quantiles at these levels, which ascend, as those of a histogram; none without mass.
    pub fn quantiles<const N: usize>(&self, levels: [f64; N]) -> Option<[Quantile; N]> {
        let mass = self.mass.value();
        let (last, _) = self.bins.last_key_value().filter(|_| mass > 0.0)?;
        let mut seen = DoubleDouble::ZERO;
        let mut bins = self.bins.iter().map(|(bin, (content, mass))| {
            seen += *mass;
            (*bin, *content, seen.value())
        });
        let mut found = bins.next()?;
        Some(levels.map(|level| {
            while found.2 < level * mass && found.0 < *last {
                found = bins.next().unwrap_or(found);
            }
            let (bin, content, _) = found;
            Quantile { value: content.value(bin), is_exact: matches!(content, Content::One(_)) }
        }))
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
            for lane in lanes(*mask) {
                self.metrics[metric].put(values[lane], weights(lane));
                if ended >> lane & 1 == 1 {
                    self.metrics_ended[metric].put(values[lane], weights(lane));
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
            spread.put(bank.numbers[score.column as usize][lane], weight);
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
