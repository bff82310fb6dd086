//! The files of a result, all made before the first is written: what cannot be made leaves nothing half done.

use super::charts::Chart;
use super::tables::Table;
use crate::error::Error;
use serde::Serialize;
use std::path::Path;

/// The file of what a batch found, as JSON.
pub const SUMMARY: &str = "summary.json";
/// The folder of tables, within that of a run.
pub const TABLES: &str = "tables";
/// The folder of charts, within that of a run.
pub const CHARTS: &str = "charts";

/// Paths within a folder, with `/` between their parts, and the bytes that go there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(Vec<(String, Vec<u8>)>);

impl Files {
    /// Adds a value as a JSON file.
    ///
    /// # Errors
    /// It has no JSON, such as a map whose keys are no strings.
    pub fn json(&mut self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        self.0.push((name.to_owned(), json(Path::new(name), value)?));
        Ok(())
    }

    pub(super) fn table(&mut self, name: &str, table: &Table) -> Result<(), Error> {
        let name = format!("{TABLES}/{name}.csv");
        let csv = table.csv().map_err(Error::format(Path::new(&name)))?;
        self.0.push((name, csv));
        Ok(())
    }

    pub(super) fn chart(&mut self, chart: Chart) {
        self.0.push((format!("{CHARTS}/{}.svg", chart.name), chart.svg.into_bytes()));
    }

    /// Paths and bytes, in the order in which they are to be written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }
}

/// A value as the text of a JSON file; the path is for the error.
///
/// # Errors
/// It has no JSON.
pub fn json(path: &Path, value: &impl Serialize) -> Result<Vec<u8>, Error> {
    let text = serde_json::to_string_pretty(value).map_err(Error::format(path))?;
    Ok(format!("{text}\n").into_bytes())
}
