//! What every x86-64 has: two numbers of 64 bits to a register.

use super::operations::{Eight, Operand, Simd};
use pulp::x86::V1;
use pulp::{f64x2, m64x2, u8x16, u32x4};
use std::arch::x86_64::__m128i;

/// SSE2.
#[derive(Debug, Clone, Copy)]
pub struct Sse2(V1);

impl Sse2 {
    #[expect(clippy::new_without_default, reason = "it is asked for by name")]
    pub fn new() -> Self {
        Self(V1::try_new().expect("every x86-64 has SSE2"))
    }
}

macro_rules! compare {
    ($name:ident, $relation:ident) => {
        #[inline(always)]
        fn $name<A: Operand, B: Operand>(self, a: A, b: B) -> u64 {
            self.holds(
                #[inline(always)]
                |index| (a.eight(index), b.eight(index)),
                #[inline(always)]
                |v1, a, b| v1.$relation(a, b),
            )
        }
    };
}

impl Sse2 {
    #[inline(always)]
    fn holds(
        self,
        mut pairs: impl FnMut(usize) -> (Eight, Eight),
        relation: impl Fn(V1, f64x2, f64x2) -> m64x2,
    ) -> u64 {
        let v1 = self.0;
        let mut bits = 0;
        for part in 0..4 {
            let mut words = [none(v1); 2];
            for half in 0..2 {
                let (a, b) = pairs(2 * part + half);
                let (a, b): ([f64x2; 4], [f64x2; 4]) = (pulp::cast(a), pulp::cast(b));
                let low = even(v1, relation(v1, a[0], b[0]), relation(v1, a[1], b[1]));
                let high = even(v1, relation(v1, a[2], b[2]), relation(v1, a[3], b[3]));
                words[half] = v1.sse2._mm_packs_epi32(low, high);
            }
            bits |= sixteen(v1, words[0], words[1]) << (16 * part);
        }
        bits
    }
}

impl Simd for Sse2 {
    const IS_WIDE: bool = false;

    type Words = [u32x4; 2];
    type Four = [f64x2; 2];

    /// Not inlined, as wide code is not into other code: functions stay of a size that compiles quickly.
    #[inline(never)]
    fn run<R>(self, work: impl FnOnce() -> R) -> R {
        work()
    }

    #[inline(always)]
    fn words(self, words: [u32; 8]) -> [u32x4; 2] {
        pulp::cast(words)
    }

    #[inline(always)]
    fn array(self, words: [u32x4; 2]) -> [u32; 8] {
        pulp::cast(words)
    }

    #[inline(always)]
    fn splat(self, word: u32) -> [u32x4; 2] {
        [self.0.splat_u32x4(word); 2]
    }

    #[inline(always)]
    fn add(self, a: [u32x4; 2], b: [u32x4; 2]) -> [u32x4; 2] {
        [self.0.wrapping_add_u32x4(a[0], b[0]), self.0.wrapping_add_u32x4(a[1], b[1])]
    }

    #[inline(always)]
    fn xor(self, a: [u32x4; 2], b: [u32x4; 2]) -> [u32x4; 2] {
        [self.0.xor_u32x4(a[0], b[0]), self.0.xor_u32x4(a[1], b[1])]
    }

    #[inline(always)]
    fn rotate<const LEFT: i32, const RIGHT: i32>(self, [low, high]: [u32x4; 2]) -> [u32x4; 2] {
        let sse2 = self.0.sse2;
        let (left, right) =
            (sse2._mm_slli_epi32::<LEFT>(pulp::cast(low)), sse2._mm_srli_epi32::<RIGHT>(pulp::cast(low)));
        let low = sse2._mm_or_si128(left, right);
        let (left, right) =
            (sse2._mm_slli_epi32::<LEFT>(pulp::cast(high)), sse2._mm_srli_epi32::<RIGHT>(pulp::cast(high)));
        [pulp::cast(low), pulp::cast(sse2._mm_or_si128(left, right))]
    }

    #[inline(always)]
    fn four(self, numbers: [f64; 4]) -> [f64x2; 2] {
        pulp::cast(numbers)
    }

    #[inline(always)]
    fn numbers(self, four: [f64x2; 2]) -> [f64; 4] {
        pulp::cast(four)
    }

    #[inline(always)]
    fn plus(self, a: [f64x2; 2], b: [f64x2; 2]) -> [f64x2; 2] {
        [self.0.add_f64x2(a[0], b[0]), self.0.add_f64x2(a[1], b[1])]
    }

    #[inline(always)]
    fn greater(self, a: [f64x2; 2], b: [f64x2; 2]) -> [f64x2; 2] {
        [self.0.max_f64x2(a[0], b[0]), self.0.max_f64x2(a[1], b[1])]
    }

    #[inline(always)]
    fn lesser(self, a: [f64x2; 2], b: [f64x2; 2]) -> [f64x2; 2] {
        [self.0.min_f64x2(a[0], b[0]), self.0.min_f64x2(a[1], b[1])]
    }

    #[inline(always)]
    fn four_unlike(self, a: [f64x2; 2], b: [f64x2; 2]) -> u32 {
        let like = even(self.0, self.0.cmp_eq_f64x2(a[0], b[0]), self.0.cmp_eq_f64x2(a[1], b[1]));
        15 - self.0.sse._mm_movemask_ps(pulp::cast(like)) as u32
    }

    compare!(less, cmp_lt_f64x2);
    compare!(less_equal, cmp_le_f64x2);
    compare!(equal, cmp_eq_f64x2);

    #[inline(always)]
    fn unlike(self, pairs: impl FnMut(usize) -> (Eight, Eight)) -> u64 {
        !self.holds(
            pairs,
            #[inline(always)]
            |v1, a, b| v1.cmp_eq_f64x2(a, b),
        )
    }

    #[inline(always)]
    fn truncated(self, numbers: Eight) -> [i32; 8] {
        let (v1, pairs): (V1, [f64x2; 4]) = (self.0, pulp::cast(numbers));
        let mut whole = [none(v1); 4];
        for pair in 0..4 {
            whole[pair] = v1.sse2._mm_cvttpd_epi32(pulp::cast(pairs[pair]));
        }
        pulp::cast([v1.sse2._mm_unpacklo_epi64(whole[0], whole[1]), v1.sse2._mm_unpacklo_epi64(whole[2], whole[3])])
    }

    #[inline(always)]
    fn draws_below<T: Operand>(self, draws: &[[u32; 8]; 4], thresholds: T) -> (u64, u64) {
        let v1 = self.0;
        let (mut at_least, mut equal) = (0, 0);
        for part in 0..4 {
            let draws: [__m128i; 2] = pulp::cast(draws[part]);
            let (mut no_less, mut same) = ([none(v1); 2], [none(v1); 2]);
            for half in 0..2 {
                let thresholds = sixteen_bits(v1, thresholds.eight(2 * part + half));
                // What is left of the threshold, none of it below 0, is 0 where that is not larger.
                no_less[half] = v1.sse2._mm_cmpeq_epi16(v1.sse2._mm_subs_epu16(thresholds, draws[half]), none(v1));
                same[half] = v1.sse2._mm_cmpeq_epi16(draws[half], thresholds);
            }
            at_least |= sixteen(v1, no_less[0], no_less[1]) << (16 * part);
            equal |= sixteen(v1, same[0], same[1]) << (16 * part);
        }
        (!at_least, equal)
    }

    #[inline(always)]
    fn bytes<P: Operand>(self, numbers: P) -> [u8; 64] {
        let v1 = self.0;
        let mut bytes = [none(v1); 4];
        for (part, bytes) in bytes.iter_mut().enumerate() {
            let eight = |index: usize| {
                let eight: [f64x2; 4] = pulp::cast(numbers.eight(index));
                let held = eight.map(|two| v1.min_f64x2(v1.splat_f64x2(255.0), two));
                let [low, high]: [__m128i; 2] = pulp::cast(self.truncated(pulp::cast(held)));
                v1.sse2._mm_packs_epi32(low, high)
            };
            *bytes = v1.sse2._mm_packus_epi16(eight(2 * part), eight(2 * part + 1));
        }
        pulp::cast(bytes)
    }

    #[inline(always)]
    fn bytes_equal(self, bytes: &[u8; 64], byte: u8) -> u64 {
        let v1 = self.0;
        let parts: [u8x16; 4] = pulp::cast(*bytes);
        let mut bits = 0;
        for (part, bytes) in parts.into_iter().enumerate() {
            let same = v1.cmp_eq_u8x16(bytes, v1.splat_u8x16(byte));
            bits |= (v1.sse2._mm_movemask_epi8(pulp::cast(same)) as u64) << (16 * part);
        }
        bits
    }
}

#[inline(always)]
fn none(v1: V1) -> __m128i {
    pulp::cast(v1.splat_u32x4(0))
}

/// ⌊t⌋ of eight, held to 0 and 2^16 − 1.
#[inline(always)]
fn sixteen_bits(v1: V1, thresholds: Eight) -> __m128i {
    let thresholds: [f64x2; 4] = pulp::cast(thresholds);
    let mut whole = [none(v1); 4];
    for pair in 0..4 {
        let held = v1.min_f64x2(v1.splat_f64x2(65_535.0), thresholds[pair]);
        let held = v1.max_f64x2(held, v1.splat_f64x2(0.0));
        whole[pair] = v1.sse2._mm_cvttpd_epi32(pulp::cast(held));
    }
    v1.sse2._mm_packs_epi32(lower(v1, whole[0], whole[1]), lower(v1, whole[2], whole[3]))
}

/// The lower halves of four masks of 64 bits.
#[inline(always)]
fn even(v1: V1, a: m64x2, b: m64x2) -> __m128i {
    pulp::cast(v1.sse._mm_shuffle_ps::<0b10_00_10_00>(pulp::cast(a), pulp::cast(b)))
}

/// The bits of sixteen masks of 16 bits.
#[inline(always)]
fn sixteen(v1: V1, low: __m128i, high: __m128i) -> u64 {
    v1.sse2._mm_movemask_epi8(v1.sse2._mm_packs_epi16(low, high)) as u64
}

/// Two and two numbers, of which the lower 16 bits count, as numbers with a sign that have these bits.
#[inline(always)]
fn lower(v1: V1, a: __m128i, b: __m128i) -> __m128i {
    let four = v1.sse2._mm_unpacklo_epi64(a, b);
    v1.sse2._mm_srai_epi32::<16>(v1.sse2._mm_slli_epi32::<16>(four))
}
