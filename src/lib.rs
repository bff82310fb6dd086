//! Escalation simulation: a crisis in a TOML file, run turn by turn, with a reason for every number.
//!
//! A scenario file declares actors, what they know and have, and the rules by which a crisis goes up or down. It is read
//! ([`scenario`]), compiled to a model of columns and guarded rules ([`compile`], [`model`]), and run many times
//! ([`batch`], on the turn loop of [`engine`]). What is counted ([`results`]) becomes a summary with shares, intervals and
//! quantiles ([`questions`]), tables and charts ([`report`]) and files in a folder ([`runs`]). Every draw is a function of seed, site, turn
//! and replication ([`draws`]): the same seed gives the same numbers on every machine, and any replication can be told
//! alone ([`chronicle::replay`]).
//!
//! What a scenario means is written in `docs/semantics.md`, the language in `docs/language.md`, the draws in
//! `docs/reproducibility.md`, and the rooms of this crate in `docs/architecture.md`.
//!
//! A thousand replications of the tutorial:
//!
//! ```
//! use escalate::batch::{self, Batch};
//! use escalate::compile::compile;
//! use escalate::questions::summarise::{Request, summarise};
//! use escalate::scenario;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (scenario, findings) = scenario::read(&std::fs::read("scenarios/tutorial.toml")?);
//! assert!(findings.is_empty());
//! let scenario = scenario.ok_or("this is no TOML")?;
//! let model = compile(&scenario, None).map_err(|findings| format!("{} errors", findings.len()))?;
//!
//! let (done, stop) = Default::default();
//! let tally = batch::run(
//!     &model,
//!     &Batch { seed: 1, first: 0, replications: 1_000, threads: 0, done: &done, stop: &stop },
//! )?;
//! let summary = summarise(&model, &tally, &Request { seed: 1, first: 0, replications: 1_000 });
//! for outcome in &summary.outcomes {
//!     let share = outcome.share;
//!     println!("{}: {:.1} % ({:.1} to {:.1})", outcome.id, 100.0 * share.share, 100.0 * share.low, 100.0 * share.high);
//! }
//! // shots_fired: 17.5 % (15.3 to 20.0)
//! // stand_off: 82.5 % (80.0 to 84.7)
//! # assert_eq!(summary.outcomes[0].share.count + summary.outcomes[1].share.count, 1_000);
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

pub mod answers;
pub mod batch;
pub mod chronicle;
pub mod compile;
pub mod diagnostic;
pub mod draws;
pub mod engine;
pub mod error;
pub mod exact;
pub mod expression;
pub mod model;
pub mod provenance;
pub mod questions;
pub mod rare;
pub mod report;
pub mod results;
pub mod runs;
pub mod scenario;
pub mod simd;
pub mod statistics;
pub mod studies;
pub mod threads;

pub use error::Error;
