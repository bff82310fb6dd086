//! Events that fire once at most, so that the probability of firing at all is what firings are expected.

use crate::expression::{Comparison, Op, Tape};
use crate::model::{Mark, Model, Rule};

/// By event: whether it can fire no more than once in a replication. Branches are as their triggers.
pub fn at_most_once(model: &Model) -> Vec<bool> {
    let mut once = vec![false; model.events.len()];
    for rule in model.injects.iter().chain(&model.triggers) {
        once[rule.event as usize] = is_once(model, rule);
    }
    for (event, label) in model.labels.events.iter().enumerate() {
        if let Some(parent) = label.parent {
            once[event] = once[parent as usize];
        }
    }
    once
}

/// It is due in one turn only, or its guard holds only while it has been counted less than once.
fn is_once(model: &Model, rule: &Rule) -> bool {
    if rule.due.as_ref().is_some_and(|turns| turns.len() <= 1) {
        return true;
    }
    let Some(guard) = &rule.guard else { return false };
    let counts = model.events[rule.event as usize].fired.iter().filter_map(|mark| match mark {
        Mark::Count(column) => Some(*column),
        _ => None,
    });
    counts.into_iter().any(|column| is_counted_by_it(model, rule.event, column) && needs_none(&guard.tape, column))
}

/// Whether a count is this event's alone.
fn is_counted_by_it(model: &Model, event: u32, column: u32) -> bool {
    let counts = |mark: &Mark| matches!(mark, Mark::Count(other) if *other == column);
    model.events.iter().enumerate().all(|(other, marks)| other == event as usize || !marks.fired.iter().any(counts))
}

/// Whether a condition holds only where a count is less than 1: that stands among what its `and`s join.
fn needs_none(tape: &Tape, column: u32) -> bool {
    // Within alternatives, and within numbers, a comparison does not decide alone.
    let mut depth = 0;
    for op in &tape.ops {
        match *op {
            Op::Open { .. } | Op::Begin { .. } => depth += 1,
            Op::Close { .. } | Op::End { .. } => depth -= 1,
            Op::CompareScalar { comparison: Comparison::Less, a, b, .. } if depth == 0 && a == column && b <= 1.0 => {
                return true;
            }
            _ => {}
        }
    }
    false
}
