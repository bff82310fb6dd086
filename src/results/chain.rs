//! A scenario as an explicit Markov chain, its probabilities as exact fractions.

use num_rational::BigRational;

/// A chain that starts in state 0. Every branch ends in one of its last states, which never leave themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    pub scenario: String,
    pub variant: String,
    /// BLAKE3 of what the scenario means, in hexadecimal.
    pub scenario_hash: String,
    pub states: Vec<State>,
    /// A state for each ending: `outcome_<id>`, and `failed`.
    pub endings: Vec<(String, usize)>,
}

/// What may follow a state, each with its probability, in order of the states; they add up to 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    pub turn: u32,
    pub next: Vec<(usize, BigRational)>,
}
