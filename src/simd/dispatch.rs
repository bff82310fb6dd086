//! Which instructions are used: the widest that this machine has, up to a limit.

use super::operations::{Instructions, Work};
#[cfg(target_arch = "x86_64")]
use super::x86::{self, within};
use std::sync::atomic::{AtomicU8, Ordering};

impl Instructions {
    /// The widest of this machine.
    pub fn here() -> Self {
        #[cfg(target_arch = "x86_64")]
        return x86::here();
        #[cfg(not(target_arch = "x86_64"))]
        Self::Portable
    }
}

/// The widest that may be used, as a place in `ALL`.
static LIMIT: AtomicU8 = AtomicU8::new(Instructions::Avx512 as u8);

/// Uses nothing wider than this from now on, where the machine has it. No result hangs on it, only time.
pub fn limit(instructions: Instructions) {
    LIMIT.store(instructions as u8, Ordering::Relaxed);
}

/// Does the work with the widest instructions that this machine has and that may be used.
pub fn widest<T: Work>(work: T) -> T::Output {
    within(LIMIT.load(Ordering::Relaxed), work)
}

#[cfg(not(target_arch = "x86_64"))]
fn within<T: Work>(_limit: u8, work: T) -> T::Output {
    work.with(super::plain::Plain::new())
}
