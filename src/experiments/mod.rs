//! What to run and what to make of it.
//!
//! - [`summarise`]: the counts of a batch, with names, shares, intervals and quantiles
//! - [`expectations`]: the claims that travel with a scenario, decided by interval

pub mod expectations;
pub mod summarise;
