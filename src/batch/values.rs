//! Counts values: into bins, and into sums that no order of adding changes.

use super::lane_bins::{BLOCKS_MOST, LaneBins, Room};
use super::lane_sums::LaneSums;
use crate::expression::{After, Lanes, Mask, lanes};
use crate::model::Range;
use crate::results::tally::ValueCount;
use crate::simd::Simd;

/// The values of a metric, by turn, or of a score, and what was counted of them since they were last handed over.
pub(super) struct Values<'r> {
    range: Range,
    /// The declared bounds that values may leave.
    bounds: [Option<f64>; 2],
    outside: Vec<[u64; 2]>,
    counters: Counters<'r>,
    blocks: u32,
}

enum Counters<'r> {
    /// One count for each whole number from the lower end of the range up, by turn.
    Few(Vec<Vec<u64>>),
    Many(Vec<(LaneBins<'r>, LaneSums)>),
}

impl<'r> Values<'r> {
    pub fn new(range: Range, bounds: [Option<f64>; 2], turns: usize, room: &'r Room) -> Self {
        let counters = match range.few() {
            Some(few) => Counters::Few(vec![vec![0; few]; turns]),
            None => Counters::Many((0..turns).map(|_| (LaneBins::new(room), LaneSums::new())).collect()),
        };
        let [low, high] = bounds;
        let bounds = [low.filter(|low| *low > range.low), high.filter(|high| *high < range.high)];
        Self { range, bounds, outside: vec![[0; 2]; turns], counters, blocks: 0 }
    }

    /// Counts the values of these lanes; the arithmetic is done for all lanes at once.
    #[inline(always)]
    pub fn count<X: Simd>(&mut self, wide: X, turn: usize, values: &Lanes, mask: Mask) {
        match &mut self.counters {
            Counters::Few(counts) => count_few(wide, &mut counts[turn], self.range.low, values, mask),
            Counters::Many(turns) => {
                let (bins, sums) = &mut turns[turn];
                bins.count(values, mask);
                sums.add(wide, values, mask);
            }
        }
        if self.bounds != [None; 2] {
            self.count_outside(turn, values, mask);
        }
    }

    #[inline(never)]
    fn count_outside(&mut self, turn: usize, values: &Lanes, mask: Mask) {
        let [low, high] = self.bounds;
        for lane in lanes(mask) {
            self.outside[turn][0] += u64::from(low.is_some_and(|low| values[lane] < low));
            self.outside[turn][1] += u64::from(high.is_some_and(|high| values[lane] > high));
        }
    }

    /// Says that a block is over, and hands over what was counted where counters can hold no more.
    pub fn end_block(&mut self, counts: &mut [ValueCount]) {
        self.blocks += 1;
        if self.blocks == BLOCKS_MOST {
            self.hand_over(counts);
        }
    }

    /// Adds to the counts by turn all that was counted since this was last done.
    pub fn hand_over(&mut self, counts: &mut [ValueCount]) {
        self.blocks = 0;
        for (outside, count) in self.outside.iter_mut().zip(&mut *counts) {
            count.outside[0] += std::mem::take(&mut outside[0]);
            count.outside[1] += std::mem::take(&mut outside[1]);
        }
        match &mut self.counters {
            Counters::Few(turns) => {
                for (few, count) in turns.iter_mut().zip(counts) {
                    for (index, few) in few.iter_mut().enumerate() {
                        count.add(self.range.low + index as f64, std::mem::take(few));
                    }
                }
            }
            Counters::Many(turns) => {
                for ((bins, sums), count) in turns.iter_mut().zip(counts) {
                    bins.hand_over(&mut count.histogram);
                    sums.hand_over(&mut count.sums);
                }
            }
        }
    }
}

/// Counts whole numbers from `low` up, of which there are at most 256, as many lanes at a time as hold the same.
#[inline(always)]
pub(super) fn count_few<X: Simd>(wide: X, counts: &mut [u64], low: f64, values: &Lanes, mask: Mask) {
    let bytes = wide.bytes(After(
        values,
        #[inline(always)]
        |x| x - low,
    ));
    let most = counts.len() - 1;
    if most < 40 {
        // One after the other, whether there are any or not: nobody waits for what came before, nor guesses how many.
        let mut left = u64::from(mask.count_ones());
        for (value, counts) in counts[..most].iter_mut().enumerate() {
            let same = u64::from((wide.bytes_equal(&bytes, value as u8) & mask).count_ones());
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
        counts[usize::from(byte).min(most)] += u64::from(same.count_ones());
        left &= !same;
    }
}
