//! How a command ends: what it says on standard error, and the exit status.

use escalate::error::Error;
use std::fmt::Display;

/// The exit status of a command; of two, the greater says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitStatus {
    /// Everything was done and nothing was found.
    Success,
    /// Errors or warnings in a scenario, an expectation that does not hold, a result that is not what it should be.
    Findings,
    /// All was run, and replications have failed: they are counted, and every share is of all replications.
    Failed,
    /// It was interrupted, and can go on.
    Interrupted,
    /// The command could not do its work: a file that cannot be read, a folder that cannot be written.
    Trouble,
}

impl ExitStatus {
    /// The number that the system is told.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Findings => 1,
            Self::Trouble => 2,
            Self::Failed => 3,
            Self::Interrupted => 4,
        }
    }
}

/// How a command ends, or why it could not go on.
pub type Done = Result<ExitStatus, Stop>;

/// Why a command, or its work on one of several files, goes no further.
#[derive(Debug)]
pub struct Stop {
    pub status: ExitStatus,
    /// What is said on standard error: whole lines.
    pub text: String,
}

impl Stop {
    /// A line of text.
    pub fn new(status: ExitStatus, line: impl Display) -> Self {
        Self { status, text: format!("{line}\n") }
    }

    /// The command cannot do its work.
    pub fn trouble(line: impl Display) -> Self {
        Self::new(ExitStatus::Trouble, line)
    }

    /// What is wrong with a scenario, as text that shows the lines it speaks of.
    pub fn findings(text: String) -> Self {
        Self { status: ExitStatus::Findings, text }
    }

    /// The same end with another status.
    pub fn with(self, status: ExitStatus) -> Self {
        Self { status, ..self }
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::trouble(error)
    }
}

#[cfg(test)]
mod tests {
    use super::ExitStatus::*;

    #[test]
    fn the_status_that_says_more_is_the_greater() {
        let all = [Success, Findings, Failed, Interrupted, Trouble];
        assert!(all.is_sorted());
        assert_eq!(all.map(|status| status.code()), [0, 1, 3, 4, 2]);
    }
}
