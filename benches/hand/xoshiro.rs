//! Xoshiro256++ of Blackman and Vigna, the usual fast generator (`SmallRng` of the crate `rand` is the same).

use rand::TryRng;
use std::convert::Infallible;

/// A stream of random bits.
pub struct Xoshiro([u64; 4]);

impl Xoshiro {
    /// The stream of this seed and number, by SplitMix64 as its authors advise.
    pub fn seeded(seed: u64, stream: u64) -> Self {
        let mut state = seed.wrapping_mul(0xd134_2543_de82_ef95) ^ stream.wrapping_mul(0xa24b_aed4_963e_e407);
        let mut next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        };
        Self([next(), next(), next(), next()])
    }

    #[inline]
    pub fn bits(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// Whether something of this probability comes: u < p, with u a multiple of 2⁻⁵³. Both sides are 2⁵³ times that,
    /// which is exact and leaves nothing to work out where p is a constant.
    #[inline]
    pub fn comes(&mut self, probability: f64) -> bool {
        let scale = (1_u64 << 53) as f64;
        ((self.bits() >> 11) as f64) < probability * scale
    }

    /// A whole number below another, all as likely.
    #[inline]
    pub fn below(&mut self, count: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(count)) >> 64) as u64
    }
}

/// For the distributions of `rand_distr`.
impl TryRng for Xoshiro {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.bits() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.bits())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for part in bytes.chunks_mut(8) {
            part.copy_from_slice(&self.bits().to_le_bytes()[..part.len()]);
        }
        Ok(())
    }
}
