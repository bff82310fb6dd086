//! Scenario to model: every table of the file is lowered to columns, guarded rules and tests.
//!
//! - `model`: from a scenario to its model; `lower`: the stages in order; `check`: all that is wrong with a file
//! - `pools`: columns, sites, sets, places; `world`: what expressions read, and the columns that they make room for
//! - `scope`: what may be read where; `calls`: pairs of relations, and draws; `typing`: what names and functions mean
//! - `compiler`: formulas typed and made tapes, which all stages share
//! - `state`: parameters, variables, relations; `events` and `history`: what fires and what is remembered of it
//! - `rules`: injects, dynamics, triggers; `chances`: when they come; `measures`: metrics, milestones, outcomes, scores, claims
//! - `labels`, `calendar`: names for reports; `canonical`: what is hashed; `difference`: how two of them differ
//! - `lint`: what is probably not meant; `format`: the layout of a file, its meaning unchanged
//! - `importance`: what splitting climbs on, and what that cannot see; it is no part of the model

mod calendar;
mod calls;
mod canonical;
mod chances;
mod check;
mod compiler;
mod difference;
mod events;
mod format;
mod history;
mod importance;
mod labels;
mod lint;
mod lower;
mod measures;
mod model;
mod pools;
mod rules;
mod scope;
mod state;
mod typing;
mod world;

pub use check::{check, check_read};
pub use difference::{Change, Comparison, Difference, Stated, compare};
pub use format::format;
pub use importance::Toward;
pub use model::{compile, compile_toward};

pub use crate::scenario::BASE;
