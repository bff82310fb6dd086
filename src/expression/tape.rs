//! Tapes: an expression as a list of operations on columns, each reading only columns before its own.
//!
//! A condition narrows the lanes in which the rest of it is worked out, so that `and`, `or` and `if` look at their
//! later parts only where the earlier ones do not decide, and not at all once no lane is left.

use super::ast::Comparison;
use super::function::Unary;
use super::interval::Interval;
use super::term::Binary;

/// One operation. Number columns and flag columns are counted apart; the columns of the state come first, then the
/// tape's own, in the order in which they are filled.
///
/// Those that narrow the lanes have `none`: where to go on if no lane is left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Op {
    Constant {
        to: u32,
        value: f64,
    },
    Unary {
        to: u32,
        function: Unary,
        a: u32,
    },
    Binary {
        to: u32,
        function: Binary,
        a: u32,
        b: u32,
    },
    /// A binary function of a column and a constant.
    Scalar {
        to: u32,
        function: Binary,
        a: u32,
        b: f64,
    },
    /// A number, multiples of columns and another number, added one by one from left to right.
    Sum {
        to: u32,
        start: f64,
        /// A range of the tape's multiples.
        terms: (u32, u32),
        end: f64,
    },
    Select {
        to: u32,
        flag: u32,
        yes: u32,
        no: u32,
    },
    FromFlag {
        to: u32,
        flag: u32,
    },
    /// NaN wherever the flag is set.
    Poison {
        to: u32,
        a: u32,
        flag: u32,
    },
    /// A value from outside, for arguments in the tape's argument list.
    Ask {
        to: u32,
        ask: u32,
        arguments: (u32, u32),
    },
    /// Stays in the lanes in which the flag is as wanted.
    Flag {
        column: u32,
        wanted: bool,
        none: u32,
    },
    /// Stays in the lanes in which the comparison of two columns holds.
    Compare {
        comparison: Comparison,
        a: u32,
        b: u32,
        none: u32,
    },
    /// The same of a column and a constant.
    CompareScalar {
        comparison: Comparison,
        a: u32,
        b: f64,
        none: u32,
    },
    /// The same of the difference of two columns and a constant.
    CompareDifference {
        comparison: Comparison,
        a: u32,
        b: u32,
        with: f64,
        none: u32,
    },
    /// The condition has no value in the lanes in which the number has none.
    Defined {
        a: u32,
    },
    /// Stays in no lane.
    Never {
        none: u32,
    },
    /// One of several alternatives: the lanes are kept in one flag column, those of which it holds in the other.
    Open {
        rest: u32,
        got: u32,
    },
    /// After the condition of an `if`: later alternatives are for the other lanes.
    Then {
        rest: u32,
        none: u32,
    },
    /// After an alternative: goes on with the lanes in which none has held so far.
    Or {
        rest: u32,
        got: u32,
        none: u32,
    },
    /// After the last alternative: goes on with the lanes in which one held.
    Close {
        got: u32,
        none: u32,
    },
    /// A condition within a number: keeps the lanes, and those in which the condition around has no value.
    Begin {
        lanes: u32,
        undefined: u32,
    },
    /// Where that condition holds and where it has no value; goes back to the lanes kept.
    End {
        lanes: u32,
        undefined: u32,
        holds: u32,
        poison: u32,
    },
}

/// How many arguments an `Ask` has at most.
pub const ARGUMENTS_MAX: usize = 3;

/// A multiple of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Multiple {
    pub factor: f64,
    pub column: u32,
}

/// What can be added to any number and changes not even the sign of a 0.
pub const NOTHING: f64 = -0.0;

/// A number, multiples of columns and another number, added from left to right.
#[derive(Debug, Clone, Copy)]
pub struct Total<'m> {
    pub start: f64,
    pub multiples: &'m [Multiple],
    pub end: f64,
}

impl Total<'_> {
    /// Whether there is another number at the end.
    #[inline(always)]
    pub fn has_end(&self) -> bool {
        self.end.to_bits() != NOTHING.to_bits()
    }
}

/// A program that works out one number or one condition for every lane.
#[derive(Debug, Clone, PartialEq)]
pub struct Tape {
    pub ops: Vec<Op>,
    /// What the `Sum` operations add, by ranges.
    pub multiples: Vec<Multiple>,
    /// Number columns that the `Ask` operations read, by ranges.
    pub arguments: Vec<u32>,
    pub output: Output,
    /// Between which bounds a number lies, and whether it may have no value. Not tighter than what rounding allows.
    pub range: Interval,
    /// How many number and flag columns it needs beyond those of the state.
    pub numbers: u32,
    pub flags: u32,
}

/// Where the result stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Output {
    /// A number column; NaN where the expression has no value.
    Number(u32),
    /// The same in all lanes.
    Constant(f64),
    /// The lanes left at the end, and those in which the expression has no value.
    Flag,
}

/// How many columns of each kind the state has: where a tape's own begin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Base {
    pub numbers: u32,
    pub flags: u32,
}

impl Tape {
    /// A range of its multiples.
    #[inline(always)]
    pub fn terms(&self, (from, end): (u32, u32)) -> &[Multiple] {
        &self.multiples[from as usize..end as usize]
    }
}
