//! One replication told turn by turn: who did what, why, with what chance, what changed, who learned of it.

use super::Reason;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chronicle {
    pub scenario: String,
    pub title: String,
    pub variant: String,
    pub variant_title: String,
    pub seed: u64,
    pub replication: u64,
    pub turns: Vec<Turn>,
    pub ending: Ending,
    /// Total points under each scale.
    pub scores: Vec<(String, f64)>,
    /// The highest rung that fired.
    pub peak_rung: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Turn {
    pub turn: u32,
    /// Its date, if turns have dates.
    pub label: String,
    pub entries: Vec<Entry>,
    pub metrics: Vec<(String, f64)>,
}

/// What happened, in the order in which it happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Entry {
    /// An inject or a trigger could fire: it fired, or its chance did not come.
    Rule(Box<Rule>),
    /// Something launched earlier lands.
    Landing {
        event: String,
        title: String,
        changes: Vec<Change>,
    },
    /// What changes every turn.
    Dynamic {
        id: String,
        title: String,
        changes: Vec<Change>,
    },
    /// Before turn 0: a parameter was drawn, an initial value followed from one.
    Start {
        changes: Vec<Change>,
    },
    Milestone {
        id: String,
        title: String,
    },
    /// What follows is that of a copy with this number, split off on this level.
    Split {
        number: u64,
        level: u64,
    },
    /// The replication could not go on.
    Failure {
        site: String,
        expression: String,
        reason: Reason,
    },
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Rule {
    pub event: String,
    pub title: String,
    pub actor: Option<String>,
    pub toward: Option<String>,
    pub kind: Option<String>,
    pub fired: bool,
    /// The branch taken, if it has branches.
    pub branch: Option<Branch>,
    pub rung: Option<String>,
    /// The guard as written.
    pub when: Option<String>,
    /// What guard and chance speak of, as it was then.
    pub because: Vec<Fact>,
    /// The chance with which it came, or did not.
    pub chance: Option<Chance>,
    /// The chance of the option taken, of a decision.
    pub choice: Option<Choice>,
    /// The chance of honouring, of a commitment.
    pub honour: Option<Chance>,
    /// Turn in which it lands, if not at once.
    pub lands: Option<u32>,
    pub sent: Option<Sent>,
    pub changes: Vec<Change>,
    pub observers: Vec<Observer>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Branch {
    pub event: String,
    pub title: String,
}

/// A quantity and its value at the time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact {
    pub text: String,
    pub value: String,
}

/// A probability, and the draw that settled it: it came if the draw is lower.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Chance {
    pub probability: f64,
    /// None where nothing had to be drawn: the probability is 0 or 1.
    pub draw: Option<f64>,
    pub came: bool,
}

/// The share of an option among all, and the draw that chose it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Choice {
    pub probability: f64,
    /// Where its part of [0, 1) begins.
    pub from: f64,
    pub draw: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Observer {
    pub actor: String,
    pub chance: Chance,
}

/// A shipment: what left, and how much of it will arrive.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sent {
    pub amount: f64,
    pub arriving: f64,
}

/// A variable before and after; values of enums and flags by name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    pub variable: String,
    pub unit: String,
    pub before: String,
    pub after: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Ending {
    Outcome { id: String, title: String, turn: u32 },
    Failed { turn: u32 },
}
