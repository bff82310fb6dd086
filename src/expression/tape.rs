//! Terms to tapes: a list of operations on columns, each reading only columns before its own.

use super::ast::Comparison;
use super::function::Unary;
use super::term::{Binary, Flag, Number, NumberKind};

/// One operation. Number columns and flag columns are counted apart; the columns of the state come first, then the
/// tape's own, in the order in which they are filled.
#[derive(Debug, Clone, PartialEq)]
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
    FlagConstant {
        to: u32,
        value: bool,
    },
    Compare {
        to: u32,
        comparison: Comparison,
        a: u32,
        b: u32,
    },
    CompareScalar {
        to: u32,
        comparison: Comparison,
        a: u32,
        b: f64,
    },
    IsNan {
        to: u32,
        a: u32,
    },
    Not {
        to: u32,
        a: u32,
    },
    And {
        to: u32,
        a: u32,
        b: u32,
    },
    Or {
        to: u32,
        a: u32,
        b: u32,
    },
    AndNot {
        to: u32,
        a: u32,
        b: u32,
    },
}

/// A program that works out one number or one flag for every lane.
#[derive(Debug, Clone, PartialEq)]
pub struct Tape {
    pub ops: Vec<Op>,
    /// Number columns that the `Ask` operations read, by ranges.
    pub arguments: Vec<u32>,
    pub output: Output,
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
    /// A flag column, and one that says where the expression has no value.
    Flag(u32, Option<u32>),
}

/// How many columns of each kind the state has: where a tape's own begin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Base {
    pub numbers: u32,
    pub flags: u32,
}

impl Tape {
    pub fn number(number: &Number, base: Base) -> Self {
        let mut builder = Builder::new(base);
        let output = match number.as_constant() {
            Some(value) => Output::Constant(value),
            None => Output::Number(builder.number(number)),
        };
        builder.finish(output)
    }

    pub fn flag(flag: &Flag, base: Base) -> Self {
        let mut builder = Builder::new(base);
        let (flag, poison) = builder.flag(flag);
        builder.finish(Output::Flag(flag, poison))
    }
}

struct Builder {
    base: Base,
    ops: Vec<Op>,
    arguments: Vec<u32>,
    numbers: u32,
    flags: u32,
}

impl Builder {
    fn new(base: Base) -> Self {
        Self { base, ops: Vec::new(), arguments: Vec::new(), numbers: 0, flags: 0 }
    }

    fn finish(self, output: Output) -> Tape {
        Tape { ops: self.ops, arguments: self.arguments, output, numbers: self.numbers, flags: self.flags }
    }

    fn number_op(&mut self, op: impl FnOnce(u32) -> Op) -> u32 {
        let to = self.base.numbers + self.numbers;
        self.numbers += 1;
        self.ops.push(op(to));
        to
    }

    fn flag_op(&mut self, op: impl FnOnce(u32) -> Op) -> u32 {
        let to = self.base.flags + self.flags;
        self.flags += 1;
        self.ops.push(op(to));
        to
    }

    fn number(&mut self, number: &Number) -> u32 {
        match &number.kind {
            NumberKind::Constant(value) => self.number_op(|to| Op::Constant { to, value: *value }),
            NumberKind::Column(column) => *column,
            NumberKind::Unary(function, a) => {
                let a = self.number(a);
                self.number_op(|to| Op::Unary { to, function: *function, a })
            }
            NumberKind::Binary(function, a, b) => {
                let a = self.number(a);
                if let Some(b) = b.as_constant() {
                    return self.number_op(|to| Op::Scalar { to, function: *function, a, b });
                }
                let b = self.number(b);
                self.number_op(|to| Op::Binary { to, function: *function, a, b })
            }
            NumberKind::Fold(function, all) => {
                let mut columns = all.iter();
                let first = columns.next().map_or(0, |first| self.number(first));
                columns.fold(first, |a, next| {
                    let b = self.number(next);
                    self.number_op(|to| Op::Binary { to, function: *function, a, b })
                })
            }
            NumberKind::If(condition, yes, no) => {
                let (flag, poison) = self.flag(condition);
                let (yes, no) = (self.number(yes), self.number(no));
                let chosen = self.number_op(|to| Op::Select { to, flag, yes, no });
                self.poisoned(chosen, poison)
            }
            NumberKind::FromFlag(flag) => {
                let (flag, poison) = self.flag(flag);
                let number = self.number_op(|to| Op::FromFlag { to, flag });
                self.poisoned(number, poison)
            }
            NumberKind::Ask(ask, arguments) => {
                let columns: Vec<u32> = arguments.iter().map(|argument| self.number(argument)).collect();
                let start = self.arguments.len() as u32;
                self.arguments.extend(columns);
                let arguments = (start, self.arguments.len() as u32);
                self.number_op(|to| Op::Ask { to, ask: *ask, arguments })
            }
        }
    }

    fn poisoned(&mut self, a: u32, poison: Option<u32>) -> u32 {
        match poison {
            None => a,
            Some(flag) => self.number_op(|to| Op::Poison { to, a, flag }),
        }
    }

    /// The column of the flag, and that of where it has no value, if there may be such lanes. `and`, `or` and `if`
    /// look at their second part only where the first does not decide.
    fn flag(&mut self, flag: &Flag) -> (u32, Option<u32>) {
        match flag {
            Flag::Constant(value) => (self.flag_op(|to| Op::FlagConstant { to, value: *value }), None),
            Flag::Column(column) => (*column, None),
            Flag::Not(inner) => {
                let (a, poison) = self.flag(inner);
                (self.flag_op(|to| Op::Not { to, a }), poison)
            }
            Flag::And(left, right) => {
                let ((a, first), (b, second)) = (self.flag(left), self.flag(right));
                let second = second.map(|second| self.flag_op(|to| Op::And { to, a, b: second }));
                (self.flag_op(|to| Op::And { to, a, b }), self.either(first, second))
            }
            Flag::Or(left, right) => {
                let ((a, first), (b, second)) = (self.flag(left), self.flag(right));
                let second = second.map(|second| self.flag_op(|to| Op::AndNot { to, a: second, b: a }));
                (self.flag_op(|to| Op::Or { to, a, b }), self.either(first, second))
            }
            Flag::If(condition, yes, no) => self.flag_if(condition, yes, no),
            Flag::Compare(comparison, left, right) => self.compare(*comparison, left, right),
        }
    }

    fn flag_if(&mut self, condition: &Flag, yes: &Flag, no: &Flag) -> (u32, Option<u32>) {
        let (c, first) = self.flag(condition);
        let ((a, yes_poison), (b, no_poison)) = (self.flag(yes), self.flag(no));
        let yes_poison = yes_poison.map(|poison| self.flag_op(|to| Op::And { to, a: poison, b: c }));
        let no_poison = no_poison.map(|poison| self.flag_op(|to| Op::AndNot { to, a: poison, b: c }));
        let when = self.flag_op(|to| Op::And { to, a, b: c });
        let otherwise = self.flag_op(|to| Op::AndNot { to, a: b, b: c });
        let value = self.flag_op(|to| Op::Or { to, a: when, b: otherwise });
        let branches = self.either(yes_poison, no_poison);
        (value, self.either(first, branches))
    }

    fn compare(&mut self, comparison: Comparison, left: &Number, right: &Number) -> (u32, Option<u32>) {
        if left.as_constant().is_some() && right.as_constant().is_none() {
            return self.compare(comparison.flipped(), right, left);
        }
        let a = self.number(left);
        let mut poison = left.range.nan.then(|| self.flag_op(|to| Op::IsNan { to, a }));
        if let Some(b) = right.as_constant() {
            return (self.flag_op(|to| Op::CompareScalar { to, comparison, a, b }), poison);
        }
        let b = self.number(right);
        if right.range.nan {
            let second = self.flag_op(|to| Op::IsNan { to, a: b });
            poison = self.either(poison, Some(second));
        }
        (self.flag_op(|to| Op::Compare { to, comparison, a, b }), poison)
    }

    fn either(&mut self, a: Option<u32>, b: Option<u32>) -> Option<u32> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.flag_op(|to| Op::Or { to, a, b })),
            (one, other) => one.or(other),
        }
    }
}
