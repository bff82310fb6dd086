//! Model and draws to results: one turn loop for everybody who asks what a turn means.
//!
//! - `settle`: the seam; whoever runs the engine says how chances, choices and values are settled
//! - `watch`: what can be seen of a run
//! - [`run()`]: the turn loop; [`Run`]: the same step by step; `rules`, `effects`, `linear` and
//!   `updates` say what the steps do
//! - `packed`: a model as a batch plays it

mod effects;
mod linear;
mod packed;
mod rules;
mod run;
mod settle;
mod updates;
mod watch;

pub use packed::Plan;
pub use run::{Run, Step, run, run_with};
pub use settle::{Ask, Chances, Settle};
pub use watch::{Blind, Both, Watch};
