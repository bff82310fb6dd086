//! What a scenario means: columns, rules and tests by index, tapes for expressions; names only for those who report.
//!
//! - `climb`: what splitting climbs on
//! - `effect`: assignments; `update`, `linear` and `extreme`: those that need no tape
//! - `rule`: guarded rules, what they do when they fire, what lands later
//! - `measure`: metrics, milestones, outcomes, scores and how they are counted
//! - `labels`: the names that reports use
//!
//! Tables of every kind are lowered to this by the compiler; the engine knows nothing else.

mod affine;
mod clamped_add;
mod effect;
mod extremum;
mod importance;
mod labels;
mod measure;
mod rule;

pub use affine::*;
pub use clamped_add::*;
pub use effect::*;
pub use extremum::*;
pub use importance::*;
pub use labels::*;
pub use measure::*;
pub use rule::*;

use crate::expression::{Base, Tape};

/// The number column that always holds the current turn.
pub const TURN: u32 = 0;

/// The number column with the index of the outcome that ended the replication; −1 before.
pub const OUTCOME: u32 = 1;

/// A compiled scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub turns: u32,
    /// How many columns the state has; tapes put their own behind them.
    pub base: Base,
    /// How many columns beyond the state the largest tape needs.
    pub scratch: Base,
    /// The values of the number columns at turn 0, where they hang on no draw.
    pub numbers: Vec<f64>,
    pub flags: Vec<bool>,
    /// The 40-bit numbers of the draw sites.
    pub sites: Vec<u64>,
    /// The values that tapes ask for.
    pub values: Vec<ValueDraw>,
    /// What is worked out once, before turn 0: drawn parameters, and initial values that hang on them.
    pub start: Vec<Effect>,
    /// Copies after that: the values to which variables return.
    pub initials: Vec<Copy>,
    /// Copies at the start of every turn, before anything else: what `prev` reads.
    pub latches: Vec<Copy>,
    /// Copies after the latches: variables that return to their initial value, rungs that return to the lowest.
    pub resets: Vec<Copy>,
    pub landings: Vec<Landing>,
    pub injects: Vec<Rule>,
    pub dynamics: Vec<Dynamic>,
    /// Copies at the start of the trigger phase: what triggers read where all play at once.
    pub snapshot: Vec<Copy>,
    pub triggers: Vec<Rule>,
    /// What is marked when an event fires and when it lands.
    pub events: Vec<Marks>,
    /// What is marked when an observer learns of an event.
    pub sightings: Vec<Vec<Mark>>,
    pub metrics: Vec<Metric>,
    pub milestones: Vec<Milestone>,
    /// All outcomes but the last, which has no test.
    pub outcomes: Vec<Test>,
    pub ladder: Option<LadderColumns>,
    pub scores: Vec<Score>,
    /// Conditions on the end of a replication that the author claims shares or means of.
    pub claims: Vec<Claim>,
    pub labels: Labels,
    /// BLAKE3 of what the scenario means.
    pub hash: [u8; 32],
}

/// A column of one kind or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    Number(u32),
    Flag(u32),
}

/// `to` becomes what `from` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copy {
    Number { from: u32, to: u32 },
    Flag { from: u32, to: u32 },
}

/// A random value that a tape asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueDraw {
    pub site: u32,
    pub distribution: Distribution,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distribution {
    Bernoulli,
    Binomial,
    Poisson,
    Uniform,
    Normal,
    Triangular,
}

/// Effects of every turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Dynamic {
    pub label: u32,
    pub effects: Effects,
}

/// A condition, and the place of its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    pub tape: Tape,
    pub place: u32,
}
