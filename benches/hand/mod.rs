//! Models written by hand, one program a model: what the engine's speed is held against.
//!
//! Each is what an expert writes for one model in an afternoon: scalar Rust, one struct, one loop over the turns, one
//! generator, counts of its own, all cores. None of it is shared with the engine, so that results can judge each other.

#![allow(dead_code, unused_imports, reason = "benches measure and a test compares; each uses its part")]

pub mod armament;
pub mod crowd;
pub mod epidemic;
pub mod network;
pub mod pressures;
pub mod reference;
pub mod standoff;
mod table;
mod xoshiro;

use rayon::prelude::*;
pub use table::Totals;
pub use xoshiro::Xoshiro;

/// Replications between two looks at the queue of work; each chunk has a generator of its own.
const CHUNK: u64 = 4_096;

/// Counts that threads make apart and add up.
pub trait Counts: Send {
    fn merge(&mut self, other: &Self);
}

/// Runs replications on the current pool: `chunk` runs so many of them, with this generator, into these counts.
pub fn run<C: Counts>(
    replications: u64,
    seed: u64,
    empty: impl Fn() -> C + Sync + Send,
    chunk: impl Fn(&mut C, &mut Xoshiro, u64) + Sync + Send,
) -> Box<C> {
    // On the heap, since tables are large and joins nest.
    let empty = || Box::new(empty());
    (0..replications.div_ceil(CHUNK))
        .into_par_iter()
        .fold(empty, |mut counts, index| {
            let mut luck = Xoshiro::seeded(seed, index);
            chunk(&mut counts, &mut luck, CHUNK.min(replications - index * CHUNK));
            counts
        })
        .reduce(empty, |mut one, other| {
            one.merge(&other);
            one
        })
}
