//! The parts of a turn.

/// One part of a turn, in which nothing else happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// `prev` is latched, and what returns to its initial value does.
    Latch,
    Landing(usize),
    Inject(usize),
    Dynamic(usize),
    /// What triggers read, where all play at once.
    Snapshot,
    Trigger(usize),
    /// Metrics, milestones and outcomes.
    Measure,
}
