//! The one error of the library: what could not be done, with the cause where another error is behind it.

use crate::diagnostic::Diagnostics;
use crate::threads::ThreadsError;
use std::error::Error as StdError;
use std::path::{Path, PathBuf};
use std::{fmt, io};

/// An error of another library or another room, kept as the cause.
pub type Cause = Box<dyn StdError + Send + Sync>;

/// Why something could not be done. Its text is one sentence without a full stop, and says what to do where that is plain.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A scenario, or something else that a person wrote, is wrong in these places.
    Diagnostics(Diagnostics),
    /// What was asked for is not possible; the text says what is.
    Request(String),
    /// It was stopped from outside before there was a result.
    Interrupted(String),
    /// The machine gives no threads.
    Threads(ThreadsError),
    /// There is no exact solution.
    Unsolved(Cause),
    /// A chart cannot be drawn.
    Chart(Cause),
    /// The content of a file could not be made.
    Format { path: PathBuf, cause: Cause },
    /// A file could not be written.
    File { path: PathBuf, error: io::Error },
    /// A file could not be read.
    Unreadable { path: PathBuf, error: io::Error },
    /// A file does not hold what it should.
    Damaged { path: PathBuf, what: String },
    /// A result is not what it should be.
    Differs(String),
    /// A folder is not to be written.
    Refused { path: PathBuf, why: String },
}

impl Error {
    /// For `map_err` where the content of a file is made.
    pub fn format<E: Into<Cause>>(path: &Path) -> impl Fn(E) -> Self + Copy {
        move |cause| Self::Format { path: path.to_owned(), cause: cause.into() }
    }

    /// For `map_err` where a file is written.
    pub fn file(path: &Path) -> impl Fn(io::Error) -> Self + Copy {
        move |error| Self::File { path: path.to_owned(), error }
    }

    /// For `map_err` where a file is read.
    pub fn unreadable(path: &Path) -> impl Fn(io::Error) -> Self + Copy {
        move |error| Self::Unreadable { path: path.to_owned(), error }
    }

    /// A file that does not hold what it should.
    pub fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), what: what.into() }
    }

    /// A folder that is not to be written.
    pub fn refused(path: &Path, why: impl Into<String>) -> Self {
        Self::Refused { path: path.to_owned(), why: why.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Diagnostics(diagnostics) => diagnostics.fmt(f),
            Self::Request(what) | Self::Interrupted(what) | Self::Differs(what) => f.write_str(what),
            Self::Threads(error) => error.fmt(f),
            Self::Unsolved(cause) => cause.fmt(f),
            Self::Chart(cause) => write!(f, "a chart could not be drawn: {cause}"),
            Self::Format { path, cause } => write!(f, "{} could not be made: {cause}", path.display()),
            Self::File { path, error } => {
                write!(f, "{} could not be written: {error}", path.display())?;
                advice(error).map_or(Ok(()), |advice| write!(f, "; {advice}"))
            }
            Self::Unreadable { path, error } => write!(f, "{} could not be read: {error}", path.display()),
            Self::Damaged { path, what } => write!(f, "{}: {what}", path.display()),
            Self::Refused { path, why } => write!(f, "{} is not written: {why}", path.display()),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Diagnostics(error) => Some(error),
            Self::Threads(error) => Some(error),
            Self::Unsolved(cause) | Self::Chart(cause) | Self::Format { cause, .. } => Some(cause.as_ref()),
            Self::File { error, .. } | Self::Unreadable { error, .. } => Some(error),
            Self::Request(_) | Self::Interrupted(_) | Self::Differs(_) => None,
            Self::Damaged { .. } | Self::Refused { .. } => None,
        }
    }
}

impl From<ThreadsError> for Error {
    fn from(error: ThreadsError) -> Self {
        Self::Threads(error)
    }
}

impl From<Diagnostics> for Error {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Diagnostics(diagnostics)
    }
}

/// What to do about a file that could not be written, where that is plain.
fn advice(error: &io::Error) -> Option<&'static str> {
    use io::ErrorKind;
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            Some("choose a place that you may write to, or change its permissions")
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            Some("make room, or choose a place on another disk; what was there before is still whole")
        }
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            Some("a file is where a folder should be: move it away, or choose another folder")
        }
        ErrorKind::IsADirectory => Some("it is a folder: choose another name for the file"),
        ErrorKind::NotFound => Some("its folder is not there: make it, or choose another"),
        _ => None,
    }
}
