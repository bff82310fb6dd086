//! What AVX-512 does in its own way: eight numbers to a register, or 32 draws and the bits of their comparison.

use super::{Eight, Operand, avx2};
use pulp::x86::V4;
use pulp::{b8, f64x8, u8x64, u16x32};
use std::arch::x86_64::__m256i;

/// In the way of AVX2: putting masks of eight bits together takes longer.
#[inline(always)]
pub fn less(v4: V4, a: impl Operand, b: impl Operand) -> u64 {
    avx2::less(*v4, a, b)
}

#[inline(always)]
pub fn less_equal(v4: V4, a: impl Operand, b: impl Operand) -> u64 {
    avx2::less_equal(*v4, a, b)
}

#[inline(always)]
pub fn equal(v4: V4, a: impl Operand, b: impl Operand) -> u64 {
    avx2::equal(*v4, a, b)
}

#[inline(always)]
pub fn choose(v4: V4, bits: u8, yes: Eight, no: Eight) -> Eight {
    pulp::cast(v4.select_f64x8(b8(bits), pulp::cast(yes), pulp::cast(no)))
}

/// What stands behind the point is dropped after the largest number below a half has been added, away from 0: a half
/// itself would make a whole number of the largest number below a half.
#[inline(always)]
pub fn rounded(v4: V4, numbers: Eight) -> Eight {
    let x: f64x8 = pulp::cast(numbers);
    let sign = v4.and_f64x8(x, v4.splat_f64x8(-0.0));
    let half = v4.or_f64x8(sign, v4.splat_f64x8(0.5_f64.next_down()));
    pulp::cast(v4.truncate_f64x8(v4.add_f64x8(x, half)))
}

#[inline(always)]
pub fn truncated(v4: V4, numbers: Eight) -> [i32; 8] {
    pulp::cast(v4.avx512f._mm512_cvttpd_epi32(pulp::cast(numbers)))
}

#[inline(always)]
pub fn draws_below(v4: V4, draws: &[[u32; 8]; 4], p: impl Operand) -> (u64, u64) {
    let (mut below, mut equal) = (0, 0);
    for half in 0..2 {
        let draws: u16x32 = pulp::cast([draws[2 * half], draws[2 * half + 1]]);
        let thresholds = [sixteen(v4, p, 4 * half), sixteen(v4, p, 4 * half + 2)];
        let thresholds: u16x32 = pulp::cast(thresholds);
        below |= u64::from(v4.cmp_lt_u16x32(draws, thresholds).0) << (32 * half);
        equal |= u64::from(v4.cmp_eq_u16x32(draws, thresholds).0) << (32 * half);
    }
    (below, equal)
}

/// ⌊p · 2^16⌋ of sixteen, from this eight on.
#[inline(always)]
fn sixteen(v4: V4, p: impl Operand, index: usize) -> __m256i {
    let packed = v4.avx2._mm256_packus_epi32(scaled(v4, p.eight(index)), scaled(v4, p.eight(index + 1)));
    v4.avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(packed)
}

/// ⌊p · 2^16⌋ of eight: at and above 2^16 the highest there is, below 0 and of NaN 0 after packing.
#[inline(always)]
fn scaled(v4: V4, p: Eight) -> __m256i {
    let scaled = v4.mul_f64x8(pulp::cast(p), v4.splat_f64x8(65_536.0));
    v4.avx512f._mm512_cvttpd_epi32(pulp::cast(v4.min_f64x8(v4.splat_f64x8(65_535.0), scaled)))
}

#[inline(always)]
pub fn bytes(v4: V4, numbers: impl Operand) -> [u8; 64] {
    let mut bytes = [v4.avx._mm256_setzero_si256(); 2];
    for (half, bytes) in bytes.iter_mut().enumerate() {
        let (low, high) = (sixteen_whole(v4, numbers, 4 * half), sixteen_whole(v4, numbers, 4 * half + 2));
        *bytes = v4.avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(v4.avx2._mm256_packus_epi16(low, high));
    }
    pulp::cast(bytes)
}

/// Sixteen numbers from this eight on, held to 255; those far below are −2^15.
#[inline(always)]
fn sixteen_whole(v4: V4, numbers: impl Operand, index: usize) -> __m256i {
    let whole =
        |x: Eight| v4.avx512f._mm512_cvttpd_epi32(pulp::cast(v4.min_f64x8(v4.splat_f64x8(255.0), pulp::cast(x))));
    let packed = v4.avx2._mm256_packs_epi32(whole(numbers.eight(index)), whole(numbers.eight(index + 1)));
    v4.avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(packed)
}

#[inline(always)]
pub fn bytes_equal(v4: V4, bytes: &[u8; 64], byte: u8) -> u64 {
    let bytes: u8x64 = pulp::cast(*bytes);
    v4.cmp_eq_u8x64(bytes, v4.splat_u8x64(byte)).0
}
