//! What a scenario means: columns, rules and tests by index, tapes for expressions; names only for those who report.
//!
//! - [`Model`]: all of it; [`Step`]: the parts of a turn, and [`uses`]: what each reads and overwrites
//! - `column`: columns of the state; `effect`: assignments
//! - `rule`: guarded rules, what they do when they fire, what lands later
//! - `measure`: metrics, milestones, outcomes, scores and how they are counted
//! - `labels`: the names that reports use; `importance`: what splitting climbs on; `tapes`: all tapes
//!
//! Tables of every kind are lowered to this by the compiler; the engine knows nothing else.

mod column;
mod compiled;
mod effect;
mod importance;
mod labels;
mod measure;
mod rule;
mod step;
mod tapes;
pub mod uses;

pub use column::*;
pub use compiled::*;
pub use effect::*;
pub use importance::*;
pub use labels::*;
pub use measure::*;
pub use rule::*;
pub use step::*;

pub use crate::draws::Site;
