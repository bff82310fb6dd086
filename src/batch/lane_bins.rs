//! Counts 64 values at a time into bins that need no bounds.

use crate::expression::{LANES, Lanes, Mask, lanes};
use crate::results::histogram::{Bin, Content, Histogram, PAGE};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// How many bytes the counters of all threads may take together, with the counts that are made of them.
pub const COUNTER_BYTES_MAX: usize = 1 << 30;

/// Of the counter of a bin: whether different values fell into it. The bits below count.
const MIXED: u16 = 1 << 15;
/// So many blocks may be counted before counters are handed over.
pub(super) const BLOCKS_MOST: u32 = (MIXED as u32 - 1) / LANES as u32;
/// What no value has as its bits.
const NONE: u64 = u64::MAX;
/// Bytes of a page, as a counter and in a histogram.
const PAGE_BYTES: usize =
    PAGE * (size_of::<u16>() + size_of::<u64>()) + PAGE * (size_of::<u64>() + size_of::<Content>());

/// What is left of the bytes that counters may take, in the whole process.
#[derive(Debug)]
pub(super) struct Room {
    left: AtomicUsize,
    is_exceeded: AtomicBool,
}

impl Room {
    pub fn new(bytes: usize) -> Self {
        Self { left: AtomicUsize::new(bytes), is_exceeded: AtomicBool::new(false) }
    }

    fn take(&self, bytes: usize) -> bool {
        let taken =
            self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes)).is_ok();
        if !taken {
            self.is_exceeded.store(true, Ordering::Relaxed);
        }
        taken
    }

    fn give_back(&self, bytes: usize) {
        self.left.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Whether anything was not counted because there was no room.
    pub fn is_exceeded(&self) -> bool {
        self.is_exceeded.load(Ordering::Relaxed)
    }
}

/// The counters of one metric in one turn: pages of bins, as values ask for them.
///
/// A slot stands for the page of a magnitude and a sign, those of the lowest magnitude first; slot 0 is the page of 0
/// alone, so that the small and the large need not lie in one range. Page 0 belongs to no bin: what lands there tells
/// that its page is still to be made.
#[derive(Debug)]
pub(super) struct LaneBins<'r> {
    room: &'r Room,
    taken: usize,
    /// The page of magnitudes that slots 1 and 2 stand for.
    from: u32,
    /// By slot: where the counters of its page begin.
    slots: Vec<u32>,
    counts: Vec<u16>,
    /// By counter: the bits of the value that fell there first.
    ones: Vec<u64>,
}

/// The bits of a value, with 0 for −0.
#[inline(always)]
fn bits(value: f64) -> u64 {
    (value + 0.0).to_bits()
}

/// The page of magnitudes of a key, which is the sign, the exponent and the first bits of the mantissa.
#[inline(always)]
fn page(key: u32) -> u32 {
    key << 14 >> 18
}

impl<'r> LaneBins<'r> {
    pub fn new(room: &'r Room) -> Self {
        Self { room, taken: 0, from: 0, slots: vec![0], counts: vec![0; PAGE], ones: vec![NONE; PAGE] }
    }

    /// Counts the values of these lanes; in no lane is one NaN.
    #[inline(always)]
    pub fn count(&mut self, values: &Lanes, mask: Mask) {
        let mut places = [0; LANES];
        if !self.find(values, &mut places) && !self.reach(values, &mut places) {
            return;
        }
        let counts = &mut self.counts[..];
        let mut all = MIXED;
        if mask == Mask::MAX {
            for place in places {
                let count = &mut counts[place as usize];
                all &= *count;
                *count += 1;
            }
        } else {
            for lane in lanes(mask) {
                let count = &mut counts[places[lane] as usize];
                all &= *count;
                *count += 1;
            }
        }
        if all == 0 {
            self.settle(values, mask, &places);
        }
    }

    /// Finds the counters of values, and says whether all of them have slots.
    #[inline(always)]
    fn find(&self, values: &Lanes, places: &mut [u32; LANES]) -> bool {
        let (mut slots, mut highest) = ([0; LANES], 0);
        for lane in 0..LANES {
            let key = (bits(values[lane]) >> 45) as u32;
            let beyond = if key == 0 { 0 } else { page(key).wrapping_sub(self.from) };
            highest = highest.max(beyond);
            slots[lane] = if key == 0 { 0 } else { (beyond << 1).wrapping_add((key >> 18) + 1) };
            places[lane] = key % PAGE as u32;
        }
        let starts = &self.slots[..];
        if highest as usize >= starts.len() / 2 {
            return false;
        }
        for lane in 0..LANES {
            places[lane] += starts[slots[lane] as usize];
        }
        true
    }

    /// Makes slots for all of these values, and finds their counters; false if there is no room.
    #[inline(never)]
    fn reach(&mut self, values: &Lanes, places: &mut [u32; LANES]) -> bool {
        let pages = || values.iter().map(|value| (bits(*value) >> 45) as u32).filter(|key| *key != 0).map(page);
        let had = (self.slots.len() / 2) as u32;
        let (mut from, mut to) = (pages().min().unwrap_or(0), pages().max().unwrap_or(0) + 1);
        if had > 0 {
            (from, to) = (from.min(self.from), to.max(self.from + had));
        }
        let mut slots = vec![0; 2 * (to - from) as usize + 1];
        let bytes = size_of::<u32>() * (slots.len() - self.slots.len());
        if !self.room.take(bytes) {
            return false;
        }
        self.taken += bytes;
        slots[0] = self.slots[0];
        let place = 2 * (self.from.max(from) - from) as usize + 1;
        slots[place..place + 2 * had as usize].copy_from_slice(&self.slots[1..]);
        (self.from, self.slots) = (from, slots);
        self.find(values, places)
    }

    /// Makes pages for the values that have none, and notes which bins hold more than one value.
    #[inline(never)]
    fn settle(&mut self, values: &Lanes, mask: Mask, places: &[u32; LANES]) {
        self.counts[..PAGE].fill(0);
        // Most lanes have a bin that is known to be mixed; those are passed over without a branch.
        let mut open: Mask = 0;
        for lane in 0..LANES {
            open |= u64::from(self.counts[places[lane] as usize] & MIXED == 0) << lane;
        }
        for lane in lanes(open & mask) {
            let bits = bits(values[lane]);
            let mut place = places[lane] as usize;
            if place < PAGE {
                let Some(start) = self.page_of((bits >> 45) as u32) else { return };
                place += start;
                self.counts[place] += 1;
            }
            let (count, one) = (&mut self.counts[place], &mut self.ones[place]);
            if *one == NONE {
                *one = bits;
            } else if *one != bits {
                *count |= MIXED;
            }
        }
    }

    /// Where the counters of the page of a key begin, made if need be; none if there is no room.
    fn page_of(&mut self, key: u32) -> Option<usize> {
        let slot = if key == 0 { 0 } else { 2 * (page(key) - self.from) + 1 + (key >> 18) } as usize;
        if self.slots[slot] == 0 {
            if !self.room.take(PAGE_BYTES) {
                return None;
            }
            self.taken += PAGE_BYTES;
            self.slots[slot] = self.counts.len() as u32;
            self.counts.resize(self.counts.len() + PAGE, 0);
            self.ones.resize(self.ones.len() + PAGE, NONE);
        }
        Some(self.slots[slot] as usize)
    }

    /// Adds what was counted to a histogram, and counts from 0 on.
    pub fn hand_over(&mut self, histogram: &mut Histogram) {
        for (slot, start) in self.slots.iter().enumerate().filter(|(_, start)| **start > 0) {
            let key = match slot.checked_sub(1) {
                None => 0,
                Some(slot) => (slot as u32 % 2) << 18 | (self.from + slot as u32 / 2) << 4,
            };
            let start = *start as usize;
            let (counts, ones) = (&mut self.counts[start..start + PAGE], &self.ones[start..start + PAGE]);
            let bins = counts.iter_mut().zip(ones).enumerate().map(|(low, (count, one))| {
                let content = match *count & MIXED {
                    0 => Content::One(f64::from_bits(*one)),
                    _ => Content::Mixed,
                };
                let bin = Bin::of_bits(u64::from(key | low as u32) << 45);
                (bin, content, u64::from(std::mem::replace(count, *count & MIXED) & !MIXED))
            });
            histogram.add_page(bins);
        }
    }
}

impl Drop for LaneBins<'_> {
    fn drop(&mut self) {
        self.room.give_back(self.taken);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(blocks: &[(Lanes, Mask)]) {
        let room = Room::new(COUNTER_BYTES_MAX);
        let (mut bins, mut fast, mut slow) = (LaneBins::new(&room), Histogram::default(), Histogram::default());
        for (index, (values, mask)) in blocks.iter().enumerate() {
            bins.count(values, *mask);
            lanes(*mask).for_each(|lane| slow.add(values[lane], 1));
            if index % 3 == 2 {
                bins.hand_over(&mut fast);
            }
        }
        bins.hand_over(&mut fast);
        assert_eq!(fast, slow);
        drop(bins);
        assert_eq!(room.left.load(Ordering::Relaxed), COUNTER_BYTES_MAX, "all is given back");
        assert!(!room.is_exceeded());
    }

    fn value() -> impl Strategy<Value = f64> {
        let any = any::<u64>().prop_map(f64::from_bits).prop_filter("a number", |value| !value.is_nan());
        let whole = (-1_000_i64..1_000).prop_map(|whole| whole as f64);
        prop_oneof![any, whole, 0.0..1.0, -1.0..1.0, Just(f64::NEG_INFINITY), Just(-0.0), Just(0.0), Just(5e-324)]
    }

    proptest! {
        #[test]
        fn lanes_are_counted_as_one_after_the_other(
            blocks in prop::collection::vec(
                (prop_oneof![prop::collection::vec(value(), LANES), prop::collection::vec(0.5..0.51_f64, LANES)], prop_oneof![Just(Mask::MAX), any::<Mask>()]),
                1..8,
            )
        ) {
            let blocks: Vec<(Lanes, Mask)> =
                blocks.into_iter().map(|(lanes, mask)| (lanes.try_into().expect("64 lanes"), mask)).collect();
            check(&blocks);
        }
    }

    #[test]
    fn the_most_blocks_fit_into_the_counters() {
        check(&vec![([0.25; LANES], Mask::MAX); 3]);
        let room = Room::new(COUNTER_BYTES_MAX);
        let (mut bins, mut histogram) = (LaneBins::new(&room), Histogram::default());
        (0..BLOCKS_MOST).for_each(|_| bins.count(&[0.25; LANES], Mask::MAX));
        bins.hand_over(&mut histogram);
        assert_eq!(
            histogram.bins().collect::<Vec<_>>(),
            [(Bin::of(0.25), Content::One(0.25), u64::from(BLOCKS_MOST) * 64)]
        );
    }

    #[test]
    fn without_room_it_says_so() {
        let room = Room::new(3 * PAGE_BYTES);
        let mut bins = LaneBins::new(&room);
        bins.count(&std::array::from_fn(|lane| lane as f64), Mask::MAX);
        assert!(room.is_exceeded());
    }
}
