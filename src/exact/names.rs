//! The names of columns and steps, for messages about what multiplies the states.

use super::layer::Layout;
use crate::model::{Body, Cell, Copy, Landing, Mark, Model, Rule, Step};
use std::collections::{BTreeMap, BTreeSet};

/// How many columns a message names.
const NAMED: usize = 8;

/// A step as people would say it.
pub(super) fn step(model: &Model, step: Step) -> String {
    let event = |event: u32| format!("`{}`", model.labels.events[event as usize].id);
    match step {
        Step::Latch => "the start of the turn".to_owned(),
        Step::Landing(index) => match &model.landings[index] {
            Landing::Effects { event: it, .. } | Landing::Goods { event: it, .. } => {
                format!("the landing of {}", event(*it))
            }
        },
        Step::Inject(index) => event(model.injects[index].event),
        Step::Dynamic(index) => {
            format!("`{}`", model.labels.dynamics[model.dynamics[index].label as usize].id)
        }
        Step::Snapshot => "the start of the triggers".to_owned(),
        Step::Trigger(index) => event(model.triggers[index].event),
        Step::Measure => "the end of the turn".to_owned(),
    }
}

/// The columns that differ between rows, those with the most values first, with how many each has.
pub(super) fn distinct(model: &Model, layout: &Layout, rows: &[&[u64]]) -> Vec<(String, usize)> {
    let names = columns(model);
    let name = |cell: Cell| names.get(&cell).cloned().unwrap_or_else(|| "bookkeeping".to_owned());
    let mut counts = Vec::new();
    for (place, column) in layout.numbers.iter().enumerate() {
        let values: BTreeSet<u64> = rows.iter().map(|row| row[place]).collect();
        counts.push((name(Cell::Number(*column)), values.len()));
    }
    for (place, column) in layout.flags.iter().enumerate() {
        let word = layout.numbers.len() + place / 64;
        let values: BTreeSet<u64> = rows.iter().map(|row| row[word] >> (place % 64) & 1).collect();
        counts.push((name(Cell::Flag(*column)), values.len()));
    }
    counts.retain(|(_, values)| *values > 1);
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(NAMED);
    counts
}

/// What the columns of the state hold, in the words of the language.
pub(super) fn columns(model: &Model) -> BTreeMap<Cell, String> {
    let mut names = BTreeMap::new();
    let labels = &model.labels;
    for variable in &labels.variables {
        names.insert(variable.cell, variable.path.clone());
    }
    if let Some(ladder) = &model.ladder {
        names.insert(Cell::Number(ladder.rung), "rung".to_owned());
        names.insert(Cell::Number(ladder.peak), "peak_rung".to_owned());
    }
    for (score, scale) in model.scores.iter().zip(&labels.scales) {
        names.insert(Cell::Number(score.column), format!("score {scale}"));
    }
    for (milestone, label) in model.milestones.iter().zip(&labels.milestones) {
        names.insert(Cell::Flag(milestone.passed), format!("milestone {}", label.id));
    }
    for (marks, event) in model.events.iter().zip(&labels.events) {
        for (mark, past) in marks.fired.iter().map(|it| (it, "")).chain(marks.landed.iter().map(|it| (it, "landed "))) {
            marked(&mut names, mark, past, &event.id);
        }
    }
    rules(model, &mut names);
    for (copies, word) in [(&model.latches, "prev"), (&model.snapshot, "snapshot of"), (&model.initials, "initial")] {
        for copy in copies {
            let (from, to) = match *copy {
                Copy::Number { from, to } => (Cell::Number(from), Cell::Number(to)),
                Copy::Flag { from, to } => (Cell::Flag(from), Cell::Flag(to)),
            };
            if let Some(name) = names.get(&from).cloned() {
                names.entry(to).or_insert(format!("{word}({name})"));
            }
        }
    }
    names
}

fn marked(names: &mut BTreeMap<Cell, String>, mark: &Mark, past: &str, event: &str) {
    let (cell, name) = match *mark {
        Mark::Set(flag) => (Cell::Flag(flag), format!("{past}fired({event})")),
        Mark::Stamp(column) => (Cell::Number(column), format!("{past}since({event})")),
        Mark::Count(column) => (Cell::Number(column), format!("{past}count({event})")),
        Mark::Raise(column, _) => (Cell::Number(column), "a rung of an actor".to_owned()),
        Mark::Add(..) => return,
    };
    names.entry(cell).or_insert(name);
}

fn rules(model: &Model, names: &mut BTreeMap<Cell, String>) {
    let labels = &model.labels;
    let sighted = |names: &mut BTreeMap<Cell, String>, observers: &[crate::model::Observer], event: u32| {
        for observer in observers {
            let actor = &labels.actors[observer.actor as usize].id;
            let seen = format!("seen by {actor}: ");
            for mark in &model.sightings[observer.sighting as usize] {
                marked(names, mark, &seen, &labels.events[event as usize].id);
            }
        }
    };
    let all = model.injects.iter().chain(&model.triggers);
    for Rule { body, .. } in all {
        let branches = match body {
            Body::Plain(branch) => vec![branch],
            Body::Decision { branches, .. } => branches.iter().collect(),
            Body::Commitment { honour, breach, .. } => vec![&**honour, &**breach],
            Body::Transfer(transfer) => {
                sighted(names, &transfer.observers, transfer.event);
                let id = &labels.events[transfer.event as usize].id;
                transfer.goods.iter().for_each(|column| {
                    names.insert(Cell::Number(*column), format!("goods of {id} under way"));
                });
                transfer.due.iter().for_each(|column| {
                    names.insert(Cell::Flag(*column), format!("{id} under way"));
                });
                continue;
            }
        };
        for branch in branches {
            sighted(names, &branch.observers, branch.event);
            let id = &labels.events[branch.event as usize].id;
            for column in branch.delay.iter().flat_map(|delay| delay.ring.iter().chain(&delay.pending)) {
                names.insert(Cell::Number(*column), format!("{id} under way"));
            }
        }
    }
}
