//! What AVX-512 does in its own way: eight numbers to a register, or 32 draws and the bits of their comparison.

use super::operations::{Eight, Operand};
use pulp::x86::V4;
use pulp::{b8, f64x8, u8x64, u16x32};
use std::arch::x86_64::{__m256i, __m512i};

#[inline(always)]
pub fn choose(v4: V4, bits: u8, yes: Eight, no: Eight) -> Eight {
    pulp::cast(v4.select_f64x8(b8(bits), pulp::cast(yes), pulp::cast(no)))
}

#[inline(always)]
pub fn choose_positive(v4: V4, bits: u8, yes: Eight, no: Eight) -> Eight {
    pulp::cast(v4.add_f64x8(pulp::cast(choose(v4, bits, yes, no)), v4.splat_f64x8(0.0)))
}

/// By the signs of what is left of b, which are packed like any number with a sign.
#[inline(always)]
pub fn below(v4: V4, b: f64, numbers: impl Operand) -> u64 {
    // The bits of −0 less 0 are those of −0.
    let b = v4.splat_f64x8(b + 0.0);
    let mut left = [b; 8];
    for (index, left) in left.iter_mut().enumerate() {
        *left = v4.sub_f64x8(b, pulp::cast(numbers.eight(index)));
    }
    let [a, b, c, d, e, f, g, h] = left;
    let low = v4.avx512bw._mm512_packs_epi32(upper(v4, a, b), upper(v4, c, d));
    let high = v4.avx512bw._mm512_packs_epi32(upper(v4, e, f), upper(v4, g, h));
    let bytes = v4.avx512bw._mm512_packs_epi16(low, high);
    v4.avx512bw._mm512_movepi8_mask(v4.avx512bw._mm512_permutexvar_epi16(pulp::cast(PAIRS), bytes))
}

/// Each quarter of a packed register has a pair of lanes of every one that was packed.
const PAIRS: [u16; 32] = {
    let mut pairs = [0; 32];
    let mut pair = 0;
    while pair < 32 {
        pairs[pair] = (8 * (pair % 4) + pair / 4) as u16;
        pair += 1;
    }
    pairs
};

/// The upper halves of sixteen numbers.
#[inline(always)]
fn upper(v4: V4, a: f64x8, b: f64x8) -> __m512i {
    pulp::cast(v4.avx512f._mm512_shuffle_ps::<0b11_01_11_01>(pulp::cast(a), pulp::cast(b)))
}

#[inline(always)]
pub fn unlike(v4: V4, mut pairs: impl FnMut(usize) -> (Eight, Eight)) -> u64 {
    let mut bits = 0;
    for index in 0..8 {
        let (a, b) = pairs(index);
        bits |= u64::from(!v4.cmp_eq_f64x8(pulp::cast(a), pulp::cast(b)).0) << (8 * index);
    }
    bits
}

#[inline(always)]
pub fn draws_below(v4: V4, draws: &[[u32; 8]; 4], thresholds: impl Operand) -> (u64, u64) {
    let (mut below, mut equal) = (0, 0);
    for half in 0..2 {
        let draws: u16x32 = pulp::cast([draws[2 * half], draws[2 * half + 1]]);
        let thresholds: u16x32 = pulp::cast([sixteen(v4, thresholds, 4 * half), sixteen(v4, thresholds, 4 * half + 2)]);
        below |= u64::from(v4.cmp_lt_u16x32(draws, thresholds).0) << (32 * half);
        equal |= u64::from(v4.cmp_eq_u16x32(draws, thresholds).0) << (32 * half);
    }
    (below, equal)
}

/// ⌊t⌋ of sixteen, from this eight on; packing holds them to what 16 bits can be.
#[inline(always)]
fn sixteen(v4: V4, thresholds: impl Operand, index: usize) -> __m256i {
    let (low, high) = (whole(v4, thresholds.eight(index)), whole(v4, thresholds.eight(index + 1)));
    v4.avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(v4.avx2._mm256_packus_epi32(low, high))
}

#[inline(always)]
fn whole(v4: V4, thresholds: Eight) -> __m256i {
    v4.avx512f._mm512_cvttpd_epi32(pulp::cast(thresholds))
}

#[inline(always)]
pub fn bytes_equal(v4: V4, bytes: &[u8; 64], byte: u8) -> u64 {
    let bytes: u8x64 = pulp::cast(*bytes);
    v4.cmp_eq_u8x64(bytes, v4.splat_u8x64(byte)).0
}
