//! The states in which copies enter a level, and which copies start from them.

use crate::engine::Snapshots;
use crate::expression::{Bank, Mask, lanes};
use crate::model::Model;

/// How a copy entered a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entrance {
    /// At the end of this turn.
    pub turn: u32,
    /// The index of the copy.
    pub copy: u32,
    /// The entrance to the level below from which that copy started; 0 on level 0.
    pub parent: u32,
    /// The index of its ancestor that began at turn 0.
    pub root: u32,
    pub importance: f64,
    /// Whether it has reached the goal.
    pub goal: bool,
    /// The level from which it, or an ancestor, reached the goal without passing the next.
    pub direct: Option<u8>,
    /// The part of the probability for which its ancestor was given an answer by force; 1 if there is none.
    pub weight: f64,
}

/// The entrances to a level, in order of their turns, with the state of each.
#[derive(Debug)]
pub(super) struct Entrances {
    pub list: Vec<Entrance>,
    states: Snapshots,
    /// Which of the states each has.
    places: Vec<usize>,
}

impl Entrances {
    pub fn new(model: &Model) -> Self {
        Self { list: Vec::new(), states: Snapshots::new(model), places: Vec::new() }
    }

    /// Keeps the state of a lane.
    pub fn take(&mut self, entrance: Entrance, bank: &Bank, lane: usize) {
        self.places.push(self.states.len());
        self.list.push(entrance);
        self.states.take(bank, lane);
    }

    /// Keeps the state of an entrance to the level below, which is one to this level too.
    pub fn pass_on(&mut self, entrance: Entrance, below: &Entrances, index: usize) {
        self.places.push(self.states.len());
        self.list.push(entrance);
        self.states.take_from(&below.states, below.places[index]);
    }

    /// Puts a state into a lane.
    pub fn put(&self, index: usize, bank: &mut Bank, lane: usize) {
        self.states.put(self.places[index], bank, 1 << lane);
    }

    /// The sum of their weights.
    pub fn weight(&self) -> f64 {
        self.list.iter().map(|entrance| entrance.weight).sum()
    }

    /// Brings them into the order of their turns, and within one of the copies.
    pub fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by_key(|index| (self.list[*index].turn, self.list[*index].copy));
        self.list = order.iter().map(|index| self.list[*index]).collect();
        self.places = order.iter().map(|index| self.places[*index]).collect();
    }
}

/// From which of `entrances` copy `index` of `copies` starts: systematic resampling with one offset U out of 2^64,
/// ⌊(index · 2^64 + U) · entrances / (copies · 2^64)⌋.
///
/// Every entrance has copies / entrances copies in the mean over U, and never differs from that by one or more.
pub(super) fn start_of(index: u64, copies: u64, entrances: u64, offset: u64) -> usize {
    let place = (u128::from(index) << 64 | u128::from(offset)) * u128::from(entrances);
    (place / (u128::from(copies) << 64)) as usize
}

/// The lanes of the first so many copies.
pub(super) fn first_lanes(count: usize) -> Mask {
    if count >= crate::expression::LANES { Mask::MAX } else { (1 << count) - 1 }
}

/// The lowest lane of a mask and those above, one after the other.
pub(super) fn each(mask: Mask) -> impl Iterator<Item = usize> {
    lanes(mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entrance_has_its_part_of_the_copies() {
        for (copies, entrances) in [(64, 1), (64, 64), (100, 7), (10, 64), (1 << 24, 3)] {
            let copies_max = copies.min(4096);
            for offset in [0, 1 << 63, u64::MAX] {
                let starts: Vec<usize> = (0..copies_max).map(|it| start_of(it, copies, entrances, offset)).collect();
                assert!(starts.is_sorted() && starts.iter().all(|start| (*start as u64) < entrances));
                if copies == copies_max {
                    for entrance in 0..entrances as usize {
                        let count = starts.iter().filter(|start| **start == entrance).count() as f64;
                        assert!((count - copies as f64 / entrances as f64).abs() < 1.0);
                    }
                }
            }
        }
    }

    #[test]
    fn the_offset_makes_it_fair() {
        // Over all offsets, in steps of 1/128, 3 copies of 4 entrances: each has 3/4 of a copy in the mean.
        let mut counts = [0; 4];
        for step in 0..128_u64 {
            (0..3).for_each(|index| counts[start_of(index, 3, 4, step << 57)] += 1);
        }
        assert_eq!(counts, [96; 4]);
    }
}
