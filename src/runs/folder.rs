//! The folder of a run: whose it is, what is in it, and the shards of a run that is not finished.

use super::hold::Hold;
use super::manifest::{Manifest, Status};
use super::owner::Owner;
use super::put::{make, put, remove, writer};
use super::shard::Shard;
use crate::error::Error;
use crate::provenance;
use crate::report::{CHARTS, TABLES, json};
use crate::results::tally::Tally;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// The scenario file as it was read.
pub const SCENARIO: &str = "scenario.toml";
const MANIFEST: &str = "manifest.json";
const SHARDS: &str = "shards";

/// What to do with a folder in which something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only the same run, finished, may be there: it is run again.
    New,
    /// Goes on with the same run; begins it if there is none.
    Resume,
    /// Begins anew, whatever is there.
    Force,
}

/// A folder in which this process alone works.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Held as long as the folder is.
    hold: Hold,
}

impl Folder {
    /// Takes a folder for a run, and gives the manifest of what is gone on with, if anything is.
    ///
    /// # Errors
    /// The folder holds something else, somebody is at work in it, or it cannot be written.
    pub fn take(path: &Path, mode: Mode, run_hash: &str) -> Result<(Self, Option<Manifest>), Error> {
        make(path)?;
        // Before anything is touched, and again once nobody else can be at work there.
        Self::found(path, mode, run_hash)?;
        let folder = Self::enter(path)?;
        let found = Self::found(path, mode, run_hash)?.filter(|_| mode == Mode::Resume);
        if found.is_none() {
            folder.clear(run_hash)?;
        }
        Ok((folder, found))
    }

    /// The manifest of what is in a folder, if that leaves it to the run.
    fn found(path: &Path, mode: Mode, run_hash: &str) -> Result<Option<Manifest>, Error> {
        let found = Self::read(path)?;
        match &found {
            None if mode != Mode::Force && !is_empty(path)? => {
                Err(Error::refused(path, "it holds something that is no run of escalate; take another folder"))
            }
            Some(manifest) if mode != Mode::Force && manifest.run_hash != run_hash => {
                let other = manifest.run_hash.get(..12).unwrap_or(&manifest.run_hash);
                let why = format!("it holds another run ({other}); take another folder, or replace it with --force");
                Err(Error::refused(path, why))
            }
            Some(manifest) if mode == Mode::New && manifest.status != Status::Finished => {
                let why = "it holds this run, not finished; go on with it with --resume, or begin anew with --force";
                Err(Error::refused(path, why))
            }
            _ => Ok(found),
        }
    }

    /// Lets results be written into a folder, whatever else it holds, and leaves no trace but them.
    ///
    /// # Errors
    /// Somebody is at work in it, or it cannot be written.
    pub fn visit<T>(path: &Path, write: impl FnOnce(&Path) -> Result<T, Error>) -> Result<T, Error> {
        let folder = Self::enter(path)?;
        let written = write(&folder.path);
        // Checkpoints of a run that is not finished stay, and their folder with them; results are there either way.
        let _ = folder.leave();
        written
    }

    /// Makes the folder and takes it: from here on this process is alone in it.
    fn enter(path: &Path) -> Result<Self, Error> {
        let shards = path.join(SHARDS);
        [path, &shards].into_iter().try_for_each(make)?;
        let folder = Self { path: path.to_owned(), hold: Hold::take(path, &shards)? };
        folder.sweep()?;
        Ok(folder)
    }

    /// The manifest in a folder, if there is one.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(path: &Path) -> Result<Option<Manifest>, Error> {
        let path = path.join(MANIFEST);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::Unreadable { path, error }),
        };
        let manifest = serde_json::from_slice(&bytes);
        manifest.map(Some).map_err(|error| Error::Damaged { path, what: format!("it is no manifest: {error}") })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where shards are while the run is not finished.
    pub fn shards(&self) -> PathBuf {
        self.path.join(SHARDS)
    }

    /// Takes away what processes that are dead had begun to write. Who holds the lock knows that of all processes but
    /// those that this machine is running, which may write here without working on a run; who does not, only of those
    /// that this machine has no more.
    fn sweep(&self) -> Result<(), Error> {
        let is_locked = matches!(self.hold, Hold::Lock { .. });
        let is_dead = |owner: Owner| if is_locked { !owner.is_running() } else { owner.is_dead() };
        for folder in [self.path.clone(), self.path.join(TABLES), self.path.join(CHARTS), self.shards()] {
            let paths = if folder.is_dir() { list(&folder)? } else { Vec::new() };
            paths.iter().filter(|path| writer(path).is_some_and(is_dead)).try_for_each(|path| remove(path))?;
        }
        Ok(())
    }

    /// Removes the folder of shards if nothing is in it but what shows that somebody is at work.
    fn leave(&self) -> Result<(), Error> {
        Hold::FILES.iter().try_for_each(|name| remove(&self.shards().join(name)))?;
        match fs::remove_dir(self.shards()) {
            Err(error) if error.kind() == std::io::ErrorKind::DirectoryNotEmpty => Ok(()),
            done => done.map_err(Error::file(&self.shards())),
        }
    }

    /// Takes away what another run has left; results of the same run stay until they are replaced by the same bytes.
    fn clear(&self, run_hash: &str) -> Result<(), Error> {
        if let Ok(Some(old)) = Self::read(&self.path)
            && old.run_hash != run_hash
        {
            old.files.keys().filter(|name| is_inside(name)).try_for_each(|name| remove(&self.path.join(name)))?;
            remove(&self.path.join(MANIFEST))?;
        }
        list(&self.shards())?.iter().filter(|path| is_shard(path)).try_for_each(|path| remove(path))
    }

    /// Writes scenario and manifest: before the first replication.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn begin(&self, manifest: &Manifest, scenario: &[u8]) -> Result<(), Error> {
        self.write_manifest(manifest)?;
        put(&self.path.join(SCENARIO), scenario)
    }

    fn write_manifest(&self, manifest: &Manifest) -> Result<(), Error> {
        let path = self.path.join(MANIFEST);
        put(&path, &json(&path, manifest)?)
    }

    /// The shards that follow one another from replication `first` on, and their counts together; others stay
    /// where they are until the run is finished.
    ///
    /// # Errors
    /// A shard cannot be read, is not whole, is of another run, or is without the rows that are wanted.
    pub fn checkpoints(
        &self,
        run_hash: &[u8; 32],
        first: u64,
        empty: &Tally,
        rows: bool,
    ) -> Result<(Vec<Shard>, Tally), Error> {
        let mut tally = empty.clone();
        let mut shards: Vec<Shard> = Vec::new();
        for path in list(&self.shards())? {
            if path.extension().is_some_and(|it| it == "shard") {
                let (shard, counts) = Shard::open(&path, run_hash, empty)?;
                if shard.head.has_rows != rows {
                    let has = if rows { "without" } else { "with" };
                    return Err(Error::Damaged { path, what: format!("it was made {has} rows") });
                }
                if shard.head.first == shards.last().map_or(first, Shard::end) {
                    tally.merge(&counts);
                    shards.push(shard);
                }
            }
        }
        Ok((shards, tally))
    }

    /// Notes what the run has come to: the files, and whether it is finished. Then shards are no longer needed.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn end(&self, manifest: &mut Manifest, files: &[String]) -> Result<(), Error> {
        let names = files.iter().map(String::as_str).chain([SCENARIO]);
        let digests: Result<BTreeMap<String, String>, Error> =
            names.map(|name| Ok((name.to_owned(), digest(&self.path.join(name))?))).collect();
        let old = std::mem::replace(&mut manifest.files, digests?);
        self.write_manifest(manifest)?;
        let stale = old.keys().filter(|name| !manifest.files.contains_key(*name) && is_inside(name));
        stale.map(|name| self.path.join(name)).try_for_each(|path| remove(&path))?;
        if manifest.status == Status::Finished { self.tidy() } else { Ok(()) }
    }

    /// Removes the shards of a finished run, which may have been killed before it could.
    ///
    /// # Errors
    /// They cannot be removed.
    pub fn tidy(&self) -> Result<(), Error> {
        list(&self.shards())?.iter().filter(|path| is_shard(path)).try_for_each(|path| remove(path))?;
        self.leave()
    }
}

/// The paths of the shards in the folder of a run, in the order of their replications.
///
/// # Errors
/// The folder cannot be read.
pub fn shards(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let shards = folder.join(SHARDS);
    let mut paths = if shards.is_dir() { list(&shards)? } else { Vec::new() };
    paths.retain(|path| path.extension().is_some_and(|it| it == "shard"));
    Ok(paths)
}

/// The digest of the bytes of a file, in hexadecimal.
///
/// # Errors
/// It cannot be read.
pub fn digest(path: &Path) -> Result<String, Error> {
    let unreadable = Error::unreadable(path);
    let mut digest = provenance::Digest::default();
    digest.read(File::open(path).map_err(unreadable)?).map_err(unreadable)?;
    Ok(provenance::hex(&digest.finish()))
}

/// Whether a path of a manifest stays within the folder.
pub fn is_inside(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)))
}

/// The paths in a folder, by name.
fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable = Error::unreadable(folder);
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let paths: Result<Vec<PathBuf>, Error> =
        entries.map(|entry| entry.map(|entry| entry.path()).map_err(unreadable)).collect();
    let mut paths = paths?;
    paths.sort();
    Ok(paths)
}

/// Whether there is nothing in a folder but what somebody killed had begun to write.
fn is_empty(folder: &Path) -> Result<bool, Error> {
    let is_begun = |path: &PathBuf| writer(path).is_some() || path.ends_with(SHARDS);
    Ok(list(folder)?.iter().all(is_begun))
}

/// Whether a path has the name of a shard that this program has written: `000000000000000-000000000065536.shard`.
fn is_shard(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".shard"));
    let is_number = |text: &str| text.len() >= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
    name.and_then(|name| name.split_once('-')).is_some_and(|(first, end)| is_number(first) && is_number(end))
}

#[cfg(test)]
mod tests {
    use super::super::owner;
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("escalate-folder-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    #[test]
    fn only_the_part_files_of_the_dead_are_swept() {
        let path = folder("sweep");
        fs::create_dir_all(path.join(SHARDS)).expect("a folder");
        let (host, own) = (owner::host(), std::process::id());
        let gone = u32::MAX - 1;
        let names = [
            format!("a.json.{host}.{own}.0.part"),
            format!("a.json.{host}.{gone}.0.part"),
            format!("a.json.elsewhere.{gone}.0.part"),
            format!("a.json.{gone}.part"),
            "notes.part".to_owned(),
        ];
        let begin = || names.iter().for_each(|name| fs::write(path.join(name), "begun").expect("written"));
        let left = || names.iter().map(|name| path.join(name).exists()).collect::<Vec<bool>>();
        let is_linux = cfg!(target_os = "linux");
        begin();
        let hold = Hold::own(&path, &path.join(SHARDS).join("owner")).expect("it is free");
        Folder { path: path.clone(), hold }.sweep().expect("swept");
        assert_eq!(left(), [true, !is_linux, true, true, true], "without a lock");
        begin();
        let hold = Hold::take(&path, &path.join(SHARDS)).expect("it is free");
        if matches!(hold, Hold::Lock { .. }) {
            Folder { path: path.clone(), hold }.sweep().expect("swept");
            assert_eq!(left(), [true, !is_linux, false, false, true], "under a lock");
        }
    }
}
