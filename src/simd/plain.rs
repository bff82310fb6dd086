//! Plain code for machines that are not known better, written so that compilers make vector instructions of it.

use super::operations::{EIGHT, Eight, Operand, Simd};

/// No instructions in particular.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plain;

impl Plain {
    pub fn new() -> Self {
        Self
    }
}

/// The bit of every lane: chosen and combined, they make a mask without a shift.
static BITS: [u64; 64] = {
    let mut bits = [0; 64];
    let mut lane = 0;
    while lane < 64 {
        bits[lane] = 1 << lane;
        lane += 1;
    }
    bits
};

macro_rules! compare {
    ($name:ident, $relation:tt) => {
        #[inline(always)]
        fn $name<A: Operand, B: Operand>(self, a: A, b: B) -> u64 {
            let mut bits = [0; EIGHT];
            for index in 0..EIGHT {
                let (a, b) = (a.eight(index), b.eight(index));
                for lane in 0..EIGHT {
                    bits[lane] |= if a[lane] $relation b[lane] { BITS[EIGHT * index + lane] } else { 0 };
                }
            }
            bits.iter().fold(0, |all, bits| all | bits)
        }
    };
}

impl Simd for Plain {
    const IS_WIDE: bool = false;

    type Words = [u32; 8];
    type Four = [f64; 4];

    /// Not inlined, as wide code is not into other code: functions stay of a size that compiles quickly.
    #[inline(never)]
    fn run<R>(self, work: impl FnOnce() -> R) -> R {
        work()
    }

    #[inline(always)]
    fn words(self, words: [u32; 8]) -> [u32; 8] {
        words
    }

    #[inline(always)]
    fn array(self, words: [u32; 8]) -> [u32; 8] {
        words
    }

    #[inline(always)]
    fn splat(self, word: u32) -> [u32; 8] {
        [word; 8]
    }

    #[inline(always)]
    fn add(self, mut a: [u32; 8], b: [u32; 8]) -> [u32; 8] {
        for i in 0..8 {
            a[i] = a[i].wrapping_add(b[i]);
        }
        a
    }

    #[inline(always)]
    fn xor(self, mut a: [u32; 8], b: [u32; 8]) -> [u32; 8] {
        for i in 0..8 {
            a[i] ^= b[i];
        }
        a
    }

    #[inline(always)]
    fn rotate<const LEFT: i32, const RIGHT: i32>(self, mut a: [u32; 8]) -> [u32; 8] {
        for word in &mut a {
            *word = word.rotate_left(LEFT as u32);
        }
        a
    }

    #[inline(always)]
    fn four(self, numbers: [f64; 4]) -> [f64; 4] {
        numbers
    }

    #[inline(always)]
    fn numbers(self, four: [f64; 4]) -> [f64; 4] {
        four
    }

    #[inline(always)]
    fn plus(self, a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
        std::array::from_fn(|i| a[i] + b[i])
    }

    #[inline(always)]
    fn greater(self, a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
        std::array::from_fn(|i| a[i].max(b[i]))
    }

    #[inline(always)]
    fn lesser(self, a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
        std::array::from_fn(|i| a[i].min(b[i]))
    }

    #[inline(always)]
    fn four_unlike(self, a: [f64; 4], b: [f64; 4]) -> u32 {
        (0..4).fold(0, |bits, i| bits | u32::from(a[i] != b[i]) << i)
    }

    compare!(less, <);
    compare!(less_equal, <=);
    compare!(equal, ==);

    #[inline(always)]
    fn unlike(self, mut pairs: impl FnMut(usize) -> (Eight, Eight)) -> u64 {
        let mut bits = 0;
        for index in 0..EIGHT {
            let (a, b) = pairs(index);
            for lane in 0..EIGHT {
                bits |= if a[lane] == b[lane] { 0 } else { BITS[EIGHT * index + lane] };
            }
        }
        bits
    }

    #[inline(always)]
    fn truncated(self, numbers: Eight) -> [i32; EIGHT] {
        numbers.map(|number| number as i32)
    }

    #[inline(always)]
    fn draws_below<T: Operand>(self, draws: &[[u32; 8]; 4], thresholds: T) -> (u64, u64) {
        let (mut less, mut equal) = (0, 0);
        for index in 0..EIGHT {
            for (lane, threshold) in thresholds.eight(index).into_iter().enumerate() {
                let threshold = threshold as u16;
                let draw = (draws[index / 2][4 * (index % 2) + lane / 2] >> (16 * (lane % 2))) as u16;
                less |= u64::from(draw < threshold) << (EIGHT * index + lane);
                equal |= u64::from(draw == threshold) << (EIGHT * index + lane);
            }
        }
        (less, equal)
    }

    #[inline(always)]
    fn bytes<P: Operand>(self, numbers: P) -> [u8; 64] {
        std::array::from_fn(|lane| numbers.eight(lane / EIGHT)[lane % EIGHT] as u8)
    }

    #[inline(always)]
    fn bytes_equal(self, bytes: &[u8; 64], byte: u8) -> u64 {
        bytes.iter().rev().fold(0, |bits, other| bits << 1 | u64::from(*other == byte))
    }
}
