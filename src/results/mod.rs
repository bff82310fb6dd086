//! The columns that runs produce: plain data, written by the engine's watchers, read by statistics and files.
//!
//! - [`tally`]: counts of a batch, which merge exactly in any order
//! - [`histogram`], [`exact_sum`]: values counted in bins that need no bounds, and summed without rounding
//! - [`rows`]: one row a replication
//! - [`estimate`]: what splitting found
//! - [`summary`]: what the counts say, with names
//! - [`chain`]: a scenario as an explicit Markov chain
//! - [`exact`]: the probabilities of an exact solution, with names
//! - [`unbounded`]: bounds of a solution without a horizon
//! - [`chronicle`]: one replication told turn by turn
//! - [`comparison`]: courses of action beside a reference, with names

pub mod chain;
pub mod chronicle;
pub mod comparison;
pub mod estimate;
pub mod exact;
pub mod exact_sum;
pub mod histogram;
pub mod rows;
pub mod summary;
pub mod tally;
pub mod unbounded;

use serde::{Deserialize, Serialize};

/// Why a replication could not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A NaN, a division by zero, an argument outside the domain of a function.
    NotANumber,
    NegativeWeight,
    /// A variable that may not be passed beyond its bounds.
    OutOfBounds,
}

impl Reason {
    pub fn describe(self) -> &'static str {
        match self {
            Reason::NotANumber => "it has no value: a division by zero, or an argument outside its domain",
            Reason::NegativeWeight => "a weight is negative or infinite",
            Reason::OutOfBounds => "the variable would leave its bounds, and its overflow is `fail`",
        }
    }
}
