//! What the operations of a tape read and fill, for those who ask which columns matter.

use super::tape::{Op, Output, Tape};

/// A column of one kind or the other, the state's or a tape's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operand {
    Number(u32),
    Flag(u32),
}

impl Op {
    /// Calls `see` with every column that the operation reads, out of a tape. The flags with which a condition keeps
    /// account of its lanes are nobody else's, and not among them.
    pub fn reads(&self, tape: &Tape, mut see: impl FnMut(Operand)) {
        use Operand::{Flag, Number};
        match *self {
            Op::Unary { a, .. } | Op::Scalar { a, .. } | Op::CompareScalar { a, .. } | Op::Defined { a } => {
                see(Number(a));
            }
            Op::Binary { a, b, .. } | Op::Compare { a, b, .. } | Op::CompareDifference { a, b, .. } => {
                see(Number(a));
                see(Number(b));
            }
            Op::Sum { terms, .. } => {
                tape.terms(terms).iter().for_each(|multiple| see(Number(multiple.column)));
            }
            Op::Select { flag, yes, no, .. } => {
                see(Flag(flag));
                see(Number(yes));
                see(Number(no));
            }
            Op::FromFlag { flag, .. } | Op::Flag { column: flag, .. } => see(Flag(flag)),
            Op::Poison { a, flag, .. } => {
                see(Number(a));
                see(Flag(flag));
            }
            Op::Ask { arguments: (start, end), .. } => {
                tape.arguments[start as usize..end as usize].iter().for_each(|column| see(Number(*column)));
            }
            Op::Constant { .. }
            | Op::Never { .. }
            | Op::Open { .. }
            | Op::Then { .. }
            | Op::Or { .. }
            | Op::Close { .. }
            | Op::Begin { .. }
            | Op::End { .. } => {}
        }
    }
}

impl Tape {
    /// Calls `see` with every column that is read, the tape's own included.
    pub fn reads(&self, mut see: impl FnMut(Operand)) {
        for op in &self.ops {
            op.reads(self, &mut see);
        }
        if let Output::Number(column) = self.output {
            see(Operand::Number(column));
        }
    }

    /// Whether it asks for a value from outside.
    pub fn asks(&self) -> bool {
        self.ops.iter().any(|op| matches!(op, Op::Ask { .. }))
    }
}
