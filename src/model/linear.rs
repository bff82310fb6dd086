//! Linear assignments: a number becomes a sum of multiples of numbers, or has it added.

use super::effect::{Effect, Target};
use crate::expression::{Assign, Multiple, Op, Output, Total};

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
        let [Op::Sum { to, start, terms, end }] = effect.value.ops[..] else { return None };
        let (adds, sign) = match effect.op {
            Assign::Set => (false, 1.0),
            Assign::Add => (true, 1.0),
            // A number less a sum is the number and the sum with all signs turned.
            Assign::Subtract => (true, -1.0),
            Assign::Multiply => return None,
        };
        if effect.value.output != Output::Number(to) || !effect.stops() || effect.range().nan {
            return None;
        }
        let multiples = effect.value.terms(terms).iter().map(|multiple| Multiple { factor: sign * multiple.factor, ..*multiple });
        Some(Self { column, variable, min, max, adds, start: sign * start, multiples: multiples.collect(), end: sign * end, room: to })
    }

    #[inline(always)]
    pub fn total(&self) -> Total<'_> {
        Total { start: self.start, multiples: &self.multiples, end: self.end }
    }
}
