//! The turn loop: what a turn means, for 64 replications at a time.

use super::program::Program;
use super::settle::Settle;
use super::state::Play;
use super::watch::Watch;
use crate::expression::{Bank, LANES, Mask, lanes, store};
use crate::model::{ClaimValue, Copy, Step};
use crate::simd::{Portable, Simd};

/// Runs the lanes of a block to their ends.
pub fn run<S: Settle, W: Watch>(program: &Program<'_>, bank: &mut Bank, active: Mask, settle: &mut S, watch: &mut W) {
    run_with(Portable::new(), program, bank, active, settle, watch);
}

/// Runs the lanes of a block to their ends with wide instructions.
#[inline(always)]
pub fn run_with<S: Settle, W: Watch, X: Simd>(
    wide: X,
    program: &Program<'_>,
    bank: &mut Bank,
    active: Mask,
    settle: &mut S,
    watch: &mut W,
) {
    let mut play = Play::with(wide, program, bank, settle, watch);
    play.start(active);
    while play.turn < play.model.turns && play.active != 0 {
        play.next_turn();
    }
}

impl<S: Settle, W: Watch, X: Simd> Play<'_, S, W, X> {
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

    /// Plays the next turn: by the program's plan, or part by part where somebody looks at each assignment.
    #[inline(always)]
    pub fn next_turn(&mut self) {
        self.resume(self.turn + 1, self.active);
        self.watch.turn(self.turn, self.active);
        if self.watch.wants_assignments() {
            self.program.steps().iter().for_each(|step| self.step(*step));
        } else {
            self.planned(
                #[inline(always)]
                |play, step| play.step(step),
            );
        }
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
            Step::Dynamic(index) => self.effects(model.dynamics[index].effects, self.active, 0),
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
                ClaimValue::Share(tape) => self.flag(tape, ending, 0).0,
                ClaimValue::Mean(_) => ending,
            };
            self.watch.claimed(index as u32, ending, holds);
        }
        self.watch.ended(self.turn, outcome as u32, ending);
        self.active &= !ending;
    }
}
