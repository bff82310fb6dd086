//! Wide instructions: what the machine has, found out when the program runs, and work compiled for it.
//!
//! Code that is always inlined into [`Wide::run`] is compiled for its instructions, so plain loops over lanes become
//! as wide as they are. All arithmetic is lane by lane and nothing is fused, so results are the same bits everywhere.

#[cfg(target_arch = "x86_64")]
mod x86;

use std::sync::atomic::{AtomicBool, Ordering};

/// A set of instructions that this machine has.
pub trait Wide: std::marker::Copy + Send + Sync + 'static {
    /// Eight 32-bit words.
    type Words: std::marker::Copy;

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
}

/// What every machine of its kind has; with nothing but safe, plain code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Portable;

impl Wide for Portable {
    type Words = [u32; 8];

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
}

/// Work that can be done with any instructions.
pub trait Work {
    type Output;

    fn with<X: Wide>(self, wide: X) -> Self::Output;
}

/// Whether wide instructions are left alone.
static PORTABLE: AtomicBool = AtomicBool::new(false);

/// Leaves the wide instructions of the machine alone from now on, or no longer. No result hangs on it, only time.
pub fn set_portable(portable: bool) {
    PORTABLE.store(portable, Ordering::Relaxed);
}

/// Does the work with the widest instructions that this machine has and that are not to be left alone.
pub fn widest<T: Work>(work: T) -> T::Output {
    #[cfg(target_arch = "x86_64")]
    if !PORTABLE.load(Ordering::Relaxed) {
        return x86::widest(work);
    }
    work.with(Portable)
}
