//! States side by side: rows of words with their weights, equal rows merged.

use super::caps::Saturation;
use super::liveness::Columns;
use super::weight::Weight;
use crate::expression::{Bank, LANES, Lanes, Mask, lanes};

/// Which columns a row has, and where.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// A word each.
    pub numbers: Vec<u32>,
    /// 64 to a word, after the numbers.
    pub flags: Vec<u32>,
    /// Words in a row.
    pub width: usize,
    /// By place in `numbers`.
    saturations: Vec<Option<Saturation>>,
    /// The turn in which ages are next looked at.
    turn: f64,
}

impl Layout {
    pub fn new(columns: &Columns, saturations: &[Option<Saturation>], turn: u32) -> Self {
        let (numbers, flags) = columns.lists();
        let width = numbers.len() + flags.len().div_ceil(64);
        let saturations = numbers.iter().map(|column| saturations[*column as usize]).collect();
        Self { numbers, flags, width, saturations, turn: f64::from(turn) }
    }

    /// Puts rows into the first lanes of a bank.
    pub fn load(&self, bank: &mut Bank, rows: &[&[u64]]) {
        for (place, column) in self.numbers.iter().enumerate() {
            let to = &mut bank.numbers[*column as usize];
            for (to, row) in to.iter_mut().zip(rows) {
                *to = f64::from_bits(row[place]);
            }
        }
        for (word, columns) in self.flags.chunks(64).enumerate() {
            let mut bits = [0; 64];
            for (to, row) in bits.iter_mut().zip(rows) {
                *to = row[self.numbers.len() + word];
            }
            transpose(&mut bits);
            for (column, bits) in columns.iter().zip(bits) {
                bank.flags[*column as usize] = bits;
            }
        }
    }

    /// Takes the rows of these lanes out of a bank, one after the other, with what is alike made equal.
    pub fn store(&self, bank: &Bank, mask: Mask, rows: &mut Vec<u64>) {
        rows.clear();
        rows.resize(self.width * mask.count_ones() as usize, 0);
        for (place, column) in self.numbers.iter().enumerate() {
            let from = &bank.numbers[*column as usize];
            let to = rows.iter_mut().skip(place).step_by(self.width.max(1));
            match self.saturations[place] {
                None => to.zip(lanes(mask)).for_each(|(to, lane)| *to = from[lane].to_bits()),
                Some(saturation) => self.saturated(saturation, from, mask, to),
            }
        }
        for (word, columns) in self.flags.chunks(64).enumerate() {
            let mut bits = [0; 64];
            for (to, column) in bits.iter_mut().zip(columns) {
                *to = bank.flags[*column as usize];
            }
            transpose(&mut bits);
            let to = rows.iter_mut().skip(self.numbers.len() + word).step_by(self.width.max(1));
            to.zip(lanes(mask)).for_each(|(to, lane)| *to = bits[lane]);
        }
    }

    /// Adds the turn so many times to the numbers at these places: -1 makes ages of turns, 1 turns of ages.
    pub fn shift(&self, row: &mut [u64], places: &[usize], times: f64) {
        for place in places {
            // One that is too old to tell from never is infinite, and stays so.
            row[*place] = (f64::from_bits(row[*place]) + times * self.turn).to_bits();
        }
    }

    fn saturated<'r>(&self, saturation: Saturation, from: &Lanes, mask: Mask, to: impl Iterator<Item = &'r mut u64>) {
        for (to, lane) in to.zip(lanes(mask)) {
            let value = from[lane];
            let value = match saturation {
                Saturation::Age(age) if self.turn - value >= age => f64::NEG_INFINITY,
                Saturation::Count(most) if value > most => most,
                _ => value,
            };
            *to = value.to_bits();
        }
    }
}

/// Turns a square of 64 × 64 bits about its diagonal (H. S. Warren, Hacker's Delight, 2nd ed., 7–3).
fn transpose(bits: &mut [u64; 64]) {
    let mut half = 32;
    let mut mask: u64 = 0x0000_0000_ffff_ffff;
    while half != 0 {
        let mut row = 0;
        while row < 64 {
            let swap = (bits[row] >> half ^ bits[row + half]) & mask;
            bits[row] ^= swap << half;
            bits[row + half] ^= swap;
            row = (row + half + 1) & !half;
        }
        half >>= 1;
        mask ^= mask << half;
    }
}

/// States of one moment with their weights, no two equal.
#[derive(Debug, Clone)]
pub(super) struct Layer<W> {
    pub layout: Layout,
    pub words: Vec<u64>,
    pub weights: Vec<W>,
}

impl<W> Layer<W> {
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> u64 {
        (size_of::<u64>() * self.words.capacity() + size_of::<W>() * self.weights.capacity()) as u64
    }

    pub fn row(&self, index: usize) -> &[u64] {
        &self.words[index * self.layout.width..(index + 1) * self.layout.width]
    }
}

/// The hash of a row: multiplications folded upon themselves, the same on every machine.
pub(super) fn hash(row: &[u64]) -> u64 {
    let mut hash = 0x9e37_79b9_7f4a_7c15_u64;
    for word in row {
        let product = u128::from(hash ^ word) * u128::from(0xd6e8_feb8_6659_fd93_u64 ^ word.rotate_left(32));
        hash = (product as u64) ^ (product >> 64) as u64 ^ hash.rotate_left(23);
    }
    let product = u128::from(hash) * 0x9fb2_1c65_1e98_df25;
    (product as u64) ^ (product >> 64) as u64
}

/// Rows being merged: an open table of the indexes of rows.
#[derive(Debug)]
pub(super) struct Merger<W> {
    width: usize,
    pub words: Vec<u64>,
    pub weights: Vec<W>,
    hashes: Vec<u64>,
    /// Index + 1, or 0 where there is none; twice as many as rows at least.
    table: Vec<u32>,
}

impl<W: Weight> Merger<W> {
    /// Room for so many rows of this width; more make more room.
    pub fn new(width: usize, rows: usize) -> Self {
        let (words, weights) = (Vec::with_capacity(rows * width), Vec::with_capacity(rows));
        let table = vec![0; (4 * rows).next_power_of_two().max(64)];
        Self { width, words, weights, hashes: Vec::with_capacity(rows), table }
    }

    /// How many bytes it takes, with what it may take on its way to twice as many rows.
    pub fn bytes(&self) -> u64 {
        let rows = size_of::<u64>() * self.words.capacity() + size_of::<W>() * self.weights.capacity();
        (rows + size_of::<u64>() * self.hashes.capacity() + 2 * size_of::<u32>() * self.table.len()) as u64
    }

    /// Adds a row, or its weight to the equal row that is there; which it is.
    pub fn add(&mut self, hash: u64, row: &[u64], weight: &W) -> usize {
        let mask = self.table.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            match self.table[slot] {
                0 => break,
                found => {
                    let index = found as usize - 1;
                    if self.hashes[index] == hash && &self.words[index * self.width..(index + 1) * self.width] == row {
                        self.weights[index].gain(weight);
                        return index;
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
        let index = self.weights.len();
        self.table[slot] = index as u32 + 1;
        self.words.extend_from_slice(row);
        self.weights.push(weight.clone());
        self.hashes.push(hash);
        if 2 * self.weights.len() >= self.table.len() {
            self.grow();
        }
        index
    }

    fn grow(&mut self) {
        let size = 4 * self.table.len();
        self.table = vec![0; size];
        for (index, hash) in self.hashes.iter().enumerate() {
            let mut slot = *hash as usize & (size - 1);
            while self.table[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = index as u32 + 1;
        }
    }
}

/// How many lanes of a block so many rows fill.
pub(super) fn mask_of_first(rows: usize) -> Mask {
    if rows >= LANES { Mask::MAX } else { (1 << rows) - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::weight::DoubleDouble;

    #[test]
    fn a_transposed_square_has_rows_for_columns() {
        let mut bits: [u64; 64] = std::array::from_fn(|row| hash(&[row as u64]));
        let before = bits;
        transpose(&mut bits);
        for row in 0..64 {
            for column in 0..64 {
                assert_eq!(bits[row] >> column & 1, before[column] >> row & 1);
            }
        }
    }

    #[test]
    fn equal_rows_are_merged_and_others_kept() {
        let mut merger: Merger<DoubleDouble> = Merger::new(2, 9);
        for i in 0..30_000_u64 {
            let row = [i % 1_000, i % 7];
            merger.add(hash(&row), &row, &DoubleDouble::ONE);
        }
        assert_eq!(merger.weights.len(), 7_000);
        assert_eq!(merger.weights.iter().copied().sum::<DoubleDouble>().value(), 30_000.0);
        let mut empty: Merger<DoubleDouble> = Merger::new(0, 0);
        assert_eq!(
            (empty.add(hash(&[]), &[], &DoubleDouble::ONE), empty.add(hash(&[]), &[], &DoubleDouble::ONE)),
            (0, 0)
        );
    }
}
