//! Linear assignments: a number becomes a sum of multiples of numbers, or has it added.

use super::effect::{Effect, Target};
use crate::expression::{Assign, Multiple, NOTHING, Op, Output, Total};

/// A number becomes a sum, or has it added, and stops at its bounds. It always has a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    pub column: u32,
    pub variable: u32,
    pub min: f64,
    pub max: f64,
    /// Whether the sum is added to what the number was.
    pub adds: bool,
    start: f64,
    multiples: Vec<Multiple>,
    end: f64,
    /// Room for the sum.
    pub room: u32,
}

impl Linear {
    /// What an effect does, if it is no more than that.
    pub fn of(effect: &Effect) -> Option<Self> {
        let Target::Number { column, min, max, variable, .. } = effect.target else { return None };
        if !effect.stops() || effect.range().nan {
            return None;
        }
        let linear = |adds, start, multiples, end, room| Self { column, variable, min, max, adds, start, multiples, end, room };
        let tape = &effect.value;
        match (tape.output, &tape.ops[..], effect.op) {
            (Output::Constant(factor), _, Assign::Multiply) => {
                Some(linear(false, NOTHING, vec![Multiple { factor, column }], NOTHING, column))
            }
            (Output::Number(room), &[Op::Sum { to, start, terms, end }], op) if room == to => {
                let (adds, sign) = match op {
                    Assign::Set => (false, 1.0),
                    Assign::Add => (true, 1.0),
                    // A number less a sum is the number and the sum with all signs turned.
                    Assign::Subtract => (true, -1.0),
                    Assign::Multiply => return None,
                };
                let multiples = tape.terms(terms).iter();
                let multiples = multiples.map(|multiple| Multiple { factor: sign * multiple.factor, ..*multiple });
                Some(linear(adds, sign * start, multiples.collect(), sign * end, room))
            }
            _ => None,
        }
    }

    #[inline(always)]
    pub fn total(&self) -> Total<'_> {
        Total { start: self.start, multiples: &self.multiples, end: self.end }
    }
}
