//! Files that people own, written whole or not at all: under a temporary name first, then renamed.

use std::fs::{self, OpenOptions};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};

/// Writes a file that is not there yet.
///
/// # Errors
/// `AlreadyExists` if it is there; whatever keeps it from being written.
pub fn create(path: &Path, bytes: &[u8]) -> Result<()> {
    // The name is taken first, so that nobody else's file is overwritten by the renaming.
    OpenOptions::new().write(true).create_new(true).open(path)?;
    put(path, bytes).inspect_err(|_| drop(fs::remove_file(path)))
}

/// Writes other text into a file that is there; it keeps its permissions, and a link goes on leading to it.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let target = fs::canonicalize(path)?;
    put(&target, bytes)
}

/// Writes over a file that is there.
fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = beside(path);
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).open(&temporary)?;
        file.write_all(bytes)?;
        file.set_permissions(fs::metadata(path)?.permissions())?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    // What could not be finished is not left behind; if even that fails, the first error says more.
    write().inspect_err(|_| drop(fs::remove_file(&temporary)))
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}
