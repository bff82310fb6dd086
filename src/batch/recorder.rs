//! Notes what became of each replication of a block: the second watcher, for those who ask for rows.

use crate::engine::Watch;
use crate::expression::{Bank, LANES, Lanes, Mask, Value, lanes};
use crate::model::Model;
use crate::results::Reason;
use crate::results::rows::Rows;

/// Turns are held as one more than they are, and 0 says never.
type Turns = [u32; LANES];

/// The rows so far, and the block that is being run.
pub(super) struct Recorder<'m> {
    model: &'m Model,
    pub rows: Rows,
    lanes: Mask,
    turn: u32,
    outcome: [Option<u32>; LANES],
    end_turn: Turns,
    failure: [Option<(u32, Reason)>; LANES],
    milestones: Vec<Turns>,
    events: Vec<Turns>,
    metrics: Vec<Lanes>,
}

/// No rows, with a column for everything that a model's replications are noted by.
pub fn columns(model: &Model) -> Rows {
    let (scores, milestones) = (model.scores.len(), model.milestones.len());
    Rows::new(model.ladder.is_some(), scores, milestones, model.events.len(), model.metrics.len())
}

impl<'m> Recorder<'m> {
    pub fn new(model: &'m Model) -> Self {
        Self {
            model,
            rows: columns(model),
            lanes: 0,
            turn: 0,
            outcome: [None; LANES],
            end_turn: [0; LANES],
            failure: [None; LANES],
            milestones: vec![[0; LANES]; model.milestones.len()],
            events: vec![[0; LANES]; model.events.len()],
            metrics: vec![[f64::NAN; LANES]; model.metrics.len()],
        }
    }

    /// Goes over to the lanes of another block.
    pub fn enter(&mut self, lanes: Mask) {
        self.lanes = lanes;
        self.outcome = [None; LANES];
        self.failure = [None; LANES];
        self.milestones.fill([0; LANES]);
        self.events.fill([0; LANES]);
        self.metrics.fill([f64::NAN; LANES]);
    }

    /// Makes rows of the block, whose state at the end is in the bank.
    pub fn leave(&mut self, bank: &Bank) {
        let rows = &mut self.rows;
        for lane in lanes(self.lanes) {
            rows.outcome.push(self.outcome[lane]);
            rows.end_turn.push(self.end_turn[lane]);
            rows.failure.push(self.failure[lane]);
        }
        if let Some(ladder) = &self.model.ladder {
            let peak = &bank.numbers[ladder.peak as usize];
            rows.peak.iter_mut().for_each(|column| column.extend(lanes(self.lanes).map(|lane| peak[lane] as u32)));
        }
        for (column, score) in rows.scores.iter_mut().zip(&self.model.scores) {
            // Points are held in whole units of the scale, so the quotient is the shortest decimal.
            let (points, per_unit) = (&bank.numbers[score.column as usize], (1.0 / score.unit).round());
            column.extend(lanes(self.lanes).map(|lane| points[lane] / per_unit));
        }
        let turns = rows.milestones.iter_mut().chain(&mut rows.events);
        for (column, turns) in turns.zip(self.milestones.iter().chain(&self.events)) {
            column.extend(lanes(self.lanes).map(|lane| turns[lane]));
        }
        for (column, values) in rows.metrics.iter_mut().zip(&self.metrics) {
            column.extend(lanes(self.lanes).map(|lane| values[lane]));
        }
    }
}

/// Notes the turn in the lanes that have none yet.
fn stamp(turns: &mut Turns, mask: Mask, turn: u32) {
    for lane in lanes(mask) {
        if turns[lane] == 0 {
            turns[lane] = turn + 1;
        }
    }
}

impl Recorder<'_> {
    fn turn(&mut self, turn: u32, _active: Mask) {
        self.turn = turn;
    }

    fn fired(&mut self, event: u32, mask: Mask) {
        stamp(&mut self.events[event as usize], mask, self.turn);
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

    fn passed(&mut self, milestone: u32, mask: Mask) {
        stamp(&mut self.milestones[milestone as usize], mask, self.turn);
    }

    fn ended(&mut self, turn: u32, outcome: u32, mask: Mask) {
        for lane in lanes(mask) {
            self.outcome[lane] = Some(outcome);
            self.end_turn[lane] = turn;
        }
    }
}

/// Without a recorder nothing is noted.
impl Watch for Option<Recorder<'_>> {
    #[inline(always)]
    fn turn(&mut self, turn: u32, active: Mask) {
        if let Some(recorder) = self {
            recorder.turn(turn, active);
        }
    }

    #[inline(always)]
    fn fired(&mut self, event: u32, mask: Mask) {
        if let Some(recorder) = self {
            recorder.fired(event, mask);
        }
    }

    #[inline(always)]
    fn failed(&mut self, turn: u32, place: u32, reason: Reason, mask: Mask) {
        if let Some(recorder) = self {
            recorder.failed(turn, place, reason, mask);
        }
    }

    #[inline(always)]
    fn measured(&mut self, metric: u32, mask: Mask, values: Value<'_>) {
        if let Some(recorder) = self {
            recorder.measured(metric, mask, values);
        }
    }

    #[inline(always)]
    fn passed(&mut self, milestone: u32, mask: Mask) {
        if let Some(recorder) = self {
            recorder.passed(milestone, mask);
        }
    }

    #[inline(always)]
    fn ended(&mut self, turn: u32, outcome: u32, mask: Mask) {
        if let Some(recorder) = self {
            recorder.ended(turn, outcome, mask);
        }
    }
}
