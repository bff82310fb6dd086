//! One row a replication: how it ended, when what first happened, what was measured last; held by column.

use super::Reason;
use serde::{Deserialize, Serialize};

/// The columns of consecutive replications, in the order of their numbers. The outer index of a list of columns is that
/// of the model (its events, milestones, metrics, scales); the inner one counts replications.
///
/// Turns are held as one more than they are, and 0 says never.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// The index of the outcome; none if the replication failed.
    pub outcome: Vec<Option<u32>>,
    /// The turn in which the replication ended or failed.
    pub end_turn: Vec<u32>,
    /// Why it failed: the index of the place, and the reason.
    pub failure: Vec<Option<(u32, Reason)>>,
    /// The highest rung; no column without a ladder.
    pub peak: Vec<Vec<u32>>,
    /// Points under each scale.
    pub scores: Vec<Vec<f64>>,
    /// Turns of first passages.
    pub milestones: Vec<Vec<u32>>,
    /// Turns of first firings.
    pub events: Vec<Vec<u32>>,
    /// Last values; NaN where a replication failed before the first.
    pub metrics: Vec<Vec<f64>>,
}

/// What the indexes in rows stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    pub outcomes: Vec<String>,
    /// Where something can fail: `triggers/x/chance`.
    pub places: Vec<String>,
    /// Empty without a ladder.
    pub rungs: Vec<String>,
    pub scales: Vec<String>,
    pub milestones: Vec<String>,
    /// Triggers, injects, and their branches as `trigger.branch`.
    pub events: Vec<String>,
    pub metrics: Vec<String>,
}

impl Names {
    /// No rows, with a column for everything that has a name.
    pub fn columns(&self) -> Rows {
        Rows::new(
            !self.rungs.is_empty(),
            self.scales.len(),
            self.milestones.len(),
            self.events.len(),
            self.metrics.len(),
        )
    }
}

impl Rows {
    /// No rows, of so many columns of each kind.
    pub fn new(peak: bool, scores: usize, milestones: usize, events: usize, metrics: usize) -> Self {
        Self {
            peak: vec![Vec::new(); usize::from(peak)],
            scores: vec![Vec::new(); scores],
            milestones: vec![Vec::new(); milestones],
            events: vec![Vec::new(); events],
            metrics: vec![Vec::new(); metrics],
            ..Self::default()
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.outcome.len()
    }

    pub fn is_empty(&self) -> bool {
        self.outcome.is_empty()
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        3 + self.peak.len() + self.scores.len() + self.milestones.len() + self.events.len() + self.metrics.len()
    }

    /// Puts the rows of the replications that follow behind these.
    pub fn append(&mut self, mut other: Rows) {
        self.outcome.append(&mut other.outcome);
        self.end_turn.append(&mut other.end_turn);
        self.failure.append(&mut other.failure);
        for (mine, theirs) in [
            (&mut self.peak, &mut other.peak),
            (&mut self.milestones, &mut other.milestones),
            (&mut self.events, &mut other.events),
        ] {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| mine.append(theirs));
        }
        for (mine, theirs) in [(&mut self.scores, &mut other.scores), (&mut self.metrics, &mut other.metrics)] {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| mine.append(theirs));
        }
    }

    /// Takes the first so many rows away, at most all.
    pub fn take_first(&mut self, rows: usize) -> Rows {
        let rows = rows.min(self.len());
        let turns = |columns: &mut Vec<Vec<u32>>| columns.iter_mut().map(|it| it.drain(..rows).collect()).collect();
        let values = |columns: &mut Vec<Vec<f64>>| columns.iter_mut().map(|it| it.drain(..rows).collect()).collect();
        Rows {
            outcome: self.outcome.drain(..rows).collect(),
            end_turn: self.end_turn.drain(..rows).collect(),
            failure: self.failure.drain(..rows).collect(),
            peak: turns(&mut self.peak),
            scores: values(&mut self.scores),
            milestones: turns(&mut self.milestones),
            events: turns(&mut self.events),
            metrics: values(&mut self.metrics),
        }
    }

    /// Whether there are as many columns of each kind as here, each with a value for every row.
    pub fn fits(&self, shape: &Rows) -> bool {
        let n = self.len();
        let turns = [(&self.peak, &shape.peak), (&self.milestones, &shape.milestones), (&self.events, &shape.events)];
        let values = [(&self.scores, &shape.scores), (&self.metrics, &shape.metrics)];
        self.end_turn.len() == n
            && self.failure.len() == n
            && turns.iter().all(|(mine, theirs)| mine.len() == theirs.len() && mine.iter().all(|it| it.len() == n))
            && values.iter().all(|(mine, theirs)| mine.len() == theirs.len() && mine.iter().all(|it| it.len() == n))
    }
}
