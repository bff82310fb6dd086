//! Running a tape over 64 lanes at once: the operation is matched outside, the lanes loop inside.

use super::ast::{Arithmetic, Comparison};
use super::function::{self, Unary};
use super::tape::{Op, Output, Tape};
use super::term::Binary;

/// How many replications are carried side by side.
pub const LANES: usize = 64;

/// One number for each lane.
pub type Lanes = [f64; LANES];

/// The lanes of a set, one bit each.
pub type Mask = u64;

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
    pub fn get(&self, lane: usize) -> f64 {
        match self {
            Value::Lanes(lanes) => lanes[lane],
            Value::Constant(value) => *value,
        }
    }
}

/// The lanes of a mask, lowest first.
pub fn lanes(mut mask: Mask) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        if mask == 0 {
            return None;
        }
        let lane = mask.trailing_zeros() as usize;
        mask &= mask - 1;
        Some(lane)
    })
}

impl Bank {
    /// Works out a number; lanes outside the mask hold anything.
    pub fn number(&mut self, tape: &Tape, mask: Mask, answer: &mut impl Answer) -> Value<'_> {
        self.run(tape, mask, answer);
        match tape.output {
            Output::Number(column) => Value::Lanes(&self.numbers[column as usize]),
            Output::Constant(value) => Value::Constant(value),
            Output::Flag(..) => Value::Constant(f64::NAN),
        }
    }

    /// Works out a flag: where it holds, and where it has no value; both within the mask.
    pub fn flag(&mut self, tape: &Tape, mask: Mask, answer: &mut impl Answer) -> (Mask, Mask) {
        self.run(tape, mask, answer);
        match tape.output {
            Output::Flag(flag, poison) => {
                let poison = poison.map_or(0, |poison| self.flags[poison as usize]) & mask;
                (self.flags[flag as usize] & mask & !poison, poison)
            }
            Output::Number(_) | Output::Constant(_) => (0, mask),
        }
    }

    fn run(&mut self, tape: &Tape, mask: Mask, answer: &mut impl Answer) {
        for op in &tape.ops {
            self.step(op, &tape.arguments, mask, answer);
        }
    }

    fn step(&mut self, op: &Op, arguments: &[u32], mask: Mask, answer: &mut impl Answer) {
        match *op {
            Op::Constant { to, value } => self.numbers[to as usize] = [value; LANES],
            Op::Unary { to, function, a } => {
                let (before, to) = self.split(to);
                unary(function, &before[a as usize], to, mask);
            }
            Op::Binary { to, function, a, b } => {
                let (before, to) = self.split(to);
                binary(function, &before[a as usize], &before[b as usize], to, mask);
            }
            Op::Scalar { to, function, a, b } => {
                let (before, to) = self.split(to);
                binary(function, &before[a as usize], &[b; LANES], to, mask);
            }
            Op::Select { to, flag, yes, no } => {
                let flags = self.flags[flag as usize];
                let (before, to) = self.split(to);
                select(flags, &before[yes as usize], &before[no as usize], to);
            }
            Op::FromFlag { to, flag } => {
                select(self.flags[flag as usize], &[1.0; LANES], &[0.0; LANES], self.split(to).1)
            }
            Op::Poison { to, a, flag } => {
                let flags = self.flags[flag as usize];
                let (before, to) = self.split(to);
                select(flags, &[f64::NAN; LANES], &before[a as usize], to);
            }
            Op::Ask { to, ask, arguments: (start, end) } => {
                let (before, to) = self.split(to);
                let columns = &arguments[start as usize..end as usize];
                let mut values: [&Lanes; 3] = [&[0.0; LANES]; 3];
                for (value, column) in values.iter_mut().zip(columns) {
                    *value = &before[*column as usize];
                }
                answer.answer(ask, mask, &values[..columns.len().min(3)], to);
            }
            Op::FlagConstant { to, value } => self.flags[to as usize] = if value { Mask::MAX } else { 0 },
            Op::Compare { to, comparison, a, b } => {
                self.flags[to as usize] = compare(comparison, &self.numbers[a as usize], &self.numbers[b as usize]);
            }
            Op::CompareScalar { to, comparison, a, b } => {
                self.flags[to as usize] = compare(comparison, &self.numbers[a as usize], &[b; LANES]);
            }
            Op::IsNan { to, a } => self.flags[to as usize] = mask_of(&self.numbers[a as usize], f64::is_nan),
            Op::Not { to, a } => self.flags[to as usize] = !self.flags[a as usize],
            Op::And { to, a, b } => self.flags[to as usize] = self.flags[a as usize] & self.flags[b as usize],
            Op::Or { to, a, b } => self.flags[to as usize] = self.flags[a as usize] | self.flags[b as usize],
            Op::AndNot { to, a, b } => self.flags[to as usize] = self.flags[a as usize] & !self.flags[b as usize],
        }
    }

    /// The columns before `to`, and `to` itself.
    fn split(&mut self, to: u32) -> (&[Lanes], &mut Lanes) {
        let (before, rest) = self.numbers.split_at_mut(to as usize);
        (before, &mut rest[0])
    }
}

/// The lanes whose number has a property.
pub fn mask_of(a: &Lanes, property: impl Fn(f64) -> bool) -> Mask {
    let mut mask = 0;
    for (lane, value) in a.iter().enumerate() {
        mask |= Mask::from(property(*value)) << lane;
    }
    mask
}

fn map(a: &Lanes, to: &mut Lanes, function: impl Fn(f64) -> f64) {
    for lane in 0..LANES {
        to[lane] = function(a[lane]);
    }
}

fn zip(a: &Lanes, b: &Lanes, to: &mut Lanes, function: impl Fn(f64, f64) -> f64) {
    for lane in 0..LANES {
        to[lane] = function(a[lane], b[lane]);
    }
}

fn zip_masked(a: &Lanes, b: &Lanes, to: &mut Lanes, mask: Mask, function: impl Fn(f64, f64) -> f64) {
    for lane in lanes(mask) {
        to[lane] = function(a[lane], b[lane]);
    }
}

fn unary(function: Unary, a: &Lanes, to: &mut Lanes, mask: Mask) {
    match function {
        Unary::Negate => map(a, to, |x| -x),
        Unary::Abs => map(a, to, f64::abs),
        Unary::Floor => map(a, to, f64::floor),
        Unary::Ceil => map(a, to, f64::ceil),
        costly => {
            for lane in lanes(mask) {
                to[lane] = costly.apply(a[lane]);
            }
        }
    }
}

fn binary(function: Binary, a: &Lanes, b: &Lanes, to: &mut Lanes, mask: Mask) {
    match function {
        Binary::Arithmetic(Arithmetic::Add) => zip(a, b, to, |a, b| a + b),
        Binary::Arithmetic(Arithmetic::Subtract) => zip(a, b, to, |a, b| a - b),
        Binary::Arithmetic(Arithmetic::Multiply) => zip(a, b, to, |a, b| a * b),
        Binary::Arithmetic(Arithmetic::Divide) => zip(a, b, to, function::divide),
        Binary::Arithmetic(Arithmetic::Remainder) => zip_masked(a, b, to, mask, function::remainder),
        Binary::Arithmetic(Arithmetic::Power) => zip_masked(a, b, to, mask, function::power),
        Binary::Min => zip(a, b, to, function::min),
        Binary::Max => zip(a, b, to, function::max),
    }
}

/// The lanes in which the comparison holds; in none where a number is NaN, but for `!=`.
pub fn compare(comparison: Comparison, a: &Lanes, b: &Lanes) -> Mask {
    let which = |holds: fn(&f64, &f64) -> bool| {
        let mut mask = 0;
        for lane in 0..LANES {
            mask |= Mask::from(holds(&a[lane], &b[lane])) << lane;
        }
        mask
    };
    match comparison {
        Comparison::Equal => which(f64::eq),
        Comparison::NotEqual => which(f64::ne),
        Comparison::Less => which(f64::lt),
        Comparison::LessEqual => which(f64::le),
        Comparison::Greater => which(f64::gt),
        Comparison::GreaterEqual => which(f64::ge),
    }
}

fn select(mask: Mask, yes: &Lanes, no: &Lanes, to: &mut Lanes) {
    for lane in 0..LANES {
        to[lane] = if mask >> lane & 1 == 1 { yes[lane] } else { no[lane] };
    }
}
