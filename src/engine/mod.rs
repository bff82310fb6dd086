//! Model and draws to results: one turn loop for everybody who asks what a turn means.
//!
//! - `settle`: the seam; whoever runs the engine says how chances, choices and values are settled
//! - `watch`: what can be seen of a run
//! - [`Program`]: a model as it is played; [`Snapshots`]: states between two turns, to go on from
//! - [`run()`]: the turn loop; [`Play`]: the same step by step. Each file builds on those before it: `state`, then
//!   `assign_wide`, `assign` and `assign_few`, `rules`, `planned`, `turn`

mod assign;
mod assign_few;
mod assign_wide;
mod planned;
mod program;
mod rules;
mod settle;
mod snapshot;
mod state;
mod turn;
mod watch;

pub use program::{Program, held};
pub use settle::{Chances, DrawId, Settle};
pub use snapshot::Snapshots;
pub use state::Play;
pub use turn::{run, run_with};
pub use watch::{Blind, Both, Bound, Stop, Watch};
