//! What AVX2 does in its own way: four numbers to a register, and masks as wide as what they are of.

use super::operations::{Eight, Operand};
use pulp::x86::V3;
use pulp::{f64x4, i32x8, m64x4, u8x32, u16x16};
use std::arch::x86_64::{__m128i, __m256i, _CMP_NEQ_UQ};

/// Half of what is compared fills eight registers.
macro_rules! compare {
    ($name:ident, $relation:ident) => {
        #[inline(always)]
        pub fn $name(v3: V3, a: impl Operand, b: impl Operand) -> u64 {
            holds(
                v3,
                #[inline(always)]
                |index| (a.eight(index), b.eight(index)),
                #[inline(always)]
                |a, b| v3.$relation(a, b),
            )
        }
    };
}

compare!(less, cmp_lt_f64x4);
compare!(less_equal, cmp_le_f64x4);
compare!(equal, cmp_eq_f64x4);

#[inline(always)]
pub fn below(v3: V3, b: f64, numbers: impl Operand) -> u64 {
    less(v3, b, numbers)
}

#[inline(always)]
pub fn unlike(v3: V3, pairs: impl FnMut(usize) -> (Eight, Eight)) -> u64 {
    !holds(
        v3,
        pairs,
        #[inline(always)]
        |a, b| v3.cmp_eq_f64x4(a, b),
    )
}

#[inline(always)]
fn holds(v3: V3, mut pairs: impl FnMut(usize) -> (Eight, Eight), relation: impl Fn(f64x4, f64x4) -> m64x4) -> u64 {
    let (a, b) = (next_sixteen(v3, 0, &mut pairs, &relation), next_sixteen(v3, 1, &mut pairs, &relation));
    let (c, d) = (next_sixteen(v3, 2, &mut pairs, &relation), next_sixteen(v3, 3, &mut pairs, &relation));
    u64::from(in_order(v3, a, b)) | u64::from(in_order(v3, c, d)) << 32
}

#[inline(always)]
fn next_sixteen(
    v3: V3,
    part: usize,
    pairs: &mut impl FnMut(usize) -> (Eight, Eight),
    relation: &impl Fn(f64x4, f64x4) -> m64x4,
) -> i32x8 {
    let mut halves = [v3.splat_i32x8(0); 2];
    for half in 0..2 {
        let (a, b) = pairs(2 * part + half);
        let (a, b): ([f64x4; 2], [f64x4; 2]) = (pulp::cast(a), pulp::cast(b));
        halves[half] = even(v3, relation(a[0], b[0]), relation(a[1], b[1]));
    }
    pulp::cast(v3.avx2._mm256_packs_epi32(pulp::cast(halves[0]), pulp::cast(halves[1])))
}

/// The lower halves of eight masks of 64 bits; in the lower half of the register 0, 1, 4 and 5, in the upper the others.
#[inline(always)]
fn even(v3: V3, a: m64x4, b: m64x4) -> i32x8 {
    pulp::cast(v3.avx._mm256_shuffle_ps::<0b10_00_10_00>(pulp::cast(a), pulp::cast(b)))
}

/// The bits of 32 masks, of which each half of a register has every other pair.
#[inline(always)]
fn in_order(v3: V3, low: i32x8, high: i32x8) -> u32 {
    const PAIRS: [u8; 16] = [0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15];
    let bytes = v3.avx2._mm256_packs_epi16(pulp::cast(low), pulp::cast(high));
    let bytes = v3.avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(bytes);
    let bytes = v3.avx2._mm256_shuffle_epi8(bytes, pulp::cast([PAIRS; 2]));
    v3.avx2._mm256_movemask_epi8(bytes) as u32
}

/// What four bits choose. Of masks that it sees through, and of choices between masked numbers, the compiler makes stores
/// that leave out lanes, which some processors do very slowly; so masks are from a table, and choosing is in bits.
static MASKS: [[u64; 4]; 16] = {
    let mut masks = [[0; 4]; 16];
    let mut bit = 0;
    while bit < 64 {
        if (bit / 4) >> (bit % 4) & 1 == 1 {
            masks[bit / 4][bit % 4] = u64::MAX;
        }
        bit += 1;
    }
    masks
};

#[inline(always)]
pub fn choose(v3: V3, bits: u8, yes: Eight, no: Eight) -> Eight {
    let ([yes_low, yes_high], [no_low, no_high]): ([f64x4; 2], [f64x4; 2]) = (pulp::cast(yes), pulp::cast(no));
    pulp::cast([choose_four(v3, bits % 16, yes_low, no_low), choose_four(v3, bits / 16, yes_high, no_high)])
}

#[inline(always)]
fn choose_four(v3: V3, bits: u8, yes: f64x4, no: f64x4) -> f64x4 {
    let mask = pulp::cast(MASKS[usize::from(bits)]);
    v3.or_f64x4(v3.and_f64x4(mask, yes), v3.andnot_f64x4(mask, no))
}

/// The same with 0 for −0, and so without a table: adding 0 keeps the compiler from such stores.
#[inline(always)]
pub fn choose_positive(v3: V3, bits: u8, yes: Eight, no: Eight) -> Eight {
    let ([yes_low, yes_high], [no_low, no_high]): ([f64x4; 2], [f64x4; 2]) = (pulp::cast(yes), pulp::cast(no));
    let bits = pulp::cast(v3.splat_u64x4(u64::from(bits)));
    let four = |yes: f64x4, no: f64x4, to_sign: [u64; 4]| {
        let signs = v3.avx2._mm256_sllv_epi64(bits, pulp::cast(to_sign));
        let chosen = v3.avx._mm256_blendv_pd(pulp::cast(no), pulp::cast(yes), pulp::cast(signs));
        v3.add_f64x4(pulp::cast(chosen), v3.splat_f64x4(0.0))
    };
    pulp::cast([four(yes_low, no_low, [63, 62, 61, 60]), four(yes_high, no_high, [59, 58, 57, 56])])
}

#[inline(always)]
pub fn four_unlike(v3: V3, a: f64x4, b: f64x4) -> u32 {
    v3.avx._mm256_movemask_pd(v3.avx._mm256_cmp_pd::<_CMP_NEQ_UQ>(pulp::cast(a), pulp::cast(b))) as u32
}

#[inline(always)]
pub fn rounded(v3: V3, numbers: Eight) -> Eight {
    let [low, high]: [f64x4; 2] = pulp::cast(numbers);
    pulp::cast([four_rounded(v3, low), four_rounded(v3, high)])
}

/// What stands behind the point is dropped after the largest number below a half has been added, away from 0: a half
/// itself would make a whole number of the largest number below a half.
#[inline(always)]
fn four_rounded(v3: V3, x: f64x4) -> f64x4 {
    let sign = v3.and_f64x4(x, v3.splat_f64x4(-0.0));
    let half = v3.or_f64x4(sign, v3.splat_f64x4(0.5_f64.next_down()));
    v3.truncate_f64x4(v3.add_f64x4(x, half))
}

#[inline(always)]
pub fn truncated(v3: V3, numbers: Eight) -> [i32; 8] {
    let [low, high]: [f64x4; 2] = pulp::cast(numbers);
    pulp::cast([v3.avx._mm256_cvttpd_epi32(pulp::cast(low)), v3.avx._mm256_cvttpd_epi32(pulp::cast(high))])
}

#[inline(always)]
pub fn draws_below(v3: V3, draws: &[[u32; 8]; 4], thresholds: impl Operand) -> (u64, u64) {
    let (mut at_most, mut equal) = ([v3.splat_u16x16(0); 4], [v3.splat_u16x16(0); 4]);
    for part in 0..4 {
        let draws: u16x16 = pulp::cast(draws[part]);
        let [a, b]: [f64x4; 2] = pulp::cast(thresholds.eight(2 * part));
        let [c, d]: [f64x4; 2] = pulp::cast(thresholds.eight(2 * part + 1));
        // Packing takes the lower halves of both registers first, and holds what it packs.
        let (even, odd) = (both(v3, whole(v3, a), whole(v3, c)), both(v3, whole(v3, b), whole(v3, d)));
        let thresholds: u16x16 = pulp::cast(v3.avx2._mm256_packus_epi32(even, odd));
        at_most[part] = pulp::cast(v3.cmp_eq_u16x16(v3.min_u16x16(draws, thresholds), draws));
        equal[part] = pulp::cast(v3.cmp_eq_u16x16(draws, thresholds));
    }
    let (at_most, equal) = (sixteens(v3, at_most), sixteens(v3, equal));
    (at_most & !equal, equal)
}

#[inline(always)]
fn whole(v3: V3, four: f64x4) -> __m128i {
    v3.avx._mm256_cvttpd_epi32(pulp::cast(four))
}

#[inline(always)]
fn both(v3: V3, low: __m128i, high: __m128i) -> __m256i {
    v3.avx2._mm256_inserti128_si256::<1>(v3.avx._mm256_castsi128_si256(low), high)
}

/// The bits of 64 masks of 16 bits.
#[inline(always)]
fn sixteens(v3: V3, masks: [u16x16; 4]) -> u64 {
    u64::from(thirty_two(v3, masks[0], masks[1])) | u64::from(thirty_two(v3, masks[2], masks[3])) << 32
}

#[inline(always)]
fn thirty_two(v3: V3, low: u16x16, high: u16x16) -> u32 {
    let bytes = v3.avx2._mm256_packs_epi16(pulp::cast(low), pulp::cast(high));
    // Both halves of the register have a part of `low` and then one of `high`.
    v3.avx2._mm256_movemask_epi8(v3.avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(bytes)) as u32
}

#[inline(always)]
pub fn bytes(v3: V3, numbers: impl Operand) -> [u8; 64] {
    let mut bytes = [v3.avx._mm256_setzero_si256(); 2];
    for (half, bytes) in bytes.iter_mut().enumerate() {
        let (low, high) = (sixteen(v3, numbers, 4 * half), sixteen(v3, numbers, 4 * half + 2));
        *bytes = v3.avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(v3.avx2._mm256_packus_epi16(low, high));
    }
    pulp::cast(bytes)
}

/// Sixteen numbers from this eight on, held to 255; those far below are −2^15.
#[inline(always)]
fn sixteen(v3: V3, numbers: impl Operand, index: usize) -> __m256i {
    let whole = |x: f64x4| v3.avx._mm256_cvttpd_epi32(pulp::cast(v3.min_f64x4(v3.splat_f64x4(255.0), x)));
    let ([a, b], [c, d]): ([f64x4; 2], [f64x4; 2]) =
        (pulp::cast(numbers.eight(index)), pulp::cast(numbers.eight(index + 1)));
    v3.avx2._mm256_packs_epi32(both(v3, whole(a), whole(c)), both(v3, whole(b), whole(d)))
}

#[inline(always)]
pub fn bytes_equal(v3: V3, bytes: &[u8; 64], byte: u8) -> u64 {
    let [low, high]: [u8x32; 2] = pulp::cast(*bytes);
    let byte = v3.splat_u8x32(byte);
    let low = v3.avx2._mm256_movemask_epi8(pulp::cast(v3.cmp_eq_u8x32(low, byte))) as u32;
    let high = v3.avx2._mm256_movemask_epi8(pulp::cast(v3.cmp_eq_u8x32(high, byte))) as u32;
    u64::from(low) | u64::from(high) << 32
}
