//! Escalation simulation: a crisis in a TOML file, run turn by turn, with a reason for every number.
//!
//! A scenario file declares actors, what they have and know, and the rules by which a crisis goes up or down. A
//! [`Simulation`] reads it, checks it and answers questions about it: batches of replications, statistics of one's own over
//! them, comparisons of courses of action on common luck, exact probabilities, rare events, and single replications told
//! turn by turn. Every draw is a function of seed, site, turn and replication: a seed gives the same numbers on every
//! machine and with any number of threads.
//!
//! A thousand replications of the tutorial, as tables and charts in a folder:
//!
//! ```
//! use escalate::Simulation;
//!
//! # let folder = std::env::temp_dir().join(format!("escalate-doc-{}", std::process::id()));
//! let simulation = Simulation::open("scenarios/tutorial.toml")?;
//! let summary = simulation.batch(1, 0..1_000)?;
//! for outcome in &summary.outcomes {
//!     let share = outcome.share;
//!     println!("{}: {:.1} % ({:.1} to {:.1})", outcome.id, 100.0 * share.share, 100.0 * share.low, 100.0 * share.high);
//! }
//! // shots_fired: 17.5 % (15.3 to 20.0)
//! // stand_off: 82.5 % (80.0 to 84.7)
//! escalate::write(&folder, &summary)?;
//! assert!(folder.join("summary.json").exists() && folder.join("charts/outcomes.svg").exists());
//! # std::fs::remove_dir_all(&folder).ok();
//! # Ok::<(), escalate::Error>(())
//! ```
//!
//! - [`Simulation`] opens every door; [`Collect`] and [`Played`] are the seam for statistics of one's own
//! - [`results`] holds what comes out, as plain data that serialises; [`report`] turns it into tables and charts, [`runs`]
//!   into folders that can be resumed, verified and cited
//! - [`statistics`] are pure functions of counts and numbers; [`studies`] has comparisons and experimental designs
//! - [`diagnostic`] shows what is wrong with a file, and where; [`Error`] is the one error of the library
//!
//! What a scenario means is written in `docs/semantics.md`, the language in `docs/language.md`, the draws in
//! `docs/reproducibility.md`, and the rooms of this crate in `docs/architecture.md`. The rooms that are left out of these
//! pages are the workings of the engine, open to the command and to benchmarks; they change without notice.

#![forbid(unsafe_code)]

#[doc(hidden)]
pub mod answers;
pub mod batch;
#[doc(hidden)]
pub mod chronicle;
#[doc(hidden)]
pub mod compile;
pub mod diagnostic;
#[doc(hidden)]
pub mod draws;
#[doc(hidden)]
pub mod engine;
#[doc(hidden)]
pub mod error;
#[doc(hidden)]
pub mod exact;
#[doc(hidden)]
pub mod expression;
#[doc(hidden)]
pub mod model;
pub mod provenance;
#[doc(hidden)]
pub mod questions;
#[doc(hidden)]
pub mod rare;
pub mod report;
pub mod results;
pub mod runs;
#[doc(hidden)]
pub mod scenario;
#[doc(hidden)]
pub mod simd;
mod simulation;
pub mod statistics;
pub mod studies;
#[doc(hidden)]
pub mod threads;

pub use batch::{Collect, Happening, Note, Played};
pub use error::{Cause, Error};
pub use runs::write;
pub use simulation::Simulation;
