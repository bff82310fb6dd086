//! The state of a block of replications, and how conditions and numbers are worked out from it.

use super::program::Program;
use super::settle::{Answering, Settle};
use super::watch::Watch;
use crate::expression::{Bank, Comparison, LANES, Lanes, Mask, Output, Tape, Value, compare, lanes, which};
use crate::model::{Cell, Model, TURN, Test};
use crate::results::Reason;
use crate::simd::{Portable, Simd};

/// A block of replications on its way through the turns. All that they carry from one turn to the next stands in the
/// bank's first columns, so lanes can be taken out, kept, copied and put back between any two steps.
pub struct Play<'p, S, W, X = Portable> {
    pub(super) wide: X,
    pub(super) program: &'p Program<'p>,
    pub(super) model: &'p Model,
    pub(super) bank: &'p mut Bank,
    pub(super) settle: &'p mut S,
    pub(super) watch: &'p mut W,
    /// The lanes that have not ended and not failed.
    pub(super) active: Mask,
    pub(super) turn: u32,
}

impl<'p, S: Settle, W: Watch> Play<'p, S, W> {
    /// A block in which no lane is active yet: `start` or `resume` it.
    pub fn new(program: &'p Program<'p>, bank: &'p mut Bank, settle: &'p mut S, watch: &'p mut W) -> Self {
        Self::with(Portable::new(), program, bank, settle, watch)
    }
}

impl<'p, S: Settle, W: Watch, X: Simd> Play<'p, S, W, X> {
    /// A block that is played with wide instructions.
    #[inline(always)]
    pub fn with(wide: X, program: &'p Program<'p>, bank: &'p mut Bank, settle: &'p mut S, watch: &'p mut W) -> Self {
        Self { wide, program, model: program.model(), bank, settle, watch, active: 0, turn: 0 }
    }

    /// Goes on in these lanes where their state in the bank left off: in this turn, before the next step.
    #[inline(always)]
    pub fn resume(&mut self, turn: u32, active: Mask) {
        self.turn = turn;
        *self.bank.numbers[TURN as usize] = [f64::from(turn); LANES];
        self.active = active;
    }

    /// The lanes that have not ended and not failed.
    #[inline(always)]
    pub fn active(&self) -> Mask {
        self.active
    }

    /// The lanes in which a condition holds; those in which it has no value fail.
    #[inline(always)]
    pub(super) fn test(&mut self, test: &Test, lanes: Mask) -> Mask {
        if lanes == 0 {
            return 0;
        }
        let (holds, undefined) = self.flag(&test.tape, lanes, 0);
        self.fail(test.place, Reason::NotANumber, undefined);
        holds
    }

    /// Where a condition holds, and where it has no value.
    #[inline(always)]
    pub(super) fn flag(&mut self, tape: &Tape, lanes: Mask, k: u32) -> (Mask, Mask) {
        match tape.output {
            Output::Flag => {
                let values = &self.model.values;
                let mut answer = Answering { values, settle: self.settle, watch: self.watch, turn: self.turn, k };
                self.bank.condition(self.wide, tape, lanes, &mut answer)
            }
            Output::Number(_) | Output::Constant(_) => (0, lanes),
        }
    }

    /// The value of a tape in these lanes.
    #[inline(always)]
    pub(super) fn number(&mut self, tape: &Tape, lanes: Mask, k: u32) -> Slot {
        match tape.output {
            Output::Number(column) => {
                if !tape.ops.is_empty() && !self.bank.sum(self.wide, tape) {
                    self.tape(tape, lanes, k);
                }
                Slot::Column(column)
            }
            Output::Constant(value) => Slot::Constant(value),
            Output::Flag => Slot::Constant(f64::NAN),
        }
    }

    /// Fills the columns of a tape. One copy of this code is enough for all that ask.
    #[inline(always)]
    fn tape(&mut self, tape: &Tape, lanes: Mask, k: u32) {
        let values = &self.model.values;
        let mut answer = Answering { values, settle: self.settle, watch: self.watch, turn: self.turn, k };
        let bank = &mut *self.bank;
        let wide = self.wide;
        wide.run(
            #[inline(always)]
            move || bank.run(wide, tape, lanes, &mut answer),
        );
    }

    /// The value of a tape that must have one: lanes without fail, and are taken out of `lanes`.
    #[inline(always)]
    pub(super) fn defined(&mut self, tape: &Tape, place: u32, lanes: &mut Mask) -> Slot {
        let slot = self.number(tape, *lanes, 0);
        let undefined = match slot {
            Slot::Column(_) if !tape.range.nan => 0,
            _ => slot.which(self.bank, *lanes, f64::is_nan),
        };
        self.fail(place, Reason::NotANumber, undefined);
        *lanes &= !undefined;
        slot
    }

    /// The lanes whose number compares so with a constant; those that nobody asks about are anything.
    #[inline(always)]
    pub(super) fn compared(&self, slot: Slot, comparison: Comparison, with: f64) -> Mask {
        match slot {
            Slot::Constant(value) if comparison.holds(value, with) => Mask::MAX,
            Slot::Constant(_) => 0,
            Slot::Column(column) => compare(self.wide, comparison, &self.bank.numbers[column as usize], with),
        }
    }

    #[inline(always)]
    pub(super) fn fail(&mut self, place: u32, reason: Reason, lanes: Mask) {
        if lanes != 0 {
            self.failed(place, reason, lanes);
        }
    }

    #[cold]
    #[inline(never)]
    fn failed(&mut self, place: u32, reason: Reason, lanes: Mask) {
        self.active &= !lanes;
        self.watch.failed(self.turn, place, reason, lanes);
    }

    /// What a column holds, flags as 0 and 1.
    pub(super) fn cell(&self, cell: Cell) -> Lanes {
        match cell {
            Cell::Number(column) => *self.bank.numbers[column as usize],
            Cell::Flag(column) => {
                let flags = self.bank.flags[column as usize];
                let mut values = [0.0; LANES];
                lanes(flags).for_each(|lane| values[lane] = 1.0);
                values
            }
        }
    }
}

/// Where a number stands: until the next tape is run, if in a column of the tape's own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Slot {
    Constant(f64),
    Column(u32),
}

impl Slot {
    #[inline(always)]
    pub fn view(self, bank: &Bank) -> Value<'_> {
        match self {
            Slot::Constant(value) => Value::Constant(value),
            Slot::Column(column) => Value::Lanes(&bank.numbers[column as usize]),
        }
    }

    #[inline(always)]
    pub fn lanes(self, bank: &Bank) -> Lanes {
        match self {
            Slot::Constant(value) => [value; LANES],
            Slot::Column(column) => *bank.numbers[column as usize],
        }
    }

    /// The lanes of the mask whose value has a property.
    #[inline(always)]
    pub fn which(self, bank: &Bank, mask: Mask, property: impl Fn(f64) -> bool) -> Mask {
        match self {
            Slot::Constant(value) if property(value) => mask,
            Slot::Constant(_) => 0,
            Slot::Column(column) => which(&bank.numbers[column as usize], mask, property),
        }
    }
}
