//! Running a tape over 64 lanes at once: the operation is matched outside, the lanes loop inside.

use super::kernels::{self, Column, LANES, Lanes, Mask};
use super::tape::{ARGUMENTS_MAX, Op, Output, Tape, Total};
use crate::simd::{Portable, Simd};

/// The columns that tapes read: those of the state, and room for the tapes' own behind them.
#[derive(Debug, Clone)]
pub struct Bank {
    pub numbers: Vec<Column>,
    pub flags: Vec<Mask>,
}

/// Gives the values that a tape asks for.
pub trait Answer {
    /// Fills `to` for the lanes of the mask.
    fn answer(&mut self, ask: u32, mask: Mask, arguments: &[&Lanes], to: &mut Lanes);
}

/// A result, borrowed from the bank.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    Lanes(&'a Lanes),
    Constant(f64),
}

impl Value<'_> {
    #[inline(always)]
    pub fn get(&self, lane: usize) -> f64 {
        match self {
            Value::Lanes(lanes) => lanes[lane],
            Value::Constant(value) => *value,
        }
    }
}

impl Bank {
    /// Works out a number; lanes outside the mask hold anything.
    pub fn number(&mut self, tape: &Tape, mask: Mask, answer: &mut impl Answer) -> Value<'_> {
        self.run(Portable::new(), tape, mask, answer);
        match tape.output {
            Output::Number(column) => Value::Lanes(&self.numbers[column as usize]),
            Output::Constant(value) => Value::Constant(value),
            Output::Flag => unreachable!("a number is asked of the tape of a condition"),
        }
    }

    /// Works out a flag: where it holds, and where it has no value; both within the mask.
    pub fn flag(&mut self, tape: &Tape, mask: Mask, answer: &mut impl Answer) -> (Mask, Mask) {
        assert!(tape.output == Output::Flag, "a condition is asked of the tape of a number");
        self.run(Portable::new(), tape, mask, answer)
    }

    /// Runs a tape in these lanes: the lanes left at the end, and those that had no value on the way.
    #[inline(always)]
    pub fn run<X: Simd>(&mut self, wide: X, tape: &Tape, mask: Mask, answer: &mut impl Answer) -> (Mask, Mask) {
        self.narrow(
            wide,
            tape,
            mask,
            #[inline(always)]
            |bank, op, lanes| bank.step(wide, op, tape, lanes, answer),
        )
    }

    /// The same, as most conditions want it: what fills numbers stands apart, so that the rest stays small.
    #[inline(always)]
    pub fn condition<X: Simd>(&mut self, wide: X, tape: &Tape, mask: Mask, answer: &mut impl Answer) -> (Mask, Mask) {
        self.narrow(
            wide,
            tape,
            mask,
            #[inline(always)]
            |bank, op, lanes| {
                wide.run(
                    #[inline(always)]
                    || bank.step(wide, op, tape, lanes, answer),
                )
            },
        )
    }

    /// Goes through a tape; `step` fills number columns.
    #[inline(always)]
    fn narrow<X: Simd>(
        &mut self,
        wide: X,
        tape: &Tape,
        mask: Mask,
        mut step: impl FnMut(&mut Self, &Op, Mask),
    ) -> (Mask, Mask) {
        let (mut lanes, mut undefined) = (mask, 0);
        let mut ops = &tape.ops[..];
        while let [op, rest @ ..] = ops {
            ops = rest;
            let none = match *op {
                Op::Flag { column, wanted, none } => {
                    let flags = self.flags[column as usize];
                    lanes &= if wanted { flags } else { !flags };
                    none
                }
                Op::CompareScalar { comparison, a, b, none } => {
                    lanes &= kernels::compare(wide, comparison, &self.numbers[a as usize], b);
                    none
                }
                Op::Compare { comparison, a, b, none } => {
                    lanes &= kernels::compare(wide, comparison, &self.numbers[a as usize], &self.numbers[b as usize]);
                    none
                }
                Op::CompareDifference { comparison, a, b, with, none } => {
                    let difference = kernels::difference(&self.numbers[a as usize], &self.numbers[b as usize]);
                    lanes &= kernels::compare(wide, comparison, &difference, with);
                    none
                }
                Op::Never { none } => {
                    lanes = 0;
                    none
                }
                Op::Then { rest, none } => {
                    self.flags[rest as usize] &= !lanes;
                    none
                }
                Op::Or { rest, got, none } => {
                    let got = &mut self.flags[got as usize];
                    *got |= lanes;
                    lanes = !*got & !undefined;
                    lanes &= self.flags[rest as usize];
                    none
                }
                Op::Close { got, none } => {
                    lanes |= self.flags[got as usize];
                    none
                }
                Op::Defined { a } => {
                    let without = lanes & !wide.equal(&self.numbers[a as usize], &self.numbers[a as usize]);
                    undefined |= without;
                    lanes &= !without;
                    continue;
                }
                Op::Open { rest, got } => {
                    self.flags[rest as usize] = lanes;
                    self.flags[got as usize] = 0;
                    continue;
                }
                Op::Begin { lanes: kept, undefined: known } => {
                    self.flags[kept as usize] = lanes;
                    self.flags[known as usize] = undefined;
                    undefined = 0;
                    continue;
                }
                Op::End { lanes: kept, undefined: known, holds, poison } => {
                    self.flags[holds as usize] = lanes;
                    self.flags[poison as usize] = undefined;
                    lanes = self.flags[kept as usize];
                    undefined = self.flags[known as usize];
                    continue;
                }
                ref op => {
                    step(self, op, lanes);
                    continue;
                }
            };
            if lanes == 0 {
                ops = tape.ops.get(none as usize..).unwrap_or_default();
            }
        }
        (lanes, undefined)
    }

    /// Runs a tape that is no more than a sum, as most chances are; says whether it was one.
    #[inline(always)]
    pub fn sum<X: Simd>(&mut self, wide: X, tape: &Tape) -> bool {
        let [Op::Sum { to, start, terms, end }] = tape.ops[..] else { return false };
        self.add_up(wide, to, Total { start, multiples: tape.terms(terms), end });
        true
    }

    /// Fills a column with a sum of columns before it.
    #[inline(always)]
    pub fn add_up<X: Simd>(&mut self, wide: X, to: u32, total: Total<'_>) {
        let (before, to) = self.split(to);
        kernels::sum(wide, total, before, to);
    }

    /// An operation that fills a number column.
    #[inline(always)]
    fn step<X: Simd>(&mut self, wide: X, op: &Op, tape: &Tape, mask: Mask, answer: &mut impl Answer) {
        match *op {
            Op::Sum { to, start, terms, end } => {
                self.add_up(wide, to, Total { start, multiples: tape.terms(terms), end });
            }
            Op::Constant { to, value } => *self.numbers[to as usize] = [value; LANES],
            Op::Unary { to, function, a } => {
                let (before, to) = self.split(to);
                kernels::unary(function, &before[a as usize], to, mask);
            }
            Op::Binary { to, function, a, b } => {
                let (before, to) = self.split(to);
                kernels::binary(function, &before[a as usize], &before[b as usize], to, mask);
            }
            Op::Scalar { to, function, a, b } => {
                let (before, to) = self.split(to);
                kernels::scalar(function, &before[a as usize], b, to, mask);
            }
            Op::Select { to, flag, yes, no } => {
                let flags = self.flags[flag as usize];
                let (before, to) = self.split(to);
                kernels::select(wide, flags, &before[yes as usize], &before[no as usize], to);
            }
            Op::FromFlag { to, flag } => {
                kernels::select(wide, self.flags[flag as usize], 1.0, 0.0, self.split(to).1);
            }
            Op::Poison { to, a, flag } => {
                let flags = self.flags[flag as usize];
                let (before, to) = self.split(to);
                kernels::select(wide, flags, f64::NAN, &before[a as usize], to);
            }
            Op::Ask { to, ask, arguments: (from, end) } => {
                let (before, to) = self.split(to);
                let columns = &tape.arguments[from as usize..end as usize];
                let mut values: [&Lanes; ARGUMENTS_MAX] = [&[0.0; LANES]; ARGUMENTS_MAX];
                for (value, column) in values.iter_mut().zip(columns) {
                    *value = &before[*column as usize];
                }
                answer.answer(ask, mask, &values[..columns.len()], to);
            }
            _ => {}
        }
    }

    /// The columns before `to`, and `to` itself.
    #[inline(always)]
    fn split(&mut self, to: u32) -> (&[Column], &mut Lanes) {
        let (before, rest) = self.numbers.split_at_mut(to as usize);
        (before, &mut rest[0])
    }
}
