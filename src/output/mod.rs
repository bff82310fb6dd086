//! The files of a run, each whole or not there: manifest, summary, tables, charts, rows, shards.
//!
//! - [`folder`]: whose a folder is and what is in it; [`manifest`]: what was asked for and what came of it
//! - [`shard`]: what came of some of the replications, on the way
//! - [`rows`]: one row a replication; `tables`: what the summary says, as CSV
//! - [`put()`]: how a file is written; [`compare`]: where two differ

pub mod compare;
mod drn;
mod estimate;
mod exact;
mod files;
pub mod folder;
pub mod manifest;
mod prism;
pub mod put;
pub mod rows;
pub mod shard;
mod tables;

pub use drn::drn;
pub use estimate::write_estimate;
pub use exact::write_exact;
pub use prism::prism;

use crate::charts;
use crate::results::summary::Summary;
use files::Files;
use manifest::Manifest;
pub use put::put;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// What the batch found, as JSON.
pub const SUMMARY: &str = "summary.json";
const TABLES: &str = "tables";
const CHARTS: &str = "charts";

/// What was written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub folder: PathBuf,
    /// Paths within the folder.
    pub files: Vec<String>,
    pub tables: usize,
    pub charts: usize,
}

/// Why a run could not be written.
#[derive(Debug)]
pub enum Trouble {
    Chart(charts::ChartError),
    File {
        path: PathBuf,
        error: std::io::Error,
    },
    Format {
        path: PathBuf,
        error: String,
    },
    Unreadable {
        path: PathBuf,
        error: std::io::Error,
    },
    /// A file that does not hold what it should.
    Damaged {
        path: PathBuf,
        what: String,
    },
    /// A folder that is not to be written.
    Refused {
        path: PathBuf,
        why: String,
    },
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Chart(error) => write!(f, "a chart could not be drawn: {error}"),
            Trouble::File { path, error } => {
                write!(f, "{} could not be written: {error}", path.display())?;
                advice(error).map_or(Ok(()), |advice| write!(f, "; {advice}"))
            }
            Trouble::Format { path, error } => write!(f, "{} could not be made: {error}", path.display()),
            Trouble::Unreadable { path, error } => write!(f, "{} could not be read: {error}", path.display()),
            Trouble::Damaged { path, what } => write!(f, "{}: {what}", path.display()),
            Trouble::Refused { path, why } => write!(f, "{} is not written: {why}", path.display()),
        }
    }
}

impl std::error::Error for Trouble {}

/// What to do about a file that could not be written, where that is plain.
fn advice(error: &std::io::Error) -> Option<&'static str> {
    use std::io::ErrorKind;
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

/// Writes `summary.json`, `tables/*.csv` and `charts/*.svg` into a folder, which is made if it is not there.
///
/// # Errors
/// A folder or file that cannot be written; files that were there before stay whole.
pub fn write(folder: &Path, summary: &Summary) -> Result<Written, Trouble> {
    let mut files = Files::default();
    files.json(SUMMARY, summary)?;
    tables::all(summary).iter().try_for_each(|(name, table)| files.table(name, table))?;
    charts::all(summary).map_err(Trouble::Chart)?.into_iter().for_each(|chart| files.chart(chart));
    files.put(folder)
}

/// The summary in the folder of a run whose manifest this is; it has no titles.
///
/// # Errors
/// It cannot be read, or is not the file that was written.
pub fn read(folder: &Path, manifest: &Manifest) -> Result<Summary, Trouble> {
    let path = folder.join(SUMMARY);
    if manifest.files.get(SUMMARY) != Some(&folder::digest(&path)?) {
        let what = "it is not the file that was written; --force runs everything again".to_owned();
        return Err(Trouble::Damaged { path, what });
    }
    let bytes = fs::read(&path).map_err(|error| Trouble::Unreadable { path: path.clone(), error })?;
    serde_json::from_slice(&bytes).map_err(|error| Trouble::Damaged { path, what: error.to_string() })
}
