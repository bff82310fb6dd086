//! What splitting found: the probability of a rare event, how it is climbed, and one way in which it came about.

use serde::{Deserialize, Serialize};

/// An estimate of one probability, from independent repetitions of splitting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    pub run: Run,
    /// The mean over the repetitions; unbiased.
    pub probability: f64,
    /// The 95 % interval, from the spread between the repetitions.
    pub low: f64,
    pub high: f64,
    pub standard_error: f64,
    /// The part of it that came by rare answers which copies were given by force, each with its weight.
    pub by_force: f64,
    pub unseen: Unseen,
    /// Each repetition's own estimate, in order.
    pub repetitions: Vec<Repetition>,
    /// Levels from the lowest to the goal itself, which is last.
    pub levels: Vec<Level>,
    /// What makes the estimate less trustworthy than its interval says.
    pub warnings: Vec<Warning>,
    /// Turns played by all copies together, those of the pilot included.
    pub turns_played: u64,
    /// Copies that could not go on; they stay in every denominator.
    pub failed: u64,
    /// Copies in which the importance had no value at the end of some turn; it then counts as below every level.
    pub without_importance: u64,
    /// The numbers under which the first copy that reached the goal played, from turn 0 on.
    pub witness: Option<Vec<Ancestor>>,
}

/// What was asked: enough to ask it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub scenario: String,
    #[serde(skip)]
    pub title: String,
    /// `base` for the scenario as written.
    pub variant: String,
    #[serde(skip)]
    pub variant_title: String,
    /// `outcome` or `milestone`.
    pub goal: String,
    pub goal_id: String,
    #[serde(skip)]
    pub goal_title: String,
    /// What is climbed on, as an expression.
    pub importance: String,
    /// Whether the author wrote it; else it was derived from the ladder and the goal's condition.
    pub importance_written: bool,
    pub seed: u64,
    pub repetitions: u64,
    /// Copies started on each level in each repetition.
    pub effort: u64,
    /// BLAKE3 of what the scenario means, in hexadecimal.
    pub scenario_hash: String,
    /// BLAKE3 of everything that decides this estimate, in hexadecimal.
    pub run_hash: String,
    pub semantics_version: u32,
    pub format_version: u32,
}

/// What was asked and never came: it bounds what no copy can have shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unseen {
    /// How often such an answer comes in a replication, in the mean; the interval's upper end includes it.
    pub bound: f64,
    /// The likeliest of them.
    pub asks: Vec<Ask>,
}

/// An answer to a question that a scenario asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// The path of the draw: `triggers/x/chance`.
    pub site: String,
    /// Of a chance whether it comes, 1 or 0; of a decision the option, from 0.
    pub answer: u32,
    /// How often it is given in a replication, in the mean.
    pub expected: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Repetition {
    pub probability: f64,
    /// The part of it that came by answers given by force.
    pub by_force: f64,
    /// How many copies reached each level, in the order of `levels`, of `effort` that were started on the one below.
    pub reached: Vec<u64>,
    /// How many copies started at turn 0 have successors at the goal, each counted by its part: (Σ n)² / Σ n².
    pub roots: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// The importance that must be reached; none for the goal.
    pub importance: Option<f64>,
    /// The probability to reach it at all: the mean over the repetitions, and its 95 % interval.
    pub probability: f64,
    pub low: f64,
    pub high: f64,
    /// The probability to reach it from the level below: the mean over the repetitions that got there.
    pub share: f64,
    /// The least and the largest of these, among the repetitions.
    pub share_least: f64,
    pub share_most: f64,
    /// The variance between the repetitions over that of independent copies: 1 if a level's entrance states are all alike.
    pub dispersion: Option<f64>,
    /// How much of the estimate reached the goal from the level below this one, without passing this one; for the goal
    /// what is left.
    pub direct: f64,
}

/// A reason to doubt, with its figures in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    pub code: String,
    pub message: String,
}

/// A copy on the way to the goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ancestor {
    /// Its replication number.
    pub number: u64,
    pub level: u64,
    /// It was split off at the end of this turn; the first at turn 0.
    pub from_turn: u32,
}
