//! Courses of action on common luck: how often they end differently, by how much, and where they part.
//!
//! - `alignment`: what two models have in common, and the first thing that happens differently
//! - `pairs`: pairs of replications, counted; `summarise`: the comparison that they make

mod alignment;
mod pairs;
mod summarise;

pub use alignment::{Alignment, Parting};
pub use pairs::{Arm, CoursePairs, EXAMPLES, PairCollector};
pub use summarise::{Courses, Range};
