//! Conditions in clauses: all must hold, and each does where one of its alternatives, none of them nested, does.

use super::ast::Comparison;
use super::kernels::{Mask, compare};
use super::lanes::Bank;
use super::tape::Op;
use crate::wide::Wide;

/// One alternative of a clause.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alternative {
    asks: Asks,
    /// Whether it is the last of its clause.
    ends: bool,
}

/// Numbers always have values here.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asks {
    Flag { column: u32, wanted: bool },
    Scalar { comparison: Comparison, a: u32, b: f64 },
    Columns { comparison: Comparison, a: u32, b: u32 },
}

/// The clauses of a tape, if it is no more than that.
pub fn clauses(ops: &[Op]) -> Option<Vec<Alternative>> {
    let mut clauses: Vec<Alternative> = Vec::new();
    let mut rest = ops.iter();
    while let Some(op) = rest.next() {
        if !matches!(op, Op::Open { .. }) {
            clauses.push(Alternative { ends: true, ..alternative(op)? });
            continue;
        }
        loop {
            clauses.push(alternative(rest.next()?)?);
            match rest.next()? {
                Op::Or { .. } => {}
                Op::Close { .. } => break,
                _ => return None,
            }
        }
        clauses.last_mut()?.ends = true;
    }
    Some(clauses)
}

fn alternative(op: &Op) -> Option<Alternative> {
    let asks = match *op {
        Op::Flag { column, wanted, .. } => Asks::Flag { column, wanted },
        Op::CompareScalar { comparison, a, b, .. } => Asks::Scalar { comparison, a, b },
        Op::Compare { comparison, a, b, .. } => Asks::Columns { comparison, a, b },
        _ => return None,
    };
    Some(Alternative { asks, ends: false })
}

impl Bank {
    /// The lanes in which all clauses hold.
    #[inline(always)]
    pub fn hold<X: Wide>(&self, wide: X, clauses: &[Alternative], mask: Mask) -> Mask {
        // Those in which no alternative of the clause has held so far.
        let (mut lanes, mut left) = (mask, mask);
        for alternative in clauses {
            left &= !self.asked(wide, alternative.asks);
            if alternative.ends {
                lanes &= !left;
                if lanes == 0 {
                    break;
                }
                left = lanes;
            }
        }
        lanes
    }

    #[inline(always)]
    fn asked<X: Wide>(&self, wide: X, asks: Asks) -> Mask {
        match asks {
            Asks::Flag { column, wanted: true } => self.flags[column as usize],
            Asks::Flag { column, wanted: false } => !self.flags[column as usize],
            Asks::Scalar { comparison, a, b } => compare(wide, comparison, &self.numbers[a as usize], b),
            Asks::Columns { comparison, a, b } => {
                compare(wide, comparison, &self.numbers[a as usize], &self.numbers[b as usize])
            }
        }
    }
}
