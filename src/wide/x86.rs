//! AVX2, and AVX-512 where there is more: the eight words are one register.

use super::{EIGHT, Eight, Operand, Portable, Wide, Work};
use pulp::x86::{V3, V4};
use pulp::{b8, f64x4, f64x8, i32x8, m64x4, u8x32, u16x16, u32x8, u64x4};
use std::arch::x86_64::__m128i;

/// x86-64-v3: AVX2 and what came with it.
#[derive(Debug, Clone, Copy)]
pub struct Avx2(V3);

/// x86-64-v4: AVX-512, which turns bits in one instruction and has masks of its own.
#[derive(Debug, Clone, Copy)]
pub struct Avx512(V4);

macro_rules! wide {
    ($name:ident, $set:ident, $self:ident, $v3:expr, $bits:ident, $less:ident, $less_equal:ident, $equal:ident, $choose:ident) => {
        impl Wide for $name {
            const IS_WIDE: bool = true;

            type Words = u32x8;

            #[inline(always)]
            fn run<R>(self, work: impl FnOnce() -> R) -> R {
                self.0.vectorize(work)
            }

            #[inline(always)]
            fn words(self, words: [u32; 8]) -> u32x8 {
                pulp::cast(words)
            }

            #[inline(always)]
            fn array(self, words: u32x8) -> [u32; 8] {
                pulp::cast(words)
            }

            #[inline(always)]
            fn splat(self, word: u32) -> u32x8 {
                self.0.splat_u32x8(word)
            }

            #[inline(always)]
            fn add(self, a: u32x8, b: u32x8) -> u32x8 {
                self.0.wrapping_add_u32x8(a, b)
            }

            #[inline(always)]
            fn xor(self, a: u32x8, b: u32x8) -> u32x8 {
                self.0.xor_u32x8(a, b)
            }

            /// The compiler knows two shifts for a rotation, and takes what is quickest for each distance.
            #[inline(always)]
            fn rotate<const LEFT: i32, const RIGHT: i32>(self, a: u32x8) -> u32x8 {
                let (left, right) = (self.0.shl_const_u32x8::<LEFT>(a), self.0.shr_const_u32x8::<RIGHT>(a));
                self.0.or_u32x8(left, right)
            }

            #[inline(always)]
            fn less<A: Operand, B: Operand>(self, a: A, b: B) -> u64 {
                $bits!(self.0, $less, a, b)
            }

            #[inline(always)]
            fn less_equal<A: Operand, B: Operand>(self, a: A, b: B) -> u64 {
                $bits!(self.0, $less_equal, a, b)
            }

            #[inline(always)]
            fn equal<A: Operand, B: Operand>(self, a: A, b: B) -> u64 {
                $bits!(self.0, $equal, a, b)
            }

            #[inline(always)]
            fn choose(self, bits: u8, yes: Eight, no: Eight) -> Eight {
                let $self: $set = self.0;
                $choose($self, bits, yes, no)
            }

            #[inline(always)]
            fn rounded(self, numbers: Eight) -> Eight {
                let $self: $set = self.0;
                let [low, high]: [f64x4; 2] = pulp::cast(numbers);
                pulp::cast([rounded($v3, low), rounded($v3, high)])
            }

            #[inline(always)]
            fn truncated(self, numbers: Eight) -> [i32; 8] {
                let $self: $set = self.0;
                let [low, high]: [f64x4; 2] = pulp::cast(numbers);
                let (low, high) =
                    ($v3.avx._mm256_cvttpd_epi32(pulp::cast(low)), $v3.avx._mm256_cvttpd_epi32(pulp::cast(high)));
                pulp::cast([low, high])
            }

            #[inline(always)]
            fn sixteenth_bits(self, p: Eight) -> [u16; 8] {
                let $self: $set = self.0;
                sixteenth_bits($v3, p)
            }

            #[inline(always)]
            fn halves_below(self, words: &[[u32; 8]; 4], others: &[[u16; 16]; 4]) -> (u64, u64) {
                let $self: $set = self.0;
                halves_below($v3, words, others)
            }

            #[inline(always)]
            fn bytes_equal(self, bytes: &[u8; 64], byte: u8) -> u64 {
                let $self: $set = self.0;
                bytes_equal($v3, bytes, byte)
            }
        }
    };
}

/// Half of what is compared fills eight registers of four.
macro_rules! bits_v3 {
    ($v3:expr, $relation:ident, $a:ident, $b:ident) => {{
        let mut words = [$v3.splat_i32x8(0); 4];
        for part in 0..4 {
            let mut halves = [$v3.splat_i32x8(0); 2];
            for half in 0..2 {
                let index = 2 * part + half;
                let (a, b): ([f64x4; 2], [f64x4; 2]) = (pulp::cast($a.eight(index)), pulp::cast($b.eight(index)));
                halves[half] = even($v3, $v3.$relation(a[0], b[0]), $v3.$relation(a[1], b[1]));
            }
            words[part] = pulp::cast($v3.avx2._mm256_packs_epi32(pulp::cast(halves[0]), pulp::cast(halves[1])));
        }
        u64::from(in_order($v3, words[0], words[1])) | u64::from(in_order($v3, words[2], words[3])) << 32
    }};
}

/// Eight in a register, and their bits are a number.
macro_rules! bits_v4 {
    ($v4:expr, $relation:ident, $a:ident, $b:ident) => {{
        let mut bits = 0;
        for index in 0..EIGHT {
            let (a, b): (f64x8, f64x8) = (pulp::cast($a.eight(index)), pulp::cast($b.eight(index)));
            bits |= u64::from($v4.$relation(a, b).0) << (EIGHT * index);
        }
        bits
    }};
}

wide!(Avx2, V3, v3, v3, bits_v3, cmp_lt_f64x4, cmp_le_f64x4, cmp_eq_f64x4, choose_v3);
wide!(Avx512, V4, v4, *v4, bits_v4, cmp_lt_f64x8, cmp_le_f64x8, cmp_eq_f64x8, choose_v4);

#[inline(always)]
fn choose_v3(v3: V3, bits: u8, yes: Eight, no: Eight) -> Eight {
    let bits = v3.splat_u64x4(u64::from(bits));
    let ([yes_low, yes_high], [no_low, no_high]): ([f64x4; 2], [f64x4; 2]) = (pulp::cast(yes), pulp::cast(no));
    let (low, high) = (u64x4(1, 2, 4, 8), u64x4(16, 32, 64, 128));
    let low = v3.select_f64x4(v3.cmp_eq_u64x4(v3.and_u64x4(bits, low), low), yes_low, no_low);
    let high = v3.select_f64x4(v3.cmp_eq_u64x4(v3.and_u64x4(bits, high), high), yes_high, no_high);
    pulp::cast([low, high])
}

#[inline(always)]
fn choose_v4(v4: V4, bits: u8, yes: Eight, no: Eight) -> Eight {
    pulp::cast(v4.select_f64x8(b8(bits), pulp::cast(yes), pulp::cast(no)))
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

/// What stands behind the point is dropped after the largest number below a half has been added, away from 0: a half
/// itself would make a whole number of the largest number below a half.
#[inline(always)]
fn rounded(v3: V3, x: f64x4) -> f64x4 {
    let sign = v3.and_f64x4(x, v3.splat_f64x4(-0.0));
    let half = v3.or_f64x4(sign, v3.splat_f64x4(0.5_f64.next_down()));
    v3.truncate_f64x4(v3.add_f64x4(x, half))
}

/// Numbers at and above 2^16 go to the highest there is, negative ones and NaN to 0.
#[inline(always)]
fn sixteenth_bits(v3: V3, p: Eight) -> [u16; 8] {
    let [low, high] = pulp::cast(p);
    pulp::cast(v3.sse4_1._mm_packus_epi32(scaled(v3, low), scaled(v3, high)))
}

#[inline(always)]
fn scaled(v3: V3, p: f64x4) -> __m128i {
    let scaled = v3.mul_f64x4(p, v3.splat_f64x4(65_536.0));
    v3.avx._mm256_cvttpd_epi32(pulp::cast(v3.min_f64x4(v3.splat_f64x4(65_535.0), scaled)))
}

#[inline(always)]
fn halves_below(v3: V3, words: &[[u32; 8]; 4], others: &[[u16; 16]; 4]) -> (u64, u64) {
    let (mut at_most, mut equal) = ([v3.splat_u16x16(0); 4], [v3.splat_u16x16(0); 4]);
    for part in 0..4 {
        let (words, others): (u16x16, u16x16) = (pulp::cast(words[part]), pulp::cast(others[part]));
        at_most[part] = pulp::cast(v3.cmp_eq_u16x16(v3.min_u16x16(words, others), words));
        equal[part] = pulp::cast(v3.cmp_eq_u16x16(words, others));
    }
    let (at_most, equal) = (sixteens(v3, at_most), sixteens(v3, equal));
    (at_most & !equal, equal)
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
fn bytes_equal(v3: V3, bytes: &[u8; 64], byte: u8) -> u64 {
    let [low, high]: [u8x32; 2] = pulp::cast(*bytes);
    let byte = v3.splat_u8x32(byte);
    let low = v3.avx2._mm256_movemask_epi8(pulp::cast(v3.cmp_eq_u8x32(low, byte))) as u32;
    let high = v3.avx2._mm256_movemask_epi8(pulp::cast(v3.cmp_eq_u8x32(high, byte))) as u32;
    u64::from(low) | u64::from(high) << 32
}

pub(super) fn widest<T: Work>(work: T) -> T::Output {
    if let Some(v4) = V4::try_new() {
        return work.with(Avx512(v4));
    }
    match V3::try_new() {
        Some(v3) => work.with(Avx2(v3)),
        None => work.with(Portable::new()),
    }
}
