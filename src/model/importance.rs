//! What splitting climbs on, and towards what.

use crate::expression::Tape;

/// How near a replication is to a goal: the importance of its state.
#[derive(Debug, Clone, PartialEq)]
pub struct Climb {
    pub goal: Goal,
    /// Looked at at the end of every turn; it draws nothing.
    pub importance: Tape,
    /// The importance as an expression.
    pub text: String,
    /// Whether the author wrote it; else it was derived from the ladder and the goal's condition.
    pub written: bool,
    /// Alternatives of the goal's condition that nothing decides which a written importance reads.
    pub roads_not_seen: Vec<String>,
}

/// The event whose probability is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The replication ends with this outcome.
    Outcome(u32),
    /// It passes this milestone.
    Milestone(u32),
}
