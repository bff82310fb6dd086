//! Counts what happens in a batch.

use super::lane_bins::Room;
use super::values::{Values, count_few};
use crate::engine::{Stop, Watch};
use crate::expression::{Bank, LANES, Lanes, Mask, Value, lanes, store};
use crate::model::Model;
use crate::results::Reason;
use crate::results::tally::{EventCount, Tally, ValueCount};
use crate::simd::Simd;

/// A tally in the making, and what is known of the block that is being run.
pub(super) struct Counter<'m, X> {
    wide: X,
    model: &'m Model,
    tally: Tally,
    metrics: Vec<Values<'m>>,
    scores: Vec<Values<'m>>,
    block: Block,
}

/// The block that is being run.
struct Block {
    first: u64,
    lanes: Mask,
    turn: u32,
    /// The events that have fired, in which lanes.
    ever: Vec<Mask>,
    /// How often each fired by turn, and how often for the first time: those of a turn stand together.
    fired: Vec<[u64; 2]>,
    /// Of each variable, how often it stopped at its lower bound, at its upper and at none, and how often it was assigned.
    stopped: Vec<u64>,
    /// The last values of the metrics, and the lanes that have any.
    kept: Vec<Lanes>,
    measured: Vec<Mask>,
    rung: Lanes,
}

impl<'m, X: Simd> Counter<'m, X> {
    pub fn new(wide: X, model: &'m Model, room: &'m Room) -> Self {
        let turns = model.turns as usize + 1;
        Self {
            wide,
            model,
            tally: empty(model),
            metrics: model.metrics.iter().map(|metric| Values::new(metric.range, metric.bounds, turns, room)).collect(),
            scores: model.scores.iter().map(|score| Values::new(score.range, [None; 2], 1, room)).collect(),
            block: Block {
                first: 0,
                lanes: 0,
                turn: 0,
                ever: vec![0; model.events.len()],
                fired: vec![[0; 2]; model.events.len() * turns],
                stopped: vec![0; 4 * (model.labels.variables.len() + 1)],
                kept: vec![[0.0; LANES]; model.metrics.len()],
                measured: vec![0; model.metrics.len()],
                rung: [0.0; LANES],
            },
        }
    }

    /// Goes over to the lanes of a block whose lane 0 is this replication.
    pub fn enter(&mut self, first: u64, lanes: Mask) {
        self.block.first = first;
        self.block.lanes = lanes;
        self.block.measured.fill(0);
        self.block.ever.fill(0);
        self.tally.replications += u64::from(lanes.count_ones());
    }

    /// Counts what is known only at the end of the block: last values through the turns left, peaks and scores.
    #[inline(always)]
    pub fn leave(&mut self, bank: &Bank) {
        for turn in self.block.turn + 1..=self.model.turns {
            self.count_values(turn);
        }
        if let Some(ladder) = &self.model.ladder {
            let peak = &bank.numbers[ladder.peak as usize];
            count_few(self.wide, &mut self.tally.peak, 0.0, peak, self.block.lanes);
        }
        for (index, score) in self.model.scores.iter().enumerate() {
            let points = &bank.numbers[score.column as usize];
            self.scores[index].count(self.wide, 0, points, self.block.lanes);
        }
        let counts = self.tally.metrics.iter_mut().chain(&mut self.tally.scores);
        for (count, values) in counts.zip(self.metrics.iter_mut().chain(&mut self.scores)) {
            values.end_block(count);
        }
    }

    /// The counts, complete: what fired, and the values that were counted apart.
    pub fn tally(mut self) -> Tally {
        for (event, counts) in self.tally.events.iter_mut().enumerate() {
            let turns = counts.by_turn.iter_mut().zip(&mut counts.first_by_turn);
            let fired = self.block.fired.iter().skip(event).step_by(self.block.ever.len());
            for ((all, first), fired) in turns.zip(fired) {
                [*all, *first] = *fired;
            }
        }
        let stopped = self.block.stopped.as_chunks::<4>().0;
        for (counts, [lower, upper, _, all]) in self.tally.saturations.iter_mut().zip(stopped) {
            *counts = [*lower, *upper, *all];
        }
        let counts = self.tally.metrics.iter_mut().chain(&mut self.tally.scores);
        for (count, values) in counts.zip(self.metrics.iter_mut().chain(&mut self.scores)) {
            values.hand_over(count);
        }
        self.tally
    }

    #[inline(always)]
    fn count_values(&mut self, turn: u32) {
        let turn = turn as usize;
        for (index, values) in self.metrics.iter_mut().enumerate() {
            let (kept, measured) = (&self.block.kept[index], self.block.measured[index]);
            values.count(self.wide, turn, kept, measured);
        }
        if self.model.ladder.is_some() {
            count_few(self.wide, &mut self.tally.rungs[turn], 0.0, &self.block.rung, self.block.lanes);
        }
    }
}

/// A tally of nothing, with room for everything that a model's replications are counted by.
pub fn empty(model: &Model) -> Tally {
    let turns = model.turns as usize + 1;
    let by_turn = || vec![0; turns];
    let values = |turns: usize| vec![ValueCount::default(); turns];
    let rungs = model.ladder.map_or(0, |ladder| ladder.rungs as usize);
    Tally {
        replications: 0,
        outcomes: vec![by_turn(); model.outcomes.len() + 1],
        failed: by_turn(),
        failures: Default::default(),
        milestones: vec![by_turn(); model.milestones.len()],
        events: vec![EventCount { by_turn: by_turn(), first_by_turn: by_turn() }; model.events.len()],
        metrics: model.metrics.iter().map(|_| values(turns)).collect(),
        rungs: if rungs == 0 { Vec::new() } else { vec![vec![0; rungs]; turns] },
        peak: vec![0; rungs],
        scores: model.scores.iter().map(|_| values(1)).collect(),
        saturations: vec![[0; 3]; model.labels.variables.len() + 1],
        clamped: vec![[0; 3]; model.sites.len()],
        claims: vec![0; model.claims.len()],
    }
}

#[inline(always)]
fn count(mask: Mask) -> u64 {
    u64::from(mask.count_ones())
}

impl<X: Simd> Watch for Counter<'_, X> {
    #[inline(always)]
    fn turn(&mut self, turn: u32, _active: Mask) {
        self.block.turn = turn;
    }

    #[inline(always)]
    fn drawn_chance(&mut self, site: u32, asked: Mask, below: Mask, above: Mask) {
        let counts = &mut self.tally.clamped[site as usize];
        counts[0] += count(below);
        counts[1] += count(above);
        counts[2] += count(asked);
    }

    #[inline(always)]
    fn fired(&mut self, event: u32, mask: Mask) {
        let event = event as usize;
        let Block { turn, ever, fired, .. } = &mut self.block;
        let counts = &mut fired[*turn as usize * ever.len() + event];
        counts[0] += count(mask);
        counts[1] += count(mask & !ever[event]);
        ever[event] |= mask;
    }

    #[inline(always)]
    fn saturated(&mut self, variable: u32, lanes: u32, below: u32, above: u32) {
        // Drawn parameters are no variables, and have no bounds.
        if let Some(counts) = self.block.stopped.as_chunks_mut().0.get_mut(variable as usize) {
            let [lower, upper, _, all] = counts;
            *lower += u64::from(below);
            *upper += u64::from(above);
            *all += u64::from(lanes);
        }
    }

    #[inline(always)]
    fn stopped(&mut self, stop: Stop, lanes: u32, stopped: u32) {
        let [place, all] = stop.places();
        let counts = &mut self.block.stopped[..];
        counts[all] += u64::from(lanes);
        counts[place] += u64::from(stopped);
    }

    fn failed(&mut self, turn: u32, place: u32, reason: Reason, mask: Mask) {
        self.tally.failed[turn as usize] += count(mask);
        let failures = self.tally.failures.entry((place, reason)).or_default();
        lanes(mask).for_each(|lane| failures.add(self.block.first + lane as u64, turn));
    }

    #[inline(always)]
    fn measured(&mut self, metric: u32, mask: Mask, values: Value<'_>) {
        let kept = &mut self.block.kept[metric as usize];
        match values {
            Value::Lanes(values) => store(self.wide, mask, values, kept),
            Value::Constant(value) => store(self.wide, mask, value, kept),
        }
        self.block.measured[metric as usize] |= mask;
    }

    #[inline(always)]
    fn passed(&mut self, milestone: u32, mask: Mask) {
        self.tally.milestones[milestone as usize][self.block.turn as usize] += count(mask);
    }

    #[inline(always)]
    fn ended(&mut self, turn: u32, outcome: u32, mask: Mask) {
        self.tally.outcomes[outcome as usize][turn as usize] += count(mask);
    }

    #[inline(always)]
    fn claimed(&mut self, claim: u32, _mask: Mask, holds: Mask) {
        self.tally.claims[claim as usize] += count(holds);
    }

    #[inline(always)]
    fn turn_over(&mut self, turn: u32, bank: &Bank) {
        if let Some(ladder) = &self.model.ladder {
            self.block.rung = *bank.numbers[ladder.rung as usize];
        }
        self.count_values(turn);
    }
}
