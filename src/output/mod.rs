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
use crate::error::Error;
use crate::results::summary::Summary;
use files::Files;
use manifest::Manifest;
pub use put::put;
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

/// Writes `summary.json`, `tables/*.csv` and `charts/*.svg` into a folder, which is made if it is not there.
///
/// # Errors
/// A folder or file that cannot be written; files that were there before stay whole.
pub fn write(folder: &Path, summary: &Summary) -> Result<Written, Error> {
    let mut files = Files::default();
    files.json(SUMMARY, summary)?;
    tables::all(summary).iter().try_for_each(|(name, table)| files.table(name, table))?;
    charts::all(summary).map_err(|error| Error::Chart(error.into()))?.into_iter().for_each(|chart| files.chart(chart));
    files.put(folder)
}

/// The summary in the folder of a run whose manifest this is; it has no titles.
///
/// # Errors
/// It cannot be read, or is not the file that was written.
pub fn read(folder: &Path, manifest: &Manifest) -> Result<Summary, Error> {
    let path = folder.join(SUMMARY);
    if manifest.files.get(SUMMARY) != Some(&folder::digest(&path)?) {
        let what = "it is not the file that was written; --force runs everything again".to_owned();
        return Err(Error::Damaged { path, what });
    }
    let bytes = fs::read(&path).map_err(Error::unreadable(&path))?;
    serde_json::from_slice(&bytes).map_err(|error| Error::Damaged { path, what: error.to_string() })
}
