//! Counts values: into bins, and into sums that no order of adding changes.

use crate::engine::held;
use crate::expression::{After, LANES, Lanes, Mask, lanes};
use crate::model::Bins;
use crate::results::tally::{FixedPoint, ValueCount};
use crate::simd::{EIGHT, Simd};

/// The most blocks that are played, on all threads together, before what came of them is handed over.
pub(super) const WAVE_BLOCKS: u64 = 1_024;

/// How the values of a metric or of a score are counted, and what was counted and is not in its counts yet.
pub(super) struct Values<'m> {
    bins: &'m Bins,
    fixed: FixedPoint,
    many: Many,
}

impl<'m> Values<'m> {
    pub fn new(bins: &'m Bins, turns: usize) -> Self {
        Self { bins, fixed: FixedPoint::new(bins.low, bins.high), many: Many::new(bins, turns) }
    }

    /// Counts the values of these lanes into bins and sums; the arithmetic is done for all lanes at once.
    #[inline(always)]
    pub fn count<X: Simd>(&mut self, wide: X, count: &mut ValueCount, turn: usize, values: &Lanes, mask: Mask) {
        let Self { bins, fixed, many } = self;
        if is_few(bins) {
            return count_few(wide, &mut count.bins[turn], bins.low, values, mask);
        }
        let sums = &mut count.sums[turn];
        let [first, second] = match mask {
            Mask::MAX => total_units::<X, true>(wide, bins, fixed, values, mask),
            _ => total_units::<X, false>(wide, bins, fixed, values, mask),
        };
        sums.count += u64::from(mask.count_ones());
        sums.first += i128::from(first);
        sums.second += i128::from(second);
        many.count(turn, &places(wide, bins, values), mask);
    }

    /// Completes counts: adds what was counted apart, and what bins of one value each say of sums.
    pub fn complete(&self, count: &mut ValueCount) {
        self.many.add_to(&mut count.bins);
        if !is_few(self.bins) {
            return;
        }
        for (counts, sums) in count.bins.iter().zip(&mut count.sums) {
            for (index, count) in counts.iter().enumerate() {
                let [first, second] = self.fixed.units(self.bins.value(index)).map(i128::from);
                sums.count += count;
                sums.first += i128::from(*count) * first;
                sums.second += i128::from(*count) * second;
            }
        }
    }
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

/// Whether values are whole numbers, and few enough to be counted one value after the other.
fn is_few(bins: &Bins) -> bool {
    bins.exact && bins.count <= 256
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

/// The bins of all lanes.
#[inline(always)]
fn places<X: Simd>(wide: X, bins: &Bins, values: &Lanes) -> [i32; LANES] {
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
fn total_units<X: Simd, const ALL: bool>(
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
