//! States of replications between two turns, kept to be gone on from.

use crate::expression::{Bank, Base, Mask};
use crate::model::Model;

/// States, each of one replication at the end of a turn: all columns of the state, that of the turn among them. What is
/// played from a state follows from it and from the draws alone.
#[derive(Debug, Clone, Default)]
pub struct Snapshots {
    base: Base,
    count: usize,
    /// The numbers of one state after those of another.
    numbers: Vec<f64>,
    /// The flags likewise, 64 to a word; each state begins with a word of its own.
    flags: Vec<u64>,
}

impl Snapshots {
    /// No states, with room for those of a model.
    pub fn new(model: &Model) -> Self {
        Self { base: model.base, ..Self::default() }
    }

    /// How many states there are.
    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Keeps the state of a lane, after those kept before.
    pub fn take(&mut self, bank: &Bank, lane: usize) {
        self.count += 1;
        self.numbers.extend(bank.numbers[..self.base.numbers as usize].iter().map(|column| column[lane]));
        let flags = bank.flags[..self.base.flags as usize].chunks(64);
        let word = |flags: &[Mask]| flags.iter().rev().fold(0, |word, flag| word << 1 | flag >> lane & 1);
        self.flags.extend(flags.map(word));
    }

    /// Keeps a state that others of the same model hold, after those kept before.
    pub fn take_from(&mut self, others: &Snapshots, index: usize) {
        assert_eq!(self.base, others.base, "states of one model cannot be kept among those of another");
        self.count += 1;
        self.numbers.extend_from_slice(others.numbers_of(index));
        self.flags.extend_from_slice(others.flags_of(index));
    }

    /// Puts a state into lanes.
    pub fn put(&self, index: usize, bank: &mut Bank, lanes: Mask) {
        for (column, value) in bank.numbers.iter_mut().zip(self.numbers_of(index)) {
            crate::expression::lanes(lanes).for_each(|lane| column[lane] = *value);
        }
        let words = self.flags_of(index).iter();
        let states = words.flat_map(|word| (0..64).map(move |flag| word >> flag & 1 == 1));
        for (flags, is_set) in bank.flags[..self.base.flags as usize].iter_mut().zip(states) {
            *flags = if is_set { *flags | lanes } else { *flags & !lanes };
        }
    }

    fn numbers_of(&self, index: usize) -> &[f64] {
        let width = self.base.numbers as usize;
        &self.numbers[index * width..][..width]
    }

    fn flags_of(&self, index: usize) -> &[u64] {
        let width = self.base.flags.div_ceil(64) as usize;
        &self.flags[index * width..][..width]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::{Column, LANES};

    /// A bank in which every lane has other numbers and flags, with columns behind those of the state.
    fn bank(base: Base) -> Bank {
        let mut bank =
            Bank { numbers: vec![Column::ZERO; base.numbers as usize + 2], flags: vec![0; base.flags as usize + 3] };
        for (index, column) in bank.numbers.iter_mut().enumerate() {
            (0..LANES).for_each(|lane| column[lane] = (100 * index + lane) as f64);
        }
        for (index, flags) in bank.flags.iter_mut().enumerate() {
            *flags = (index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        bank
    }

    fn state(bank: &Bank, base: Base, lane: usize) -> (Vec<f64>, Vec<u64>) {
        let numbers = bank.numbers[..base.numbers as usize].iter().map(|column| column[lane]).collect();
        (numbers, bank.flags[..base.flags as usize].iter().map(|flags| flags >> lane & 1).collect())
    }

    #[test]
    fn what_is_put_is_what_was_taken() {
        for flags in [0, 1, 63, 64, 65, 130] {
            let base = Base { numbers: 3, flags };
            let mut bank = bank(base);
            let before = bank.clone();
            let mut first = Snapshots { base, ..Snapshots::default() };
            (0..LANES).for_each(|lane| first.take(&bank, lane));
            let mut second = Snapshots { base, ..Snapshots::default() };
            second.take_from(&first, 5);
            second.take_from(&first, 63);
            assert_eq!((first.len(), second.len()), (LANES, 2));
            second.put(1, &mut bank, 1 << 7 | 1 << 20);
            for lane in 0..LANES {
                let from = if [7, 20].contains(&lane) { 63 } else { lane };
                assert_eq!(state(&bank, base, lane), state(&before, base, from), "{flags} flags, lane {lane}");
            }
            let behind = |bank: &Bank| (bank.numbers[3..].to_vec(), bank.flags[flags as usize..].to_vec());
            assert!(behind(&bank) == behind(&before));
        }
    }
}
