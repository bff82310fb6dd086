//! What a comparison of courses found, as data for tables, charts and files.

use super::summary::Share;
use serde::{Deserialize, Serialize};

/// Courses of action beside a reference, on common luck: one seed, one range of replications, every replication played
/// once by each course.
///
/// Titles are for the screen and for charts; files hold ids only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub seed: u64,
    pub first: u64,
    pub replications: u64,
    /// Whether it was stopped before all the replications asked for.
    pub interrupted: bool,
    /// The outcomes of all courses together.
    pub outcomes: Vec<Outcome>,
    /// The ids of the outcomes that are counted together as bad.
    pub bad: Vec<String>,
    /// The reference first.
    pub courses: Vec<Course>,
}

/// An outcome that at least one of the courses can end with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub id: String,
    #[serde(skip)]
    pub title: String,
    pub severity: Option<f64>,
}

/// One course, and how it differs from the reference; the reference differs from itself by nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Course {
    pub scenario: String,
    pub variant: String,
    #[serde(skip)]
    pub title: String,
    /// BLAKE3 of what the scenario means, in hexadecimal.
    pub scenario_hash: String,
    /// In the order of [`Comparison::outcomes`].
    pub outcomes: Vec<Compared>,
    /// All bad outcomes together; none if no outcome has a severity.
    pub bad: Option<Compared>,
    pub failed: Compared,
    /// The expected severity; none if no outcome has one.
    pub severity: Option<ComparedMean>,
    /// The mean severity of the worst tenth of the replications.
    pub worst_tenth: Option<f64>,
    /// Replications that end differently than under the reference.
    pub ended_differently: u64,
    /// The ways of ending differently, commonest first.
    pub flips: Vec<Flip>,
    /// The first thing that happened differently in the replications that end differently, commonest first.
    pub partings: Vec<Parting>,
}

/// A share, and its difference from that of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    pub share: Share,
    /// Replications that have it under the course only, and under the reference only.
    pub gained: u64,
    pub lost: u64,
    pub difference: Difference,
}

/// A mean over the replications that failed under neither, and its difference from that of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ComparedMean {
    pub mean: f64,
    pub difference: Difference,
    /// Pairs of replications left out because one of the two failed.
    pub left_out: u64,
}

/// A difference from the reference, with intervals that hold for all courses of one line together with 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub difference: f64,
    /// The interval that uses the common luck.
    pub low: f64,
    pub high: f64,
    /// The width that the interval would have had on independent luck, over the width that it has; none for means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gain: Option<f64>,
}

impl Difference {
    /// Whether the interval holds no zero, so that the two can be told apart.
    pub fn is_told_apart(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// Replications that end in one way under the reference and in another under the course. `failed` stands for a
/// replication that failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flip {
    pub from: Option<String>,
    pub to: Option<String>,
    pub replications: u64,
    /// The lowest of them.
    pub examples: Vec<u64>,
}

/// The first thing that happened differently.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parting {
    /// The event, in the turn in which it happened in one of the two only; none where the same events happened and only
    /// numbers differ.
    pub event: Option<String>,
    pub turn: Option<u32>,
    /// Whether it is the arrival of what the event set in motion.
    pub landed: bool,
    /// Whether it happened under the course, and not under the reference.
    pub in_course: bool,
    pub replications: u64,
}
