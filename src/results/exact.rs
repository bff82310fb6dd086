//! What an exact solution found: probabilities, not counts, with the names they go by.

use super::summary::{Distribution, Rung};
use serde::{Deserialize, Serialize};

/// The solution of one variant of a scenario.
///
/// Vectors "by turn" have one entry for every turn from 0 to the last that was carried out. Every probability is a lower bound, and
/// with `slack` added an upper one; without pruning and without an early end, slack is 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exact {
    pub scenario: String,
    #[serde(skip)]
    pub title: String,
    pub variant: String,
    #[serde(skip)]
    pub variant_title: String,
    /// BLAKE3 of what the scenario means, in hexadecimal.
    pub scenario_hash: String,
    pub semantics_version: u32,
    pub format_version: u32,
    /// A label for every turn.
    pub calendar: Vec<String>,
    pub turn_length: String,
    /// The last turn of the scenario, and the last that was carried out.
    pub turns: u32,
    pub last_turn: u32,
    /// What was dropped because it was too light, by turn.
    pub pruned: Vec<f64>,
    /// What has neither ended nor failed, by turn.
    pub under_way: Vec<f64>,
    /// What is dropped or under way at the end, in all.
    pub slack: f64,
    /// Outcomes, failures, dropped and under way together, less 1.
    pub excess: f64,
    pub outcomes: Vec<Outcome>,
    pub failed: Failed,
    pub milestones: Vec<Milestone>,
    pub events: Vec<Event>,
    pub metrics: Vec<Metric>,
    pub ladder: Option<Ladder>,
    pub scores: Vec<Score>,
    /// What was not asked for, and how to ask.
    pub left_out: Vec<String>,
    /// States at the end of each turn, the most at any moment, and states times steps.
    pub states: Vec<usize>,
    pub most_states: usize,
    pub state_steps: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub id: String,
    pub severity: Option<f64>,
    pub probability: f64,
    /// Ends in each turn.
    pub by_turn: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failed {
    pub probability: f64,
    pub by_turn: Vec<f64>,
    pub causes: Vec<Cause>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// What was being worked out, as a path: `triggers/x/chance`.
    pub site: String,
    pub reason: String,
    pub probability: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    pub id: String,
    pub probability: f64,
    pub first_by_turn: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub id: String,
    pub actor: Option<String>,
    pub rung: Option<String>,
    pub branch: bool,
    /// Expected firings, in all and by turn.
    pub expected: f64,
    pub by_turn: Vec<f64>,
    /// The probability of firing at all, and of firing first in each turn, where they are known.
    pub probability: Option<f64>,
    pub first_by_turn: Option<Vec<f64>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    pub id: String,
    /// The bounds that are declared. They claim something, and change no number here.
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// The distribution over what has been measured, and how much that is: less than 1 where branches failed or were dropped.
    pub by_turn: Vec<(f64, Distribution)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ladder {
    pub rungs: Vec<Rung>,
    /// By turn and rung: the highest of the turn.
    pub by_turn: Vec<Vec<f64>>,
    /// By rung: the highest of all, of what has ended or failed.
    pub peak: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    pub id: String,
    pub distribution: Distribution,
}
