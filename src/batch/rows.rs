//! A row for each replication, from the log of its block.

use super::collect::{Collect, Happening, Played};
use crate::expression::{LANES, lanes};
use crate::model::Model;
use crate::results::rows::Rows;

/// Turns by lane, held as one more than they are; 0 says never.
type Turns = [u32; LANES];

/// Rows in the making.
pub(super) struct RowCollector<'m> {
    model: &'m Model,
    pub rows: Rows,
    /// Of the block at hand, the first turn of each milestone and of each event.
    milestones: Vec<Turns>,
    events: Vec<Turns>,
}

/// No rows, with a column for everything that a model's replications are noted by.
pub fn columns(model: &Model) -> Rows {
    let (scores, milestones) = (model.scores.len(), model.milestones.len());
    Rows::new(model.ladder.is_some(), scores, milestones, model.events.len(), model.metrics.len())
}

impl<'m> RowCollector<'m> {
    pub fn new(model: &'m Model) -> Self {
        let (milestones, events) = (vec![[0; LANES]; model.milestones.len()], vec![[0; LANES]; model.events.len()]);
        Self { model, rows: columns(model), milestones, events }
    }

    /// Finds the first turn of everything that happened in a block.
    fn stamp(&mut self, played: &Played<'_>) {
        self.milestones.fill([0; LANES]);
        self.events.fill([0; LANES]);
        for note in played.notes {
            let turns = match note.what {
                Happening::Fired(event) => &mut self.events[event as usize],
                Happening::Passed(milestone) => &mut self.milestones[milestone as usize],
                Happening::Landed(_) => continue,
            };
            for lane in lanes(note.lanes) {
                if turns[lane] == 0 {
                    turns[lane] = note.turn + 1;
                }
            }
        }
    }
}

impl Collect for RowCollector<'_> {
    fn block(&mut self, _arm: usize, played: &Played<'_>) {
        self.stamp(played);
        let rows = &mut self.rows;
        for lane in lanes(played.lanes) {
            rows.outcome.push(played.outcome[lane]);
            rows.end_turn.push(played.end_turn[lane]);
            rows.failure.push(played.failure[lane]);
        }
        if let Some(ladder) = &self.model.ladder {
            let peak = &played.bank.numbers[ladder.peak as usize];
            rows.peak.iter_mut().for_each(|column| column.extend(lanes(played.lanes).map(|lane| peak[lane] as u32)));
        }
        for (column, score) in rows.scores.iter_mut().zip(&self.model.scores) {
            // Points are held in whole units of the scale, so the quotient is the shortest decimal.
            let (points, per_unit) = (&played.bank.numbers[score.column as usize], (1.0 / score.unit).round());
            column.extend(lanes(played.lanes).map(|lane| points[lane] / per_unit));
        }
        let turns = rows.milestones.iter_mut().chain(&mut rows.events);
        for (column, turns) in turns.zip(self.milestones.iter().chain(&self.events)) {
            column.extend(lanes(played.lanes).map(|lane| turns[lane]));
        }
        for (column, values) in rows.metrics.iter_mut().zip(played.metrics) {
            column.extend(lanes(played.lanes).map(|lane| values[lane]));
        }
    }

    fn merge(&mut self, following: Self) {
        self.rows.append(following.rows);
    }

    fn kept(&self) -> u64 {
        self.rows.columns() as u64
    }
}
