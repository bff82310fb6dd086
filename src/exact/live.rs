//! Which columns still matter: what nothing later reads before it is overwritten is forgotten.

use super::uses::{self, Use, Wanted};
use crate::engine::Step;
use crate::model::{Cell, Model, OUTCOME, TURN};

/// A set of columns of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    numbers: Vec<bool>,
    flags: Vec<bool>,
}

impl Columns {
    pub fn none(model: &Model) -> Self {
        Self { numbers: vec![false; model.base.numbers as usize], flags: vec![false; model.base.flags as usize] }
    }

    /// Every column but the turn, which is the same in all states, and the outcome, which no state under way has.
    pub fn all(model: &Model) -> Self {
        let mut all = Self::none(model);
        all.numbers.fill(true);
        all.flags.fill(true);
        all.put(Cell::Number(TURN), false);
        all.put(Cell::Number(OUTCOME), false);
        all
    }

    fn put(&mut self, cell: Cell, is_in: bool) {
        match cell {
            Cell::Number(column) => self.numbers[column as usize] = is_in,
            Cell::Flag(column) => self.flags[column as usize] = is_in,
        }
    }

    fn has(&self, cell: Cell) -> bool {
        match cell {
            Cell::Number(column) => self.numbers[column as usize],
            Cell::Flag(column) => self.flags[column as usize],
        }
    }

    /// The number columns, then the flag columns, rising.
    pub fn lists(&self) -> (Vec<u32>, Vec<u32>) {
        let list = |set: &[bool]| {
            set.iter().enumerate().filter(|(_, is_in)| **is_in).map(|(column, _)| column as u32).collect()
        };
        (list(&self.numbers), list(&self.flags))
    }

    /// From what matters after some uses to what matters before them.
    fn before(&mut self, uses: &[Use]) {
        for step in uses.iter().rev() {
            match *step {
                Use::Read(Cell::Number(TURN | OUTCOME)) => {}
                Use::Read(cell) => self.put(cell, true),
                Use::Overwrite(cell) => self.put(cell, false),
                Use::Copy { from, to } => {
                    if self.has(to) {
                        self.put(to, false);
                        self.put(from, true);
                    }
                }
            }
        }
    }
}

/// What matters at the ends of turns, turn 0 first.
pub(super) fn ends(model: &Model, steps: &[Step], wanted: Wanted) -> Vec<Columns> {
    let mut live = Columns::none(model);
    let mut ends = vec![live.clone()];
    for turn in (1..=model.turns).rev() {
        for step in steps.iter().rev() {
            live.before(&uses::of(model, *step, turn, wanted));
        }
        ends.push(live.clone());
    }
    ends.reverse();
    ends
}

/// What matters after each step of a turn, given what matters at its end.
pub(super) fn after_steps(model: &Model, steps: &[Step], turn: u32, end: &Columns, wanted: Wanted) -> Vec<Columns> {
    let mut live = end.clone();
    let mut after = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        after.push(live.clone());
        live.before(&uses::of(model, *step, turn, wanted));
    }
    after.reverse();
    after
}
