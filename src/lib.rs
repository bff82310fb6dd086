//! Escalation simulation: a crisis in a TOML file, run turn by turn, with a reason for every number.

#![forbid(unsafe_code)]

pub mod batch;
pub mod charts;
pub mod compile;
pub mod diagnostic;
pub mod engine;
pub mod experiments;
pub mod expression;
pub mod model;
pub mod output;
pub mod provenance;
pub mod random;
pub mod results;
pub mod scenario;
pub mod statistics;
