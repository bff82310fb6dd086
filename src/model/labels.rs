//! The names that reports use: no index of the model is ever shown to a person.

use super::column::Cell;
use crate::expression::Tape;

/// All names, by the indexes of the model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Labels {
    pub scenario: String,
    pub title: String,
    pub variant: String,
    pub variant_title: String,
    /// A label for every turn, from 0.
    pub calendar: Vec<String>,
    pub turn_length: String,
    pub actors: Vec<Label>,
    pub variables: Vec<Variable>,
    pub events: Vec<Event>,
    pub dynamics: Vec<Label>,
    pub metrics: Vec<Label>,
    pub milestones: Vec<Label>,
    pub outcomes: Vec<Outcome>,
    pub rungs: Vec<Rung>,
    pub scales: Vec<String>,
    pub claims: Vec<Label>,
    /// The paths of the draw sites: `triggers/x/chance`.
    pub sites: Vec<String>,
    pub places: Vec<Place>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Label {
    pub id: String,
    /// What people read; the id if the author gave none.
    pub title: String,
    pub unit: String,
}

/// A variable or a relation cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// `rok.policy`, or `tension(rok, dprk)`.
    pub path: String,
    pub title: String,
    pub unit: String,
    pub cell: Cell,
    /// The values of an enum.
    pub values: Vec<String>,
    /// Whether people would want to see it change: not so for bookkeeping.
    pub each_turn: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Event {
    /// `hanoi_threat`, or `hanoi_threat.honour`.
    pub id: String,
    pub title: String,
    pub actor: Option<u32>,
    pub toward: Option<u32>,
    /// threat, promise or treaty.
    pub kind: Option<String>,
    pub rung: Option<u32>,
    /// Of a branch: the event of the trigger.
    pub parent: Option<u32>,
    /// The guard as written.
    pub when: Option<String>,
    /// What the guard and the chance speak of: text, and how to work it out.
    pub mentions: Vec<Mention>,
}

/// A part of a guard whose value explains it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    pub text: String,
    pub value: Tape,
    /// The values of an enum, if it is one.
    pub values: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub id: String,
    pub title: String,
    pub severity: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Rung {
    pub id: String,
    pub firebreak: bool,
}

/// Where an expression stands: the path of its key, and its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub path: String,
    pub text: String,
}
