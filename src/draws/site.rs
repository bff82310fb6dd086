//! The address of a draw, where its bits lie in the keystream, and how they become a number in (0, 1).

use super::cipher::{Key, Tile};
use crate::simd::{Portable, Simd};

/// The last turn that a draw can have.
pub const TURNS_MAX: u32 = 10_000;

/// The last k: so many further draws one site can make in one turn.
pub const K_MAX: u32 = 511;

/// The first replication number reserved for copies made by splitting; ordinary replications lie below it.
pub const RESERVED_FROM: u64 = 1 << 48;

/// Replications in a group: replication `r` is lane `r % 64` of group `r / 64`.
pub const LANES: usize = 64;

/// The turns that share one tile, counted from turn 1.
const TURNS: u32 = 4;

/// What draws: a number of 40 bits that stands for a path such as `triggers/russia_arms_dprk/chance`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site(u64);

impl Site {
    /// The site of a number below 2^40.
    pub fn new(number: u64) -> Option<Self> {
        (number < 1 << 40).then_some(Self(number))
    }

    /// The site of a path, given the BLAKE3 digest of the path in UTF-8: its first five bytes, little-endian.
    pub fn from_digest(digest: &[u8; 32]) -> Self {
        let [a, b, c, d, e, ..] = *digest;
        Self(u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]))
    }

    /// The number, below 2^40.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// Which of the two streams of a draw: one has its first 16 bits, the other its last 48.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Half {
    /// The first 16 bits.
    First = 0,
    /// The last 48 bits.
    Rest = 1,
}

/// The address of a draw, the same in every replication: who draws, when, and the which of its draws in that turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Draw {
    site: Site,
    turn: u32,
    k: u32,
}

impl Draw {
    /// The draw of a site in a turn (0 to [`TURNS_MAX`]); `k` (0 to [`K_MAX`]) counts its further draws in that turn.
    #[inline]
    pub fn new(site: Site, turn: u32, k: u32) -> Option<Self> {
        (turn <= TURNS_MAX && k <= K_MAX).then_some(Self { site, turn, k })
    }

    /// What draws.
    pub fn site(self) -> Site {
        self.site
    }

    /// When, 0 to [`TURNS_MAX`].
    pub fn turn(self) -> u32 {
        self.turn
    }

    /// Which of the site's draws in that turn, 0 to [`K_MAX`].
    pub fn k(self) -> u32 {
        self.k
    }

    /// The ChaCha stream number. From the top: site 40 bits, turn group 14, k 9, half 1.
    ///
    /// It is the same for the four turns that share a tile.
    #[inline]
    pub fn stream(self, half: Half) -> u64 {
        let turn_group = u64::from(self.turn.div_ceil(TURNS));
        self.site.0 << 24 | turn_group << 10 | u64::from(self.k) << 1 | half as u64
    }

    /// The first 16 bits of the draw for a group of replications, in all turns of its turn group.
    #[inline(always)]
    pub fn tile(self, key: &Key, group: u64) -> Tile {
        self.tile_with(Portable::new(), key, group)
    }

    /// The same with wide instructions.
    #[inline(always)]
    pub fn tile_with<X: Simd>(self, wide: X, key: &Key, group: u64) -> Tile {
        Tile::compute(wide, key, self.stream(Half::First), group.wrapping_mul(8))
    }

    /// All 64 bits of the draw for a group of replications, in all turns of its turn group.
    #[inline(always)]
    pub fn full_tile(self, key: &Key, group: u64) -> FullTile {
        self.full_tile_with(Portable::new(), key, group)
    }

    /// The same with wide instructions.
    #[inline(always)]
    pub fn full_tile_with<X: Simd>(self, wide: X, key: &Key, group: u64) -> FullTile {
        let first_block = group.wrapping_mul(24);
        let mut pieces = [self.tile_with(wide, key, group); 4];
        for j in 0..3 {
            let first_block = first_block.wrapping_add(8 * j as u64);
            pieces[j + 1] = Tile::compute(wide, key, self.stream(Half::Rest), first_block);
        }
        FullTile { pieces }
    }

    /// All 64 bits of the draw in one replication, U, straight from `rand_chacha`; u is U / 2^64.
    pub fn bits(self, key: &Key, replication: u64) -> u64 {
        let (group, lane) = (replication / LANES as u64, replication as usize % LANES);
        let row = (self.turn + 3) % TURNS;
        let (index, block) = (4 * row as usize + lane / 16, (lane % 16 / 2) as u64);
        let piece = |half, block| {
            let word = key.word(self.stream(half), block, index);
            u64::from(if lane % 2 == 0 { word & 0xffff } else { word >> 16 })
        };
        piece(Half::First, 8 * group + block) << 48
            | piece(Half::Rest, 24 * group + block) << 32
            | piece(Half::Rest, 24 * group + 8 + block) << 16
            | piece(Half::Rest, 24 * group + 16 + block)
    }
}

/// All 64 bits of one draw, for 64 replications in the four turns of a turn group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FullTile {
    pieces: [Tile; 4],
}

impl FullTile {
    /// U of each of the 64 replications in a turn.
    #[inline(always)]
    pub fn row(&self, turn: u32) -> [u64; 64] {
        let mut bits = [0; 64];
        for piece in &self.pieces {
            for (bits, piece) in bits.iter_mut().zip(piece.row(turn)) {
                *bits = *bits << 16 | u64::from(piece);
            }
        }
        bits
    }
}

/// v = (⌊U / 2^12⌋ + 1/2) · 2^-52: what distributions invert, strictly between 0 and 1, and exact.
#[inline]
pub fn unit(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL_ONES: Site = Site((1 << 40) - 1);

    #[test]
    fn addresses_are_checked() {
        assert_eq!(Site::new(1 << 40), None);
        assert_eq!(Site::new((1 << 40) - 1), Some(ALL_ONES));
        assert!(Draw::new(ALL_ONES, TURNS_MAX, K_MAX).is_some());
        assert_eq!(Draw::new(ALL_ONES, TURNS_MAX + 1, 0), None);
        assert_eq!(Draw::new(ALL_ONES, 0, K_MAX + 1), None);
    }

    #[test]
    fn four_turns_from_turn_one_share_a_stream() {
        let stream = |turn| Draw::new(Site(1), turn, 0).map(|draw| draw.stream(Half::First) >> 10 & 0x3fff);
        let groups = [0, 1, 4, 5, 8, 9, TURNS_MAX].map(stream);
        assert_eq!(groups, [0, 1, 1, 2, 2, 3, 2_500].map(Some));
    }

    #[test]
    fn tiles_hold_the_bits_of_single_replications() {
        let key = Key::from_seed(11);
        for (turn, k, group) in [(0, 0, 0), (1, 0, 3), (2, 1, 15_624), (7, 511, 1 << 42), (10_000, 9, u64::MAX / 64)] {
            let draw = Draw::new(ALL_ONES, turn, k).unwrap();
            let (first, full) = (draw.tile(&key, group).row(turn), draw.full_tile(&key, group).row(turn));
            for lane in 0..64 {
                let bits = draw.bits(&key, 64 * group + lane as u64);
                assert_eq!(bits, full[lane], "turn {turn}, k {k}, group {group}, lane {lane}");
                assert_eq!(bits >> 48, u64::from(first[lane]));
            }
        }
    }

    #[test]
    fn neighbouring_addresses_have_different_bits() {
        let key = Key::from_seed(0);
        let draw = |site, turn, k| Draw::new(Site(site), turn, k).unwrap();
        let mut all = vec![Draw::bits(draw(5, 4, 0), &Key::from_seed(1), 0)];
        all.extend((0..300).map(|r| draw(5, 4, 0).bits(&key, r)));
        all.extend([draw(5, 0, 0), draw(5, 5, 0), draw(5, 4, 1), draw(4, 4, 0)].map(|draw| draw.bits(&key, 0)));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn unit_is_strictly_inside_and_exact() {
        assert_eq!(unit(0), f64::from_bits((1023 - 53) << 52));
        assert_eq!(1.0 - unit(u64::MAX), unit(0));
        assert_eq!(unit(1 << 63), 0.5 + unit(0));
        assert_eq!(unit(0xfff), unit(0));
    }
}
