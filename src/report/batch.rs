//! The files of a batch: its summary, tables and charts.

use super::files::{Files, SUMMARY};
use super::{charts, tables};
use crate::error::Error;
use crate::results::summary::Summary;

/// The files of a batch: `summary.json`, `tables/*.csv` and `charts/*.svg`.
///
/// ```
/// use escalate::{Simulation, report};
///
/// let summary = Simulation::open("scenarios/tutorial.toml")?.batch(1, 0..640)?;
/// let files = report::batch(&summary)?;
/// assert!(files.iter().any(|(name, bytes)| name == "charts/outcomes.svg" && bytes.starts_with(b"<svg")));
/// # Ok::<(), escalate::Error>(())
/// ```
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
