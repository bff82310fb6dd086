//! What each part of a turn reads and overwrites, in the order of happening.

use super::column::{Cell, Copy};
use super::compiled::Model;
use super::effect::{Effect, EffectsId, Target};
use super::rule::{Body, Branch, Landing, Observer, Rule, Transfer};
use super::step::Step;
use crate::expression::{Assign, Operand, Tape};

/// Something that a step does with columns of the state. What bookkeeping changes in place (a count, a stamp, a
/// maximum) is neither: the column matters before if and only if it matters after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Read(Cell),
    /// Every lane gets a new value, whatever stood there.
    Overwrite(Cell),
    Copy {
        from: Cell,
        to: Cell,
    },
}

/// What is wanted beyond outcomes, failures, metrics and firings; each may multiply the states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// First passages of milestones.
    pub milestones: bool,
    /// The highest rung of the turn and of the whole.
    pub rungs: bool,
    /// Scores: the points collected so far are part of the state.
    pub scores: bool,
}

impl Wanted {
    /// What every question needs.
    pub const LEAST: Wanted = Wanted { milestones: false, rungs: false, scores: false };
}

/// The uses of one step in one turn, in order.
pub fn of(model: &Model, step: Step, turn: u32, wanted: Wanted) -> Vec<Use> {
    let mut uses = Uses { model, list: Vec::new() };
    match step {
        Step::Latch => {
            uses.copies(&model.latches);
            uses.copies(&model.resets);
        }
        Step::Landing(index) => uses.landing(&model.landings[index], turn),
        Step::Inject(index) => uses.rule(&model.injects[index], turn),
        Step::Dynamic(index) => model.effects[model.dynamics[index].effects].iter().for_each(|effect| {
            uses.effect(effect);
            if effect.op == Assign::Set {
                uses.list.push(Use::Overwrite(cell(&effect.target)));
            }
        }),
        Step::Snapshot => uses.copies(&model.snapshot),
        Step::Trigger(index) => uses.rule(&model.triggers[index], turn),
        Step::Measure => uses.measure(wanted),
    }
    uses.list
}

/// Whether anything happens in a step of this turn that could depend on an answer.
pub fn asks(model: &Model, step: Step, turn: u32) -> bool {
    match step {
        Step::Latch | Step::Snapshot | Step::Measure => false,
        Step::Landing(index) => match &model.landings[index] {
            Landing::Effects { effects, .. } => effects_ask(model, *effects),
            Landing::Goods { .. } => false,
        },
        Step::Dynamic(index) => effects_ask(model, model.dynamics[index].effects),
        Step::Inject(index) => is_due(&model.injects[index], turn) && rule_asks(model, &model.injects[index]),
        Step::Trigger(index) => is_due(&model.triggers[index], turn) && rule_asks(model, &model.triggers[index]),
    }
}

/// Whether a step can do anything at all in this turn.
pub fn is_idle(model: &Model, step: Step, turn: u32) -> bool {
    match step {
        Step::Latch => model.latches.is_empty() && model.resets.is_empty(),
        Step::Snapshot => model.snapshot.is_empty(),
        Step::Inject(index) => !is_due(&model.injects[index], turn),
        Step::Trigger(index) => !is_due(&model.triggers[index], turn),
        Step::Landing(_) | Step::Dynamic(_) | Step::Measure => false,
    }
}

fn is_due(rule: &Rule, turn: u32) -> bool {
    rule.due.as_ref().is_none_or(|turns| turns.binary_search(&turn).is_ok())
}

fn effects_ask(model: &Model, effects: EffectsId) -> bool {
    model.effects[effects].iter().any(|effect| effect.value.asks())
}

fn rule_asks(model: &Model, rule: &Rule) -> bool {
    let branch = |branch: &Branch| {
        !branch.observers.is_empty()
            || branch.delay.as_ref().is_some_and(|delay| delay.most > delay.least)
            || effects_ask(model, branch.effects)
    };
    rule.chance.is_some()
        || match &rule.body {
            Body::Plain(plain) => branch(plain),
            Body::Decision { .. } | Body::Commitment { .. } => true,
            Body::Transfer(transfer) => {
                !transfer.observers.is_empty()
                    || transfer.amount.asks()
                    || transfer.loss.as_ref().is_some_and(|loss| loss.value.asks())
            }
        }
}

fn cell(target: &Target) -> Cell {
    match *target {
        Target::Number { column, .. } => Cell::Number(column),
        Target::Flag { column, .. } => Cell::Flag(column),
    }
}

struct Uses<'m> {
    model: &'m Model,
    list: Vec<Use>,
}

impl Uses<'_> {
    fn read(&mut self, cell: Cell) {
        self.list.push(Use::Read(cell));
    }

    fn tape(&mut self, tape: &Tape) {
        let base = self.model.base;
        let list = &mut self.list;
        tape.reads(|operand| match operand {
            Operand::Number(column) if column < base.numbers => list.push(Use::Read(Cell::Number(column))),
            Operand::Flag(column) if column < base.flags => list.push(Use::Read(Cell::Flag(column))),
            _ => {}
        });
    }

    fn copies(&mut self, copies: &[Copy]) {
        self.list.extend(copies.iter().map(|copy| match *copy {
            Copy::Number { from, to } => Use::Copy { from: Cell::Number(from), to: Cell::Number(to) },
            Copy::Flag { from, to } => Use::Copy { from: Cell::Flag(from), to: Cell::Flag(to) },
        }));
    }

    fn effects(&mut self, effects: EffectsId) {
        self.model.effects[effects].iter().for_each(|effect| self.effect(effect));
    }

    /// An assignment; what it starts from is read if the result could fail.
    fn effect(&mut self, effect: &Effect) {
        self.tape(&effect.value);
        let may_fail = effect.op == Assign::Multiply || matches!(effect.target, Target::Number { fails: true, .. });
        if effect.op != Assign::Set && may_fail {
            self.read(cell(&effect.target));
        }
    }

    /// A stock to which goods are added.
    fn receiver(&mut self, to: &Target) {
        if matches!(to, Target::Number { fails: true, .. }) {
            self.read(cell(to));
        }
    }

    fn landing(&mut self, landing: &Landing, turn: u32) {
        match landing {
            Landing::Effects { ring, effects, .. } => {
                let due = Cell::Number(ring[turn as usize % ring.len()]);
                self.read(due);
                self.effects(*effects);
                self.list.push(Use::Overwrite(due));
            }
            Landing::Goods { goods, due, to, .. } => {
                let slot = turn as usize % due.len();
                let cells = [Cell::Number(goods[slot]), Cell::Flag(due[slot])];
                cells.iter().for_each(|cell| self.read(*cell));
                self.receiver(to);
                self.list.extend(cells.map(Use::Overwrite));
            }
        }
    }

    fn rule(&mut self, rule: &Rule, turn: u32) {
        if !is_due(rule, turn) {
            return;
        }
        rule.guard.iter().for_each(|guard| self.tape(&guard.tape));
        rule.chance.iter().for_each(|chance| self.tape(&chance.value));
        match &rule.body {
            Body::Plain(branch) => self.branch(branch),
            Body::Decision { weights, branches, .. } => {
                weights.iter().for_each(|weight| self.tape(&weight.value));
                branches.iter().for_each(|branch| self.branch(branch));
            }
            Body::Commitment { chance, honour, breach } => {
                self.tape(&chance.value);
                self.branch(honour);
                self.branch(breach);
            }
            Body::Transfer(transfer) => self.transfer(transfer),
        }
    }

    fn branch(&mut self, branch: &Branch) {
        self.observers(&branch.observers);
        self.effects(branch.effects);
    }

    fn observers(&mut self, observers: &[Observer]) {
        observers.iter().for_each(|observer| self.tape(&observer.chance.value));
    }

    fn transfer(&mut self, transfer: &Transfer) {
        self.tape(&transfer.amount);
        transfer.loss.iter().for_each(|loss| self.tape(&loss.value));
        self.observers(&transfer.observers);
        transfer.from.iter().for_each(|from| self.read(cell(from)));
        self.receiver(&transfer.to);
    }

    fn measure(&mut self, wanted: Wanted) {
        let model = self.model;
        model.metrics.iter().for_each(|metric| self.tape(&metric.value));
        for milestone in &model.milestones {
            self.tape(&milestone.test.tape);
            self.read(Cell::Flag(milestone.passed));
        }
        model.outcomes.iter().for_each(|outcome| self.tape(&outcome.tape));
        if let Some(ladder) = model.ladder.filter(|_| wanted.rungs) {
            self.read(Cell::Number(ladder.rung));
            self.read(Cell::Number(ladder.peak));
        }
        if wanted.scores {
            model.scores.iter().for_each(|score| self.read(Cell::Number(score.column)));
        }
    }
}
