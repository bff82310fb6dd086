//! Simd instructions: what the machine has, found out when the program runs, and work compiled for it.
//!
//! Code that is always inlined into [`Simd::run`] is compiled for its instructions, so plain loops over lanes become
//! as wide as they are. All arithmetic is lane by lane and nothing is fused, so results are the same bits everywhere.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod dispatch;
mod operations;
#[cfg(any(test, not(target_arch = "x86_64")))]
mod plain;
#[cfg(target_arch = "x86_64")]
mod sse2;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86;

/// What every machine of its kind has.
#[cfg(not(target_arch = "x86_64"))]
pub use plain::Plain as Portable;
/// What every machine of its kind has.
#[cfg(target_arch = "x86_64")]
pub use sse2::Sse2 as Portable;

pub use dispatch::{limit, widest};
pub use operations::{EIGHT, Eight, Instructions, Operand, Simd, Work};
