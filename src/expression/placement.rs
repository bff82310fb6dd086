//! Where a tape's own columns stand: behind those of the state, of which there may be more when it is made.

use super::tape::{Base, Op, Output, Tape};

/// A state larger than any: over it tapes are built while the state still grows, to be placed at the end.
pub const UNPLACED: Base = Base { numbers: 1 << 31, flags: 1 << 31 };

impl Tape {
    /// Moves the own columns of a tape that was built over [`UNPLACED`] behind a state of so many columns.
    pub fn place(&mut self, base: Base) {
        debug_assert!(base.numbers < UNPLACED.numbers && base.flags < UNPLACED.flags, "no state is as large");
        let number = |column: &mut u32| move_own(column, UNPLACED.numbers, base.numbers);
        let flag = |column: &mut u32| move_own(column, UNPLACED.flags, base.flags);
        self.ops.iter_mut().for_each(|op| op.columns_mut(number, flag));
        self.multiples.iter_mut().for_each(|multiple| number(&mut multiple.column));
        self.arguments.iter_mut().for_each(number);
        if let Output::Number(column) = &mut self.output {
            number(column);
        }
    }
}

fn move_own(column: &mut u32, from: u32, to: u32) {
    if let Some(own) = column.checked_sub(from) {
        *column = to + own;
    }
}

impl Op {
    /// Calls for every column of each kind that stands in the operation itself, read or filled.
    fn columns_mut(&mut self, number: impl Fn(&mut u32), flag: impl Fn(&mut u32)) {
        match self {
            Op::Constant { to, value: _ } => number(to),
            Op::Unary { to, function: _, a } | Op::Scalar { to, function: _, a, b: _ } => {
                number(to);
                number(a);
            }
            Op::Binary { to, function: _, a, b } => {
                number(to);
                number(a);
                number(b);
            }
            Op::Sum { to, start: _, terms: _, end: _ } | Op::Ask { to, ask: _, arguments: _ } => number(to),
            Op::Select { to, flag: condition, yes, no } => {
                number(to);
                flag(condition);
                number(yes);
                number(no);
            }
            Op::FromFlag { to, flag: condition } => {
                number(to);
                flag(condition);
            }
            Op::Poison { to, a, flag: condition } => {
                number(to);
                number(a);
                flag(condition);
            }
            Op::Flag { column, wanted: _, none: _ } => flag(column),
            Op::Compare { comparison: _, a, b, none: _ }
            | Op::CompareDifference { comparison: _, a, b, with: _, none: _ } => {
                number(a);
                number(b);
            }
            Op::CompareScalar { comparison: _, a, b: _, none: _ } | Op::Defined { a } => number(a),
            Op::Never { none: _ } => {}
            Op::Then { rest, none: _ } => flag(rest),
            Op::Open { rest, got } | Op::Or { rest, got, none: _ } => {
                flag(rest);
                flag(got);
            }
            Op::Close { got, none: _ } => flag(got),
            Op::Begin { lanes, undefined } => {
                flag(lanes);
                flag(undefined);
            }
            Op::End { lanes, undefined, holds, poison } => {
                flag(lanes);
                flag(undefined);
                flag(holds);
                flag(poison);
            }
        }
    }
}
