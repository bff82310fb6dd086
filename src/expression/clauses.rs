//! Conditions in clauses: all must hold, and each does where one of its alternatives, none of them nested, does.

use super::ast::Comparison;
use super::kernels::Mask;
use super::lanes::Bank;
use super::tape::Op;
use crate::wide::Wide;

/// One alternative of a clause.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alternative {
    asks: Asks,
    negated: bool,
    /// Whether it is the last of its clause.
    ends: bool,
}

/// Numbers always have values here.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asks {
    Flag(u32),
    Less(u32, f64),
    Greater(u32, f64),
    Equal(u32, f64),
    LessThan(u32, u32),
    SameAs(u32, u32),
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
    let (asks, negated) = match *op {
        Op::Flag { column, wanted, .. } => (Asks::Flag(column), !wanted),
        Op::CompareScalar { comparison, a, b, .. } => match comparison {
            Comparison::Less => (Asks::Less(a, b), false),
            Comparison::GreaterEqual => (Asks::Less(a, b), true),
            Comparison::Greater => (Asks::Greater(a, b), false),
            Comparison::LessEqual => (Asks::Greater(a, b), true),
            Comparison::Equal => (Asks::Equal(a, b), false),
            Comparison::NotEqual => (Asks::Equal(a, b), true),
        },
        Op::Compare { comparison, a, b, .. } => match comparison {
            Comparison::Less => (Asks::LessThan(a, b), false),
            Comparison::GreaterEqual => (Asks::LessThan(a, b), true),
            Comparison::Greater => (Asks::LessThan(b, a), false),
            Comparison::LessEqual => (Asks::LessThan(b, a), true),
            Comparison::Equal => (Asks::SameAs(a, b), false),
            Comparison::NotEqual => (Asks::SameAs(a, b), true),
        },
        _ => return None,
    };
    Some(Alternative { asks, negated, ends: false })
}

impl Bank {
    /// The lanes in which all clauses hold.
    #[inline(always)]
    pub fn hold<X: Wide>(&self, wide: X, clauses: &[Alternative], mask: Mask) -> Mask {
        // Those in which no alternative of the clause has held so far.
        let (mut lanes, mut left) = (mask, mask);
        for alternative in clauses {
            let holds = self.asked(wide, alternative.asks);
            left &= if alternative.negated { holds } else { !holds };
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
        let numbers = &self.numbers[..];
        match asks {
            Asks::Flag(column) => self.flags[column as usize],
            Asks::Less(a, b) => wide.less(&numbers[a as usize], b),
            Asks::Greater(a, b) => wide.less(b, &numbers[a as usize]),
            Asks::Equal(a, b) => wide.equal(&numbers[a as usize], b),
            Asks::LessThan(a, b) => wide.less(&numbers[a as usize], &numbers[b as usize]),
            Asks::SameAs(a, b) => wide.equal(&numbers[a as usize], &numbers[b as usize]),
        }
    }
}
