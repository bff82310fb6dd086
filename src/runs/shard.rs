//! Shards: what came of consecutive replications, in one file that is there whole or not at all. A checkpoint is a shard.
//!
//! A shard begins with a line that names its format. Sections follow: one byte for the kind, the length in 8 bytes
//! (little-endian), the content in the encoding of `postcard`. They are the head, rows in the order of replications if
//! the run keeps any, and the counts. The last 32 bytes are the BLAKE3 digest of all before them.

use super::put::Part;
use crate::error::Error;
use crate::provenance::Digest;
use crate::results::rows::Rows;
use crate::results::tally::Tally;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// How a shard's file begins; the number is that of the format.
const MAGIC: &[u8] = b"escalate shard 2\n";
const DIGEST_BYTES: u64 = 32;
/// Rows in a section, so that the bytes of a shard do not hang on the parts in which its rows came.
const SECTION_ROWS: usize = 1 << 14;
const HEAD: u8 = 1;
const ROWS: u8 = 2;
const TALLY: u8 = 3;

/// Of what run a shard is, and which of its replications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub run_hash: [u8; 32],
    pub first: u64,
    pub has_rows: bool,
}

/// A shard that is being written, under a temporary name.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    head: Head,
    part: Part,
    digest: Digest,
    waiting: Option<Rows>,
}

impl Writer {
    /// Begins a shard in a folder.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn begin(folder: &Path, head: Head) -> Result<Self, Error> {
        let part = Part::begin(&folder.join(format!("{:015}.shard", head.first)))?;
        let mut writer = Self { folder: folder.to_owned(), head, part, digest: Digest::default(), waiting: None };
        writer.bytes(MAGIC)?;
        writer.section(HEAD, &head)?;
        Ok(writer)
    }

    /// Adds the rows of the replications that follow.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn rows(&mut self, rows: Rows) -> Result<(), Error> {
        let mut waiting = match self.waiting.take() {
            None => rows,
            Some(mut waiting) => {
                waiting.append(rows);
                waiting
            }
        };
        while waiting.len() >= SECTION_ROWS {
            self.section(ROWS, &waiting.take_first(SECTION_ROWS))?;
        }
        self.waiting = Some(waiting);
        Ok(())
    }

    /// Ends the shard with the counts of its replications, and gives it its name.
    ///
    /// # Errors
    /// The file cannot be written; nothing of it is left then.
    pub fn finish(mut self, tally: &Tally) -> Result<Shard, Error> {
        if let Some(rows) = self.waiting.take().filter(|rows| !rows.is_empty()) {
            self.section(ROWS, &rows)?;
        }
        self.section(TALLY, tally)?;
        let digest = self.digest.finish();
        self.part.write(&digest)?;
        let shard =
            Shard { head: self.head, replications: tally.replications, path: self.folder.join(self.name(tally)) };
        self.part.finish_as(&shard.path)?;
        Ok(shard)
    }

    fn name(&self, tally: &Tally) -> String {
        format!("{:015}-{:015}.shard", self.head.first, self.head.first + tally.replications)
    }

    fn section(&mut self, kind: u8, content: &impl Serialize) -> Result<(), Error> {
        let bytes = postcard::to_allocvec(content).map_err(Error::format(&self.folder))?;
        self.bytes(&[kind])?;
        self.bytes(&(bytes.len() as u64).to_le_bytes())?;
        self.bytes(&bytes)
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.digest.add(bytes);
        self.part.write(bytes)
    }
}

/// A finished shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shard {
    pub path: PathBuf,
    pub head: Head,
    pub replications: u64,
}

impl Shard {
    /// The number after the last replication.
    pub fn end(&self) -> u64 {
        self.head.first + self.replications
    }

    /// Opens a shard of a run whose counts have the shape of `empty`, and reads its counts.
    ///
    /// # Errors
    /// It cannot be read, is not whole, or is of another run.
    pub fn open(path: &Path, run_hash: &[u8; 32], empty: &Tally) -> Result<(Self, Tally), Error> {
        let damaged = |what: &str| Error::Damaged { path: path.to_owned(), what: what.to_owned() };
        let mut sections = Sections::checked(path)?;
        let head: Head = match sections.next()? {
            Some((HEAD, bytes)) => sections.read(&bytes)?,
            _ => return Err(damaged("it has no head")),
        };
        if head.run_hash != *run_hash {
            return Err(Error::Damaged { path: path.to_owned(), what: "it is of another run".to_owned() });
        }
        let mut tally: Option<Tally> = None;
        while let Some((kind, bytes)) = sections.next()? {
            if kind == TALLY {
                tally = Some(sections.read(&bytes)?);
            }
        }
        let tally = tally.ok_or_else(|| damaged("it has no counts"))?;
        if !tally.fits(empty) {
            return Err(damaged("its counts are those of another scenario"));
        }
        Ok((Self { path: path.to_owned(), head, replications: tally.replications }, tally))
    }

    /// Goes through the rows of a shard, a part at a time.
    ///
    /// # Errors
    /// It cannot be read or is not whole, or whoever takes the rows has trouble.
    pub fn rows(&self, columns: &Rows, take: &mut dyn FnMut(Rows) -> Result<(), Error>) -> Result<(), Error> {
        let damaged = |what: &str| Error::Damaged { path: self.path.clone(), what: what.to_owned() };
        let mut sections = Sections::checked(&self.path)?;
        let mut seen = 0;
        while let Some((kind, bytes)) = sections.next()? {
            if kind == ROWS {
                let rows: Rows = sections.read(&bytes)?;
                if !rows.fits(columns) {
                    return Err(damaged("its rows are those of another scenario"));
                }
                seen += rows.len() as u64;
                take(rows)?;
            }
        }
        if seen == self.replications { Ok(()) } else { Err(damaged("rows are missing")) }
    }
}

/// The sections of a shard whose digest is right.
struct Sections {
    path: PathBuf,
    file: BufReader<File>,
    /// Bytes of sections that are left.
    left: u64,
}

impl Sections {
    fn checked(path: &Path) -> Result<Self, Error> {
        let unreadable = Error::unreadable(path);
        let damaged = |what: &str| Error::Damaged { path: path.to_owned(), what: what.to_owned() };
        let mut file = File::open(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let left = length.checked_sub(MAGIC.len() as u64 + DIGEST_BYTES).ok_or_else(|| damaged("it is cut off"))?;
        let mut digest = Digest::default();
        digest.read((&mut file).take(length - DIGEST_BYTES)).map_err(unreadable)?;
        let mut said = [0; DIGEST_BYTES as usize];
        file.read_exact(&mut said).map_err(unreadable)?;
        if digest.finish() != said {
            return Err(damaged("its bytes are not those that were written"));
        }
        let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
        let mut magic = vec![0; MAGIC.len()];
        file.read_exact(&mut magic).map_err(unreadable)?;
        if magic != MAGIC {
            return Err(damaged("it is no shard of this version"));
        }
        Ok(Self { path: path.to_owned(), file, left })
    }

    fn next(&mut self) -> Result<Option<(u8, Vec<u8>)>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        let mut head = [0; 9];
        let cut_off = || Error::Damaged { path: self.path.clone(), what: "it is cut off".to_owned() };
        self.left = self.left.checked_sub(9).ok_or_else(cut_off)?;
        self.file.read_exact(&mut head).map_err(Error::unreadable(&self.path))?;
        let [kind, length @ ..] = head;
        let length = u64::from_le_bytes(length);
        self.left = self.left.checked_sub(length).ok_or_else(cut_off)?;
        let mut bytes = vec![0; length as usize];
        self.file.read_exact(&mut bytes).map_err(Error::unreadable(&self.path))?;
        Ok(Some((kind, bytes)))
    }

    fn read<T: for<'de> Deserialize<'de>>(&self, bytes: &[u8]) -> Result<T, Error> {
        let damaged = |error: postcard::Error| Error::Damaged { path: self.path.clone(), what: error.to_string() };
        postcard::from_bytes(bytes).map_err(damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("escalate-shard-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    fn tally() -> Tally {
        Tally { replications: 3, outcomes: vec![vec![0, 1], vec![2, 0]], failed: vec![0, 0], ..Tally::default() }
    }

    fn rows(outcomes: &[u32]) -> Rows {
        let n = outcomes.len();
        let outcome = outcomes.iter().map(|outcome| Some(*outcome)).collect();
        Rows { outcome, end_turn: vec![1; n], failure: vec![None; n], metrics: vec![vec![0.5; n]], ..Rows::default() }
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = folder("read");
        let head = Head { run_hash: [7; 32], first: 64, has_rows: true };
        let mut writer = Writer::begin(&folder, head).expect("begun");
        writer.rows(rows(&[0, 1])).expect("written");
        writer.rows(rows(&[1])).expect("written");
        let shard = writer.finish(&tally()).expect("finished");
        assert_eq!(shard.path.file_name().expect("a name"), "000000000000064-000000000000067.shard");
        let (again, counts) = Shard::open(&shard.path, &[7; 32], &tally()).expect("whole");
        assert_eq!((&again, counts), (&shard, tally()));
        let mut seen = Vec::new();
        let mut take = |rows| {
            seen.push(rows);
            Ok(())
        };
        shard.rows(&rows(&[]), &mut take).expect("rows");
        assert_eq!(seen, [rows(&[0, 1, 1])]);
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 1, "nothing else is left");
    }

    #[test]
    fn any_changed_or_missing_byte_is_found() {
        let folder = folder("damaged");
        let head = Head { run_hash: [7; 32], first: 0, has_rows: false };
        let shard = Writer::begin(&folder, head).expect("begun").finish(&tally()).expect("finished");
        let whole = std::fs::read(&shard.path).expect("bytes");
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            std::fs::write(&shard.path, &changed).expect("written");
            assert!(Shard::open(&shard.path, &[7; 32], &tally()).is_err(), "byte {at} changed");
            std::fs::write(&shard.path, &whole[..at]).expect("written");
            assert!(Shard::open(&shard.path, &[7; 32], &tally()).is_err(), "cut off at {at}");
        }
        std::fs::write(&shard.path, &whole).expect("written");
        assert!(Shard::open(&shard.path, &[7; 32], &tally()).is_ok());
        assert!(Shard::open(&shard.path, &[8; 32], &tally()).is_err(), "of another run");
        let other = Tally { outcomes: vec![vec![0, 0]], ..tally() };
        assert!(Shard::open(&shard.path, &[7; 32], &other).is_err(), "of another shape");
    }

    #[test]
    fn what_is_not_finished_leaves_nothing() {
        let folder = folder("unfinished");
        let head = Head { run_hash: [7; 32], first: 0, has_rows: true };
        let mut writer = Writer::begin(&folder, head).expect("begun");
        writer.rows(rows(&[0])).expect("written");
        drop(writer);
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 0);
    }
}
