//! History columns: what expressions ask about the past, kept only where they ask.

use super::events::Event;
use super::pools::Columns;
use crate::model::{Cell, Mark, Marks};
use std::collections::BTreeMap;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Fired(usize),
    Landed(usize),
    /// An actor saw an event.
    Seen(usize, usize),
    /// It never can.
    Never,
}

/// What is asked about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    Ever,
    Last,
    Count,
}

/// The columns that are asked for so far.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    columns: BTreeMap<(Subject, What), Cell>,
    pending: BTreeMap<usize, u32>,
    /// Which events are asked about, by what; for the lint of what actors may know.
    pub sightings: BTreeMap<(usize, usize), u32>,
}

impl History {
    pub fn column(&mut self, subject: Subject, what: What, columns: &mut Columns) -> Cell {
        *self.columns.entry((subject, what)).or_insert_with(|| match what {
            What::Ever => Cell::Flag(columns.flag(false)),
            What::Last => Cell::Number(columns.number(f64::NEG_INFINITY)),
            What::Count => Cell::Number(columns.number(0.0)),
        })
    }

    /// The column that counts the firings of an event that are under way.
    pub fn pending(&mut self, event: usize, columns: &mut Columns) -> u32 {
        *self.pending.entry(event).or_insert_with(|| columns.number(0.0))
    }

    pub fn asked_pending(&self, event: usize) -> Option<u32> {
        self.pending.get(&event).copied()
    }

    /// The index of what is marked when an actor sees an event.
    pub fn sighting(&mut self, actor: usize, event: usize) -> u32 {
        let next = self.sightings.len() as u32;
        *self.sightings.entry((actor, event)).or_insert(next)
    }

    /// What is marked when each event fires and lands.
    pub fn marks(&self, events: &[Event<'_>]) -> Vec<Marks> {
        let mut marks = vec![Marks::default(); events.len()];
        for ((subject, what), cell) in &self.columns {
            let mark = mark(*what, *cell);
            match *subject {
                Subject::Fired(event) => marks[event].fired.push(mark),
                Subject::Landed(event) => {
                    for leaf in leaves(events, event) {
                        let list = if events[leaf].delayed { &mut marks[leaf].landed } else { &mut marks[leaf].fired };
                        list.push(mark);
                    }
                }
                Subject::Seen(_, event) => {
                    for leaf in leaves(events, event) {
                        if events[leaf].observers.is_none() {
                            marks[leaf].fired.push(mark);
                        }
                    }
                }
                Subject::Never => {}
            }
        }
        marks
    }

    /// What is marked at each sighting.
    pub fn sighting_marks(&self, events: &[Event<'_>]) -> Vec<Vec<Mark>> {
        let mut marks = vec![Vec::new(); self.sightings.len()];
        for ((subject, what), cell) in &self.columns {
            let Subject::Seen(actor, event) = *subject else { continue };
            for leaf in leaves(events, event) {
                if let Some(sighting) = self.sightings.get(&(actor, leaf)) {
                    marks[*sighting as usize].push(mark(*what, *cell));
                }
            }
        }
        marks
    }
}

fn mark(what: What, cell: Cell) -> Mark {
    match (what, cell) {
        (What::Last, Cell::Number(column)) => Mark::Stamp(column),
        (_, Cell::Number(column)) => Mark::Count(column),
        (_, Cell::Flag(column)) => Mark::Set(column),
    }
}

/// What really happens when an event does: its branches, or itself.
pub(super) fn leaves(events: &[Event<'_>], event: usize) -> Vec<usize> {
    if events[event].branches.is_empty() { vec![event] } else { events[event].branches.clone() }
}

/// What it means that an event has landed: that it fired, if nothing about it is delayed.
pub(super) fn landed(events: &[Event<'_>], event: usize) -> Subject {
    let delayed = leaves(events, event).iter().any(|leaf| events[*leaf].delayed);
    if delayed { Subject::Landed(event) } else { Subject::Fired(event) }
}

/// What it means that an actor has seen an event.
pub(super) fn seen(events: &[Event<'_>], actor: usize, event: usize) -> Subject {
    if events[event].actor == Some(actor) {
        return Subject::Fired(event);
    }
    let leaves = leaves(events, event);
    let public = |leaf: &usize| events[*leaf].observers.is_none();
    let listed = |leaf: &usize| {
        events[*leaf].observers.as_ref().is_some_and(|list| list.iter().any(|watcher| watcher.actor == actor))
    };
    if leaves.iter().all(public) {
        Subject::Fired(event)
    } else if leaves.iter().any(|leaf| public(leaf) || listed(leaf)) {
        Subject::Seen(actor, event)
    } else {
        Subject::Never
    }
}
