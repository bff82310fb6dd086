//! Assignments: what an effect changes and within which bounds, and lists of them.

use crate::expression::{Arithmetic, Assign, Interval, Tape};
use std::ops::Index;

/// An assignment.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    pub target: Target,
    pub op: Assign,
    pub value: Tape,
    pub place: u32,
}

/// What an assignment changes, and within which bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    Number { column: u32, min: f64, max: f64, fails: bool, variable: u32 },
    Flag { column: u32, variable: u32 },
}

impl Target {
    /// The index of the variable in the labels.
    pub fn variable(&self) -> u32 {
        match self {
            Target::Number { variable, .. } | Target::Flag { variable, .. } => *variable,
        }
    }
}

impl Effect {
    /// Whether its number stops at its bounds, and they tell which one it stopped at.
    #[inline(always)]
    pub fn stops(&self) -> bool {
        matches!(self.target, Target::Number { min, max, fails: false, .. } if min < max)
    }

    /// Between which bounds its number may lie before it is held to its own, and whether it may have no value.
    #[inline(always)]
    pub fn range(&self) -> Interval {
        let Target::Number { min, max, .. } = self.target else { return Interval::UNIT };
        let op = match self.op {
            Assign::Set => return self.value.range,
            Assign::Add => Arithmetic::Add,
            Assign::Subtract => Arithmetic::Subtract,
            Assign::Multiply => Arithmetic::Multiply,
        };
        Interval::new(min, max).arithmetic(op, self.value.range)
    }
}

/// All lists of effects of a model. Those of one list are made one after the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EffectLists(Vec<Vec<Effect>>);

/// The place of a list among [`EffectLists`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EffectsId(u32);

impl EffectLists {
    /// Adds a list.
    pub fn push(&mut self, effects: Vec<Effect>) -> EffectsId {
        self.0.push(effects);
        EffectsId(self.0.len() as u32 - 1)
    }

    /// All effects, to be changed in place.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Effect> {
        self.0.iter_mut().flatten()
    }

    /// The lists, in order of their places.
    pub fn iter(&self) -> impl Iterator<Item = &[Effect]> {
        self.0.iter().map(Vec::as_slice)
    }
}

impl EffectsId {
    /// The place as a number, for what is kept by list elsewhere.
    #[inline(always)]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl Index<EffectsId> for EffectLists {
    type Output = [Effect];

    #[inline(always)]
    fn index(&self, id: EffectsId) -> &[Effect] {
        &self.0[id.index()]
    }
}
