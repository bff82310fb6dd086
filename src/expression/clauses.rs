//! Conditions in clauses: all must hold, and each does where one of its alternatives, none of them nested, does.

use super::ast::Comparison;
use super::kernels::Mask;
use super::lanes::Bank;
use super::tape::Op;
use crate::simd::Simd;

/// One alternative of a clause, and what it asks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alternative<A> {
    asks: A,
    /// Whether it holds where the answer is no.
    negated: bool,
    /// Whether others of its clause follow.
    goes_on: bool,
}

/// That a number is above a finite constant, or that it is not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Above {
    constant: f64,
    column: u32,
    negated: bool,
}

/// All clauses of a condition, which are asked quicker where they ask for flags alone, by their columns.
#[derive(Debug, Clone, PartialEq)]
pub enum Clauses {
    Flags(Vec<Alternative<u32>>),
    /// Flags, and numbers above constants, each of which must be so or not.
    All(Vec<Alternative<u32>>, Vec<Above>),
    Mixed(Vec<Alternative<Asks>>),
}

/// Numbers always have values here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asks {
    Flag(u32),
    /// Whether a number is above a finite constant. That it is at least b is to be above the number next below b.
    Above(u32, f64),
    Equal(u32, f64),
    /// Whether the first is below the second.
    Below(u32, u32),
    Same(u32, u32),
}

/// The clauses of a tape, if it is no more than that.
pub fn clauses(ops: &[Op]) -> Option<Clauses> {
    let mut clauses = Vec::new();
    let mut rest = ops.iter();
    while let Some(op) = rest.next() {
        if !matches!(op, Op::Open { .. }) {
            clauses.push(Alternative { goes_on: false, ..alternative(op)? });
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
        clauses.last_mut()?.goes_on = false;
    }
    let flag = |alternative: &Alternative<Asks>| match *alternative {
        Alternative { asks: Asks::Flag(asks), negated, goes_on } => Some(Alternative { asks, negated, goes_on }),
        _ => None,
    };
    if let Some(flags) = clauses.iter().map(flag).collect::<Option<Vec<_>>>() {
        return Some(Clauses::Flags(flags));
    }
    let above = |alternative: &Alternative<Asks>| match *alternative {
        Alternative { asks: Asks::Above(column, constant), negated, .. } => Some(Above { constant, column, negated }),
        _ => None,
    };
    let (flags, others): (Vec<_>, Vec<_>) = clauses.iter().partition(|clause| matches!(clause.asks, Asks::Flag(_)));
    let flags: Vec<_> = flags.into_iter().filter_map(flag).collect();
    let numbers = others.into_iter().map(above).collect::<Option<Vec<_>>>();
    match numbers {
        Some(numbers) if clauses.iter().all(|clause| !clause.goes_on) => Some(Clauses::All(flags, numbers)),
        _ => Some(Clauses::Mixed(clauses)),
    }
}

fn alternative(op: &Op) -> Option<Alternative<Asks>> {
    use Comparison::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    let (asks, holds) = match *op {
        Op::Flag { column, wanted, .. } => (Asks::Flag(column), wanted),
        Op::CompareScalar { comparison, a, b, .. } => match comparison {
            Greater | LessEqual if b.is_finite() => (Asks::Above(a, b), comparison == Greater),
            GreaterEqual | Less if b.next_down().is_finite() => {
                (Asks::Above(a, b.next_down()), comparison == GreaterEqual)
            }
            Greater | LessEqual | GreaterEqual | Less => return None,
            Equal | NotEqual => (Asks::Equal(a, b), comparison == Equal),
        },
        Op::Compare { comparison, a, b, .. } => match comparison {
            Less | GreaterEqual => (Asks::Below(a, b), comparison == Less),
            Greater | LessEqual => (Asks::Below(b, a), comparison == Greater),
            Equal | NotEqual => (Asks::Same(a, b), comparison == Equal),
        },
        _ => return None,
    };
    Some(Alternative { asks, negated: !holds, goes_on: true })
}

impl<A: Copy> Alternative<A> {
    /// Leaves the lanes in which its clause holds, at the end of that; `got` are those of its alternatives so far.
    /// Without a branch: nobody could guess which trigger ends its clauses where.
    #[inline(always)]
    fn narrow(&self, answer: Mask, got: &mut Mask, lanes: &mut Mask) {
        let goes_on = all_or_none(self.goes_on);
        *got |= answer ^ all_or_none(self.negated);
        *lanes &= *got | goes_on;
        *got &= goes_on;
    }
}

#[inline(always)]
fn all_or_none(all: bool) -> Mask {
    Mask::from(all).wrapping_neg()
}

impl Bank {
    /// The lanes in which all clauses hold.
    #[inline(always)]
    pub fn hold<X: Simd>(&self, wide: X, clauses: &[Alternative<Asks>], mask: Mask) -> Mask {
        let (mut lanes, mut got) = (mask, 0);
        for alternative in clauses {
            let answer = match alternative.asks {
                Asks::Flag(column) => self.flags[column as usize],
                Asks::Above(a, b) => wide.below(b, &self.numbers[a as usize]),
                Asks::Equal(a, b) => wide.equal(&self.numbers[a as usize], b),
                Asks::Below(a, b) => wide.less(&self.numbers[a as usize], &self.numbers[b as usize]),
                Asks::Same(a, b) => wide.equal(&self.numbers[a as usize], &self.numbers[b as usize]),
            };
            alternative.narrow(answer, &mut got, &mut lanes);
            if lanes == 0 {
                break;
            }
        }
        lanes
    }

    /// The same of flags and numbers of which all must be so.
    #[inline(always)]
    pub fn all_hold<X: Simd>(&self, wide: X, flags: &[Alternative<u32>], numbers: &[Above], mask: Mask) -> Mask {
        let mut lanes = mask;
        for flag in flags {
            lanes &= self.flags[flag.asks as usize] ^ all_or_none(flag.negated);
        }
        for number in numbers {
            if lanes == 0 {
                break;
            }
            let above = wide.below(number.constant, &self.numbers[number.column as usize]);
            lanes &= above ^ all_or_none(number.negated);
        }
        lanes
    }

    /// The same of clauses that only ask for flags, which is done before one could leave off.
    #[inline(always)]
    pub fn flags_hold(&self, clauses: &[Alternative<u32>], mask: Mask) -> Mask {
        let (mut lanes, mut got) = (mask, 0);
        for alternative in clauses {
            alternative.narrow(self.flags[alternative.asks as usize], &mut got, &mut lanes);
        }
        lanes
    }
}
