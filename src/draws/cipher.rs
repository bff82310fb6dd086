//! The cipher under the draws: ChaCha8 as `rand_chacha` defines it, and the same eight blocks at once.

use crate::simd::Simd;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The words "expand 32-byte k", with which every ChaCha block begins.
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// What separates these draws from any other use of the same seed; a new definition of a draw gets a new number.
const DOMAIN: &[u8; 24] = b"escalate draws 1\0\0\0\0\0\0\0\0";

/// A cipher key: one for each seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    words: [u32; 8],
}

impl Key {
    /// The key of a seed: the seed as eight little-endian bytes, then "escalate draws 1" padded with zero bytes to 24.
    pub fn from_seed(seed: u64) -> Self {
        let [low, high] = [seed as u32, (seed >> 32) as u32];
        let domain = |i: usize| u32::from_le_bytes([DOMAIN[i], DOMAIN[i + 1], DOMAIN[i + 2], DOMAIN[i + 3]]);
        Self { words: [low, high, domain(0), domain(4), domain(8), domain(12), domain(16), domain(20)] }
    }

    /// The 32 bytes that `rand_chacha` takes as its seed.
    pub fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (four, word) in bytes.chunks_exact_mut(4).zip(self.words) {
            four.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// Word `index` (0 to 15) of one keystream block, straight from `rand_chacha`: the judge of [`Tile`].
    pub fn word(&self, stream: u64, block: u64, index: usize) -> u32 {
        let mut cipher = ChaCha8Rng::from_seed(self.bytes());
        cipher.set_stream(stream);
        cipher.set_word_pos(u128::from(block) * 16 + index as u128 % 16);
        cipher.next_u32()
    }
}

/// Eight consecutive keystream blocks, word by block: `words[w][b]` is word `w` of block `b`.
///
/// It holds 16 bits for each of 64 replications in each of 4 turns, already in order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(align(64))]
pub struct Tile {
    words: [[u32; 8]; 16],
}

impl Tile {
    /// The blocks `first_block` to `first_block + 7` of a stream; block numbers wrap at 2^64.
    pub fn compute<X: Simd>(wide: X, key: &Key, stream: u64, first_block: u64) -> Self {
        wide.run(
            #[inline(always)]
            || Self::blocks(wide, key, stream, first_block),
        )
    }

    #[inline(always)]
    fn blocks<X: Simd>(wide: X, key: &Key, stream: u64, first_block: u64) -> Self {
        let [s0, s1] = [stream as u32, (stream >> 32) as u32];
        let (mut low, mut high) = ([0; 8], [0; 8]);
        for b in 0..8 {
            let block = first_block.wrapping_add(b as u64);
            (low[b], high[b]) = (block as u32, (block >> 32) as u32);
        }
        let mut start = [wide.splat(0); 16];
        for (word, value) in start.iter_mut().zip(CONSTANTS.iter().chain(&key.words)) {
            *word = wide.splat(*value);
        }
        start[12] = wide.words(low);
        start[13] = wide.words(high);
        start[14] = wide.splat(s0);
        start[15] = wide.splat(s1);
        let mut state = start;
        double_round(wide, &mut state);
        double_round(wide, &mut state);
        double_round(wide, &mut state);
        double_round(wide, &mut state);
        let mut words = [[0; 8]; 16];
        for w in 0..16 {
            words[w] = wide.array(wide.add(state[w], start[w]));
        }
        Self { words }
    }

    /// The 16 bits of each of the 64 replications in a turn. Turn 0 lies where turn 4 does: their streams differ.
    #[inline(always)]
    pub fn row(&self, turn: u32) -> [u16; 64] {
        let row = (turn.wrapping_add(3) % 4) as usize;
        let mut lanes = [0; 64];
        for (i, pair) in lanes.chunks_exact_mut(2).enumerate() {
            let word = self.words[4 * row + i / 8][i % 8];
            pair[0] = word as u16;
            pair[1] = (word >> 16) as u16;
        }
        lanes
    }

    /// The words of a turn: the 16 bits of 64 replications, two to a word, the low half first.
    #[inline(always)]
    pub fn row_words(&self, turn: u32) -> &[[u32; 8]; 4] {
        let row = (turn.wrapping_add(3) % 4) as usize;
        &self.words.as_chunks().0[row]
    }

    /// The 16 bits of one of the 64 replications in a turn: of [`Tile::row`], this lane.
    #[inline(always)]
    pub fn piece(&self, turn: u32, lane: usize) -> u16 {
        let row = (turn.wrapping_add(3) % 4) as usize;
        let word = self.words[4 * row + lane / 16 % 4][lane / 2 % 8];
        (word >> (16 * (lane % 2))) as u16
    }

    /// The keystream itself: `words()[w][b]` is word `w` of block `b`.
    pub fn words(&self) -> &[[u32; 8]; 16] {
        &self.words
    }
}

/// Two rounds of ChaCha: the four columns, then the four diagonals.
#[inline(always)]
fn double_round<X: Simd>(wide: X, state: &mut [X::Words; 16]) {
    quarter_round(wide, state, [0, 4, 8, 12]);
    quarter_round(wide, state, [1, 5, 9, 13]);
    quarter_round(wide, state, [2, 6, 10, 14]);
    quarter_round(wide, state, [3, 7, 11, 15]);
    quarter_round(wide, state, [0, 5, 10, 15]);
    quarter_round(wide, state, [1, 6, 11, 12]);
    quarter_round(wide, state, [2, 7, 8, 13]);
    quarter_round(wide, state, [3, 4, 9, 14]);
}

/// The quarter round of ChaCha (RFC 8439, section 2.1).
#[inline(always)]
fn quarter_round<X: Simd>(wide: X, state: &mut [X::Words; 16], [a, b, c, d]: [usize; 4]) {
    state[a] = wide.add(state[a], state[b]);
    state[d] = wide.rotate::<16, 16>(wide.xor(state[d], state[a]));
    state[c] = wide.add(state[c], state[d]);
    state[b] = wide.rotate::<12, 20>(wide.xor(state[b], state[c]));
    state[a] = wide.add(state[a], state[b]);
    state[d] = wide.rotate::<8, 24>(wide.xor(state[d], state[a]));
    state[c] = wide.add(state[c], state[d]);
    state[b] = wide.rotate::<7, 25>(wide.xor(state[b], state[c]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Portable, Work, widest};

    struct Compute(Key, u64, u64);

    impl Work for Compute {
        type Output = Tile;

        fn with<X: Simd>(self, wide: X) -> Tile {
            wide.run(|| Tile::compute(wide, &self.0, self.1, self.2))
        }
    }

    /// Holds all 128 words of a tile equal to `rand_chacha`, read on in one go; with and without wide instructions.
    fn judge(seed: u64, stream: u64, first_block: u64) {
        let key = Key::from_seed(seed);
        let tile = Tile::compute(Portable::new(), &key, stream, first_block);
        assert_eq!(tile, widest(Compute(key, stream, first_block)));
        let mut cipher = ChaCha8Rng::from_seed(key.bytes());
        cipher.set_stream(stream);
        cipher.set_word_pos(u128::from(first_block) * 16);
        for b in 0..8 {
            for w in 0..16 {
                assert_eq!(tile.words[w][b], cipher.next_u32(), "seed {seed} stream {stream} block {first_block}+{b}");
            }
        }
    }

    #[test]
    fn every_word_equals_rand_chacha() {
        let mut dice = ChaCha8Rng::seed_from_u64(20_240_607);
        for _ in 0..2_000 {
            judge(dice.next_u64(), dice.next_u64(), dice.next_u64());
            judge(dice.next_u64() >> 50, dice.next_u64(), 8 * (dice.next_u64() >> 36));
        }
    }

    #[test]
    fn every_word_equals_rand_chacha_where_counters_carry() {
        for first_block in [0, 1, u64::from(u32::MAX) - 3, 1 << 32, (1 << 45) - 8, 1 << 45, u64::MAX - 7, u64::MAX - 3]
        {
            judge(0, 0, first_block);
            judge(u64::MAX, u64::MAX, first_block);
        }
    }

    #[test]
    fn a_row_is_its_words_in_order_low_half_first() {
        let tile = Tile::compute(Portable::new(), &Key::from_seed(3), 5, 8);
        for turn in 0..9 {
            let row = tile.row(turn);
            for (lane, &bits) in row.iter().enumerate() {
                let word = tile.words[4 * ((turn as usize + 3) % 4) + lane / 16][(lane % 16) / 2];
                assert_eq!(u32::from(bits), word >> (16 * (lane % 2)) & 0xffff);
                assert_eq!(tile.piece(turn, lane), bits);
            }
        }
        assert_eq!(tile.row(u32::MAX), tile.row(3));
    }

    #[test]
    fn single_words_equal_the_tile() {
        let key = Key::from_seed(99);
        let tile = Tile::compute(Portable::new(), &key, 7, 16);
        assert!(
            (0..128).all(|i| key.word(7, 16 + i / 16, i as usize % 16) == tile.words[i as usize % 16][i as usize / 16])
        );
        assert_eq!(key.word(7, u64::MAX, 15 + 16), key.word(7, u64::MAX, 15));
    }
}
