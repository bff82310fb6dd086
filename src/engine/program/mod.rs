//! How a model is played: the instructions that do what its effects say, and the plan by which a turn is gone through.
//!
//! - [`Program`]: a model with all of this
//! - `affine`, `clamped_add`, `extremum`: assignments that need no tape; `select`: which effects are such
//! - `plan`: the parts of a turn in order, plain triggers side by side

mod affine;
mod clamped_add;
mod extremum;
mod plan;
mod select;

pub(super) use affine::Affine;
pub(super) use clamped_add::ClampedAdd;
pub use clamped_add::held;
pub(super) use extremum::RunningExtremum;
pub(super) use plan::{Action, Guard, Lists, Planned, Share, Trigger};
pub(super) use select::{Instruction, SetFlag};

use crate::expression::{Bank, Column};
use crate::model::{Body, EffectsId, Model, Step};
use plan::Plan;
use select::select;
use std::borrow::Cow;

/// A model, and how it is played. It is quickly made: what takes time is to compile the model.
#[derive(Debug)]
pub struct Program<'m> {
    model: Cow<'m, Model>,
    /// What each list of effects does, by its place.
    code: Vec<Vec<Instruction>>,
    steps: Vec<Step>,
    plan: Plan,
}

impl Program<'static> {
    /// The program of a model that it keeps.
    pub fn owned(model: Model) -> Self {
        Self::of(Cow::Owned(model))
    }
}

impl<'m> Program<'m> {
    /// The program of a model that somebody else keeps.
    pub fn new(model: &'m Model) -> Self {
        Self::of(Cow::Borrowed(model))
    }

    fn of(model: Cow<'m, Model>) -> Self {
        let code: Vec<Vec<Instruction>> = model.effects.iter().map(select).collect();
        let (steps, plan) = (model.steps(), Plan::new(&model, &code));
        Self { model, code, steps, plan }
    }

    #[inline(always)]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The parts of every turn after turn 0, in order.
    #[inline(always)]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Room for the state of a block, for the tapes' columns, and for the options of a decision.
    pub fn bank(&self) -> Bank {
        let rules = self.model.triggers.iter().chain(&self.model.injects);
        let options = rules.map(|rule| match &rule.body {
            Body::Decision { branches, .. } => branches.len(),
            _ => 0,
        });
        let options = options.max().unwrap_or(0);
        let (numbers, flags) = self.beyond();
        Bank { numbers: vec![Column::ZERO; numbers + options], flags: vec![0; flags + options] }
    }

    /// How many columns of numbers and of flags there are for the state and for tapes.
    #[inline(always)]
    pub(super) fn beyond(&self) -> (usize, usize) {
        let (base, scratch) = (self.model.base, self.model.scratch);
        ((base.numbers + scratch.numbers) as usize, (base.flags + scratch.flags) as usize)
    }

    /// The instructions of a list of effects.
    #[inline(always)]
    pub(super) fn code(&self, effects: EffectsId) -> &[Instruction] {
        &self.code[effects.index()]
    }

    #[inline(always)]
    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }
}
