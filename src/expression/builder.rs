//! Terms to tapes: numbers as operations one after the other, conditions as steps that narrow the lanes.

use super::ast::{Arithmetic, Comparison};
use super::function::Unary;
use super::interval::Interval;
use super::tape::{ARGUMENTS_MAX, Base, Multiple, NOTHING, Op, Output, Tape};
use super::term::{Binary, Flag, Number, NumberKind};
use std::collections::VecDeque;

impl Tape {
    /// The tape of a number, its own columns behind so many of the state's.
    pub fn number(number: &Number, base: Base) -> Self {
        let mut builder = Builder::new(base);
        let output = match number.as_constant() {
            Some(value) => Output::Constant(value),
            None => Output::Number(builder.number(number)),
        };
        builder.finish(output, number.reliable_range())
    }

    /// The tape of a condition, its own columns behind so many of the state's.
    pub fn flag(flag: &Flag, base: Base) -> Self {
        let mut builder = Builder::new(base);
        builder.condition(flag);
        builder.finish(Output::Flag, Interval::UNIT)
    }
}

struct Builder {
    base: Base,
    tape: Tape,
    /// The operations that have to be told where to go on if no lane is left.
    pending: Vec<usize>,
    /// Columns of what the next comparisons compare, if they were worked out beforehand.
    ready: VecDeque<u32>,
}

impl Builder {
    fn new(base: Base) -> Self {
        let tape = Tape {
            ops: Vec::new(),
            multiples: Vec::new(),
            arguments: Vec::new(),
            output: Output::Flag,
            range: Interval::ALL,
            numbers: 0,
            flags: 0,
        };
        Self { base, tape, pending: Vec::new(), ready: VecDeque::new() }
    }

    fn finish(mut self, output: Output, range: Interval) -> Tape {
        self.land(0);
        Tape { output, range, ..self.tape }
    }

    fn push(&mut self, op: Op) {
        self.tape.ops.push(op);
    }

    fn number_op(&mut self, op: impl FnOnce(u32) -> Op) -> u32 {
        let to = self.base.numbers + self.tape.numbers;
        self.tape.numbers += 1;
        self.push(op(to));
        to
    }

    fn flag_column(&mut self) -> u32 {
        self.tape.flags += 1;
        self.base.flags + self.tape.flags - 1
    }

    /// The column of a number.
    fn number(&mut self, number: &Number) -> u32 {
        match &number.kind {
            NumberKind::Constant(value) => self.number_op(|to| Op::Constant { to, value: *value }),
            NumberKind::Column(column) => *column,
            NumberKind::Unary(function, a) => {
                let a = self.number(a);
                self.number_op(|to| Op::Unary { to, function: *function, a })
            }
            NumberKind::Binary(Binary::Arithmetic(Arithmetic::Add | Arithmetic::Subtract), ..) => self.sum(number),
            NumberKind::Binary(function, a, b) => self.binary(*function, a, b),
            NumberKind::Fold(function, first, rest) => {
                let first = self.number(first);
                rest.iter().fold(first, |a, next| {
                    let b = self.number(next);
                    self.number_op(|to| Op::Binary { to, function: *function, a, b })
                })
            }
            NumberKind::If(condition, yes, no) => {
                let (flag, poison) = self.flag_columns(condition);
                let (yes, no) = (self.number(yes), self.number(no));
                let chosen = self.number_op(|to| Op::Select { to, flag, yes, no });
                self.poisoned(chosen, poison)
            }
            NumberKind::FromFlag(flag) => {
                let (flag, poison) = self.flag_columns(flag);
                let number = self.number_op(|to| Op::FromFlag { to, flag });
                self.poisoned(number, poison)
            }
            NumberKind::Ask(ask, arguments) => {
                assert!(
                    arguments.len() <= ARGUMENTS_MAX,
                    "nothing is asked for with more arguments than banks hand on"
                );
                let columns: Vec<u32> = arguments.iter().map(|argument| self.number(argument)).collect();
                let start = self.tape.arguments.len() as u32;
                self.tape.arguments.extend(columns);
                let arguments = (start, self.tape.arguments.len() as u32);
                self.number_op(|to| Op::Ask { to, ask: *ask, arguments })
            }
        }
    }

    fn binary(&mut self, function: Binary, a: &Number, b: &Number) -> u32 {
        if let (Binary::Arithmetic(Arithmetic::Multiply), Some(factor)) = (function, a.as_constant()) {
            let a = self.number(b);
            return self.number_op(|to| Op::Scalar { to, function, a, b: factor });
        }
        let a_column = self.number(a);
        if let Some(b) = b.as_constant() {
            let range = a.reliable_range();
            let idle = match function {
                Binary::Min => !range.nan && range.high <= b,
                Binary::Max => !range.nan && range.low >= b,
                Binary::Arithmetic(_) => false,
            };
            return if idle { a_column } else { self.number_op(|to| Op::Scalar { to, function, a: a_column, b }) };
        }
        let b = self.number(b);
        self.number_op(|to| Op::Binary { to, function, a: a_column, b })
    }

    /// Additions and subtractions in a row. A difference is the sum with the negative, and the first two parts of a
    /// sum may change places: neither moves a bit.
    fn sum(&mut self, number: &Number) -> u32 {
        let mut parts = Vec::new();
        let mut first = number;
        while let NumberKind::Binary(Binary::Arithmetic(op @ (Arithmetic::Add | Arithmetic::Subtract)), a, b) =
            &first.kind
        {
            parts.push((*op == Arithmetic::Subtract, &**b));
            first = a;
        }
        parts.push((false, first));
        let (mut start, mut multiples, mut end) = (None, Vec::new(), None);
        for (negative, part) in parts.into_iter().rev() {
            if end.is_some() {
                let sum = self.sum_op(start.take(), &multiples, end.take());
                multiples = vec![Multiple { factor: 1.0, column: sum }];
            }
            let sign = if negative { -1.0 } else { 1.0 };
            match part.as_constant() {
                None => multiples.push(self.multiple(sign, part)),
                Some(value) if start.is_none() && multiples.len() < 2 => start = Some(sign * value),
                Some(value) => end = Some(sign * value),
            }
        }
        self.sum_op(start, &multiples, end)
    }

    fn sum_op(&mut self, start: Option<f64>, multiples: &[Multiple], end: Option<f64>) -> u32 {
        let from = self.tape.multiples.len() as u32;
        self.tape.multiples.extend(multiples);
        let terms = (from, self.tape.multiples.len() as u32);
        let (start, end) = (start.unwrap_or(NOTHING), end.unwrap_or(NOTHING));
        self.number_op(|to| Op::Sum { to, start, terms, end })
    }

    fn multiple(&mut self, sign: f64, part: &Number) -> Multiple {
        let (factor, of) = match &part.kind {
            NumberKind::Unary(Unary::Negate, a) => (-1.0, &**a),
            NumberKind::Binary(Binary::Arithmetic(Arithmetic::Multiply), a, b) => {
                match (a.as_constant(), b.as_constant()) {
                    (Some(factor), _) => (factor, &**b),
                    (_, Some(factor)) => (factor, &**a),
                    _ => (1.0, part),
                }
            }
            _ => (1.0, part),
        };
        Multiple { factor: sign * factor, column: self.number(of) }
    }

    fn poisoned(&mut self, a: u32, poison: Option<u32>) -> u32 {
        match poison {
            None => a,
            Some(flag) => self.number_op(|to| Op::Poison { to, a, flag }),
        }
    }

    /// The column of where a condition holds, and that of where it has no value, if there may be such lanes.
    fn flag_columns(&mut self, flag: &Flag) -> (u32, Option<u32>) {
        if let Flag::Column(column) = flag {
            return (*column, None);
        }
        let [lanes, undefined, holds, poison] = std::array::from_fn(|_| self.flag_column());
        let outer = std::mem::take(&mut self.ready);
        if flag.asks() {
            self.prepare(flag);
        }
        self.push(Op::Begin { lanes, undefined });
        let mark = self.pending.len();
        self.narrow(flag, true);
        self.land(mark);
        self.push(Op::End { lanes, undefined, holds, poison });
        self.ready = outer;
        (holds, flag.may_fail().then_some(poison))
    }

    /// The lanes narrowed to those in which the condition holds.
    fn condition(&mut self, flag: &Flag) {
        if flag.asks() {
            self.prepare(flag);
        }
        self.narrow(flag, true);
    }

    /// Works out all that is compared before the condition is looked at: what is asked of the outside is asked in all
    /// lanes, whatever the condition needs.
    fn prepare(&mut self, flag: &Flag) {
        match flag {
            Flag::Constant(_) | Flag::Column(_) => {}
            Flag::Not(a) => self.prepare(a),
            Flag::And(a, b) | Flag::Or(a, b) => {
                self.prepare(a);
                self.prepare(b);
            }
            Flag::If(a, b, c) => {
                self.prepare(a);
                self.prepare(b);
                self.prepare(c);
            }
            Flag::Compare(_, a, b) => {
                for side in in_order(a, b).into_iter().filter(|side| side.as_constant().is_none()) {
                    let column = self.number(side);
                    self.ready.push_back(column);
                }
            }
        }
    }

    /// Emits what leaves the lanes in which the flag is as wanted.
    fn narrow(&mut self, flag: &Flag, wanted: bool) {
        match flag {
            Flag::Constant(value) if *value == wanted => {}
            Flag::Constant(_) => self.narrowing(Op::Never { none: 0 }),
            Flag::Column(column) => self.narrowing(Op::Flag { column: *column, wanted, none: 0 }),
            Flag::Not(inner) => self.narrow(inner, !wanted),
            Flag::And(..) | Flag::Or(..) => {
                let is_and = matches!(flag, Flag::And(..));
                let parts = self.parts(flag, is_and);
                if is_and == wanted {
                    parts.into_iter().for_each(|part| self.narrow(part, wanted));
                } else {
                    self.alternatives(&parts, wanted);
                }
            }
            Flag::If(condition, yes, no) => {
                let (rest, got) = (self.flag_column(), self.flag_column());
                self.push(Op::Open { rest, got });
                let mark = self.pending.len();
                self.narrow(condition, true);
                self.land(mark);
                self.narrowing(Op::Then { rest, none: 0 });
                self.narrow(yes, wanted);
                self.land(mark);
                self.narrowing(Op::Or { rest, got, none: 0 });
                self.narrow(no, wanted);
                self.land(mark);
                self.narrowing(Op::Close { got, none: 0 });
            }
            Flag::Compare(comparison, a, b) => self.compare(*comparison, a, b, wanted),
        }
    }

    /// The parts of a chain of `and` or of `or`; the cheapest first where that cannot be told.
    fn parts<'f>(&self, flag: &'f Flag, is_and: bool) -> Vec<&'f Flag> {
        let mut parts = Vec::new();
        let mut rest = vec![flag];
        while let Some(next) = rest.pop() {
            match next {
                Flag::And(a, b) if is_and => rest.extend([&**b, &**a]),
                Flag::Or(a, b) if !is_and => rest.extend([&**b, &**a]),
                part => parts.push(part),
            }
        }
        if !flag.may_fail() && self.ready.is_empty() {
            parts.sort_by_key(|part| cost(part));
        }
        parts
    }

    fn alternatives(&mut self, parts: &[&Flag], wanted: bool) {
        let (rest, got) = (self.flag_column(), self.flag_column());
        self.push(Op::Open { rest, got });
        let mark = self.pending.len();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.land(mark);
                self.narrowing(Op::Or { rest, got, none: 0 });
            }
            self.narrow(part, wanted);
        }
        self.land(mark);
        self.narrowing(Op::Close { got, none: 0 });
    }

    fn compare(&mut self, comparison: Comparison, left: &Number, right: &Number, wanted: bool) {
        let [left, right] = match in_order(left, right) {
            [first, second] if std::ptr::eq(first, left) => [first, second],
            exchanged => return self.compare(comparison.flipped(), exchanged[0], exchanged[1], wanted),
        };
        let comparison = if wanted { comparison } else { comparison.negated() };
        if let (Some([a, b]), Some(with), true) = (difference(left), right.as_constant(), self.ready.is_empty()) {
            return self.narrowing(Op::CompareDifference { comparison, a, b, with, none: 0 });
        }
        let a = self.operand(left);
        if let Some(b) = right.as_constant() {
            return self.narrowing(Op::CompareScalar { comparison, a, b, none: 0 });
        }
        let b = self.operand(right);
        self.narrowing(Op::Compare { comparison, a, b, none: 0 });
    }

    /// The column of one side of a comparison.
    fn operand(&mut self, number: &Number) -> u32 {
        let ready = if number.as_constant().is_none() { self.ready.pop_front() } else { None };
        let a = ready.unwrap_or_else(|| self.number(number));
        if number.range.nan {
            self.push(Op::Defined { a });
        }
        a
    }

    fn narrowing(&mut self, op: Op) {
        self.pending.push(self.tape.ops.len());
        self.push(op);
    }

    /// Operations pending since the mark go on here if no lane is left.
    fn land(&mut self, mark: usize) {
        let here = self.tape.ops.len() as u32;
        for index in self.pending.drain(mark..) {
            match &mut self.tape.ops[index] {
                Op::Flag { none, .. }
                | Op::Compare { none, .. }
                | Op::CompareScalar { none, .. }
                | Op::CompareDifference { none, .. }
                | Op::Never { none }
                | Op::Then { none, .. }
                | Op::Or { none, .. }
                | Op::Close { none, .. } => *none = here,
                _ => unreachable!("only operations that narrow the lanes wait to be told where to go on"),
            }
        }
    }
}

/// The sides of a comparison, a constant last.
fn in_order<'n>(a: &'n Number, b: &'n Number) -> [&'n Number; 2] {
    if a.as_constant().is_some() && b.as_constant().is_none() { [b, a] } else { [a, b] }
}

/// The columns of a difference that always has a value.
fn difference(number: &Number) -> Option<[u32; 2]> {
    let NumberKind::Binary(Binary::Arithmetic(Arithmetic::Subtract), a, b) = &number.kind else { return None };
    match (&a.kind, &b.kind) {
        (NumberKind::Column(a), NumberKind::Column(b)) if !number.range.nan => Some([*a, *b]),
        _ => None,
    }
}

/// About how long a condition takes: a flag nothing, a comparison of a column one.
fn cost(flag: &Flag) -> u32 {
    let number = |number: &Number| {
        let mut parts = 0;
        number.walk(&mut |part| parts += u32::from(!matches!(part.kind, NumberKind::Constant(_))));
        parts
    };
    match flag {
        Flag::Constant(_) | Flag::Column(_) => 0,
        Flag::Not(a) => cost(a),
        Flag::And(a, b) | Flag::Or(a, b) => cost(a) + cost(b),
        Flag::If(a, b, c) => cost(a) + cost(b) + cost(c),
        Flag::Compare(_, a, b) => number(a) + number(b),
    }
}
