//! What two models have in common, by name: outcomes, and events in order of play.

use crate::batch::{Happening, Note};
use crate::model::{Body, Model};
use std::collections::{BTreeMap, BTreeSet};

/// Where something stands in the order of play of one turn: the phase, the rule within the phase, and the event among the
/// branches of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    rule: u32,
    event: u32,
}

/// The events of two models that can be held against each other: those that both have and that the difference between
/// the two scenarios does not touch.
#[derive(Debug)]
pub struct Alignment {
    reference: Vec<Option<Place>>,
    course: Vec<Option<Place>>,
    /// The names of the shared events, by [`Parting::event`].
    pub events: Vec<String>,
}

/// The first thing that happened differently in two runs of one replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Parting {
    pub turn: u32,
    /// The index of the event among those that both models have.
    pub event: u32,
    /// Whether it is the arrival of the event's delayed effects or goods, not its firing.
    pub landed: bool,
    /// Whether it happened in the course and not in the reference; else it is the other way round.
    pub in_course: bool,
}

/// A happening that both models know: turn, phase, place in the phase.
type Key = (u32, bool, Place);

impl Alignment {
    /// Aligns two models; `own` names the injects and triggers that are in one of the two scenarios only, or not the same
    /// in both. What they do is the difference itself, and no consequence of it.
    pub fn new(reference: &Model, course: &Model, own: &BTreeSet<String>) -> Self {
        let (old, new) = (shared(reference, own), shared(course, own));
        let mut events = Vec::new();
        let mut places: BTreeMap<&str, Place> = BTreeMap::new();
        for (rule, name) in &new {
            if old.iter().any(|(_, other)| other == name) {
                places.insert(name, Place { rule: *rule, event: events.len() as u32 });
                events.push((*name).to_owned());
            }
        }
        let place = |model: &Model| {
            let labels = model.labels.events.iter();
            labels.map(|label| places.get(label.id.as_str()).copied()).collect()
        };
        Self { reference: place(reference), course: place(course), events }
    }

    /// The first thing that one of two logs has and the other has not, in one lane; none if the shared events are the
    /// same.
    pub fn parting(&self, reference: &[Note], course: &[Note], lane: usize) -> Option<Parting> {
        let mut old = keys(reference, &self.reference, lane);
        let mut new = keys(course, &self.course, lane);
        loop {
            let (key, in_course) = match (old.next(), new.next()) {
                (None, None) => return None,
                (Some(old), None) => (old, false),
                (None, Some(new)) => (new, true),
                (Some(old), Some(new)) if old == new => continue,
                (Some(old), Some(new)) => (old.min(new), new < old),
            };
            let (turn, fired, Place { event, .. }) = key;
            return Some(Parting { turn, event, landed: !fired, in_course });
        }
    }
}

/// The events of a model in order of play, each with the number of its rule, without those of `own` rules.
fn shared<'m>(model: &'m Model, own: &BTreeSet<String>) -> Vec<(u32, &'m str)> {
    let name = |event: u32| model.labels.events[event as usize].id.as_str();
    let mut found = Vec::new();
    for (number, rule) in (0..).zip(model.injects.iter().chain(&model.triggers)) {
        if own.contains(name(rule.event)) {
            continue;
        }
        found.push((number, name(rule.event)));
        let branches: Vec<u32> = match &rule.body {
            Body::Plain(_) | Body::Transfer(_) => Vec::new(),
            Body::Decision { branches, .. } => branches.iter().map(|branch| branch.event).collect(),
            Body::Commitment { honour, breach, .. } => vec![honour.event, breach.event],
        };
        found.extend(branches.into_iter().filter(|event| *event != rule.event).map(|event| (number, name(event))));
    }
    found
}

/// The shared happenings of one lane in order of play; arrivals come before everything else in a turn.
fn keys(notes: &[Note], places: &[Option<Place>], lane: usize) -> impl Iterator<Item = Key> {
    notes.iter().filter(move |note| note.lanes >> lane & 1 == 1).filter_map(|note| {
        let (event, fired) = match note.what {
            Happening::Fired(event) => (event, true),
            Happening::Landed(event) => (event, false),
            Happening::Passed(_) => return None,
        };
        Some((note.turn, fired, places[event as usize]?))
    })
}
