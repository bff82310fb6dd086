//! Monte Carlo: blocks of 64 replications on all threads, settled by keyed draws, counted exactly.

mod counter;
mod recorder;
mod values;

use crate::answers::KeyedDraws;
use crate::engine::{self, Both, Program};
use crate::expression::{Bank, LANES, Mask};
use crate::model::Model;
use crate::results::rows::Rows;
use crate::results::tally::Tally;
use crate::simd::{Simd, Work, widest};
use counter::Counter;
use rayon::prelude::*;
use recorder::Recorder;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

pub use counter::empty;
pub use recorder::columns;

/// Replications are numbered below this; those above are kept for the copies that splitting makes.
pub const REPLICATIONS_MAX: u64 = crate::draws::RESERVED_FROM;

/// Blocks that are run, on all threads together, before what came of them is handed over: at most, and of a model
/// whose replications are long.
const WAVE_BLOCKS: u64 = 1_024;
const WAVE_BLOCKS_LEAST: u64 = 64;
/// Steps of blocks that a wave should not take more than, and numbers that its rows should not have more than.
const WAVE_STEPS: u64 = 1 << 21;
const WAVE_CELLS: u64 = 1 << 23;
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

/// What came of consecutive replications.
#[derive(Debug)]
pub struct Wave {
    pub first: u64,
    pub tally: Tally,
    /// A row for each replication, if rows were asked for.
    pub rows: Option<Rows>,
}

/// Runs a batch; ended early, the tally is that of the first so many replications.
///
/// # Errors
/// The machine gives no threads.
pub fn run(model: &Model, batch: &Batch<'_>) -> Result<Tally, String> {
    let mut tally = empty(model);
    waves(model, batch, false, &mut |wave| {
        tally.merge(&wave.tally);
        ControlFlow::Continue(())
    })?;
    Ok(tally)
}

/// Runs a batch and hands over what came of it, wave by wave, in the order of replications; `take` says whether to go
/// on. Ended early, what is not complete is not handed over.
///
/// # Errors
/// The machine gives no threads.
pub fn waves(
    model: &Model,
    batch: &Batch<'_>,
    rows: bool,
    take: &mut (dyn FnMut(Wave) -> ControlFlow<()> + Send),
) -> Result<(), String> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(batch.threads)
        .build()
        .map_err(|error| format!("no threads could be started: {error}"))?;
    pool.install(|| widest(Waves { model, batch, rows, take }));
    Ok(())
}

/// The waves of a batch, as work for whatever instructions there are.
struct Waves<'a, 'b> {
    model: &'a Model,
    batch: &'a Batch<'b>,
    rows: bool,
    take: &'a mut (dyn FnMut(Wave) -> ControlFlow<()> + Send),
}

impl Work for Waves<'_, '_> {
    type Output = ();

    fn with<X: Simd>(self, wide: X) {
        let Self { model, batch, rows, take } = self;
        let program = Program::new(model);
        let lanes = LANES as u64;
        let end = batch.first.saturating_add(batch.replications);
        let mut block = batch.first / lanes;
        while block * lanes < end {
            let last = (block + wave_blocks(model, rows)).min(end.div_ceil(lanes));
            let Some(part) = wave(wide, &program, batch, rows, block, last) else { break };
            let first = (block * lanes).max(batch.first);
            if take(Wave { first, tally: part.tally, rows: part.rows }).is_break() {
                break;
            }
            block = last;
        }
    }
}

/// How many blocks a wave has: fewer, the longer replications are and the more a row holds. No result hangs on it.
fn wave_blocks(model: &Model, rows: bool) -> u64 {
    let steps = u64::from(model.turns).saturating_mul(model.steps().len() as u64).max(1);
    let columns = columns(model).columns() as u64;
    let by_rows = if rows { WAVE_CELLS / (columns * LANES as u64) } else { WAVE_BLOCKS };
    (WAVE_STEPS / steps).min(by_rows).clamp(WAVE_BLOCKS_LEAST, WAVE_BLOCKS)
}

/// Counts, and rows if asked for.
struct Part {
    tally: Tally,
    rows: Option<Rows>,
}

impl Part {
    /// Takes in the replications that follow.
    fn merge(&mut self, other: Part) {
        self.tally.merge(&other.tally);
        if let (Some(mine), Some(theirs)) = (&mut self.rows, other.rows) {
            mine.append(theirs);
        }
    }
}

/// Runs blocks, all or none.
fn wave<X: Simd>(wide: X, program: &Program<'_>, batch: &Batch<'_>, rows: bool, from: u64, to: u64) -> Option<Part> {
    let chunks = (to - from).div_ceil(CHUNK_BLOCKS);
    (0..chunks)
        .into_par_iter()
        .fold(
            || Some(Worker::new(wide, program, batch.seed, rows)),
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
        .map(|worker| worker.map(Worker::part))
        .reduce_with(|a, b| {
            let (mut a, b) = (a?, b?);
            a.merge(b);
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
struct Worker<'m, X> {
    wide: X,
    program: &'m Program<'m>,
    bank: Bank,
    draws: KeyedDraws<X>,
    counter: Counter<'m, X>,
    recorder: Option<Recorder<'m>>,
}

impl<'m, X: Simd> Worker<'m, X> {
    fn new(wide: X, program: &'m Program<'m>, seed: u64, rows: bool) -> Self {
        let model = program.model();
        let recorder = rows.then(|| Recorder::new(model));
        let (draws, counter) = (KeyedDraws::with(wide, model, seed), Counter::new(wide, model));
        Self { wide, program, bank: program.bank(), draws, counter, recorder }
    }

    fn block(&mut self, block: u64, lanes: Mask) {
        self.draws.enter(block);
        self.counter.enter(block * LANES as u64, lanes);
        if let Some(recorder) = &mut self.recorder {
            recorder.enter(lanes);
        }
        let (wide, program, bank) = (self.wide, self.program, &mut self.bank);
        let mut watch = Both(&mut self.counter, &mut self.recorder);
        wide.run(
            #[inline(always)]
            || engine::run_with(wide, program, bank, lanes, &mut self.draws, &mut watch),
        );
        if let Some(recorder) = &mut self.recorder {
            recorder.leave(&self.bank);
        }
        let (counter, bank) = (&mut self.counter, &self.bank);
        wide.run(
            #[inline(always)]
            || counter.leave(bank),
        );
    }

    fn part(self) -> Part {
        Part { tally: self.counter.tally(), rows: self.recorder.map(|recorder| recorder.rows) }
    }
}
