//! What to run and what to make of it.
//!
//! - [`summarise`]: the counts of a batch, with names, shares, intervals and quantiles
//! - [`agree`]: one question answered in every way, and whether the answers agree
//! - [`exactly`]: a model solved, with names
//! - [`rows`]: what the indexes in rows stand for
//! - [`golden`]: scenarios whose results are pinned, so that any machine can prove itself
//! - [`expectations`]: the claims that travel with a scenario, decided by interval
//! - [`precision`]: replications until a precision is reached

pub mod agree;
pub mod exactly;
pub mod expectations;
pub mod golden;
pub mod precision;
pub mod rows;
pub mod summarise;
