//! Pairs of replications on common luck: how each ended in the reference and in every course, and where the two parted.

use super::alignment::{Alignment, Parting};
use crate::batch::{Collect, Note, Played};
use crate::expression::{LANES, lanes};
use crate::statistics::pairs::PairTable;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many replications are named for each way of ending differently.
pub const EXAMPLES: usize = 3;

/// What is known of one course beside the reference. Parts of disjoint replications merge, in any order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoursePairs {
    /// Pairs by the outcome of the reference and of the course.
    pub table: PairTable,
    /// The lowest replications of each cell in which the two end differently.
    pub examples: BTreeMap<(Option<u32>, Option<u32>), Vec<u64>>,
    /// Of the pairs that end differently, the first thing that happened differently; none where the same events happened
    /// and only numbers differ.
    pub partings: BTreeMap<Option<Parting>, u64>,
}

impl CoursePairs {
    /// No pairs, for so many outcomes.
    pub fn new(outcomes: usize) -> Self {
        Self { table: PairTable::new(outcomes), examples: BTreeMap::new(), partings: BTreeMap::new() }
    }

    /// Adds the pairs of other replications.
    pub fn merge(&mut self, other: &Self) {
        self.table.merge(&other.table);
        for (cell, examples) in &other.examples {
            let mine = self.examples.entry(*cell).or_default();
            mine.extend(examples);
            mine.sort_unstable();
            mine.truncate(EXAMPLES);
        }
        for (parting, count) in &other.partings {
            *self.partings.entry(*parting).or_default() += count;
        }
    }

    fn differs(&mut self, ends: (Option<u32>, Option<u32>), replication: u64, parting: Option<Parting>) {
        let examples = self.examples.entry(ends).or_default();
        if examples.len() < EXAMPLES {
            examples.push(replication);
        }
        *self.partings.entry(parting).or_default() += 1;
    }
}

/// How the outcomes of one arm are numbered in the comparison, and how its events lie beside those of the reference.
#[derive(Debug)]
pub struct Arm {
    /// By the index of the outcome in the arm's model.
    pub outcomes: Vec<u32>,
    /// None for the reference itself, which is arm 0.
    pub alignment: Option<Alignment>,
}

/// Collects pairs: arm 0 is the reference, the others are the courses.
pub struct PairCollector<'a> {
    arms: &'a [Arm],
    pub courses: Vec<CoursePairs>,
    /// The block as the reference played it.
    ends: [Option<u32>; LANES],
    notes: Vec<Note>,
}

impl<'a> PairCollector<'a> {
    /// An empty collector, for so many outcomes of all arms together.
    pub fn new(arms: &'a [Arm], outcomes: usize) -> Self {
        let courses = vec![CoursePairs::new(outcomes); arms.len() - 1];
        Self { arms, courses, ends: [None; LANES], notes: Vec::new() }
    }
}

impl Collect for PairCollector<'_> {
    fn block(&mut self, arm: usize, played: &Played<'_>) {
        let Arm { outcomes, alignment } = &self.arms[arm];
        let ends = played.outcome.map(|outcome| outcome.map(|outcome| outcomes[outcome as usize]));
        let Some(alignment) = alignment else {
            self.ends = ends;
            self.notes.clear();
            self.notes.extend_from_slice(played.notes);
            return;
        };
        let course = &mut self.courses[arm - 1];
        let index = |end: Option<u32>| end.map(|end| end as usize);
        for lane in lanes(played.lanes) {
            let (before, after) = (self.ends[lane], ends[lane]);
            course.table.add(index(before), index(after));
            if before != after {
                let parting = alignment.parting(&self.notes, played.notes, lane);
                course.differs((before, after), played.first + lane as u64, parting);
            }
        }
    }

    fn merge(&mut self, following: Self) {
        for (mine, following) in self.courses.iter_mut().zip(&following.courses) {
            mine.merge(following);
        }
    }
}
