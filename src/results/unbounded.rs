//! How a scenario ends if its turns never do: bounds between which the probabilities lie for certain.

use serde::{Deserialize, Serialize};

/// The solution of one variant without a horizon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unbounded {
    pub scenario: String,
    #[serde(skip)]
    pub title: String,
    pub variant: String,
    #[serde(skip)]
    pub variant_title: String,
    /// BLAKE3 of what the scenario means, with as many turns as a file can have, in hexadecimal.
    pub scenario_hash: String,
    pub semantics_version: u32,
    pub format_version: u32,
    /// The outcomes that have a condition.
    pub outcomes: Vec<Ending>,
    pub failed: Ending,
    /// To go on for ever: what the last outcome, of running out of turns, tends to.
    pub never: Ending,
    /// The expected turn of the end; none if it is infinite, since some of the probability never ends.
    pub turns: Option<Turns>,
    pub states: usize,
    pub transitions: usize,
    /// From this turn on, turns with the same rest when divided by `period` are alike.
    pub alike_from: u32,
    pub period: u32,
}

/// The probability of an ending lies between these.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    pub id: String,
    pub low: f64,
    pub high: f64,
}

/// The expected number of turns lies between these.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Turns {
    pub low: f64,
    pub high: f64,
}
