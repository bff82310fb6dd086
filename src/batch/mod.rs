//! Monte Carlo: blocks of 64 replications on all threads, settled by keyed draws, counted exactly.

mod counter;

use crate::engine;
use crate::expression::{Bank, LANES, Mask};
use crate::luck::KeyedDraws;
use crate::model::Model;
use crate::results::tally::Tally;
use counter::Counter;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Replications are numbered below this; those above are kept for the copies that splitting makes.
pub const REPLICATIONS_MAX: u64 = crate::random::RESERVED_FROM;

/// Blocks that are run between two looks at whether to stop, on all threads together.
const WAVE_BLOCKS: u64 = 1_024;
/// Blocks that one thread takes at a time.
const CHUNK_BLOCKS: u64 = 8;

/// Which replications of a model are run, and how the rest of the program sees it going.
pub struct Batch<'a> {
    pub seed: u64,
    pub first: u64,
    pub replications: u64,
    /// Threads; 0 for as many as there are processors.
    pub threads: usize,
    /// Counts replications as they are done.
    pub done: &'a AtomicU64,
    /// Set from outside to end early.
    pub stop: &'a AtomicBool,
}

/// Runs a batch; ended early, the tally is that of the first so many replications.
///
/// # Errors
/// The machine gives no threads.
pub fn run(model: &Model, batch: &Batch<'_>) -> Result<Tally, String> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(batch.threads)
        .build()
        .map_err(|error| format!("no threads could be started: {error}"))?;
    Ok(pool.install(|| waves(model, batch)))
}

fn waves(model: &Model, batch: &Batch<'_>) -> Tally {
    let lanes = LANES as u64;
    let end = batch.first.saturating_add(batch.replications);
    let mut tally = Counter::new(model).tally;
    let mut block = batch.first / lanes;
    while block * lanes < end {
        let last = (block + WAVE_BLOCKS).min(end.div_ceil(lanes));
        match wave(model, batch, block, last) {
            Some(part) => tally.merge(&part),
            None => break,
        }
        block = last;
    }
    tally
}

/// Runs blocks, all or none.
fn wave(model: &Model, batch: &Batch<'_>, from: u64, to: u64) -> Option<Tally> {
    let chunks = (to - from).div_ceil(CHUNK_BLOCKS);
    (0..chunks)
        .into_par_iter()
        .fold(
            || Some(Worker::new(model, batch.seed)),
            |worker, chunk| {
                let mut worker = worker?;
                if batch.stop.load(Ordering::Relaxed) {
                    return None;
                }
                let start = from + chunk * CHUNK_BLOCKS;
                for block in start..(start + CHUNK_BLOCKS).min(to) {
                    let lanes = lanes_of(block, batch);
                    worker.block(block, lanes);
                    batch.done.fetch_add(u64::from(lanes.count_ones()), Ordering::Relaxed);
                }
                Some(worker)
            },
        )
        .map(|worker| worker.map(|worker| worker.counter.tally))
        .reduce_with(|a, b| {
            let (mut a, b) = (a?, b?);
            a.merge(&b);
            Some(a)
        })
        .flatten()
}

/// The lanes of a block that belong to the batch.
fn lanes_of(block: u64, batch: &Batch<'_>) -> Mask {
    let first = block * LANES as u64;
    let end = batch.first.saturating_add(batch.replications);
    let skip = batch.first.saturating_sub(first).min(64) as u32;
    let take = end.saturating_sub(first).min(64) as u32;
    let upto = |count: u32| if count >= 64 { Mask::MAX } else { (1 << count) - 1 };
    upto(take) & !upto(skip)
}

/// What one thread needs to run blocks.
struct Worker<'m> {
    model: &'m Model,
    bank: Bank,
    draws: KeyedDraws,
    counter: Counter<'m>,
}

impl<'m> Worker<'m> {
    fn new(model: &'m Model, seed: u64) -> Self {
        Self { model, bank: model.bank(), draws: KeyedDraws::new(model, seed), counter: Counter::new(model) }
    }

    fn block(&mut self, block: u64, lanes: Mask) {
        self.draws.enter(block);
        self.counter.enter(block * LANES as u64, lanes);
        engine::run(self.model, &mut self.bank, lanes, &mut self.draws, &mut self.counter);
        self.counter.leave(&self.bank);
    }
}
