//! A run that is there, run again and compared: digests, manifest, every file, shards, or single replications.

use super::compare;
use super::folder::{self, Mode};
use super::manifest::{Manifest, Status};
use super::put::make;
use super::session::{Session, Taken};
use super::shard::{self, Shard};
use super::spec::{Means, RunSpec};
use crate::batch::{self, Batch};
use crate::error::Error;
use crate::provenance;
use crate::questions::rows::names;
use crate::report::rows::{self, Columns};
use std::collections::BTreeSet;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A run in its folder, and what its manifest says was asked for.
pub struct Past<'a> {
    pub path: &'a Path,
    pub manifest: &'a Manifest,
    pub spec: &'a RunSpec,
    pub means: Means<'a>,
}

/// What was run again, and found to be the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// All replications of the files of results.
    pub replications: Option<u64>,
    /// The shards of a run that is not finished.
    pub shards: Option<usize>,
}

/// Compares the files of a folder with the digests in its manifest.
///
/// # Errors
/// The first file that is not the one that was written.
pub fn digests(folder: &Path, manifest: &Manifest) -> Result<(), Error> {
    for (name, digest) in &manifest.files {
        if !folder::is_inside(name) || folder::digest(&folder.join(name))? != *digest {
            return Err(Error::Differs(format!(
                "{name} is not the file that was written: its digest is not that of the manifest"
            )));
        }
    }
    Ok(())
}

impl Past<'_> {
    /// Compares what the manifest says with what follows from scenario, variant, seed and replications.
    ///
    /// # Errors
    /// The first difference.
    pub fn manifest_is_right(&self) -> Result<(), Error> {
        let (said, right) = (self.manifest, self.spec.manifest());
        let pairs = [
            ("run_hash", &said.run_hash, &right.run_hash),
            ("scenario", &said.scenario, &right.scenario),
            ("citation", &said.citation, &said.cited()),
        ];
        for (key, said, right) in pairs {
            if said != right {
                return Err(Error::Differs(format!("{key} in the manifest is `{said}`; it should be `{right}`")));
            }
        }
        for (name, value) in &right.parameters {
            if said.parameters.get(name) != Some(value) {
                let what = format!("the parameter {name} is not what the manifest says: it was {value}");
                return Err(Error::Differs(what));
            }
        }
        let is_whole = said.done == said.replications || said.until.is_some();
        if said.status == Status::Finished && !is_whole || said.done > said.replications {
            return Err(Error::Differs(format!("done in the manifest is {}, of {}", said.done, said.replications)));
        }
        Ok(())
    }

    /// Runs everything again, in a folder of its own, and compares the files.
    ///
    /// # Errors
    /// The first difference, or whatever keeps it from being run.
    pub fn all(&self) -> Result<Checked, Error> {
        let mut checked = Checked::default();
        if self.manifest.status != Status::Running {
            self.files()?;
            checked.replications = Some(self.manifest.done);
        }
        let shards = folder::shards(self.path)?;
        shards.iter().try_for_each(|path| self.shard(path))?;
        if self.manifest.status != Status::Finished {
            checked.shards = Some(shards.len());
        }
        Ok(checked)
    }

    fn files(&self) -> Result<(), Error> {
        let again = Scratch::new()?;
        let Taken::Work(mut session) = Session::begin(self.spec.clone(), self.means, &again.0, Mode::Force)? else {
            return Err(Error::Request(format!("{} is in use", again.0.display())));
        };
        let done = self.manifest.done;
        match self.manifest.status {
            Status::Finished => session.run(done),
            _ => session.run_to(done, done),
        }?;
        if self.means.stop.load(Ordering::Relaxed) {
            return Err(interrupted());
        }
        let summary = session.summary();
        let (_, right) = session.end(&summary)?;
        if self.manifest.results_hash != right.results_hash || done != right.done {
            let what = format!("the manifest tells of other results: these are of {} replications", right.done);
            return Err(Error::Differs(what));
        }
        let same_program = self.manifest.engine.version == right.engine.version;
        for name in right.files.keys() {
            // Pictures and Parquet are the same within one version of the program.
            if !same_program && (name.ends_with(".svg") || name.ends_with(".parquet")) {
                continue;
            }
            if let Some(difference) = compare::files(&self.path.join(name), &again.0.join(name))? {
                return Err(Error::Differs(format!("{name}, {difference}")));
            }
        }
        Ok(())
    }

    /// Makes a shard again and compares it.
    fn shard(&self, path: &Path) -> Result<(), Error> {
        let (model, means) = (&self.spec.model, self.means);
        let run_hash = provenance::digest(self.manifest.run_hash.as_bytes());
        let (shard, _) = Shard::open(path, &run_hash, &batch::empty(model))?;
        let again = Scratch::new()?;
        let mut writer = shard::Writer::begin(&again.0, shard.head)?;
        let mut tally = batch::empty(model);
        let (done, Shard { head, replications, .. }) = (AtomicU64::new(0), shard);
        let (seed, threads, first) = (self.spec.seed, means.threads, head.first);
        let batch = Batch { seed, first, replications, threads, done: &done, stop: means.stop };
        let mut written = Ok(());
        batch::waves(model, &batch, head.has_rows, &mut |wave| {
            written = wave.rows.into_iter().try_for_each(|rows| writer.rows(rows));
            tally.merge(&wave.tally);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        written?;
        if tally.replications < replications {
            return Err(interrupted());
        }
        let right = writer.finish(&tally)?.path;
        let name = path.strip_prefix(self.path).unwrap_or(path).display();
        match compare::files(path, &right)? {
            Some(difference) => Err(Error::Differs(format!("{name}, {difference}"))),
            None => Ok(()),
        }
    }

    /// Runs some single replications again and compares their rows; gives how many they were.
    ///
    /// # Errors
    /// The first difference, or there are no rows.
    pub fn sample(&self, sample: u64) -> Result<u64, Error> {
        let Some(format) = self.manifest.rows.filter(|_| self.manifest.status == Status::Finished) else {
            let message = "it has no rows, with which single replications could be compared; leave out --sample";
            return Err(Error::Request(message.to_owned()));
        };
        let numbers = sampled(&self.manifest.run_hash, sample, self.manifest.done);
        let columns = Columns::new(names(&self.spec.model));
        let path = self.path.join(format.file());
        let file = File::open(&path).map_err(Error::unreadable(&path))?;
        let mut found: Result<(), Error> = Ok(());
        let mut compare = |place: u64, said: &[String]| {
            if found.is_ok() {
                found = self.row(&columns, place, said);
            }
        };
        rows::read(file, &path, format, &columns, &numbers, &mut compare)?;
        found?;
        Ok(numbers.len() as u64)
    }

    /// Runs one replication again and compares its row.
    fn row(&self, columns: &Columns, replication: u64, said: &[String]) -> Result<(), Error> {
        let (done, stop) = (AtomicU64::new(0), self.means.stop);
        let batch = Batch { seed: self.spec.seed, first: replication, replications: 1, threads: 1, done: &done, stop };
        let mut right: Vec<String> = Vec::new();
        batch::waves(&self.spec.model, &batch, true, &mut |wave| {
            if let Some(rows) = &wave.rows {
                right = columns.cells(rows, replication, 0).map(|cell| cell.text()).collect();
            }
            ControlFlow::Continue(())
        })?;
        if said.len() != right.len() {
            return Err(Error::Differs(format!("replication {replication} has not a value for each column")));
        }
        match columns.names().zip(said.iter().zip(&right)).find(|(_, (said, right))| said != right) {
            Some((name, (said, right))) => {
                Err(Error::Differs(format!("replication {replication}: {name} is `{said}`; it should be `{right}`")))
            }
            None => Ok(()),
        }
    }
}

/// So many replications of all, rising; other ones for another run.
fn sampled(run_hash: &str, sample: u64, replications: u64) -> Vec<u64> {
    if sample >= replications {
        return (0..replications).collect();
    }
    let mut numbers = BTreeSet::new();
    for index in 0_u64.. {
        if numbers.len() as u64 == sample {
            break;
        }
        let digest = provenance::digest(format!("sample {index} of {run_hash}").as_bytes());
        numbers.insert(u64::from_le_bytes(std::array::from_fn(|byte| digest[byte])) % replications);
    }
    numbers.into_iter().collect()
}

fn interrupted() -> Error {
    Error::Interrupted("interrupted: no difference was found so far".to_owned())
}

/// A folder for what is only compared; it is removed in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, Error> {
        let path = std::env::temp_dir().join(format!("escalate-verify-{}", std::process::id()));
        make(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed from the folder for temporary files does no harm there.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
