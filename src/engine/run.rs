//! The turn loop: what a turn means, for 64 replications at a time.

use super::planned::Plan;
use super::settle::{Answering, Settle};
use super::watch::Watch;
use crate::expression::{
    Bank, Column, Comparison, LANES, Lanes, Mask, Output, Tape, Value, compare, lanes, store, which,
};
use crate::model::{Body, Cell, ClaimValue, Copy, Model, Step, TURN, Test};
use crate::results::Reason;
use crate::simd::{Portable, Simd};

/// A block of replications on its way through the turns. All that they carry from one turn to the next stands in the
/// bank's first columns, so lanes can be taken out, kept, copied and put back between any two steps.
pub struct Play<'m, S, W, X = Portable> {
    pub(super) wide: X,
    pub(super) model: &'m Model,
    pub(super) bank: &'m mut Bank,
    pub(super) settle: &'m mut S,
    pub(super) watch: &'m mut W,
    /// The lanes that have not ended and not failed.
    pub(super) active: Mask,
    pub(super) turn: u32,
}

impl Model {
    /// Room for the state of a block, for the tapes' columns, and for the options of a decision.
    pub fn bank(&self) -> Bank {
        let options = self.triggers.iter().chain(&self.injects).map(|rule| match &rule.body {
            Body::Decision { branches, .. } => branches.len(),
            _ => 0,
        });
        let options = options.max().unwrap_or(0);
        let (numbers, flags) = self.beyond();
        Bank { numbers: vec![Column::ZERO; numbers + options], flags: vec![0; flags + options] }
    }

    /// How many columns there are for the state and for tapes.
    pub(super) fn beyond(&self) -> (usize, usize) {
        let (base, scratch) = (self.base, self.scratch);
        ((base.numbers + scratch.numbers) as usize, (base.flags + scratch.flags) as usize)
    }
}

/// Runs the lanes of a block to their ends.
pub fn run<S: Settle, W: Watch>(model: &Model, bank: &mut Bank, active: Mask, settle: &mut S, watch: &mut W) {
    Play::new(model, bank, settle, watch).play_all(active);
}

/// The same with wide instructions, by a plan of the model.
#[inline(always)]
pub fn run_with<S: Settle, W: Watch, X: Simd>(
    wide: X,
    plan: &Plan,
    model: &Model,
    bank: &mut Bank,
    active: Mask,
    settle: &mut S,
    watch: &mut W,
) {
    if watch.wants_assignments() {
        return Play::with(wide, model, bank, settle, watch).play_all(active);
    }
    Play::with(wide, model, bank, settle, watch).play(
        active,
        #[inline(always)]
        |run| run.planned(plan),
    );
}

impl<'m, S: Settle, W: Watch> Play<'m, S, W> {
    /// A block in which no lane is active yet: `start` or `resume` it.
    pub fn new(model: &'m Model, bank: &'m mut Bank, settle: &'m mut S, watch: &'m mut W) -> Self {
        Self::with(Portable::new(), model, bank, settle, watch)
    }
}

impl<'m, S: Settle, W: Watch, X: Simd> Play<'m, S, W, X> {
    /// The same, played with wide instructions.
    #[inline(always)]
    pub fn with(wide: X, model: &'m Model, bank: &'m mut Bank, settle: &'m mut S, watch: &'m mut W) -> Self {
        Self { wide, model, bank, settle, watch, active: 0, turn: 0 }
    }

    /// From turn 0 to the end, step by step.
    #[inline(always)]
    fn play_all(&mut self, active: Mask) {
        let steps = self.model.steps();
        self.play(
            active,
            #[inline(always)]
            |run| steps.iter().for_each(|step| run.step(*step)),
        );
    }

    /// From turn 0 to the end; `parts` does all parts of a turn.
    #[inline(always)]
    fn play(&mut self, active: Mask, mut parts: impl FnMut(&mut Self)) {
        self.start(active);
        while self.turn < self.model.turns && self.active != 0 {
            self.next_turn();
            parts(self);
        }
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

    /// Turn 0 in these lanes: the initial state.
    pub fn start(&mut self, active: Mask) {
        self.resume(0, active);
        let model = self.model;
        for (column, value) in self.bank.numbers.iter_mut().zip(&model.numbers) {
            **column = [*value; LANES];
        }
        for (column, value) in self.bank.flags.iter_mut().zip(&model.flags) {
            *column = if *value { Mask::MAX } else { 0 };
        }
        self.watch.turn(0, self.active);
        self.each_effect(&model.start, self.active, 0);
        self.copy(&model.initials);
        self.copy(&model.latches);
        self.step(Step::Measure);
    }

    /// Begins the next turn; all of `Model::steps` follow.
    #[inline(always)]
    pub fn next_turn(&mut self) {
        self.resume(self.turn + 1, self.active);
        self.watch.turn(self.turn, self.active);
    }

    /// Does one part of a turn.
    #[inline(always)]
    pub fn step(&mut self, step: Step) {
        let model = self.model;
        match step {
            Step::Latch => {
                self.copy(&model.latches);
                self.copy(&model.resets);
            }
            Step::Landing(index) => self.wide.run(
                #[inline(always)]
                || self.landing(&model.landings[index]),
            ),
            Step::Inject(index) => self.rule(&model.injects[index]),
            Step::Trigger(index) => self.rule(&model.triggers[index]),
            Step::Dynamic(index) => self.effects(&model.dynamics[index].effects, self.active, 0),
            Step::Snapshot => self.copy(&model.snapshot),
            Step::Measure => self.wide.run(
                #[inline(always)]
                || self.measure(),
            ),
        }
    }

    /// Copies whole columns; the lanes that have ended keep what they had.
    #[inline(always)]
    fn copy(&mut self, copies: &[Copy]) {
        for copy in copies {
            match *copy {
                Copy::Number { from, to } => {
                    let from = self.bank.numbers[from as usize];
                    store(self.wide, self.active, &from, &mut self.bank.numbers[to as usize]);
                }
                Copy::Flag { from, to } => {
                    let from = self.bank.flags[from as usize];
                    let to = &mut self.bank.flags[to as usize];
                    *to = (*to & !self.active) | (from & self.active);
                }
            }
        }
    }

    #[inline(always)]
    fn measure(&mut self) {
        let model = self.model;
        for (index, metric) in model.metrics.iter().enumerate() {
            let value = self.defined(&metric.value, metric.place, &mut { self.active });
            self.watch.measured(index as u32, self.active, value.view(self.bank));
        }
        for (index, milestone) in model.milestones.iter().enumerate() {
            let passed = milestone.passed as usize;
            let holds = self.test(&milestone.test, self.active & !self.bank.flags[passed]);
            if holds != 0 {
                self.bank.flags[passed] |= holds;
                self.watch.passed(index as u32, holds);
            }
        }
        for (index, outcome) in model.outcomes.iter().enumerate() {
            let holds = self.test(outcome, self.active);
            self.end(index, holds);
        }
        if self.turn == model.turns {
            self.end(model.outcomes.len(), self.active);
        }
        self.watch.turn_over(self.turn, self.bank);
    }

    #[inline(always)]
    fn end(&mut self, outcome: usize, ending: Mask) {
        if ending == 0 {
            return;
        }
        let ended = &mut self.bank.numbers[crate::model::OUTCOME as usize];
        lanes(ending).for_each(|lane| ended[lane] = outcome as f64);
        for (index, claim) in self.model.claims.iter().enumerate() {
            let holds = match &claim.value {
                ClaimValue::Share(tape) => self.flag(tape, ending).0,
                ClaimValue::Mean(_) => ending,
            };
            self.watch.claimed(index as u32, ending, holds);
        }
        self.watch.ended(self.turn, outcome as u32, ending);
        self.active &= !ending;
    }

    /// The lanes in which a condition holds; those in which it has no value fail.
    #[inline(always)]
    pub(super) fn test(&mut self, test: &Test, lanes: Mask) -> Mask {
        if lanes == 0 {
            return 0;
        }
        let (holds, undefined) = self.flag(&test.tape, lanes);
        self.fail(test.place, Reason::NotANumber, undefined);
        holds
    }

    #[inline(always)]
    fn flag(&mut self, tape: &Tape, lanes: Mask) -> (Mask, Mask) {
        self.flag_k(tape, lanes, 0)
    }

    /// Where a condition holds, and where it has no value.
    #[inline(always)]
    pub(super) fn flag_k(&mut self, tape: &Tape, lanes: Mask, k: u32) -> (Mask, Mask) {
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

    /// The same, where it must have a value: lanes without fail, and are taken out of `lanes`.
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
