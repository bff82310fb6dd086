//! The seam for statistics over replications: a collector is shown every block once it has been played.

use crate::expression::{Bank, LANES, Lanes, Mask, lanes};
use crate::results::Reason;

/// Something that happened in one turn, in some of the replications of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    pub turn: u32,
    pub what: Happening,
    /// The lanes in which it happened.
    pub lanes: Mask,
}

/// The kinds of things that a log notes, each with its index in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happening {
    /// An event fired: a trigger, an inject, or a branch of one.
    Fired(u32),
    /// The delayed effects or the goods of an event arrived.
    Landed(u32),
    /// A milestone was passed for the first time.
    Passed(u32),
}

/// A block of up to 64 consecutive replications that has been played to its end.
///
/// Lane `l` holds replication `first + l`; only the lanes of `lanes` belong to the batch, and all arrays are indexed by
/// lane.
#[derive(Debug, Clone, Copy)]
pub struct Played<'b> {
    /// The number of the replication in lane 0.
    pub first: u64,
    pub lanes: Mask,
    /// The index of the outcome that each replication ended with; none where it failed.
    pub outcome: &'b [Option<u32>; LANES],
    /// The turn in which each replication ended or failed.
    pub end_turn: &'b [u32; LANES],
    /// Why a replication failed: the index of the place, and the reason.
    pub failure: &'b [Option<(u32, Reason)>; LANES],
    /// The last values of each metric; NaN where a replication failed before the first.
    pub metrics: &'b [Lanes],
    /// All that happened, in order of play.
    pub notes: &'b [Note],
    /// The state at the end of each replication.
    pub bank: &'b Bank,
}

impl Played<'_> {
    /// The lanes that belong to the batch, each with the number of its replication.
    pub fn replications(&self) -> impl Iterator<Item = (usize, u64)> {
        let first = self.first;
        lanes(self.lanes).map(move |lane| (lane, first + lane as u64))
    }
}

/// A statistic in the making over the replications of a batch.
///
/// Every thread fills collectors of its own with consecutive blocks, and what follows is merged into what went before, in
/// the order of replications. So a collector that keeps a list keeps it in that order, whatever the number of threads.
pub trait Collect: Send {
    /// Takes in a block that one of the arms of the job has played.
    fn block(&mut self, arm: usize, played: &Played<'_>);

    /// Takes in what was collected of the replications that follow.
    fn merge(&mut self, following: Self)
    where
        Self: Sized;

    /// How many numbers are kept for each replication; 0 if what is kept does not grow with replications. Batches go on
    /// in waves, and a wave is the shorter the more is kept.
    fn kept(&self) -> u64 {
        0
    }

    /// Whether blocks are to be logged and shown at all.
    fn looks(&self) -> bool {
        true
    }
}

/// Collects nothing: the counts of the batch are all that is wanted.
impl Collect for () {
    fn block(&mut self, _arm: usize, _played: &Played<'_>) {}

    fn merge(&mut self, _following: Self) {}

    fn looks(&self) -> bool {
        false
    }
}

/// Collects if there is a collector.
impl<C: Collect> Collect for Option<C> {
    fn block(&mut self, arm: usize, played: &Played<'_>) {
        if let Some(collector) = self {
            collector.block(arm, played);
        }
    }

    fn merge(&mut self, following: Self) {
        if let (Some(mine), Some(following)) = (self, following) {
            mine.merge(following);
        }
    }

    fn kept(&self) -> u64 {
        self.as_ref().map_or(0, C::kept)
    }

    fn looks(&self) -> bool {
        self.as_ref().is_some_and(C::looks)
    }
}
