//! History columns: what expressions ask about the past, kept only where they ask.

use super::events::Event;
use super::pools::Columns;
use crate::model::{Mark, Marks};
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

/// What is asked about it, which says of which kind its column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// A flag column: whether it ever happened.
    Ever,
    /// A number column: the turn in which it last happened.
    Last,
    /// A number column: how often it has happened.
    Count,
}

impl What {
    /// What happening leaves in the column.
    fn mark(self, column: u32) -> Mark {
        match self {
            What::Ever => Mark::Set(column),
            What::Last => Mark::Stamp(column),
            What::Count => Mark::Count(column),
        }
    }
}

/// The columns that are asked for so far.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    columns: BTreeMap<(Subject, What), u32>,
    pending: BTreeMap<usize, u32>,
    /// Which events are asked about, by what; for the lint of what actors may know.
    pub sightings: BTreeMap<(usize, usize), u32>,
}

impl History {
    /// The flag column of whether it ever happened.
    pub fn ever(&mut self, subject: Subject, columns: &mut Columns) -> u32 {
        *self.columns.entry((subject, What::Ever)).or_insert_with(|| columns.flag(false))
    }

    /// The number column of the turn in which it last happened; endlessly long ago if it never has.
    pub fn last(&mut self, subject: Subject, columns: &mut Columns) -> u32 {
        *self.columns.entry((subject, What::Last)).or_insert_with(|| columns.number(f64::NEG_INFINITY))
    }

    /// The number column of how often it has happened.
    pub fn count(&mut self, subject: Subject, columns: &mut Columns) -> u32 {
        *self.columns.entry((subject, What::Count)).or_insert_with(|| columns.number(0.0))
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
        for ((subject, what), column) in &self.columns {
            let mark = what.mark(*column);
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
        for ((subject, what), column) in &self.columns {
            let Subject::Seen(actor, event) = *subject else { continue };
            for leaf in leaves(events, event) {
                if let Some(sighting) = self.sightings.get(&(actor, leaf)) {
                    marks[*sighting as usize].push(what.mark(*column));
                }
            }
        }
        marks
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
