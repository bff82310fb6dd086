//! Which columns still matter: what nothing later reads before it is overwritten is forgotten.

use crate::expression::lanes;
use crate::model::uses::{self, Use, Wanted};
use crate::model::{Cell, Model, OUTCOME, Step, TURN};

/// A set of columns of the state, a bit each: one is kept for every turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    numbers: Vec<u64>,
    flags: Vec<u64>,
}

impl Columns {
    pub fn none(model: &Model) -> Self {
        let words = |columns: u32| vec![0; columns.div_ceil(64) as usize];
        Self { numbers: words(model.base.numbers), flags: words(model.base.flags) }
    }

    /// Every column but the turn, which is the same in all states, and the outcome, which no state under way has.
    pub fn all(model: &Model) -> Self {
        let mut all = Self::none(model);
        (0..model.base.numbers).for_each(|column| all.put(Cell::Number(column), true));
        (0..model.base.flags).for_each(|column| all.put(Cell::Flag(column), true));
        all.put(Cell::Number(TURN), false);
        all.put(Cell::Number(OUTCOME), false);
        all
    }

    fn put(&mut self, cell: Cell, is_in: bool) {
        let (words, column) = match cell {
            Cell::Number(column) => (&mut self.numbers, column),
            Cell::Flag(column) => (&mut self.flags, column),
        };
        let (word, bit) = (&mut words[column as usize / 64], 1 << (column % 64));
        *word = if is_in { *word | bit } else { *word & !bit };
    }

    fn has(&self, cell: Cell) -> bool {
        let (words, column) = match cell {
            Cell::Number(column) => (&self.numbers, column),
            Cell::Flag(column) => (&self.flags, column),
        };
        words[column as usize / 64] >> (column % 64) & 1 == 1
    }

    /// The number columns, then the flag columns, rising.
    pub fn lists(&self) -> (Vec<u32>, Vec<u32>) {
        let list = |words: &[u64]| {
            let columns = |(word, bits): (usize, &u64)| {
                let bits = *bits;
                lanes(bits).map(move |bit| (64 * word + bit) as u32)
            };
            words.iter().enumerate().flat_map(columns).collect()
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

/// What matters at the ends of turns that never end: of turns 0 to `last` - 1, and after those by the rest that the turn
/// leaves when divided by `period`, all later turns with the same rest being alike.
pub(super) fn endless(
    model: &Model,
    steps: &[Step],
    wanted: Wanted,
    last: u32,
    period: u32,
) -> (Vec<Columns>, Vec<Columns>) {
    let back = |mut live: Columns, turn: u32| {
        steps.iter().rev().for_each(|step| live.before(&uses::of(model, *step, turn, wanted)));
        live
    };
    // A turn beyond the last that differs, with this rest.
    let turn_of = |rest: u32| (last / period + 1) * period + rest;
    let mut phases = vec![Columns::none(model); period as usize];
    loop {
        let before = phases.clone();
        for rest in (0..period).rev() {
            let next = (rest + 1) % period;
            phases[rest as usize] = back(phases[next as usize].clone(), turn_of(next));
        }
        if before == phases {
            break;
        }
    }
    let mut early = Vec::new();
    let mut live = phases[(last % period) as usize].clone();
    for turn in (1..=last).rev() {
        live = back(live, turn);
        early.push(live.clone());
    }
    early.reverse();
    (early, phases)
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
