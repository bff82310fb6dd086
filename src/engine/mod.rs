//! Model and draws to results: one turn loop for everybody who asks what a turn means.
//!
//! - `settle`: the seam; whoever runs the engine says how chances, choices and values are settled
//! - `watch`: what can be seen of a run
//! - [`run()`]: the turn loop; [`Play`]: the same step by step; `rules`, `assign`, `assign_wide` and
//!   `assign_few` say what the steps do
//! - `planned`: a model as a batch plays it

mod assign;
mod assign_few;
mod assign_wide;
mod planned;
mod rules;
mod run;
mod settle;
mod watch;

pub use planned::Plan;
pub use run::{Play, run, run_with};
pub use settle::{Chances, DrawId, Settle};
pub use watch::{Blind, Both, Watch};
