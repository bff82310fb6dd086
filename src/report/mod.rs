//! Results as files in memory: tables, charts, JSON, chains, and rows that are written to whatever is handed in.
//!
//! - [`files`]: the files of a batch, of an exact solution, of an estimate
//! - [`charts`]: drawings as SVG; `tables`: what a summary says, as CSV
//! - [`rows`]: one row a replication, as CSV or Parquet
//! - [`drn()`], [`prism()`]: an explicit chain in the languages of model checkers

pub mod charts;
mod drn;
mod estimate;
mod exact;
pub mod files;
mod prism;
pub mod rows;
mod tables;

pub use drn::drn;
pub use estimate::estimate;
pub use exact::exact;
pub use files::{CHARTS, Files, SUMMARY, TABLES, json};
pub use prism::prism;

use crate::error::Error;
use crate::results::summary::Summary;

/// The files of a batch: `summary.json`, `tables/*.csv` and `charts/*.svg`.
///
/// # Errors
/// A metric has a value that cannot be drawn.
pub fn batch(summary: &Summary) -> Result<Files, Error> {
    let mut files = Files::default();
    files.json(SUMMARY, summary)?;
    tables::all(summary).iter().try_for_each(|(name, table)| files.table(name, table))?;
    charts::all(summary).map_err(|error| Error::Chart(error.into()))?.into_iter().for_each(|chart| files.chart(chart));
    Ok(files)
}
