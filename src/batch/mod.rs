//! Monte Carlo: blocks of 64 replications on all threads, settled by keyed draws, counted exactly.
//!
//! - [`collect()`]: plays the replications of one or several models and shows each block to a [`Collect`]
//! - [`run`], [`waves`]: the counts of a batch, and its rows
//! - `runner`: waves, threads and blocks; `counter` and `values`: the tally; `log`: all that happens in a block

mod collect;
mod counter;
mod lane_bins;
mod lane_sums;
mod log;
mod rows;
mod runner;
mod values;

use crate::engine::Program;
use crate::error::Error;
use crate::model::Model;
use crate::results::rows::Rows;
use crate::results::tally::Tally;
use rows::RowCollector;
use std::ops::ControlFlow;

pub use collect::{Collect, Happening, Note, Played};
pub use counter::empty;
pub use lane_bins::COUNTER_BYTES_MAX;
pub use rows::columns;
pub use runner::{Batch, Collected, collect};

/// Replications are numbered below this; those above are kept for the copies that splitting makes.
pub const REPLICATIONS_MAX: u64 = crate::draws::RESERVED_FROM;

/// Consecutive replications, counted.
#[derive(Debug)]
pub struct Wave {
    /// The first of the replications.
    pub first: u64,
    pub tally: Tally,
    /// A row for each replication, if rows were asked for.
    pub rows: Option<Rows>,
}

/// Runs a batch; ended early, the tally is that of the first so many replications.
///
/// # Errors
/// The machine gives no threads, or the values of metrics need more counters than there may be.
pub fn run(model: &Model, batch: &Batch<'_>) -> Result<Tally, Error> {
    let mut tally = empty(model);
    waves(model, batch, false, &mut |wave| {
        tally.merge(&wave.tally);
        ControlFlow::Continue(())
    })?;
    Ok(tally)
}

/// Runs a batch and hands over the counts of consecutive replications, and a row for each of them if rows are asked for;
/// `take` says whether to go on. Ended early, what is not complete is not handed over.
///
/// # Errors
/// The machine gives no threads, or the values of metrics need more counters than there may be.
pub fn waves(
    model: &Model,
    batch: &Batch<'_>,
    rows: bool,
    take: &mut (dyn FnMut(Wave) -> ControlFlow<()> + Send),
) -> Result<(), Error> {
    let make = || rows.then(|| RowCollector::new(model));
    collect(&[Program::new(model)], batch, make, &mut |mut played| {
        let (first, tally) = (played.first, played.tallies.swap_remove(0));
        take(Wave { first, tally, rows: played.collector.map(|collector| collector.rows) })
    })
}
