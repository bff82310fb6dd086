//! The operations on lanes that a set of instructions offers, and the sets there are.

/// How many numbers are compared at once.
pub const EIGHT: usize = 8;

/// So many numbers.
pub type Eight = [f64; EIGHT];

/// What is compared: 64 numbers, or one number with all of them.
pub trait Operand: std::marker::Copy {
    /// The numbers from `8 · index` on.
    fn eight(self, index: usize) -> Eight;
}

impl Operand for &[f64; 64] {
    #[inline(always)]
    fn eight(self, index: usize) -> Eight {
        self.as_chunks().0[index]
    }
}

impl Operand for f64 {
    #[inline(always)]
    fn eight(self, _index: usize) -> Eight {
        [self; EIGHT]
    }
}

/// A set of instructions that this machine has.
pub trait Simd: std::marker::Copy + Send + Sync + 'static {
    /// Whether a register holds more than two numbers.
    const IS_WIDE: bool;

    /// Eight 32-bit words.
    type Words: std::marker::Copy;
    /// Four numbers.
    type Four: std::marker::Copy;

    /// Does a piece of work, compiled for these instructions as far as it is inlined.
    fn run<R>(self, work: impl FnOnce() -> R) -> R;

    fn words(self, words: [u32; 8]) -> Self::Words;
    fn array(self, words: Self::Words) -> [u32; 8];
    fn splat(self, word: u32) -> Self::Words;
    /// The sums, modulo 2^32.
    fn add(self, a: Self::Words, b: Self::Words) -> Self::Words;
    fn xor(self, a: Self::Words, b: Self::Words) -> Self::Words;
    /// Turns the bits of every word; `RIGHT` is 32 less `LEFT`.
    fn rotate<const LEFT: i32, const RIGHT: i32>(self, a: Self::Words) -> Self::Words;

    fn four(self, numbers: [f64; 4]) -> Self::Four;
    /// Four times the same.
    #[inline(always)]
    fn all(self, number: f64) -> Self::Four {
        self.four([number; 4])
    }
    fn numbers(self, four: Self::Four) -> [f64; 4];
    fn plus(self, a: Self::Four, b: Self::Four) -> Self::Four;
    /// The greater of two numbers that are not NaN.
    fn greater(self, a: Self::Four, b: Self::Four) -> Self::Four;
    /// The lesser of two numbers that are not NaN.
    fn lesser(self, a: Self::Four, b: Self::Four) -> Self::Four;
    /// Where two numbers that are not NaN differ, one bit each.
    fn four_unlike(self, a: Self::Four, b: Self::Four) -> u32;

    /// Where a < b, one bit each; nowhere where one of them is NaN.
    fn less<A: Operand, B: Operand>(self, a: A, b: B) -> u64;
    /// Where b, which is finite, is below a number; anything where that is NaN.
    #[inline(always)]
    fn below<A: Operand>(self, b: f64, numbers: A) -> u64 {
        self.less(b, numbers)
    }
    /// Where a ≤ b.
    fn less_equal<A: Operand, B: Operand>(self, a: A, b: B) -> u64;
    /// Where a = b.
    fn equal<A: Operand, B: Operand>(self, a: A, b: B) -> u64;

    /// Where the two numbers differ that are made of each lane, eight after eight; also where one of them is NaN.
    fn unlike(self, pairs: impl FnMut(usize) -> (Eight, Eight)) -> u64;

    /// The number of the first where the bit is set, else that of the second.
    #[inline(always)]
    fn choose(self, bits: u8, yes: Eight, mut no: Eight) -> Eight {
        for (lane, no) in no.iter_mut().enumerate() {
            let chosen = if bits & 1 << lane != 0 { u64::MAX } else { 0 };
            *no = f64::from_bits(yes[lane].to_bits() & chosen | no.to_bits() & !chosen);
        }
        no
    }

    /// The same, with 0 for −0.
    #[inline(always)]
    fn choose_positive(self, bits: u8, yes: Eight, no: Eight) -> Eight {
        let mut chosen = self.choose(bits, yes, no);
        for number in &mut chosen {
            *number += 0.0;
        }
        chosen
    }

    /// The nearest whole numbers, of two as near the ones farther from 0; of numbers up to 2^51.
    #[inline(always)]
    fn rounded(self, mut numbers: Eight) -> Eight {
        for number in &mut numbers {
            *number = rounded(*number);
        }
        numbers
    }

    /// The numbers without what stands behind the point; of numbers below 2^31.
    fn truncated(self, numbers: Eight) -> [i32; EIGHT];

    /// Of sixty-four numbers r of 16 bits, two to a word, the low half first: where r < ⌊t⌋, and where both are equal,
    /// with thresholds t below 2^31 held to 0 and 2^16 − 1.
    fn draws_below<T: Operand>(self, draws: &[[u32; 8]; 4], thresholds: T) -> (u64, u64);

    /// Sixty-four numbers without what stands behind the point, held to 0 and 255; 0 for NaN.
    fn bytes<P: Operand>(self, numbers: P) -> [u8; 64];

    /// Where sixty-four bytes are this one.
    fn bytes_equal(self, bytes: &[u8; 64], byte: u8) -> u64;
}

/// Work that can be done with any instructions.
pub trait Work {
    type Output;

    fn with<X: Simd>(self, wide: X) -> Self::Output;
}

/// A set of instructions by name; each has what those before it have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Instructions {
    /// What every machine of its kind has: on x86-64, SSE2.
    Portable,
    Avx2,
    Avx512,
}

impl Instructions {
    pub const ALL: [Self; 3] = [Self::Portable, Self::Avx2, Self::Avx512];
}

/// The nearest whole number, of two as near the one farther from 0; of a number up to 2^51. Without a branch or a call,
/// so that many are rounded at once.
#[inline(always)]
pub(super) fn rounded(x: f64) -> f64 {
    // Numbers from 2^52 to 2^53 are whole.
    const WHOLE: f64 = (3_u64 << 51) as f64;
    let even = (x + WHOLE) - WHOLE;
    let left = x - even;
    let up = if left == 0.5 && x > 0.0 { 1.0 } else { 0.0 };
    let down = if left == -0.5 && x < 0.0 { 1.0 } else { 0.0 };
    even + up - down
}
