//! Numbers that follow another: the greatest that it has been, or the least.

use crate::expression::{Assign, Binary, Op, Output};
use crate::model::{Effect, Target};

/// A number becomes another one, if that is greater, or if that is less. Neither leads it beyond its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunningExtremum {
    pub column: u32,
    pub other: u32,
    pub is_greatest: bool,
    /// The index of the variable in the labels.
    pub variable: u32,
}

impl RunningExtremum {
    /// What an effect does, if it is no more than that.
    pub fn of(effect: &Effect) -> Option<Self> {
        let Target::Number { column, min, max, variable, .. } = effect.target else { return None };
        let (tape, range) = (&effect.value, effect.value.range);
        let (Output::Number(room), Assign::Set, &[Op::Binary { to, function, a, b }]) =
            (tape.output, effect.op, &tape.ops[..])
        else {
            return None;
        };
        let is_greatest = match function {
            Binary::Max => true,
            Binary::Min => false,
            Binary::Arithmetic(_) => return None,
        };
        let other = if a == column { b } else { a };
        let is_follower = room == to && (a == column || b == column);
        let is_within = !range.nan && min <= range.low && range.high <= max;
        (is_follower && is_within).then_some(Self { column, other, is_greatest, variable })
    }

    /// What becomes of a number, beside the other. Both have values: looking whether they do, as tapes must, would keep
    /// the compiler from comparing many at once.
    #[inline(always)]
    pub fn after(self, number: f64, other: f64) -> f64 {
        let follows = if self.is_greatest { other > number } else { other < number };
        if follows { other } else { number }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::{Arithmetic, Interval, Tape};

    /// Of a number between 0 and 10, in column 3.
    fn extremum(op: Assign, function: Binary, [a, b]: [u32; 2], range: Interval) -> Option<RunningExtremum> {
        let target = Target::Number { column: 3, min: 0.0, max: 10.0, fails: true, variable: 5 };
        let ops = vec![Op::Binary { to: 9, function, a, b }];
        let (multiples, arguments, output) = (Vec::new(), Vec::new(), Output::Number(9));
        let value = Tape { ops, multiples, arguments, output, range, numbers: 1, flags: 0 };
        RunningExtremum::of(&Effect { target, op, value, place: 0 })
    }

    #[test]
    fn followers_are_told() {
        let range = Interval::new(0.0, 10.0);
        let greatest = RunningExtremum { column: 3, other: 4, is_greatest: true, variable: 5 };
        assert_eq!(extremum(Assign::Set, Binary::Max, [3, 4], range), Some(greatest));
        let least = RunningExtremum { is_greatest: false, ..greatest };
        assert_eq!(extremum(Assign::Set, Binary::Min, [4, 3], range), Some(least));
        assert_eq!([greatest.after(2.0, 3.0), greatest.after(3.0, 2.0)], [3.0; 2]);
        assert_eq!([least.after(2.0, 3.0), least.after(3.0, 2.0)], [2.0; 2]);
    }

    #[test]
    fn others_are_not() {
        let range = Interval::new(0.0, 10.0);
        assert_eq!(extremum(Assign::Add, Binary::Max, [3, 4], range), None);
        assert_eq!(extremum(Assign::Set, Binary::Max, [4, 5], range), None);
        assert_eq!(extremum(Assign::Set, Binary::Arithmetic(Arithmetic::Add), [3, 4], range), None);
        assert_eq!(extremum(Assign::Set, Binary::Max, [3, 4], Interval::new(0.0, 10.5)), None);
        assert_eq!(extremum(Assign::Set, Binary::Max, [3, 4], range.or_nan(true)), None);
    }
}
