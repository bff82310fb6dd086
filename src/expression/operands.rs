//! What the operations of a tape read and fill, for those who ask which columns matter.

use super::tape::{Op, Output, Tape};

/// A column of one kind or the other, the state's or a tape's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operand {
    Number(u32),
    Flag(u32),
}

impl Op {
    /// Calls `see` with every column that the operation reads; `arguments` are those of its tape.
    pub fn reads(&self, arguments: &[u32], mut see: impl FnMut(Operand)) {
        use Operand::{Flag, Number};
        match *self {
            Op::Constant { .. } | Op::FlagConstant { .. } => {}
            Op::Unary { a, .. } | Op::Scalar { a, .. } | Op::CompareScalar { a, .. } | Op::IsNan { a, .. } => {
                see(Number(a));
            }
            Op::Binary { a, b, .. } | Op::Compare { a, b, .. } => {
                see(Number(a));
                see(Number(b));
            }
            Op::Select { flag, yes, no, .. } => {
                see(Flag(flag));
                see(Number(yes));
                see(Number(no));
            }
            Op::FromFlag { flag, .. } => see(Flag(flag)),
            Op::Poison { a, flag, .. } => {
                see(Number(a));
                see(Flag(flag));
            }
            Op::Ask { arguments: (start, end), .. } => {
                arguments[start as usize..end as usize].iter().for_each(|column| see(Number(*column)));
            }
            Op::Not { a, .. } => see(Flag(a)),
            Op::And { a, b, .. } | Op::Or { a, b, .. } | Op::AndNot { a, b, .. } => {
                see(Flag(a));
                see(Flag(b));
            }
        }
    }
}

impl Tape {
    /// Calls `see` with every column that is read, the tape's own included.
    pub fn reads(&self, mut see: impl FnMut(Operand)) {
        for op in &self.ops {
            op.reads(&self.arguments, &mut see);
        }
        match self.output {
            Output::Number(column) => see(Operand::Number(column)),
            Output::Constant(_) => {}
            Output::Flag(flag, poison) => {
                see(Operand::Flag(flag));
                poison.into_iter().for_each(|poison| see(Operand::Flag(poison)));
            }
        }
    }

    /// Whether it asks for a value from outside.
    pub fn asks(&self) -> bool {
        self.ops.iter().any(|op| matches!(op, Op::Ask { .. }))
    }
}
