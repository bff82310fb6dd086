//! AVX2, and AVX-512 where there is more: the eight words are one register.

use super::operations::{Eight, Instructions, Operand, Simd, Work};
use super::sse2::Sse2 as Portable;
use super::{avx2, avx512};
use pulp::x86::{V3, V4};
use pulp::{f64x4, u32x8};

/// x86-64-v3: AVX2 and what came with it.
#[derive(Debug, Clone, Copy)]
pub struct Avx2(V3);

/// x86-64-v4: AVX-512, which turns bits in one instruction and has masks of its own.
#[derive(Debug, Clone, Copy)]
pub struct Avx512(V4);

/// Registers that do not fit are kept on the stack, which stands on multiples of 16 bytes: at some of them they would lie
/// across two lines of the cache.
#[inline(always)]
fn align_the_frame() {
    #[repr(align(64))]
    struct Line(std::mem::MaybeUninit<u8>);
    std::hint::black_box(&Line(std::mem::MaybeUninit::uninit()).0);
}

/// What AVX-512 does not do better in its own way, it does as AVX2 does: its comparisons, too, since putting masks of
/// eight bits together takes longer.
macro_rules! wide {
    ($name:ident, $set:ident, $v3:expr) => {
        impl Simd for $name {
            const IS_WIDE: bool = true;

            type Words = u32x8;
            type Four = f64x4;

            #[inline(always)]
            fn run<R>(self, work: impl FnOnce() -> R) -> R {
                self.0.vectorize(
                    #[inline(always)]
                    || {
                        align_the_frame();
                        work()
                    },
                )
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
            fn four(self, numbers: [f64; 4]) -> f64x4 {
                pulp::cast(numbers)
            }

            #[inline(always)]
            fn numbers(self, four: f64x4) -> [f64; 4] {
                pulp::cast(four)
            }

            #[inline(always)]
            fn plus(self, a: f64x4, b: f64x4) -> f64x4 {
                self.0.add_f64x4(a, b)
            }

            #[inline(always)]
            fn greater(self, a: f64x4, b: f64x4) -> f64x4 {
                self.0.max_f64x4(a, b)
            }

            #[inline(always)]
            fn lesser(self, a: f64x4, b: f64x4) -> f64x4 {
                self.0.min_f64x4(a, b)
            }

            #[inline(always)]
            fn four_unlike(self, a: f64x4, b: f64x4) -> u32 {
                avx2::four_unlike($v3(self.0), a, b)
            }

            #[inline(always)]
            fn less<A: Operand, B: Operand>(self, a: A, b: B) -> u64 {
                avx2::less($v3(self.0), a, b)
            }

            #[inline(always)]
            fn below<A: Operand>(self, b: f64, numbers: A) -> u64 {
                $set::below(self.0, b, numbers)
            }

            #[inline(always)]
            fn less_equal<A: Operand, B: Operand>(self, a: A, b: B) -> u64 {
                avx2::less_equal($v3(self.0), a, b)
            }

            #[inline(always)]
            fn equal<A: Operand, B: Operand>(self, a: A, b: B) -> u64 {
                avx2::equal($v3(self.0), a, b)
            }

            #[inline(always)]
            fn unlike(self, pairs: impl FnMut(usize) -> (Eight, Eight)) -> u64 {
                $set::unlike(self.0, pairs)
            }

            #[inline(always)]
            fn choose(self, bits: u8, yes: Eight, no: Eight) -> Eight {
                $set::choose(self.0, bits, yes, no)
            }

            #[inline(always)]
            fn choose_positive(self, bits: u8, yes: Eight, no: Eight) -> Eight {
                $set::choose_positive(self.0, bits, yes, no)
            }

            #[inline(always)]
            fn rounded(self, numbers: Eight) -> Eight {
                avx2::rounded($v3(self.0), numbers)
            }

            #[inline(always)]
            fn truncated(self, numbers: Eight) -> [i32; 8] {
                avx2::truncated($v3(self.0), numbers)
            }

            #[inline(always)]
            fn draws_below<T: Operand>(self, draws: &[[u32; 8]; 4], thresholds: T) -> (u64, u64) {
                $set::draws_below(self.0, draws, thresholds)
            }

            #[inline(always)]
            fn bytes<P: Operand>(self, numbers: P) -> [u8; 64] {
                avx2::bytes($v3(self.0), numbers)
            }

            #[inline(always)]
            fn bytes_equal(self, bytes: &[u8; 64], byte: u8) -> u64 {
                $set::bytes_equal(self.0, bytes, byte)
            }
        }
    };
}

wide!(Avx2, avx2, |v3: V3| v3);
wide!(Avx512, avx512, |v4: V4| *v4);

pub(super) fn here() -> Instructions {
    match (V4::try_new(), V3::try_new()) {
        (Some(_), _) => Instructions::Avx512,
        (None, Some(_)) => Instructions::Avx2,
        (None, None) => Instructions::Portable,
    }
}

pub(super) fn within<T: Work>(limit: u8, work: T) -> T::Output {
    if limit >= Instructions::Avx512 as u8
        && let Some(v4) = V4::try_new()
    {
        return work.with(Avx512(v4));
    }
    if limit >= Instructions::Avx2 as u8
        && let Some(v3) = V3::try_new()
    {
        return work.with(Avx2(v3));
    }
    work.with(Portable::new())
}
