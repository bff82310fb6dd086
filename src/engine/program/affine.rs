//! Affine assignments: a number becomes a sum of multiples of numbers, or has it added.

use crate::expression::{Assign, Multiple, NOTHING, Op, Output, Total};
use crate::model::{Effect, Target};

/// A number becomes a sum, or has it added, and stops at its bounds. It always has a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Affine {
    pub target: Target,
    /// Whether the sum is added to what the number was.
    pub adds: bool,
    start: f64,
    multiples: Vec<Multiple>,
    end: f64,
    /// Room for the sum.
    pub room: u32,
}

impl Affine {
    /// What an effect does, if it is no more than that.
    pub fn of(effect: &Effect) -> Option<Self> {
        let Target::Number { column, .. } = effect.target else { return None };
        if !effect.stops() || effect.range().nan {
            return None;
        }
        let target = effect.target;
        let affine = |adds, start, multiples, end, room| Self { target, adds, start, multiples, end, room };
        let tape = &effect.value;
        match (tape.output, &tape.ops[..], effect.op) {
            (Output::Constant(factor), _, Assign::Multiply) => {
                Some(affine(false, NOTHING, vec![Multiple { factor, column }], NOTHING, column))
            }
            (Output::Number(room), &[Op::Sum { to, start, terms, end }], op) if room == to => {
                let (adds, sign) = match op {
                    Assign::Set => (false, 1.0),
                    Assign::Add => (true, 1.0),
                    // A number less a sum is the number and the sum with all signs turned.
                    Assign::Subtract => (true, -1.0),
                    Assign::Multiply => return None,
                };
                let multiples = tape.terms(terms).iter();
                let multiples = multiples.map(|multiple| Multiple { factor: sign * multiple.factor, ..*multiple });
                Some(affine(adds, sign * start, multiples.collect(), sign * end, room))
            }
            _ => None,
        }
    }

    #[inline(always)]
    pub fn total(&self) -> Total<'_> {
        Total { start: self.start, multiples: &self.multiples, end: self.end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::{Interval, Tape};

    /// Of a number between these bounds, in column 3.
    fn affine(op: Assign, value: Tape, min: f64, max: f64) -> Option<Affine> {
        let target = Target::Number { column: 3, min, max, fails: false, variable: 5 };
        Affine::of(&Effect { target, op, value, place: 0 })
    }

    fn tape(ops: Vec<Op>, output: Output, range: Interval) -> Tape {
        let multiples = vec![Multiple { factor: 0.5, column: 3 }, Multiple { factor: -2.0, column: 4 }];
        Tape { ops, multiples, arguments: Vec::new(), output, range, numbers: 1, flags: 0 }
    }

    fn sum(range: Interval) -> Tape {
        tape(vec![Op::Sum { to: 9, start: 0.25, terms: (0, 2), end: 1.5 }], Output::Number(9), range)
    }

    #[test]
    fn sums_are_affine_and_so_are_multiples() {
        let numbers = |affine: Affine| {
            let factors = affine.multiples.iter().map(|multiple| multiple.factor).collect::<Vec<_>>();
            (affine.adds, affine.start, factors, affine.end)
        };
        let range = Interval::UNIT;
        let of = |op| affine(op, sum(range), 0.0, 1.0).map(numbers);
        assert_eq!(of(Assign::Set), Some((false, 0.25, vec![0.5, -2.0], 1.5)));
        assert_eq!(of(Assign::Add), Some((true, 0.25, vec![0.5, -2.0], 1.5)));
        assert_eq!(of(Assign::Subtract), Some((true, -0.25, vec![-0.5, 2.0], -1.5)));
        assert_eq!(of(Assign::Multiply), None);
        let constant = tape(Vec::new(), Output::Constant(0.9), Interval::UNIT);
        assert_eq!(affine(Assign::Multiply, constant, 0.0, 1.0).map(numbers), Some((false, 0.0, vec![0.9], 0.0)));
    }

    #[test]
    fn what_may_have_no_value_is_not() {
        let all = (f64::NEG_INFINITY, f64::INFINITY);
        assert_eq!(affine(Assign::Set, sum(Interval::ANYTHING), 0.0, 1.0), None);
        assert_eq!(affine(Assign::Add, sum(Interval::ALL), all.0, all.1), None);
        assert!(affine(Assign::Add, sum(Interval::UNIT), all.0, all.1).is_some());
        // Of one bound that is both, nobody could tell at which a number stops.
        assert_eq!(affine(Assign::Set, sum(Interval::UNIT), 1.0, 1.0), None);
    }
}
