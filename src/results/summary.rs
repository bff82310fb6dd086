//! What a batch found, as data for tables, charts and files: counts, shares, quantiles, and the names they go by.

use super::histogram::{Quantile, RELATIVE_ERROR};
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

/// When something happened, which it did in some replications at least.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// The first turn by which it has happened in half of all replications; none if that is not so within the horizon.
    pub half_of_all: Option<u32>,
    /// Quartiles of its turn among the replications in which it happened.
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
    /// The bounds that are declared. They claim something, and change no number here.
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// How many values of all turns lie below `min` and above `max`.
    pub below_min: u64,
    pub above_max: u64,
    pub by_turn: Vec<Distribution>,
}

/// The distribution of a measured value over replications.
///
/// A number that is not known is NaN, and empty in files: all of them if nothing was measured, mean and standard
/// deviation if some values are infinite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    #[serde(with = "figure")]
    pub mean: f64,
    #[serde(with = "figure")]
    pub sd: f64,
    #[serde(with = "figure")]
    pub q05: f64,
    #[serde(with = "figure")]
    pub q25: f64,
    #[serde(with = "figure")]
    pub median: f64,
    #[serde(with = "figure")]
    pub q75: f64,
    #[serde(with = "figure")]
    pub q95: f64,
    /// How far, as a part of it, a quantile may be from the true one: 0 if each is one of the values itself.
    pub quantile_error: f64,
    /// How many values are infinite, or in an exact solution how probable they are.
    pub infinite: f64,
}

impl Distribution {
    /// Nothing was measured.
    pub const UNKNOWN: Self = Self {
        mean: f64::NAN,
        sd: f64::NAN,
        q05: f64::NAN,
        q25: f64::NAN,
        median: f64::NAN,
        q75: f64::NAN,
        q95: f64::NAN,
        quantile_error: 0.0,
        infinite: 0.0,
    };
    /// The levels of the quantiles.
    pub const LEVELS: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

    /// The distribution with these quantiles, at the levels of [`Distribution::LEVELS`], of values that are `per_unit`
    /// times what they stand for.
    pub fn new([mean, sd]: [f64; 2], quantiles: [Quantile; 5], infinite: f64, per_unit: f64) -> Self {
        let [q05, q25, median, q75, q95] = quantiles.map(|quantile| quantile.value / per_unit);
        let is_exact = quantiles.iter().all(|quantile| quantile.is_exact);
        let quantile_error = if is_exact { 0.0 } else { RELATIVE_ERROR };
        let (mean, sd) = (mean / per_unit, sd / per_unit);
        Self { mean, sd, q05, q25, median, q75, q95, quantile_error, infinite }
    }
}

/// A number in a file: `null` if it is not known, `"inf"` or `"-inf"` if it is infinite.
mod figure {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Figure {
        Number(f64),
        Text(String),
        Nothing(()),
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            value if value.is_nan() => serializer.serialize_none(),
            value if value.is_infinite() => serializer.serialize_str(if *value > 0.0 { "inf" } else { "-inf" }),
            value => serializer.serialize_f64(*value),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        match Figure::deserialize(deserializer)? {
            Figure::Number(value) => Ok(value),
            Figure::Nothing(()) => Ok(f64::NAN),
            Figure::Text(text) if text == "inf" => Ok(f64::INFINITY),
            Figure::Text(text) if text == "-inf" => Ok(f64::NEG_INFINITY),
            Figure::Text(_) => Err(D::Error::custom("no number")),
        }
    }
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
