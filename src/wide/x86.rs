//! AVX2, and AVX-512 where there is more: the eight words are one register.

use super::{Portable, Wide, Work};
use pulp::u32x8;
use pulp::x86::{V3, V4};

/// x86-64-v3: AVX2 and what came with it.
#[derive(Debug, Clone, Copy)]
pub struct Avx2(V3);

/// x86-64-v4: AVX-512, which turns bits in one instruction and has masks of its own.
#[derive(Debug, Clone, Copy)]
pub struct Avx512(V4);

macro_rules! wide {
    ($name:ident) => {
        impl Wide for $name {
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
        }
    };
}

wide!(Avx2);
wide!(Avx512);

pub(super) fn widest<T: Work>(work: T) -> T::Output {
    if let Some(v4) = V4::try_new() {
        return work.with(Avx512(v4));
    }
    match V3::try_new() {
        Some(v3) => work.with(Avx2(v3)),
        None => work.with(Portable),
    }
}
