//! From where on the past is all the same: stamps and counts that are only compared with constants.
//!
//! `since(x) > 3` does not tell 4 turns ago from never, and `count(x) < 2` not 2 from 5. Where every use of such a
//! column is of this kind, states that differ only beyond the last boundary are one state.

use crate::expression::{Binary, Comparison, Op, Operand, Output, Tape};
use crate::model::{Body, Branch, Copy, Mark, Model, Rule, TURN};

/// What a column remembers, and from which value on values are alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Saturation {
    /// A turn: ages of so many turns and more are as good as never.
    Age(f64),
    /// A count: it and everything above are alike.
    Count(f64),
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Column {
    is_count: bool,
    /// None: it is used in another way, and every value counts.
    boundary: Option<f64>,
}

/// The saturation of every number column, where it has one.
pub(super) fn saturations(model: &Model) -> Vec<Option<Saturation>> {
    let mut columns = candidates(model);
    follow_copies(model, &mut columns);
    for_each_tape(model, &mut |tape| read(tape, model.base.numbers, &mut columns));
    // A snapshot is read in place of its column: what one of the two tells apart, both have to.
    for copy in &model.snapshot {
        if let Copy::Number { from, to } = *copy
            && let (Some(of), Some(snapshot)) = (columns[from as usize], columns[to as usize])
        {
            let boundary = of.boundary.zip(snapshot.boundary).map(|(a, b)| a.max(b));
            columns[from as usize] = Some(Column { boundary, ..of });
            columns[to as usize] = Some(Column { boundary, ..snapshot });
        }
    }
    let saturation = |column: Column| {
        let boundary = column.boundary?;
        Some(if column.is_count { Saturation::Count(boundary) } else { Saturation::Age(boundary) })
    };
    columns.into_iter().map(|column| column.and_then(saturation)).collect()
}

/// The columns that are written by stamps alone, or by counting up alone.
fn candidates(model: &Model) -> Vec<Option<Column>> {
    let mut columns = vec![None; model.base.numbers as usize];
    let mut others = vec![false; model.base.numbers as usize];
    let mut mark = |mark: &Mark| match *mark {
        Mark::Stamp(column) => note(&mut columns, &mut others, column, false),
        Mark::Count(column) => note(&mut columns, &mut others, column, true),
        Mark::Raise(column, _) | Mark::Add(column, _) => others[column as usize] = true,
        Mark::Set(_) => {}
    };
    model.events.iter().flat_map(|marks| marks.fired.iter().chain(&marks.landed)).for_each(&mut mark);
    model.sightings.iter().flatten().for_each(&mut mark);
    for (column, other) in columns.iter_mut().zip(others) {
        if other {
            *column = None;
        }
    }
    columns
}

fn note(columns: &mut [Option<Column>], others: &mut [bool], column: u32, is_count: bool) {
    let column = column as usize;
    others[column] |= columns[column].is_some_and(|known| known.is_count != is_count);
    columns[column] = Some(Column { is_count, boundary: Some(0.0) });
}

/// Snapshots of such columns are such columns; any other copy is another use.
fn follow_copies(model: &Model, columns: &mut [Option<Column>]) {
    for copy in model.initials.iter().chain(&model.latches).chain(&model.resets) {
        if let Copy::Number { from, to } = *copy {
            columns[from as usize] = None;
            columns[to as usize] = None;
        }
    }
    for copy in &model.snapshot {
        if let Copy::Number { from, to } = *copy {
            columns[to as usize] = columns[from as usize];
        }
    }
}

/// Notes what a tape tells apart.
fn read(tape: &Tape, base: u32, columns: &mut [Option<Column>]) {
    // Which column a number stands for: a count itself, an age, or one of the two held above a constant.
    let mut stands: Vec<Option<u32>> = Vec::new();
    let of = |stands: &[Option<u32>], columns: &[Option<Column>], number: u32| -> Option<u32> {
        match number.checked_sub(base) {
            Some(own) => stands.get(own as usize).copied().flatten(),
            None => columns[number as usize].filter(|column| column.is_count).map(|_| number),
        }
    };
    let set = |stands: &mut Vec<Option<u32>>, to: u32, what: Option<u32>| {
        let own = (to - base) as usize;
        stands.resize(stands.len().max(own + 1), None);
        stands[own] = what;
    };
    for op in &tape.ops {
        match *op {
            Op::Sum { to, start, terms, end } if (start, end) == (0.0, 0.0) && age(tape, terms, columns) => {
                set(&mut stands, to, Some(tape.multiples[terms.0 as usize + 1].column));
            }
            Op::Scalar { to, function: Binary::Max, a, .. } if of(&stands, columns, a).is_some() => {
                let what = of(&stands, columns, a);
                set(&mut stands, to, what);
            }
            Op::Scalar { function: Binary::Min, a, b, .. } if of(&stands, columns, a).is_some() => {
                bound(columns, of(&stands, columns, a), libm::ceil(b));
            }
            Op::CompareScalar { comparison, a, b, .. } if of(&stands, columns, a).is_some() => {
                bound(columns, of(&stands, columns, a), boundary(comparison, b));
            }
            Op::CompareDifference { comparison, a: TURN, b, with, .. } if is_stamp(columns, b) => {
                bound(columns, Some(b), boundary(comparison, with));
            }
            Op::Defined { a } if of(&stands, columns, a).is_some() => {}
            _ => op.reads(tape, |operand| refuse(columns, &stands, base, operand)),
        }
    }
    if let Output::Number(column) = tape.output {
        refuse(columns, &stands, base, Operand::Number(column));
    }
}

/// The turn less a stamp.
fn age(tape: &Tape, terms: (u32, u32), columns: &[Option<Column>]) -> bool {
    let &[turn, stamp] = tape.terms(terms) else { return false };
    turn.column == TURN && (turn.factor, stamp.factor) == (1.0, -1.0) && is_stamp(columns, stamp.column)
}

fn is_stamp(columns: &[Option<Column>], column: u32) -> bool {
    columns.get(column as usize).copied().flatten().is_some_and(|column| !column.is_count)
}

/// A use in which every value counts.
fn refuse(columns: &mut [Option<Column>], stands: &[Option<u32>], base: u32, operand: Operand) {
    let Operand::Number(number) = operand else { return };
    let column = match number.checked_sub(base) {
        Some(own) => stands.get(own as usize).copied().flatten(),
        None => Some(number),
    };
    if let Some(Some(column)) = column.map(|column| &mut columns[column as usize]) {
        column.boundary = None;
    }
}

/// Values from here on are alike to this use.
fn bound(columns: &mut [Option<Column>], column: Option<u32>, boundary: f64) {
    let Some(Some(column)) = column.map(|column| &mut columns[column as usize]) else { return };
    column.boundary = column.boundary.filter(|_| boundary.is_finite()).map(|known| known.max(boundary));
}

/// The least integer from which on all integers compare alike.
fn boundary(comparison: Comparison, constant: f64) -> f64 {
    match comparison {
        Comparison::Less | Comparison::GreaterEqual => libm::ceil(constant),
        _ => libm::floor(constant) + 1.0,
    }
}

/// Calls `see` with every tape that decides what happens.
pub(super) fn for_each_tape(model: &Model, see: &mut impl FnMut(&Tape)) {
    let effects = model.start.iter().chain(model.effects.iter().flatten());
    effects.for_each(|effect| see(&effect.value));
    model.injects.iter().chain(&model.triggers).for_each(|rule| rule_tapes(rule, see));
    model.metrics.iter().for_each(|metric| see(&metric.value));
    model.milestones.iter().for_each(|milestone| see(&milestone.test.tape));
    model.outcomes.iter().for_each(|outcome| see(&outcome.tape));
}

/// Calls `see` with every tape of a rule but those of its effects.
pub(super) fn rule_tapes(rule: &Rule, see: &mut impl FnMut(&Tape)) {
    rule.guard.iter().for_each(|guard| see(&guard.tape));
    rule.chance.iter().for_each(|chance| see(&chance.value));
    match &rule.body {
        Body::Plain(branch) => branch_tapes(branch, see),
        Body::Decision { weights, branches, .. } => {
            weights.iter().for_each(|weight| see(&weight.value));
            branches.iter().for_each(|branch| branch_tapes(branch, see));
        }
        Body::Commitment { chance, honour, breach } => {
            see(&chance.value);
            branch_tapes(honour, see);
            branch_tapes(breach, see);
        }
        Body::Transfer(transfer) => {
            see(&transfer.amount);
            transfer.loss.iter().for_each(|loss| see(&loss.value));
            transfer.observers.iter().for_each(|observer| see(&observer.chance.value));
        }
    }
}

fn branch_tapes(branch: &Branch, see: &mut impl FnMut(&Tape)) {
    branch.observers.iter().for_each(|observer| see(&observer.chance.value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_are_the_first_integers_that_compare_alike() {
        use Comparison::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
        let cases = [(Less, 3.0, 3.0), (GreaterEqual, 3.0, 3.0), (Less, 2.5, 3.0), (LessEqual, 3.0, 4.0)];
        let more = [(Greater, 3.0, 4.0), (Greater, 2.5, 3.0), (Equal, 3.0, 4.0), (NotEqual, 3.0, 4.0)];
        for (comparison, constant, expected) in cases.into_iter().chain(more) {
            assert_eq!(boundary(comparison, constant), expected, "{comparison:?} {constant}");
            let beyond = |n: i32| comparison.holds(expected + f64::from(n), constant);
            assert!((0..9).all(|n| beyond(n) == beyond(0)));
        }
    }
}
