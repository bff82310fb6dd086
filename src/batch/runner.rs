//! Plays blocks of 64 replications on all threads, wave by wave, and hands over what was counted and collected.

use super::collect::Collect;
use super::counter::Counter;
use super::lane_bins::{COUNTER_BYTES_MAX, Room};
use super::log::Log;
use crate::answers::KeyedDraws;
use crate::engine::{self, Both, Program};
use crate::error::Error;
use crate::expression::{Bank, LANES, Mask};
use crate::results::tally::Tally;
use crate::simd::{Simd, Work, widest};
use crate::threads::Threads;
use rayon::prelude::*;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The most blocks that are played, on all threads together, before what came of them is handed over.
const WAVE_BLOCKS: u64 = 1_024;
/// The least blocks of a wave, however long replications are.
const WAVE_BLOCKS_LEAST: u64 = 64;
/// How many steps of blocks a wave should take at most.
const WAVE_STEPS: u64 = 1 << 21;
/// How many numbers collectors should keep of a wave at most.
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
pub struct Collected<C> {
    /// The first of the replications.
    pub first: u64,
    /// The counts of each arm, in the order of the arms.
    pub tallies: Vec<Tally>,
    pub collector: C,
}

/// Plays the replications of a batch with each of several programs, the arms of the job, and hands over what came of them
/// wave by wave, in the order of replications. All arms meet the same luck: what a draw gives is a function of its
/// site, of the seed and of the replication. `make` gives an empty collector; `take` says whether to go on.
///
/// A wave is handed over whole: where the batch is stopped within one, its replications are left out.
///
/// # Errors
/// The machine gives no threads, or the values of metrics need more counters than there may be.
pub fn collect<C: Collect>(
    arms: &[Program<'_>],
    batch: &Batch<'_>,
    make: impl Fn() -> C + Send + Sync,
    take: &mut (dyn FnMut(Collected<C>) -> ControlFlow<()> + Send),
) -> Result<(), Error> {
    let room = Room::new(COUNTER_BYTES_MAX);
    Threads::start(batch.threads)?.install(|| widest(Waves { arms, batch, room: &room, make, take }));
    if room.is_exceeded() {
        return Err(Error::Request(format!(
            "the metrics take values in so many places that counting them needs more than {} MiB; measure less, or run \
             fewer turns or threads",
            COUNTER_BYTES_MAX >> 20
        )));
    }
    Ok(())
}

/// The waves of a batch, as work for whatever instructions there are.
struct Waves<'a, 'b, C, F> {
    arms: &'a [Program<'a>],
    batch: &'a Batch<'b>,
    room: &'a Room,
    make: F,
    take: &'a mut (dyn FnMut(Collected<C>) -> ControlFlow<()> + Send),
}

impl<C: Collect, F: Fn() -> C + Send + Sync> Work for Waves<'_, '_, C, F> {
    type Output = ();

    fn with<X: Simd>(self, wide: X) {
        let Self { arms, batch, room, make, take } = self;
        let (lanes, size) = (LANES as u64, wave_blocks(arms, make().kept()));
        let end = batch.first.saturating_add(batch.replications);
        let mut block = batch.first / lanes;
        while block * lanes < end {
            let last = (block + size).min(end.div_ceil(lanes));
            let Some((tallies, collector)) = wave(wide, Job { arms, batch, room }, &make, block, last) else { break };
            let first = (block * lanes).max(batch.first);
            if take(Collected { first, tallies, collector }).is_break() {
                break;
            }
            block = last;
        }
    }
}

/// How many blocks a wave has: fewer, the longer replications are and the more is kept of each. No result depends on it.
fn wave_blocks(arms: &[Program<'_>], kept: u64) -> u64 {
    let steps = |arm: &Program<'_>| u64::from(arm.model().turns).saturating_mul(arm.steps().len() as u64);
    let steps = arms.iter().map(steps).sum::<u64>().max(1);
    let by_kept = WAVE_CELLS / kept.saturating_mul(LANES as u64).max(1);
    (WAVE_STEPS / steps).min(by_kept).clamp(WAVE_BLOCKS_LEAST, WAVE_BLOCKS)
}

/// What all threads share.
#[derive(Clone, Copy)]
struct Job<'a> {
    arms: &'a [Program<'a>],
    batch: &'a Batch<'a>,
    room: &'a Room,
}

/// Plays blocks, all or none.
fn wave<X: Simd, C: Collect>(
    wide: X,
    job: Job<'_>,
    make: &(impl Fn() -> C + Sync),
    from: u64,
    to: u64,
) -> Option<(Vec<Tally>, C)> {
    let Job { batch, room, .. } = job;
    let chunks = (to - from).div_ceil(CHUNK_BLOCKS);
    (0..chunks)
        .into_par_iter()
        .fold(
            || Some(Worker::new(wide, job, make())),
            |worker, chunk| {
                let mut worker = worker?;
                if batch.stop.load(Ordering::Relaxed) || room.is_exceeded() {
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
        .map(|worker| worker.filter(|_| !room.is_exceeded()).map(Worker::end))
        .reduce_with(|before, following| {
            let ((mut tallies, mut collector), (more, further)) = (before?, following?);
            tallies.iter_mut().zip(&more).for_each(|(tally, more)| tally.merge(more));
            collector.merge(further);
            Some((tallies, collector))
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

/// What one thread needs to play blocks.
struct Worker<'m, X, C> {
    players: Vec<Player<'m, X>>,
    collector: C,
}

impl<'m, X: Simd, C: Collect> Worker<'m, X, C> {
    fn new(wide: X, job: Job<'m>, collector: C) -> Self {
        let player = |arm| Player::new(wide, arm, job, collector.looks());
        Self { players: job.arms.iter().map(player).collect(), collector }
    }

    fn block(&mut self, block: u64, lanes: Mask) {
        for (arm, player) in self.players.iter_mut().enumerate() {
            player.block(block, lanes);
            if let Some(log) = &player.log {
                self.collector.block(arm, &log.played(block * LANES as u64, &player.bank));
            }
        }
    }

    fn end(self) -> (Vec<Tally>, C) {
        (self.players.into_iter().map(|player| player.counter.tally()).collect(), self.collector)
    }
}

/// Plays the blocks of one arm.
struct Player<'m, X> {
    wide: X,
    program: &'m Program<'m>,
    bank: Bank,
    draws: KeyedDraws<X>,
    counter: Counter<'m, X>,
    log: Option<Log>,
}

impl<'m, X: Simd> Player<'m, X> {
    fn new(wide: X, program: &'m Program<'m>, job: Job<'m>, logs: bool) -> Self {
        let model = program.model();
        let (draws, counter) = (KeyedDraws::with(wide, model, job.batch.seed), Counter::new(wide, model, job.room));
        Self { wide, program, bank: program.bank(), draws, counter, log: logs.then(|| Log::new(model)) }
    }

    fn block(&mut self, block: u64, lanes: Mask) {
        self.draws.enter(block);
        self.counter.enter(block * LANES as u64, lanes);
        if let Some(log) = &mut self.log {
            log.enter(lanes);
        }
        let (wide, program, bank) = (self.wide, self.program, &mut self.bank);
        let mut watch = Both(&mut self.counter, &mut self.log);
        wide.run(
            #[inline(always)]
            || engine::run_with(wide, program, bank, lanes, &mut self.draws, &mut watch),
        );
        let (counter, bank) = (&mut self.counter, &self.bank);
        wide.run(
            #[inline(always)]
            || counter.leave(bank),
        );
    }
}
