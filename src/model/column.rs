//! Columns of the state: those that every model has, and copies from one to another.

/// The number column that always holds the current turn.
pub const TURN: u32 = 0;

/// The number column with the index of the outcome that ended the replication; −1 before.
pub const OUTCOME: u32 = 1;

/// A column of one kind or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    Number(u32),
    Flag(u32),
}

/// `to` becomes what `from` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copy {
    Number { from: u32, to: u32 },
    Flag { from: u32, to: u32 },
}
