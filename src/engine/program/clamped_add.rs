//! Assignments that need no tape: what becomes of a number follows from that number alone.

use crate::engine::watch::{Bound, Stop};
use crate::expression::{Assign, Binary, Op, Output};
use crate::model::{Effect, Target};
use std::cmp::Ordering;

/// What becomes of a number x: x + term, held to the bounds `min` and `max`, which are finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClampedAdd {
    pub term: f64,
    pub min: f64,
    pub max: f64,
    pub column: u32,
    pub stop: Stop,
}

impl ClampedAdd {
    /// What an effect does to its number, if it can be said so.
    pub fn of(effect: &Effect) -> Option<Self> {
        let Target::Number { column, min, max, fails: false, variable } = effect.target else { return None };
        let number = Number { column, variable, min, max };
        let (ops, multiples) = (&effect.value.ops[..], &effect.value.multiples[..]);
        match (effect.value.output, effect.op, ops) {
            (Output::Constant(value), Assign::Set, _) => number.narrowed(value, value),
            (Output::Constant(value), Assign::Add, _) => number.moved(value),
            (Output::Constant(value), Assign::Subtract, _) => number.moved(-value),
            (_, Assign::Set, [Op::Scalar { function: Binary::Max, a, b, .. }]) if *a == column => {
                number.narrowed(*b, f64::INFINITY)
            }
            (_, Assign::Set, [Op::Scalar { function: Binary::Min, a, b, .. }]) if *a == column => {
                number.narrowed(f64::NEG_INFINITY, *b)
            }
            (_, Assign::Set, [Op::Sum { start, end, .. }]) if *end == 0.0 => match multiples {
                [multiple] if (multiple.column, multiple.factor) == (column, 1.0) => number.moved(*start),
                _ => None,
            },
            _ => None,
        }
    }

    /// What becomes of x before it is held to its bounds.
    #[inline(always)]
    pub fn before_bounds(&self, x: f64) -> f64 {
        x + self.term
    }
}

/// What is updated.
#[derive(Clone, Copy)]
struct Number {
    column: u32,
    variable: u32,
    min: f64,
    max: f64,
}

impl Number {
    /// It moves by a constant, and may reach the bound on that side.
    fn moved(self, term: f64) -> Option<ClampedAdd> {
        let bound = match term.partial_cmp(&0.0)? {
            Ordering::Less => Bound::Lower,
            Ordering::Equal => Bound::Neither,
            Ordering::Greater => Bound::Upper,
        };
        self.update(term, bound)
    }

    /// It is held between two numbers, which leads it beyond none of its bounds.
    fn narrowed(self, low: f64, high: f64) -> Option<ClampedAdd> {
        let (min, max) = (held(self.min, low, high), held(self.max, low, high));
        let within = self.min <= min && max <= self.max && low <= high;
        within.then(|| Self { min, max, ..self }.update(0.0, Bound::Neither)).flatten()
    }

    /// −0 is not told from 0, and must not be left behind.
    fn update(self, term: f64, bound: Bound) -> Option<ClampedAdd> {
        let Self { column, variable, min, max } = self;
        let (term, min, max) = (term + 0.0, min + 0.0, max + 0.0);
        let stop = Stop::new(variable, bound)?;
        let finite = [term, min, max].iter().all(|number| number.is_finite());
        finite.then_some(ClampedAdd { term, min, max, column, stop })
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
    use crate::expression::{Interval, Tape};

    fn tape(ops: Vec<Op>, output: Output) -> Tape {
        let range = Interval::ALL;
        Tape { ops, multiples: Vec::new(), arguments: Vec::new(), output, range, numbers: 1, flags: 0 }
    }

    fn constant(value: f64) -> Tape {
        tape(Vec::new(), Output::Constant(value))
    }

    /// Of a number between 0 and 1: its column is 3, its variable 5.
    fn update(op: Assign, value: Tape) -> Option<ClampedAdd> {
        let target = Target::Number { column: 3, min: 0.0, max: 1.0, fails: false, variable: 5 };
        ClampedAdd::of(&Effect { target, op, value, place: 0 })
    }

    #[test]
    fn numbers_move_towards_one_bound() {
        for (op, value, after, bound) in [
            (Assign::Add, 0.1, 0.6, Bound::Upper),
            (Assign::Subtract, 0.1, 0.4, Bound::Lower),
            (Assign::Add, -0.0, 0.5, Bound::Neither),
        ] {
            let update = update(op, constant(value)).unwrap();
            assert_eq!((update.before_bounds(0.5), Some(update.stop)), (after, Stop::new(5, bound)));
            assert_eq!((update.stop.variable(), update.stop.places()), (5, [20 + bound as usize, 23]));
            assert!(update.stop.is_at(bound));
        }
        assert_eq!(update(Assign::Multiply, constant(0.5)), None);
        assert_eq!(update(Assign::Add, constant(f64::NAN)), None);
    }

    #[test]
    fn numbers_are_held_between_others() {
        let scalar = |function, b| tape(vec![Op::Scalar { to: 9, function, a: 3, b }], Output::Number(9));
        let bounds = |value| update(Assign::Set, value).map(|update| (update.min, update.max, update.stop));
        let neither = Stop::new(5, Bound::Neither).unwrap();
        assert_eq!(bounds(constant(0.3)), Some((0.3, 0.3, neither)));
        assert_eq!(bounds(scalar(Binary::Max, 0.75)), Some((0.75, 1.0, neither)));
        assert_eq!(bounds(scalar(Binary::Min, 0.75)), Some((0.0, 0.75, neither)));
        assert_eq!(bounds(scalar(Binary::Max, -1.0)), Some((0.0, 1.0, neither)));
        // What leads beyond a bound is counted there, and what does not hang on the number alone is no update.
        assert_eq!(bounds(constant(7.0)), None);
        assert_eq!(bounds(scalar(Binary::Max, 1.5)), None);
        assert_eq!(bounds(scalar(Binary::Min, f64::NAN)), None);
        assert_eq!(
            bounds(tape(vec![Op::Scalar { to: 9, function: Binary::Max, a: 4, b: 0.5 }], Output::Number(9))),
            None
        );
    }
}
