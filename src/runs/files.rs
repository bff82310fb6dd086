//! The files of results on their way to the disk, and the summary on its way back.

use super::folder::{self, Folder};
use super::manifest::Manifest;
use super::put::{make, put};
use crate::error::Error;
use crate::report::{self, CHARTS, Files, SUMMARY, TABLES};
use crate::results::summary::Summary;
use std::fs;
use std::path::{Path, PathBuf};

/// What was written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub folder: PathBuf,
    /// Paths within the folder.
    pub files: Vec<String>,
    pub tables: usize,
    pub charts: usize,
}

/// Writes the files of a batch into a folder, which is made if it is not there.
///
/// # Errors
/// A chart that cannot be drawn, a folder or file that cannot be written; files that were there before stay whole.
pub fn write(folder: &Path, summary: &Summary) -> Result<Written, Error> {
    write_files(folder, &report::batch(summary)?)
}

/// Writes files into a folder that may hold others, and takes it for so long.
///
/// # Errors
/// A folder or file that cannot be written, or somebody is at work there; files that were there before stay whole.
pub fn visit(folder: &Path, files: &Files) -> Result<Written, Error> {
    Folder::visit(folder, |folder| write_files(folder, files))
}

/// Puts files into a folder; the folders they need are made.
fn write_files(folder: &Path, files: &Files) -> Result<Written, Error> {
    for (name, bytes) in files.iter() {
        let path = folder.join(name);
        make(path.parent().unwrap_or(folder))?;
        put(&path, bytes)?;
    }
    let names: Vec<String> = files.iter().map(|(name, _)| name.to_owned()).collect();
    let within = |folder: &str| names.iter().filter(|name| Path::new(name).starts_with(folder)).count();
    let (tables, charts) = (within(TABLES), within(CHARTS));
    Ok(Written { folder: folder.to_owned(), files: names, tables, charts })
}

/// The summary in the folder of a run whose manifest this is; it has no titles.
///
/// # Errors
/// It cannot be read, or is not the file that was written.
pub fn read(folder: &Path, manifest: &Manifest) -> Result<Summary, Error> {
    let path = folder.join(SUMMARY);
    if manifest.files.get(SUMMARY) != Some(&folder::digest(&path)?) {
        return Err(Error::damaged(&path, "it is not the file that was written; --force runs everything again"));
    }
    let bytes = fs::read(&path).map_err(Error::unreadable(&path))?;
    serde_json::from_slice(&bytes).map_err(|error| Error::damaged(&path, error.to_string()))
}
