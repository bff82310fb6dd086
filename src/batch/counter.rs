//! Counts what happens in a batch.

use super::WAVE_BLOCKS;
use crate::engine::Watch;
use crate::expression::{After, Bank, LANES, Lanes, Mask, Value, lanes};
use crate::model::{Bins, Model, Stop, held};
use crate::results::Reason;
use crate::results::tally::{EventCount, FixedPoint, Sums, Tally, ValueCount};
use crate::wide::{EIGHT, Operand, Wide};

/// A tally in the making, and what is known of the block that is being run.
pub(super) struct Counter<'m, X> {
    wide: X,
    model: &'m Model,
    tally: Tally,
    fixed: Vec<FixedPoint>,
    score_fixed: Vec<FixedPoint>,
    /// The bins of metrics and of scores, if there are many.
    bins: Vec<Many>,
    score_bins: Vec<Many>,
    block: Block,
}

/// Bins of all turns, each counted in four parts: lanes that fall into the same bin one after the other need not wait
/// for each other. A wave is short enough for 16 bits.
struct Many {
    parts: Vec<[u16; PARTS]>,
    per_turn: usize,
}

const PARTS: usize = 4;
const _: () = assert!(WAVE_BLOCKS as usize * LANES / PARTS <= u16::MAX as usize);

impl Many {
    fn new(bins: &Bins, turns: usize) -> Self {
        let per_turn = if is_few(bins) { 0 } else { bins.count as usize };
        Self { parts: vec![[0; PARTS]; per_turn * turns], per_turn }
    }

    /// Adds one to the bins of these lanes.
    #[inline(always)]
    fn count(&mut self, turn: usize, places: &[i32; LANES], mask: Mask) {
        let parts = &mut self.parts[turn * self.per_turn..(turn + 1) * self.per_turn];
        if mask == Mask::MAX {
            for places in places.as_chunks::<PARTS>().0 {
                for part in 0..PARTS {
                    parts[places[part] as usize][part] += 1;
                }
            }
        } else {
            for lane in lanes(mask) {
                parts[places[lane] as usize][lane % PARTS] += 1;
            }
        }
    }

    /// Adds what was counted to bins by turn.
    fn add_to(&self, bins: &mut [Vec<u64>]) {
        for (bin, parts) in bins.iter_mut().flatten().zip(&self.parts) {
            *bin += parts.iter().map(|part| u64::from(*part)).sum::<u64>();
        }
    }
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

impl<'m, X: Wide> Counter<'m, X> {
    pub fn new(wide: X, model: &'m Model) -> Self {
        let fixed = |bins: &Bins| FixedPoint::new(bins.low, bins.high);
        Self {
            wide,
            model,
            tally: empty(model),
            fixed: model.metrics.iter().map(|metric| fixed(&metric.bins)).collect(),
            score_fixed: model.scores.iter().map(|score| fixed(&score.bins)).collect(),
            bins: model.metrics.iter().map(|metric| Many::new(&metric.bins, model.turns as usize + 1)).collect(),
            score_bins: model.scores.iter().map(|score| Many::new(&score.bins, 1)).collect(),
            block: Block {
                first: 0,
                lanes: 0,
                turn: 0,
                ever: vec![0; model.events.len()],
                fired: vec![[0; 2]; model.events.len() * (model.turns as usize + 1)],
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
            let count = &mut self.tally.scores[index];
            let (fixed, many) = (&self.score_fixed[index], &mut self.score_bins[index]);
            count_lanes(self.wide, count, many, 0, &score.bins, fixed, points, self.block.lanes);
        }
    }

    /// The counts, complete: what fired, and what bins of one value each say of sums.
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
        let metrics = self.model.metrics.iter().map(|metric| &metric.bins).zip(&self.fixed);
        let scores = self.model.scores.iter().map(|score| &score.bins).zip(&self.score_fixed);
        let counts = self.tally.metrics.iter_mut().chain(&mut self.tally.scores);
        for (count, many) in counts.zip(self.bins.iter().chain(&self.score_bins)) {
            many.add_to(&mut count.bins);
        }
        let counts = self.tally.metrics.iter_mut().chain(&mut self.tally.scores);
        for (count, (bins, fixed)) in counts.zip(metrics.chain(scores)).filter(|(_, (bins, _))| is_few(bins)) {
            for (counts, sums) in count.bins.iter().zip(&mut count.sums) {
                for (index, count) in counts.iter().enumerate() {
                    let [first, second] = fixed.units(bins.value(index)).map(i128::from);
                    sums.count += count;
                    sums.first += i128::from(*count) * first;
                    sums.second += i128::from(*count) * second;
                }
            }
        }
        self.tally
    }

    #[inline(always)]
    fn count_values(&mut self, turn: u32) {
        let turn = turn as usize;
        for (index, metric) in self.model.metrics.iter().enumerate() {
            let (count, fixed) = (&mut self.tally.metrics[index], &self.fixed[index]);
            let (kept, measured) = (&self.block.kept[index], self.block.measured[index]);
            let many = &mut self.bins[index];
            count_lanes(self.wide, count, many, turn, &metric.bins, fixed, kept, measured);
        }
        if self.model.ladder.is_some() {
            count_few(self.wide, &mut self.tally.rungs[turn], 0.0, &self.block.rung, self.block.lanes);
        }
    }
}

/// Keeps the values of these lanes. No count tells −0 from 0.
#[inline(always)]
fn keep<X: Wide>(wide: X, mask: Mask, values: impl Operand, kept: &mut Lanes) {
    for (index, kept) in kept.as_chunks_mut::<EIGHT>().0.iter_mut().enumerate() {
        *kept = wide.choose_positive((mask >> (EIGHT * index)) as u8, values.eight(index), *kept);
    }
}

/// Whether values are whole numbers, and few enough to be counted one value after the other.
fn is_few(bins: &Bins) -> bool {
    bins.exact && bins.count <= 256
}

/// Counts whole numbers from `low` up, of which there are at most 256, as many lanes at a time as hold the same.
#[inline(always)]
fn count_few<X: Wide>(wide: X, counts: &mut [u64], low: f64, values: &Lanes, mask: Mask) {
    let bytes = wide.bytes(After(
        values,
        #[inline(always)]
        |x| x - low,
    ));
    let most = counts.len() - 1;
    if most < 40 {
        // One after the other, whether there are any or not: nobody waits for what came before, nor guesses how many.
        let mut left = count(mask);
        for (value, counts) in counts[..most].iter_mut().enumerate() {
            let same = count(wide.bytes_equal(&bytes, value as u8) & mask);
            *counts += same;
            left -= same;
        }
        counts[most] += left;
        return;
    }
    let mut left = mask;
    while left != 0 {
        let byte = bytes[left.trailing_zeros() as usize];
        let same = wide.bytes_equal(&bytes, byte) & left;
        counts[usize::from(byte).min(most)] += count(same);
        left &= !same;
    }
}

/// Counts the values of these lanes into bins and sums; the arithmetic is done for all lanes at once.
#[inline(always)]
fn count_lanes<X: Wide>(
    wide: X,
    count: &mut ValueCount,
    many: &mut Many,
    turn: usize,
    bins: &Bins,
    fixed: &FixedPoint,
    values: &Lanes,
    mask: Mask,
) {
    if is_few(bins) {
        return count_few(wide, &mut count.bins[turn], bins.low, values, mask);
    }
    let sums = &mut count.sums[turn];
    let [first, second] = match mask {
        Mask::MAX => total_units::<X, true>(wide, bins, fixed, values, mask),
        _ => total_units::<X, false>(wide, bins, fixed, values, mask),
    };
    sums.count += self::count(mask);
    sums.first += i128::from(first);
    sums.second += i128::from(second);
    many.count(turn, &places(wide, bins, values), mask);
}

/// The bins of all lanes.
#[inline(always)]
fn places<X: Wide>(wide: X, bins: &Bins, values: &Lanes) -> [i32; LANES] {
    let mut places = *values;
    for place in &mut places {
        *place = held(*place, bins.low, bins.high) - bins.low;
    }
    // Dividing takes long, and by a power of two it is multiplying.
    match bins.per_width() {
        Some(per_width) => {
            for place in &mut places {
                *place *= per_width;
            }
        }
        None => {
            for place in &mut places {
                *place /= bins.width;
            }
        }
    }
    let mut whole = [0; LANES];
    for (whole, place) in whole.as_chunks_mut::<EIGHT>().0.iter_mut().zip(places.as_chunks::<EIGHT>().0) {
        *whole = wide.truncated(*place);
    }
    for whole in &mut whole {
        *whole = (*whole).clamp(0, bins.count as i32 - 1);
    }
    whole
}

/// The sums over these lanes, which may be all, of their units and of those of their squares.
#[inline(always)]
fn total_units<X: Wide, const ALL: bool>(
    wide: X,
    bins: &Bins,
    fixed: &FixedPoint,
    values: &Lanes,
    mask: Mask,
) -> [i64; 2] {
    // A sum for each of eight lanes: these are many at once too.
    let (mut first, mut second) = ([0_i64; EIGHT], [0_i64; EIGHT]);
    for (index, eight) in values.as_chunks::<EIGHT>().0.iter().enumerate() {
        let mut values = *eight;
        for value in &mut values {
            *value = held(*value, bins.low, bins.high);
        }
        if !ALL {
            // The centre is no units away.
            values = wide.choose((mask >> (EIGHT * index)) as u8, values, [fixed.centre; EIGHT]);
        }
        let (mut distances, mut squares) = (values, values);
        for lane in 0..EIGHT {
            [distances[lane], squares[lane]] = fixed.scaled(values[lane]);
        }
        let (distances, squares) = (wide.rounded(distances), wide.rounded(squares));
        // Whole numbers of at most 2^51 as integers: from 2^52 to 2^53 numbers are whole, and their bits count them.
        // 64 of them are no more than an i64 holds.
        for lane in 0..EIGHT {
            first[lane] = first[lane].wrapping_add((distances[lane] + WHOLE).to_bits() as i64);
            second[lane] = second[lane].wrapping_add((squares[lane] + WHOLE).to_bits() as i64);
        }
    }
    [first, second].map(|sums| sums.into_iter().fold(OF_NOTHING, i64::wrapping_add))
}

const WHOLE: f64 = (3_u64 << 51) as f64;

/// What the bits of 64 times nothing add up to, with the sign turned.
const OF_NOTHING: i64 = (WHOLE.to_bits() as i64).wrapping_mul(-(LANES as i64));

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

impl<X: Wide> Watch for Counter<'_, X> {
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
            Value::Lanes(values) => keep(self.wide, mask, values, kept),
            Value::Constant(value) => keep(self.wide, mask, value, kept),
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
