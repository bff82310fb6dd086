//! Assignments: what an effect changes and within which bounds, and how several are made together.

use super::affine::Affine;
use super::clamped_add::ClampedAdd;
use super::extremum::RunningExtremum;
use crate::expression::{Arithmetic, Assign, Interval, Op, Output, Tape};
use std::ops::Deref;

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

/// Assignments, made one after the other; and how they are made where nobody looks at each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effects {
    list: Vec<Effect>,
    parts: Vec<Part>,
}

/// One or several effects in a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// The effect at this place in the list, by its tape.
    Tape(usize),
    Flag(SetFlag),
    Affine(Affine),
    RunningExtremum(RunningExtremum),
    /// Numbers become what follows from themselves alone.
    Updates(Vec<ClampedAdd>),
}

/// A flag is set or cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetFlag {
    pub column: u32,
    pub value: bool,
}

impl Effects {
    /// How these effects are made together: flags and numbers do not touch one another.
    pub fn new(list: Vec<Effect>) -> Self {
        let (mut parts, mut updates) = (Vec::new(), Vec::new());
        for (index, effect) in list.iter().enumerate() {
            match (ClampedAdd::of(effect), set_flag(effect)) {
                (Some(update), _) => updates.push(update),
                (_, Some(flag)) => parts.push(flag),
                _ => {
                    close(&mut parts, &mut updates);
                    let extreme = || RunningExtremum::of(effect).map(Part::RunningExtremum);
                    parts.push(Affine::of(effect).map(Part::Affine).or_else(extreme).unwrap_or(Part::Tape(index)));
                }
            }
        }
        close(&mut parts, &mut updates);
        Self { list, parts }
    }

    /// The same, put together as far as they can be.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }
}

fn close(parts: &mut Vec<Part>, updates: &mut Vec<ClampedAdd>) {
    if !updates.is_empty() {
        parts.push(Part::Updates(std::mem::take(updates)));
    }
}

impl Deref for Effects {
    type Target = [Effect];

    fn deref(&self) -> &[Effect] {
        &self.list
    }
}

fn set_flag(effect: &Effect) -> Option<Part> {
    let Target::Flag { column, .. } = effect.target else { return None };
    let value = match (effect.value.output, &effect.value.ops[..]) {
        (Output::Flag, []) => true,
        (Output::Flag, [Op::Never { .. }]) => false,
        _ => return None,
    };
    Some(Part::Flag(SetFlag { column, value }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::Binary;

    fn tape(ops: Vec<Op>, output: Output) -> Tape {
        let range = Interval::ALL;
        Tape { ops, multiples: Vec::new(), arguments: Vec::new(), output, range, numbers: 1, flags: 0 }
    }

    fn effect(op: Assign, value: Tape, (min, max): (f64, f64), fails: bool) -> Effect {
        Effect { target: Target::Number { column: 3, min, max, fails, variable: 0 }, op, value, place: 0 }
    }

    fn constant(value: f64) -> Tape {
        tape(Vec::new(), Output::Constant(value))
    }

    #[test]
    fn others_keep_their_tapes() {
        let other = vec![Op::Scalar { to: 9, function: Binary::Max, a: 4, b: 0.75 }];
        for effect in [
            effect(Assign::Add, constant(0.1), (0.0, 1.0), true),
            effect(Assign::Add, constant(0.1), (0.0, f64::INFINITY), false),
            effect(Assign::Set, constant(f64::NAN), (0.0, 1.0), false),
            effect(Assign::Set, tape(other, Output::Number(9)), (0.0, 1.0), false),
        ] {
            assert_eq!(Effects::new(vec![effect]).parts(), [Part::Tape(0)]);
        }
    }

    #[test]
    fn a_tape_in_between_keeps_the_order() {
        let add = || effect(Assign::Add, constant(0.1), (0.0, 1.0), false);
        let failing = effect(Assign::Add, constant(0.1), (0.0, 1.0), true);
        let effects = Effects::new(vec![add(), add(), failing, add()]);
        assert!(matches!(effects.parts(), [Part::Updates(two), Part::Tape(2), Part::Updates(_)] if two.len() == 2));
        assert_eq!(effects.len(), 4);
    }
}
