//! The importance that splitting climbs on, derived from the goal where the author wrote none.
//!
//! - `derive`: the author's importance, or one read off the goal's condition
//! - `alternatives`: ways to the goal that the importance cannot see

mod alternatives;
mod derive;

pub use derive::Toward;
