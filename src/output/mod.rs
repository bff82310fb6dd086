//! The files of a run: summary, tables and charts, each written under a temporary name and then renamed.

mod drn;
mod estimate;
mod exact;
mod prism;
mod tables;

pub use drn::drn;
pub use estimate::write_estimate;
pub use exact::write_exact;
pub use prism::prism;

use crate::charts;
use crate::results::summary::Summary;
use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What was written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub folder: PathBuf,
    pub tables: usize,
    pub charts: usize,
}

/// Why a run could not be written.
#[derive(Debug)]
pub enum Trouble {
    Chart(charts::ChartError),
    File { path: PathBuf, error: std::io::Error },
    Format { path: PathBuf, error: String },
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Chart(error) => write!(f, "a chart could not be drawn: {error}"),
            Trouble::File { path, error } => write!(f, "{} could not be written: {error}", path.display()),
            Trouble::Format { path, error } => write!(f, "{} could not be made: {error}", path.display()),
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
    for folder in [folder.to_owned(), folder.join("tables"), folder.join("charts")] {
        fs::create_dir_all(&folder).map_err(|error| Trouble::File { path: folder, error })?;
    }
    let path = folder.join("summary.json");
    let json = serde_json::to_string_pretty(summary);
    let json = json.map_err(|error| Trouble::Format { path: path.clone(), error: error.to_string() })?;
    put(&path, format!("{json}\n").as_bytes())?;
    for (name, table) in &tables {
        let path = folder.join("tables").join(format!("{name}.csv"));
        let csv = table.csv().map_err(|error| Trouble::Format { path: path.clone(), error })?;
        put(&path, &csv)?;
    }
    for chart in &charts {
        put(&folder.join("charts").join(format!("{}.svg", chart.name)), chart.svg.as_bytes())?;
    }
    Ok(Written { folder: folder.to_owned(), tables: tables.len(), charts: charts.len() })
}

/// Writes a file whole or not at all: under a temporary name first, then renamed.
///
/// # Errors
/// A file that cannot be written; what was there before stays whole.
pub fn put(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    let temporary = path.with_extension(format!("{}.part", std::process::id()));
    let write = || -> std::io::Result<()> {
        let mut file = fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().map_err(|error| {
        // What could not be finished is not left behind; if even that fails, the first error says more.
        let _ = fs::remove_file(&temporary);
        Trouble::File { path: path.to_owned(), error }
    })
}
