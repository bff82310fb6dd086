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
            Trouble::File { path, error } => write!(f, "{} could not be written: {error}", path.display()),
            Trouble::Format { path, error } => write!(f, "{} could not be made: {error}", path.display()),
            Trouble::Unreadable { path, error } => write!(f, "{} could not be read: {error}", path.display()),
            Trouble::Damaged { path, what } => write!(f, "{}: {what}", path.display()),
            Trouble::Refused { path, why } => write!(f, "{} is not written: {why}", path.display()),
        }
    }
}

impl std::error::Error for Trouble {}

/// Writes `summary.json`, `tables/*.csv` and `charts/*.svg` into a folder, which is made if it is not there.
///
/// # Errors
/// A folder or file that cannot be written; files that were there before stay whole.
pub fn write(folder: &Path, summary: &Summary) -> Result<Written, Trouble> {
    let charts = charts::all(summary).map_err(Trouble::Chart)?;
    let tables = tables::all(summary);
    for folder in [folder.to_owned(), folder.join(TABLES), folder.join(CHARTS)] {
        fs::create_dir_all(&folder).map_err(|error| Trouble::File { path: folder, error })?;
    }
    let json = serde_json::to_string_pretty(summary);
    let json = json.map_err(|error| Trouble::Format { path: folder.join(SUMMARY), error: error.to_string() })?;
    let mut files = vec![(SUMMARY.to_owned(), format!("{json}\n").into_bytes())];
    for (name, table) in &tables {
        let name = format!("{TABLES}/{name}.csv");
        let csv = table.csv().map_err(|error| Trouble::Format { path: folder.join(&name), error })?;
        files.push((name, csv));
    }
    files.extend(charts.iter().map(|chart| (format!("{CHARTS}/{}.svg", chart.name), chart.svg.clone().into_bytes())));
    files.iter().try_for_each(|(name, bytes)| put(&folder.join(name), bytes))?;
    let files = files.into_iter().map(|(name, _)| name).collect();
    Ok(Written { folder: folder.to_owned(), files, tables: tables.len(), charts: charts.len() })
}

/// The summary in the folder of a run; it has no titles.
///
/// # Errors
/// It cannot be read.
pub fn read(folder: &Path) -> Result<Summary, Trouble> {
    let path = folder.join(SUMMARY);
    let bytes = fs::read(&path).map_err(|error| Trouble::Unreadable { path: path.clone(), error })?;
    serde_json::from_slice(&bytes).map_err(|error| Trouble::Damaged { path, what: error.to_string() })
}
