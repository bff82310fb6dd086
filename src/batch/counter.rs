//! Counts what happens in a batch.

use crate::engine::Watch;
use crate::expression::{BITS, Bank, LANES, Lanes, Mask, Value, lanes, store};
use crate::model::{Bins, Model};
use crate::results::Reason;
use crate::results::tally::{EventCount, FixedPoint, Sums, Tally, ValueCount};

/// A tally in the making, and what is known of the block that is being run.
pub(super) struct Counter<'m> {
    model: &'m Model,
    pub tally: Tally,
    fixed: Vec<FixedPoint>,
    score_fixed: Vec<FixedPoint>,
    block: Block,
}

/// The block that is being run.
struct Block {
    first: u64,
    lanes: Mask,
    turn: u32,
    /// The events that have fired, in which lanes.
    ever: Vec<Mask>,
    /// The last values of the metrics, and the lanes that have any.
    kept: Vec<Lanes>,
    measured: Vec<Mask>,
    rung: Lanes,
}

impl<'m> Counter<'m> {
    pub fn new(model: &'m Model) -> Self {
        let fixed = |bins: &Bins| FixedPoint::new(bins.low, bins.high);
        Self {
            model,
            tally: empty(model),
            fixed: model.metrics.iter().map(|metric| fixed(&metric.bins)).collect(),
            score_fixed: model.scores.iter().map(|score| fixed(&score.bins)).collect(),
            block: Block {
                first: 0,
                lanes: 0,
                turn: 0,
                ever: vec![0; model.events.len()],
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
            lanes(self.block.lanes).for_each(|lane| self.tally.peak[peak[lane] as usize] += 1);
        }
        for (index, score) in self.model.scores.iter().enumerate() {
            let points = &bank.numbers[score.column as usize];
            let count = &mut self.tally.scores[index];
            let fixed = &self.score_fixed[index];
            count_lanes(count, 0, &score.bins, fixed, points, self.block.lanes);
        }
    }

    #[inline(always)]
    fn count_values(&mut self, turn: u32) {
        let turn = turn as usize;
        for (index, metric) in self.model.metrics.iter().enumerate() {
            let (count, fixed) = (&mut self.tally.metrics[index], &self.fixed[index]);
            count_lanes(count, turn, &metric.bins, fixed, &self.block.kept[index], self.block.measured[index]);
        }
        if self.model.ladder.is_some() {
            let counts = &mut self.tally.rungs[turn];
            for lane in lanes(self.block.lanes) {
                counts[self.block.rung[lane] as usize] += 1;
            }
        }
    }
}

/// Counts the values of these lanes into bins and sums; the arithmetic is done for all lanes at once.
#[inline(always)]
fn count_lanes(count: &mut ValueCount, turn: usize, bins: &Bins, fixed: &FixedPoint, values: &Lanes, mask: Mask) {
    let (counts, sums) = (&mut count.bins[turn], &mut count.sums[turn]);
    let (mut places, mut first, mut second) = ([0.0; LANES], 0, 0);
    for lane in 0..LANES {
        let value = values[lane].clamp(bins.low, bins.high);
        places[lane] = bins.place(value);
        let kept = if mask & BITS[lane] != 0 { -1 } else { 0 };
        let [distance, square] = fixed.units(value);
        // At most 2^51 each, so 64 of them are no more than an i64 holds.
        first += distance & kept;
        second += square & kept;
    }
    sums.count += self::count(mask);
    sums.first += i128::from(first);
    sums.second += i128::from(second);
    for lane in lanes(mask) {
        counts[bins.at(places[lane])] += 1;
    }
}

/// A tally of nothing, with room for everything that a model's replications are counted by.
pub fn empty(model: &Model) -> Tally {
    let turns = model.turns as usize + 1;
    let by_turn = || vec![0; turns];
    let values = |bins: &Bins, turns: usize| ValueCount {
        bins: vec![vec![0; bins.count as usize]; turns],
        sums: vec![Sums::default(); turns],
    };
    let rungs = model.ladder.map_or(0, |ladder| ladder.rungs as usize);
    Tally {
        replications: 0,
        outcomes: vec![by_turn(); model.outcomes.len() + 1],
        failed: by_turn(),
        failures: Default::default(),
        milestones: vec![by_turn(); model.milestones.len()],
        events: vec![EventCount { by_turn: by_turn(), first_by_turn: by_turn() }; model.events.len()],
        metrics: model.metrics.iter().map(|metric| values(&metric.bins, turns)).collect(),
        rungs: if rungs == 0 { Vec::new() } else { vec![vec![0; rungs]; turns] },
        peak: vec![0; rungs],
        scores: model.scores.iter().map(|score| values(&score.bins, 1)).collect(),
        saturations: vec![[0; 3]; model.labels.variables.len() + 1],
        clamped: vec![[0; 3]; model.sites.len()],
        claims: vec![0; model.claims.len()],
    }
}

#[inline(always)]
fn count(mask: Mask) -> u64 {
    u64::from(mask.count_ones())
}

impl Watch for Counter<'_> {
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
        let (event, turn) = (event as usize, self.block.turn as usize);
        let counts = &mut self.tally.events[event];
        counts.by_turn[turn] += count(mask);
        counts.first_by_turn[turn] += count(mask & !self.block.ever[event]);
        self.block.ever[event] |= mask;
    }

    #[inline(always)]
    fn saturated(&mut self, variable: u32, mask: Mask, below: Mask, above: Mask) {
        // Drawn parameters are no variables, and have no bounds.
        if let Some(counts) = self.tally.saturations.get_mut(variable as usize) {
            counts[0] += count(below);
            counts[1] += count(above);
            counts[2] += count(mask);
        }
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
            Value::Lanes(values) => store(mask, values, kept),
            Value::Constant(value) => store(mask, &[value; LANES], kept),
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
            self.block.rung = bank.numbers[ladder.rung as usize];
        }
        self.count_values(turn);
    }
}
