//! A folder is one process's at a time: by a lock where the file system has locks, else by a file that names the owner.

use super::owner;
use super::put::{make, remove};
use crate::error::Error;
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

const LOCK: &str = "lock";
const OWNER: &str = "owner";

/// What keeps others out of a folder.
#[derive(Debug)]
pub enum Hold {
    /// A lock of the file system: it goes with the process, however that ends.
    Lock { _held: File },
    /// Where there are no locks, a file that names this process; it is removed when the work ends.
    Owner(PathBuf),
}

impl Hold {
    /// The files in the folder of shards that hold it.
    pub const FILES: [&str; 2] = [LOCK, OWNER];

    /// Takes a folder, with the file `lock` in its folder of shards.
    ///
    /// # Errors
    /// Somebody is at work in it, or it cannot be written.
    pub fn take(folder: &Path, shards: &Path) -> Result<Self, Error> {
        let path = shards.join(LOCK);
        loop {
            let file = match File::create(&path) {
                // Who has just left has removed the folder of shards.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    make(shards)?;
                    continue;
                }
                file => file.map_err(Error::file(&path))?,
            };
            match file.try_lock() {
                // Who has just left has removed the file that was opened here: its lock keeps nobody out.
                Ok(()) if !is_still_at(&file, &path) => {}
                Ok(()) => return Ok(Self::Lock { _held: file }),
                Err(TryLockError::WouldBlock) => {
                    let why = "another process is at work in it; wait for its end, or choose another folder";
                    return Err(Error::refused(folder, why));
                }
                Err(TryLockError::Error(_)) => return Self::own(folder, &shards.join(OWNER)),
            }
        }
    }

    /// Takes a folder without a lock: the file that names the owner must be new, or its owner provably dead.
    ///
    /// # Errors
    /// Somebody is at work in it, as far as can be known, or it cannot be written.
    pub fn own(folder: &Path, path: &Path) -> Result<Self, Error> {
        loop {
            match fs::OpenOptions::new().write(true).create_new(true).open(path) {
                Ok(mut file) => {
                    let name = format!("{}.{}", owner::host(), std::process::id());
                    file.write_all(name.as_bytes()).map_err(Error::file(path))?;
                    return Ok(Self::Owner(path.to_owned()));
                }
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Error::file(path)(error)),
            }
            let said = fs::read_to_string(path).unwrap_or_default();
            match owner::read(&said) {
                Some(owner) if owner.is_dead() => remove(path)?,
                owner => {
                    let who = owner.map_or_else(|| "another process".to_owned(), |owner| owner.to_string());
                    let why = format!(
                        "{who} is at work in it; wait for its end, choose another folder, or, if it has ended, remove {}",
                        path.display()
                    );
                    return Err(Error::refused(folder, why));
                }
            }
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Self::Owner(path) = self {
            // If it cannot be removed, who comes next is told whose it is.
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether an open file is the one that is at a path now.
#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |one: fs::Metadata, other: fs::Metadata| (one.dev(), one.ino()) == (other.dev(), other.ino());
    file.metadata().ok().zip(fs::metadata(path).ok()).is_some_and(|(one, other)| same(one, other))
}

/// Where an open file cannot be removed, it is.
#[cfg(not(unix))]
fn is_still_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("escalate-hold-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    #[test]
    fn without_locks_a_folder_has_one_owner_and_only_the_dead_are_replaced() {
        let folder = folder("owner");
        let path = folder.join(OWNER);
        let hold = Hold::own(&folder, &path).expect("it is free");
        assert!(Hold::own(&folder, &path).expect_err("it is taken").to_string().contains("is at work in it"));
        drop(hold);
        assert!(!path.exists());
        fs::write(&path, "elsewhere.4711").expect("written");
        let refused = Hold::own(&folder, &path).expect_err("nobody knows whether it has ended").to_string();
        assert!(refused.contains("process 4711 on elsewhere"), "{refused}");
        assert!(path.exists());
        fs::write(&path, format!("{}.{}", owner::host(), u32::MAX - 1)).expect("written");
        assert_eq!(Hold::own(&folder, &path).is_ok(), cfg!(target_os = "linux"));
    }
}
