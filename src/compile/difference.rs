//! How two scenarios differ in meaning: thing by thing, fact by fact, on the very facts that are hashed.

use super::canonical::{Fact, Meaning, Thing, meaning};
use crate::diagnostic::Diagnostic;
use crate::provenance;
use crate::scenario::{Scenario, Variant};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Two meanings held against each other: their hashes, and how they differ. No difference, and only then equal hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Scenario hashes, in hexadecimal.
    pub hashes: [String; 2],
    pub differences: Vec<Difference>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `trigger`, `variable`, and so on: the table, in the singular.
    pub kind: &'static str,
    pub id: String,
    #[serde(flatten)]
    pub change: Change,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// It is in the second only; with what holds of it.
    Added { facts: Vec<Stated> },
    /// It is in the first only.
    Removed { facts: Vec<Stated> },
    /// A fact has other values, as written; none where it does not hold. Effects have one value each.
    Fact { part: String, name: String, old: Vec<String>, new: Vec<String> },
    /// It, or a part of it, stands elsewhere among its like: what stands before it, nothing if it is the first.
    Moved { part: String, old: String, new: String },
}

/// A fact as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stated {
    pub part: String,
    pub name: String,
    pub value: String,
}

/// Compares two scenarios, each as written or under one of its variants.
///
/// # Errors
/// What a variant refers to and its scenario does not have.
pub fn compare(
    (old, old_variant): (&Scenario, Option<&Variant>),
    (new, new_variant): (&Scenario, Option<&Variant>),
) -> Result<Comparison, Vec<Diagnostic>> {
    let (old, new) = (meaning(&old.resolved(old_variant)?), meaning(&new.resolved(new_variant)?));
    let hash = |meaning: &Meaning| provenance::hex(&provenance::digest(meaning.text().as_bytes()));
    Ok(Comparison { hashes: [hash(&old), hash(&new)], differences: differences(&old.things, &new.things) })
}

/// In the order of the first, what is added last of its kind.
fn differences(old: &[Thing], new: &[Thing]) -> Vec<Difference> {
    let mut kinds: Vec<&'static str> = Vec::new();
    for thing in old.iter().chain(new) {
        if !kinds.contains(&thing.kind) {
            kinds.push(thing.kind);
        }
    }
    let mut found = Vec::new();
    for kind in kinds {
        let of_kind =
            |things: &[Thing]| -> Vec<Thing> { things.iter().filter(|it| it.kind == kind).cloned().collect() };
        let (mut old, mut new) = (of_kind(old), of_kind(new));
        if kind == "scenario" {
            // There is one in each; its name is a fact like others.
            old.iter_mut().chain(&mut new).for_each(named_by_a_fact);
        }
        of_one_kind(&old, &new, &mut found);
    }
    found
}

fn named_by_a_fact(thing: &mut Thing) {
    let id = std::mem::take(&mut thing.id);
    thing.facts.insert(0, Fact { part: String::new(), name: "id".to_owned(), value: id.clone(), written: id });
}

fn of_one_kind(old: &[Thing], new: &[Thing], found: &mut Vec<Difference>) {
    let by_id = |things: &'_ [Thing]| -> BTreeMap<String, usize> { ids(things).map(str::to_owned).zip(0..).collect() };
    let (olds, news) = (by_id(old), by_id(new));
    let moved = moved(&ids(old).collect::<Vec<_>>(), &ids(new).collect::<Vec<_>>());
    for thing in old {
        let difference = |change| Difference { kind: thing.kind, id: thing.id.clone(), change };
        match news.get(&thing.id) {
            None => found.push(difference(Change::Removed { facts: stated(thing) })),
            Some(other) => {
                found.extend(facts(thing, &new[*other]).into_iter().map(difference));
                let place = moved.iter().find(|place| place.id == thing.id);
                found.extend(place.map(|place| difference(place.change(String::new()))));
            }
        }
    }
    for thing in new.iter().filter(|thing| !olds.contains_key(&thing.id)) {
        let change = Change::Added { facts: stated(thing) };
        found.push(Difference { kind: thing.kind, id: thing.id.clone(), change });
    }
}

fn ids(things: &[Thing]) -> impl Iterator<Item = &str> {
    things.iter().map(|thing| thing.id.as_str())
}

fn stated(thing: &Thing) -> Vec<Stated> {
    let stated = |fact: &Fact| Stated { part: fact.part.clone(), name: fact.name.clone(), value: fact.written.clone() };
    thing.facts.iter().map(stated).collect()
}

/// What changed of a thing that both have.
fn facts(old: &Thing, new: &Thing) -> Vec<Change> {
    let mut keys: Vec<(&str, &str)> = Vec::new();
    for fact in old.facts.iter().chain(&new.facts) {
        let key = (fact.part.as_str(), fact.name.as_str());
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let mut changes = Vec::new();
    for (part, name) in keys {
        let of = |thing: &'_ Thing| -> Vec<Fact> {
            let facts = thing.facts.iter().filter(|fact| (fact.part.as_str(), fact.name.as_str()) == (part, name));
            facts.cloned().collect()
        };
        let (old, new) = (of(old), of(new));
        if !old.iter().map(|fact| &fact.value).eq(new.iter().map(|fact| &fact.value)) {
            changes.push(fact(part, name, &old, &new));
        }
    }
    changes.extend(moved(&parts(old), &parts(new)).iter().map(|place| place.change(place.id.to_owned())));
    changes
}

/// What means the same is shown in both as the first writes it.
fn fact(part: &str, name: &str, old: &[Fact], new: &[Fact]) -> Change {
    let shown = |fact: &Fact| old.iter().find(|it| it.value == fact.value).unwrap_or(fact).written.clone();
    Change::Fact {
        part: part.to_owned(),
        name: name.to_owned(),
        old: old.iter().map(shown).collect(),
        new: new.iter().map(shown).collect(),
    }
}

/// The parts of a thing in order, that without a name left out.
fn parts(thing: &Thing) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for fact in thing.facts.iter().filter(|fact| !fact.part.is_empty()) {
        if !parts.contains(&fact.part.as_str()) {
            parts.push(&fact.part);
        }
    }
    parts
}

/// Where something that moved stood, and where it stands.
struct Place<'a> {
    id: &'a str,
    old: String,
    new: String,
}

impl Place<'_> {
    fn change(&self, part: String) -> Change {
        Change::Moved { part, old: self.old.clone(), new: self.new.clone() }
    }
}

/// The fewest names that must be taken from one place to another to bring those that both have into the new order.
fn moved<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Place<'a>> {
    let places: BTreeMap<&str, usize> = new.iter().copied().zip(0..).collect();
    let common: Vec<(usize, usize)> =
        old.iter().enumerate().filter_map(|(was, id)| Some((was, *places.get(id)?))).collect();
    let goes: Vec<usize> = common.iter().map(|(_, is)| *is).collect();
    let stays = longest_rising(&goes);
    let before = |all: &[&str], at: usize| at.checked_sub(1).map_or(String::new(), |before| all[before].to_owned());
    let moved = common.iter().enumerate().filter(|(at, _)| !stays.contains(at));
    moved.map(|(_, &(was, is))| Place { id: old[was], old: before(old, was), new: before(new, is) }).collect()
}

/// The places of a longest rising part of some numbers.
fn longest_rising(numbers: &[usize]) -> BTreeSet<usize> {
    // For each length, the place of the smallest number that ends a rising part of that length; and who stands before whom.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; numbers.len()];
    for (at, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|&end| numbers[end] < *number);
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    std::iter::successors(ends.last().copied(), |&at| before[at]).collect()
}
