//! The files of a result: all made first, so that what cannot be made leaves nothing half done, then put into a folder.

use super::tables::Table;
use super::{CHARTS, TABLES, Written, put};
use crate::charts::Chart;
use crate::error::Error;
use serde::Serialize;
use std::fs;
use std::path::Path;

/// Paths within the folder, with the bytes that go there.
#[derive(Default)]
pub(super) struct Files(Vec<(String, Vec<u8>)>);

impl Files {
    pub fn json(&mut self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        self.0.push((name.to_owned(), json(Path::new(name), value)?));
        Ok(())
    }

    pub fn table(&mut self, name: &str, table: &Table) -> Result<(), Error> {
        let name = format!("{TABLES}/{name}.csv");
        let csv = table.csv().map_err(Error::format(Path::new(&name)))?;
        self.0.push((name, csv));
        Ok(())
    }

    pub fn chart(&mut self, chart: Chart) {
        self.0.push((format!("{CHARTS}/{}.svg", chart.name), chart.svg.into_bytes()));
    }

    /// Puts them into a folder; the folders they need are made.
    pub fn put(self, folder: &Path) -> Result<Written, Error> {
        for (name, bytes) in &self.0 {
            let path = folder.join(name);
            make_folder(path.parent().unwrap_or(folder))?;
            put(&path, bytes)?;
        }
        let files: Vec<String> = self.0.into_iter().map(|(name, _)| name).collect();
        let within = |folder: &str| files.iter().filter(|name| Path::new(name).starts_with(folder)).count();
        let (tables, charts) = (within(TABLES), within(CHARTS));
        Ok(Written { folder: folder.to_owned(), files, tables, charts })
    }
}

/// Makes a folder and all above it, where they are not there.
pub(super) fn make_folder(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(Error::file(folder))
}

/// A value as the text of a JSON file.
pub(super) fn json(path: &Path, value: &impl Serialize) -> Result<Vec<u8>, Error> {
    let text = serde_json::to_string_pretty(value);
    let text = text.map_err(Error::format(path))?;
    Ok(format!("{text}\n").into_bytes())
}
