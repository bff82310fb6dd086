//! Running a tape over 64 lanes at once: the operation is matched outside, the lanes loop inside.

use super::kernels::{self, LANES, Lanes, Mask, mask_of};
use super::tape::{Op, Output, Tape};

/// The columns that tapes read: those of the state, and room for the tapes' own behind them.
#[derive(Debug, Clone)]
pub struct Bank {
    pub numbers: Vec<Lanes>,
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
    #[inline(always)]
    pub fn number(&mut self, tape: &Tape, mask: Mask, answer: &mut impl Answer) -> Value<'_> {
        self.run(tape, mask, answer);
        match tape.output {
            Output::Number(column) => Value::Lanes(&self.numbers[column as usize]),
            Output::Constant(value) => Value::Constant(value),
            Output::Flag => Value::Constant(f64::NAN),
        }
    }

    /// Works out a flag: where it holds, and where it has no value; both within the mask.
    #[inline(always)]
    pub fn flag(&mut self, tape: &Tape, mask: Mask, answer: &mut impl Answer) -> (Mask, Mask) {
        match tape.output {
            Output::Flag => self.run(tape, mask, answer),
            Output::Number(_) | Output::Constant(_) => (0, mask),
        }
    }

    /// Runs a tape in these lanes: the lanes left at the end, and those that had no value on the way.
    #[inline(always)]
    pub fn run(&mut self, tape: &Tape, mask: Mask, answer: &mut impl Answer) -> (Mask, Mask) {
        let (mut lanes, mut undefined) = (mask, 0);
        let mut at = 0;
        while let Some(op) = tape.ops.get(at) {
            at += 1;
            let none = match *op {
                Op::Flag { column, wanted, none } => {
                    let flags = self.flags[column as usize];
                    lanes &= if wanted { flags } else { !flags };
                    none
                }
                Op::CompareScalar { comparison, a, b, none } => {
                    lanes &= kernels::compare_scalar(comparison, &self.numbers[a as usize], b);
                    none
                }
                Op::Compare { comparison, a, b, none } => {
                    lanes &= kernels::compare(comparison, &self.numbers[a as usize], &self.numbers[b as usize]);
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
                    let without = mask_of(&self.numbers[a as usize], f64::is_nan) & lanes;
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
                    self.step(op, tape, lanes, answer);
                    continue;
                }
            };
            if lanes == 0 {
                at = none as usize;
            }
        }
        (lanes, undefined)
    }

    /// An operation that fills a number column.
    #[inline(always)]
    fn step(&mut self, op: &Op, tape: &Tape, mask: Mask, answer: &mut impl Answer) {
        match *op {
            Op::Sum { to, start, terms: (from, end) } => {
                let (before, to) = self.split(to);
                kernels::sum(start, &tape.multiples[from as usize..end as usize], before, to, mask);
            }
            Op::Constant { to, value } => self.numbers[to as usize] = [value; LANES],
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
                kernels::select(flags, &before[yes as usize], &before[no as usize], to);
            }
            Op::FromFlag { to, flag } => {
                kernels::select(self.flags[flag as usize], &[1.0; LANES], &[0.0; LANES], self.split(to).1);
            }
            Op::Poison { to, a, flag } => {
                let flags = self.flags[flag as usize];
                let (before, to) = self.split(to);
                kernels::select(flags, &[f64::NAN; LANES], &before[a as usize], to);
            }
            Op::Ask { to, ask, arguments: (from, end) } => {
                let (before, to) = self.split(to);
                let columns = &tape.arguments[from as usize..end as usize];
                let mut values: [&Lanes; 3] = [&[0.0; LANES]; 3];
                for (value, column) in values.iter_mut().zip(columns) {
                    *value = &before[*column as usize];
                }
                answer.answer(ask, mask, &values[..columns.len().min(3)], to);
            }
            _ => {}
        }
    }

    /// The columns before `to`, and `to` itself.
    #[inline(always)]
    fn split(&mut self, to: u32) -> (&[Lanes], &mut Lanes) {
        let (before, rest) = self.numbers.split_at_mut(to as usize);
        (before, &mut rest[0])
    }
}
