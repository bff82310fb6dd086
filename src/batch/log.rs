//! The log of a block: how each of its replications ended, and all that happened in them, in order of play.

use super::collect::{Happening, Note, Played};
use crate::engine::Watch;
use crate::expression::{Bank, LANES, Lanes, Mask, Value, lanes};
use crate::model::Model;
use crate::results::Reason;

/// The log of the block that is being played.
pub(super) struct Log {
    lanes: Mask,
    turn: u32,
    outcome: [Option<u32>; LANES],
    end_turn: [u32; LANES],
    failure: [Option<(u32, Reason)>; LANES],
    metrics: Vec<Lanes>,
    notes: Vec<Note>,
}

impl Log {
    pub fn new(model: &Model) -> Self {
        Self {
            lanes: 0,
            turn: 0,
            outcome: [None; LANES],
            end_turn: [0; LANES],
            failure: [None; LANES],
            metrics: vec![[f64::NAN; LANES]; model.metrics.len()],
            notes: Vec::new(),
        }
    }

    /// Begins the log of another block.
    pub fn enter(&mut self, lanes: Mask) {
        self.lanes = lanes;
        self.outcome = [None; LANES];
        self.failure = [None; LANES];
        self.metrics.fill([f64::NAN; LANES]);
        self.notes.clear();
    }

    /// The block as collectors see it, with the state at its end.
    pub fn played<'b>(&'b self, first: u64, bank: &'b Bank) -> Played<'b> {
        let Self { lanes, outcome, end_turn, failure, metrics, notes, .. } = self;
        Played { first, lanes: *lanes, outcome, end_turn, failure, metrics, notes, bank }
    }

    fn note(&mut self, what: Happening, lanes: Mask) {
        self.notes.push(Note { turn: self.turn, what, lanes });
    }

    fn failed(&mut self, turn: u32, place: u32, reason: Reason, mask: Mask) {
        for lane in lanes(mask) {
            self.failure[lane] = Some((place, reason));
            self.end_turn[lane] = turn;
        }
    }

    fn measured(&mut self, metric: u32, mask: Mask, values: Value<'_>) {
        let kept = &mut self.metrics[metric as usize];
        lanes(mask).for_each(|lane| kept[lane] = values.get(lane));
    }

    fn ended(&mut self, turn: u32, outcome: u32, mask: Mask) {
        for lane in lanes(mask) {
            self.outcome[lane] = Some(outcome);
            self.end_turn[lane] = turn;
        }
    }
}

/// Without a log nothing is noted.
impl Watch for Option<Log> {
    #[inline(always)]
    fn turn(&mut self, turn: u32, _active: Mask) {
        if let Some(log) = self {
            log.turn = turn;
        }
    }

    #[inline(always)]
    fn fired(&mut self, event: u32, mask: Mask) {
        if let Some(log) = self {
            log.note(Happening::Fired(event), mask);
        }
    }

    #[inline(always)]
    fn landed(&mut self, event: u32, mask: Mask) {
        if let Some(log) = self {
            log.note(Happening::Landed(event), mask);
        }
    }

    #[inline(always)]
    fn failed(&mut self, turn: u32, place: u32, reason: Reason, mask: Mask) {
        if let Some(log) = self {
            log.failed(turn, place, reason, mask);
        }
    }

    #[inline(always)]
    fn measured(&mut self, metric: u32, mask: Mask, values: Value<'_>) {
        if let Some(log) = self {
            log.measured(metric, mask, values);
        }
    }

    #[inline(always)]
    fn passed(&mut self, milestone: u32, mask: Mask) {
        if let Some(log) = self {
            log.note(Happening::Passed(milestone), mask);
        }
    }

    #[inline(always)]
    fn ended(&mut self, turn: u32, outcome: u32, mask: Mask) {
        if let Some(log) = self {
            log.ended(turn, outcome, mask);
        }
    }
}
