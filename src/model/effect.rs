//! Assignments: what an effect changes and within which bounds, and those that need no tape.

use crate::expression::{Assign, Binary, Op, Output, Tape};
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
    /// Numbers become what follows from themselves alone.
    Updates(Vec<Update>),
}

/// A flag is set or cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetFlag {
    pub column: u32,
    pub value: bool,
}

/// What becomes of a number x: x · factor + term, at least `least` and at most `most`, and then held to the bounds
/// `min` and `max` of its variable, which are finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Update {
    pub column: u32,
    pub variable: u32,
    pub factor: f64,
    pub term: f64,
    pub least: f64,
    pub most: f64,
    pub min: f64,
    pub max: f64,
    /// Whether it can get below its lower bound, and above its upper.
    pub falls: bool,
    pub rises: bool,
    /// Whether it does no more than add.
    pub is_sum: bool,
}

impl Effects {
    /// How these effects are made together: flags and numbers do not touch one another.
    pub fn new(list: Vec<Effect>) -> Self {
        let (mut parts, mut updates) = (Vec::new(), Vec::new());
        for (index, effect) in list.iter().enumerate() {
            match (Update::of(effect), set_flag(effect)) {
                (Some(update), _) => updates.push(update),
                (_, Some(flag)) => parts.push(flag),
                _ => {
                    close(&mut parts, &mut updates);
                    parts.push(Part::Tape(index));
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

fn close(parts: &mut Vec<Part>, updates: &mut Vec<Update>) {
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

impl Update {
    /// What an effect does to its number, if it can be said so.
    fn of(effect: &Effect) -> Option<Self> {
        let Target::Number { column, min, max, fails: false, variable } = effect.target else { return None };
        let (least, most) = (f64::NEG_INFINITY, f64::INFINITY);
        let update = Self {
            column,
            variable,
            factor: 1.0,
            term: 0.0,
            least,
            most,
            min,
            max,
            falls: true,
            rises: true,
            is_sum: false,
        };
        let update = match (effect.value.output, effect.op) {
            (Output::Constant(value), Assign::Set) => Self { least: value, most: value, ..update },
            (Output::Constant(value), Assign::Add) => Self { term: value, ..update },
            (Output::Constant(value), Assign::Subtract) => Self { term: -value, ..update },
            (Output::Constant(value), Assign::Multiply) => Self { factor: value, ..update },
            (Output::Number(_), Assign::Set) => update.by_tape(&effect.value)?,
            _ => return None,
        };
        // −0 is not told from 0, and must not be left behind.
        let update = Self { min: min + 0.0, max: max + 0.0, term: update.term + 0.0, ..update };
        let finite = [min, max, update.factor, update.term].iter().all(|number| number.is_finite());
        let held = !update.least.is_nan() && !update.most.is_nan();
        (finite && held).then(|| update.looked_at())
    }

    /// A tape of one operation on the number itself.
    fn by_tape(self, tape: &Tape) -> Option<Self> {
        match (&tape.ops[..], &tape.multiples[..]) {
            ([Op::Scalar { function: Binary::Max, a, b, .. }], _) if *a == self.column => {
                Some(Self { least: *b, ..self })
            }
            ([Op::Scalar { function: Binary::Min, a, b, .. }], _) if *a == self.column => {
                Some(Self { most: *b, ..self })
            }
            ([Op::Sum { start, .. }], [multiple]) if multiple.column == self.column => {
                Some(Self { factor: multiple.factor, term: *start, ..self })
            }
            _ => None,
        }
    }

    /// Knows which bounds it can pass: it rises or falls with x, so the extremes are where x is extreme.
    fn looked_at(self) -> Self {
        let ends = [self.before_bounds(self.min), self.before_bounds(self.max)];
        let (falls, rises) = (ends.iter().any(|end| *end < self.min), ends.iter().any(|end| *end > self.max));
        let is_sum = self.factor == 1.0 && self.least == f64::NEG_INFINITY && self.most == f64::INFINITY;
        Self { falls, rises, is_sum, ..self }
    }

    /// What becomes of x before it is held to the variable's bounds.
    #[inline(always)]
    pub fn before_bounds(&self, x: f64) -> f64 {
        held(x * self.factor + self.term, self.least, self.most) + 0.0
    }
}

/// A number held between two bounds; without a value it stays so.
#[inline(always)]
pub fn held(x: f64, min: f64, max: f64) -> f64 {
    let x = if x < min { min } else { x };
    if x > max { max } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::Interval;

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

    fn update(effect: Effect) -> Update {
        match Effects::new(vec![effect]).parts() {
            [Part::Updates(updates)] => updates[0],
            parts => panic!("{parts:?}"),
        }
    }

    #[test]
    fn effects_on_a_number_alone_need_no_tape() {
        let unit = (0.0, 1.0);
        let more = update(effect(Assign::Add, constant(0.1), unit, false));
        assert_eq!((more.before_bounds(0.5), more.falls, more.rises), (0.6, false, true));
        let less = update(effect(Assign::Subtract, constant(0.1), unit, false));
        assert_eq!((less.before_bounds(0.5), less.falls, less.rises), (0.4, true, false));
        let half = update(effect(Assign::Multiply, constant(0.5), unit, false));
        assert_eq!((half.before_bounds(0.5), half.falls, half.rises), (0.25, false, false));
        let set = update(effect(Assign::Set, constant(7.0), unit, false));
        assert_eq!((set.before_bounds(0.5), set.falls, set.rises), (7.0, false, true));
        let raise = vec![Op::Scalar { to: 9, function: Binary::Max, a: 3, b: 0.75 }];
        let raise = update(effect(Assign::Set, tape(raise, Output::Number(9)), unit, false));
        assert_eq!((raise.before_bounds(0.5), raise.before_bounds(0.9), raise.rises), (0.75, 0.9, false));
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
