//! The turn loop: what a turn means, for 64 replications at a time.

use super::settle::{Answering, Settle};
use super::watch::Watch;
use crate::expression::{Bank, LANES, Lanes, Mask, Tape, Value, lanes};
use crate::model::{Cell, ClaimValue, Copy, Model, TURN, Test};
use crate::results::Reason;

/// A block of replications on its way through the turns. All that they carry from one turn to the next stands in the
/// bank's first columns, so lanes can be taken out, kept, copied and put back between any two steps.
pub struct Run<'m, S, W> {
    pub(super) model: &'m Model,
    pub(super) bank: &'m mut Bank,
    pub(super) settle: &'m mut S,
    pub(super) watch: &'m mut W,
    /// The lanes that have not ended and not failed.
    pub(super) active: Mask,
    pub(super) turn: u32,
}

/// One part of a turn, in which nothing else happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// `prev` is latched, and what returns to its initial value does.
    Latch,
    Landing(usize),
    Inject(usize),
    Dynamic(usize),
    /// What triggers read, where all play at once.
    Snapshot,
    Trigger(usize),
    /// Metrics, milestones and outcomes.
    Measure,
}

impl Model {
    /// Room for the state of a block and for the tapes' columns.
    pub fn bank(&self) -> Bank {
        Bank {
            numbers: vec![[0.0; LANES]; (self.base.numbers + self.scratch.numbers) as usize],
            flags: vec![0; (self.base.flags + self.scratch.flags) as usize],
        }
    }

    /// The parts of every turn after turn 0, in order.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = vec![Step::Latch];
        steps.extend((0..self.landings.len()).map(Step::Landing));
        steps.extend((0..self.injects.len()).map(Step::Inject));
        steps.extend((0..self.dynamics.len()).map(Step::Dynamic));
        steps.push(Step::Snapshot);
        steps.extend((0..self.triggers.len()).map(Step::Trigger));
        steps.push(Step::Measure);
        steps
    }
}

/// Runs the lanes of a block to their ends.
pub fn run<S: Settle, W: Watch>(model: &Model, bank: &mut Bank, active: Mask, settle: &mut S, watch: &mut W) {
    let steps = model.steps();
    let mut run = Run::new(model, bank, settle, watch);
    run.start(active);
    while run.turn < model.turns && run.active != 0 {
        run.next_turn();
        for step in &steps {
            run.step(*step);
        }
    }
}

impl<'m, S: Settle, W: Watch> Run<'m, S, W> {
    /// A block in which no lane is active yet: `start` or `resume` it.
    pub fn new(model: &'m Model, bank: &'m mut Bank, settle: &'m mut S, watch: &'m mut W) -> Self {
        Self { model, bank, settle, watch, active: 0, turn: 0 }
    }

    /// Goes on in these lanes where their state in the bank left off: in this turn, before the next step.
    pub fn resume(&mut self, turn: u32, active: Mask) {
        self.turn = turn;
        self.bank.numbers[TURN as usize] = [f64::from(turn); LANES];
        self.active = active;
    }

    /// The lanes that have not ended and not failed.
    pub fn active(&self) -> Mask {
        self.active
    }

    /// Turn 0 in these lanes: the initial state.
    pub fn start(&mut self, active: Mask) {
        self.resume(0, active);
        let model = self.model;
        for (column, value) in self.bank.numbers.iter_mut().zip(&model.numbers) {
            *column = [*value; LANES];
        }
        for (column, value) in self.bank.flags.iter_mut().zip(&model.flags) {
            *column = if *value { Mask::MAX } else { 0 };
        }
        self.watch.turn(0, self.active);
        for effect in &model.start {
            self.effect(effect, self.active, 0);
        }
        self.copy(&model.initials);
        self.copy(&model.latches);
        self.measure();
    }

    /// Begins the next turn; all of `Model::steps` follow.
    pub fn next_turn(&mut self) {
        self.resume(self.turn + 1, self.active);
        self.watch.turn(self.turn, self.active);
    }

    /// Does one part of a turn.
    pub fn step(&mut self, step: Step) {
        let model = self.model;
        match step {
            Step::Latch => {
                self.copy(&model.latches);
                self.copy(&model.resets);
            }
            Step::Landing(index) => self.landing(&model.landings[index]),
            Step::Inject(index) => self.rule(&model.injects[index]),
            Step::Dynamic(index) => {
                for effect in &model.dynamics[index].effects {
                    self.effect(effect, self.active, 0);
                }
            }
            Step::Snapshot => self.copy(&model.snapshot),
            Step::Trigger(index) => self.rule(&model.triggers[index]),
            Step::Measure => self.measure(),
        }
    }

    /// Copies whole columns; the lanes that have ended keep what they had.
    fn copy(&mut self, copies: &[Copy]) {
        for copy in copies {
            match *copy {
                Copy::Number { from, to } => {
                    let from = self.bank.numbers[from as usize];
                    self.store(to, self.active, &from);
                }
                Copy::Flag { from, to } => {
                    let from = self.bank.flags[from as usize];
                    let to = &mut self.bank.flags[to as usize];
                    *to = (*to & !self.active) | (from & self.active);
                }
            }
        }
    }

    fn measure(&mut self) {
        let model = self.model;
        for (index, metric) in model.metrics.iter().enumerate() {
            let values = self.number(&metric.value, self.active, 0);
            let values = self.defined(values, metric.place, &mut { self.active });
            self.watch.measured(index as u32, self.active, values.view());
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

    fn end(&mut self, outcome: usize, ending: Mask) {
        if ending == 0 {
            return;
        }
        self.store(crate::model::OUTCOME, ending, &[outcome as f64; LANES]);
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
    pub(super) fn test(&mut self, test: &Test, lanes: Mask) -> Mask {
        if lanes == 0 {
            return 0;
        }
        let (holds, undefined) = self.flag(&test.tape, lanes);
        self.fail(test.place, Reason::NotANumber, undefined);
        holds
    }

    fn flag(&mut self, tape: &Tape, lanes: Mask) -> (Mask, Mask) {
        self.flag_k(tape, lanes, 0)
    }

    /// Where a condition holds, and where it has no value.
    pub(super) fn flag_k(&mut self, tape: &Tape, lanes: Mask, k: u32) -> (Mask, Mask) {
        let mut answer =
            Answering { values: &self.model.values, settle: self.settle, watch: self.watch, turn: self.turn, k };
        self.bank.flag(tape, lanes, &mut answer)
    }

    /// The value of a tape in these lanes.
    pub(super) fn number(&mut self, tape: &Tape, lanes: Mask, k: u32) -> Values {
        let mut answer =
            Answering { values: &self.model.values, settle: self.settle, watch: self.watch, turn: self.turn, k };
        match self.bank.number(tape, lanes, &mut answer) {
            Value::Constant(value) => Values::Constant(value),
            Value::Lanes(values) => Values::Lanes(*values),
        }
    }

    /// Fails the lanes in which there is no value, and takes them out of `lanes`.
    pub(super) fn defined(&mut self, values: Values, place: u32, lanes: &mut Mask) -> Values {
        let undefined = *lanes & values.which(f64::is_nan);
        self.fail(place, Reason::NotANumber, undefined);
        *lanes &= !undefined;
        values
    }

    pub(super) fn fail(&mut self, place: u32, reason: Reason, lanes: Mask) {
        if lanes != 0 {
            self.active &= !lanes;
            self.watch.failed(self.turn, place, reason, lanes);
        }
    }

    /// Writes the values into the lanes of a column; −0 becomes 0.
    pub(super) fn store(&mut self, column: u32, mask: Mask, values: &Lanes) {
        let column = &mut self.bank.numbers[column as usize];
        for lane in 0..LANES {
            column[lane] = if mask >> lane & 1 == 1 { values[lane] + 0.0 } else { column[lane] };
        }
    }

    /// What a column holds, flags as 0 and 1.
    pub(super) fn cell(&self, cell: Cell) -> Lanes {
        match cell {
            Cell::Number(column) => self.bank.numbers[column as usize],
            Cell::Flag(column) => {
                let flags = self.bank.flags[column as usize];
                let mut values = [0.0; LANES];
                lanes(flags).for_each(|lane| values[lane] = 1.0);
                values
            }
        }
    }
}

/// Values of a tape, taken out of the bank: on the stack, for a moment.
#[allow(clippy::large_enum_variant)]
pub(super) enum Values {
    Constant(f64),
    Lanes(Lanes),
}

impl Values {
    pub fn view(&self) -> Value<'_> {
        match self {
            Values::Constant(value) => Value::Constant(*value),
            Values::Lanes(values) => Value::Lanes(values),
        }
    }

    pub fn lanes(&self) -> Lanes {
        match self {
            Values::Constant(value) => [*value; LANES],
            Values::Lanes(values) => *values,
        }
    }

    /// The lanes whose value has a property.
    pub fn which(&self, property: impl Fn(f64) -> bool) -> Mask {
        match self {
            Values::Constant(value) => {
                if property(*value) {
                    Mask::MAX
                } else {
                    0
                }
            }
            Values::Lanes(values) => crate::expression::mask_of(values, property),
        }
    }
}
