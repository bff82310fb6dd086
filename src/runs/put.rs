//! Files that are there whole or not at all: written under a temporary name, synced, renamed, the folder synced.

use super::owner::{self, Owner};
use crate::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// How the names of files end that are still being written, after host, process and a number of their own:
/// `summary.json.host.4711.0.part`.
const PART: &str = "part";

/// Counts the part files of this process, so that no two have one name.
static PARTS: AtomicU64 = AtomicU64::new(0);

/// The process that writes a file, or did when it was killed, if the path is that of such a file.
pub fn writer(path: &Path) -> Option<Owner> {
    let name = path.file_name()?.to_str()?.strip_suffix(PART)?.strip_suffix('.')?;
    let (rest, last) = name.rsplit_once('.')?;
    let last: u64 = last.parse().ok()?;
    let older = || Some(Owner { host: None, process: u32::try_from(last).ok()? });
    let Some((file, process)) = rest.rsplit_once('.') else { return older() };
    match (file.rsplit_once('.'), process.parse()) {
        (Some((_, host)), Ok(process)) => Some(Owner { host: Some(host.to_owned()), process }),
        _ => older(),
    }
}

/// A file that is being written.
#[derive(Debug)]
pub struct Part {
    temporary: PathBuf,
    path: PathBuf,
    /// None once it has its name.
    file: Option<BufWriter<File>>,
}

impl Part {
    /// Begins the file of this path; where a link is, the file that it leads to.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(path: &Path) -> Result<Self, Error> {
        let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mut name = path.file_name().unwrap_or_default().to_owned();
        let number = PARTS.fetch_add(1, Ordering::Relaxed);
        name.push(format!(".{}.{}.{number}.{PART}", owner::host(), std::process::id()));
        let temporary = path.with_file_name(name);
        let file = File::create(&temporary).map_err(Error::file(path))?;
        Ok(Self { temporary, path: path.to_owned(), file: Some(BufWriter::new(file)) })
    }

    /// # Errors
    /// It cannot be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.write_all(bytes).map_err(Error::file(&self.path))
    }

    /// Gives the file its name, once all of it is on the disk, and the permissions of the one that it replaces.
    ///
    /// # Errors
    /// It cannot be written; nothing of it is left then.
    pub fn finish(self) -> Result<(), Error> {
        let path = self.path.clone();
        self.finish_as(&path)
    }

    /// The same with another name in the same folder.
    ///
    /// # Errors
    /// As of `finish`.
    pub fn finish_as(mut self, path: &Path) -> Result<(), Error> {
        let mut finish = || -> std::io::Result<()> {
            if let Some(file) = &mut self.file {
                file.flush()?;
                if let Ok(replaced) = fs::metadata(path) {
                    file.get_ref().set_permissions(replaced.permissions())?;
                }
                file.get_ref().sync_all()?;
            }
            fs::rename(&self.temporary, path)?;
            self.file = None;
            sync_folder(path)
        };
        finish().map_err(Error::file(path))
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.as_mut().map_or(Ok(0), |file| file.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.file.is_some() {
            // What could not be finished is not left behind; if even that fails, the first error says more.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Makes the new name of a file last, where folders can be synced.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            File::open(folder)?.sync_all()
        }
        _ => Ok(()),
    }
}

/// Makes a folder and all above it, where they are not there.
pub(super) fn make(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(Error::file(folder))
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::file(path)(error)),
        _ => Ok(()),
    }
}

/// Writes a file whole or not at all. One that is there keeps its permissions, and a link goes on leading to it.
///
/// # Errors
/// It cannot be written; what was there before stays.
pub fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    // A pipe or a device is written into: there is nothing to be replaced.
    if fs::metadata(path).is_ok_and(|it| !it.is_file() && !it.is_dir()) {
        return fs::write(path, bytes).map_err(Error::file(path));
    }
    let mut part = Part::begin(path)?;
    part.write(bytes)?;
    part.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_part_files_say_who_writes() {
        let owner = |name: &str| writer(Path::new(name));
        let of = |host: Option<&str>, process| Some(Owner { host: host.map(str::to_owned), process });
        assert_eq!(owner("a/summary.json.node-7.4711.0.part"), of(Some("node-7"), 4711));
        assert_eq!(owner("a/summary.json.4711.part"), of(None, 4711));
        for name in ["notes.part", "summary.json", "summary.json.part", "part", ".part"] {
            assert_eq!(owner(name), None, "{name}");
        }
    }
}
