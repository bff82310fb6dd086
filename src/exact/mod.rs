//! Every branch with its weight: the distribution over states, carried from turn to turn through the engine.
//!
//! - `solve`: turn by turn; `walk`: states through the engine, 64 ways at a time; `follow`: the answers of each way;
//!   `record` and [`Masses`]: what happened, and what it weighs; [`DoubleDouble`]: weights at twice the precision
//! - `liveness`, `caps`: what may be forgotten without a difference; `layer`: states, equal ones merged
//! - [`unbounded()`]: how it ends if its turns never do
//! - [`chain()`]: the explicit chain, for model checkers
//! - `once`: events that fire once at most; `obstacles`: what cannot be followed; `names`: for messages

mod caps;
mod chain;
mod follow;
mod layer;
mod liveness;
mod masses;
mod names;
mod obstacles;
mod once;
mod record;
mod request;
mod solve;
mod unbounded;
mod walk;
mod weight;

pub use crate::model::uses::Wanted;
pub use chain::chain;
pub use masses::{Masses, Spread};
pub use obstacles::{Obstacle, obstacles};
pub use once::at_most_once;
pub use request::*;
pub use unbounded::unbounded;
pub use weight::{DoubleDouble, Share, Weight};

use crate::model::Model;
use crate::threads::Threads;

/// Solves a model, and hands over each turn as it is done.
///
/// # Errors
/// Draws with more outcomes than can be followed, too many states, an interrupt, a machine without threads.
pub fn solve(model: &Model, request: &Request<'_>, mut each: impl FnMut(&Turn) + Send) -> Result<Effort, Trouble> {
    let obstacles = obstacles(model);
    if !obstacles.is_empty() {
        return Err(Trouble::Obstacles(obstacles));
    }
    let threads = Threads::start(request.threads).map_err(Trouble::Threads)?;
    let model = solve::prepared(model, request.wanted);
    threads.install(|| solve::solve(&model, request, &mut each))
}
