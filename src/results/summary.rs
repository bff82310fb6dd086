//! What a batch found, as data for tables, charts and files: counts, shares, quantiles, and the names they go by.

use serde::{Deserialize, Serialize};

/// The summary of one batch: one scenario, one variant, one seed, a range of replications.
///
/// Titles and units are for charts and tables on the screen; files hold ids only, so that equal run hashes mean equal
/// bytes whatever things are called.
///
/// Vectors "by turn" have one entry for every turn `0 ..= turns`; turn 0 is the initial state.
/// An ended or failed replication keeps its last values in them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub run: Run,
    /// A label for every turn, `0 ..= turns`: a date (`2024-06`), or the turn's number.
    pub calendar: Vec<String>,
    /// What a turn stands for (`1 month`), empty if the scenario does not say.
    pub turn_length: String,
    pub outcomes: Vec<Outcome>,
    pub failed: Failed,
    pub milestones: Vec<Milestone>,
    pub events: Vec<Event>,
    pub metrics: Vec<Metric>,
    pub ladder: Option<Ladder>,
    pub scores: Vec<Score>,
    /// Variables that were stopped at a bound at least once.
    pub saturations: Vec<Clipped>,
    /// Chances that left [0, 1] and acted as the nearer bound, at least once.
    pub clamped_chances: Vec<Clipped>,
}

/// What was run: enough to run it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub scenario: String,
    #[serde(skip)]
    pub title: String,
    /// `base` for the scenario as written.
    pub variant: String,
    #[serde(skip)]
    pub variant_title: String,
    pub seed: u64,
    /// Replications `first .. first + replications`.
    pub first: u64,
    pub replications: u64,
    /// Whether the batch was stopped before all the replications asked for.
    pub interrupted: bool,
    /// BLAKE3 of what the scenario means, in hexadecimal.
    pub scenario_hash: String,
    /// BLAKE3 of everything that decides these results, in hexadecimal.
    pub run_hash: String,
    pub semantics_version: u32,
    pub format_version: u32,
    /// If replications went on until a precision was reached: which, and where they ended. All intervals then hold
    /// at all looks together; else they are Wilson's, for one look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
}

/// A precision that was asked for, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Precision {
    /// The request in one form: `half_width(war) < 0.001`.
    pub until: String,
    /// The number of replications at which it would have ended in any case.
    pub at_most: u64,
    /// The look at which it ended, counted from 1.
    pub looks: u32,
    pub reached: bool,
    /// The version of the schedule of looks.
    pub schedule: u32,
}

/// A count out of all replications, as a share with its 95 % interval: Wilson's, unless the run has a `precision`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    pub count: u64,
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

/// Quartiles of a turn: when it happened, among the replications in which it happened.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    pub q25: u32,
    pub median: u32,
    pub q75: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub id: String,
    #[serde(skip)]
    pub title: String,
    pub severity: Option<f64>,
    pub share: Share,
    /// How many replications ended so at the end of each turn.
    pub by_turn: Vec<u64>,
    /// When, among those that ended so; none if none did.
    pub timing: Option<Timing>,
}

/// Replications that could not go on: a NaN, a division by zero, a bound that may not be passed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failed {
    pub share: Share,
    pub by_turn: Vec<u64>,
    pub causes: Vec<Failure>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// What was being worked out, as a path: `triggers/x/chance`.
    pub site: String,
    pub reason: String,
    pub count: u64,
    /// The first replications that failed so, with their turns; at most eight.
    pub first: Vec<(u64, u32)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    pub id: String,
    #[serde(skip)]
    pub title: String,
    /// In how many replications it was passed at all.
    pub share: Share,
    /// How many passed it first in each turn.
    pub first_by_turn: Vec<u64>,
    pub timing: Option<Timing>,
}

/// A trigger, an inject, or a branch of one (`trigger.option`, `trigger.honour`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub id: String,
    #[serde(skip)]
    pub title: String,
    pub actor: Option<String>,
    pub rung: Option<String>,
    /// Whether this is a branch of the event before it that has no `.` in its id.
    pub branch: bool,
    /// In how many replications it fired at least once.
    pub share: Share,
    /// Firings over all replications, by turn.
    pub by_turn: Vec<u64>,
    /// Replications in which it fired for the first time, by turn.
    pub first_by_turn: Vec<u64>,
    /// Turn of the first firing.
    pub timing: Option<Timing>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    pub id: String,
    #[serde(skip)]
    pub title: String,
    #[serde(skip)]
    pub unit: String,
    pub min: f64,
    pub max: f64,
    /// Quantiles are exact to within this width (0: exact).
    pub bin_width: f64,
    pub by_turn: Vec<Distribution>,
}

/// The distribution of a measured value over replications.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    pub mean: f64,
    pub sd: f64,
    pub q05: f64,
    pub q25: f64,
    pub median: f64,
    pub q75: f64,
    pub q95: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ladder {
    /// Rungs, lowest first.
    pub rungs: Vec<Rung>,
    /// `by_turn[turn][rung]`: replications whose highest rung fired in that turn was this one.
    pub by_turn: Vec<Vec<u64>>,
    /// Replications by the highest rung of the whole replication.
    pub peak: Vec<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rung {
    pub id: String,
    pub firebreak: bool,
}

/// The sum over what fired, under one scale of the ladder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    pub id: String,
    pub bin_width: f64,
    pub distribution: Distribution,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clipped {
    /// The variable (`rok.shells`) or the chance (`triggers/x/chance`).
    pub site: String,
    /// How often below the lower bound, and above the upper.
    pub below: u64,
    pub above: u64,
    /// Out of how many assignments or draws.
    pub of: u64,
}
