//! A batch into its folder: manifest first, checkpoints on the way, results last; killed at any time, it can go on.

use super::files::{Written, read, write};
use super::folder::{Folder, Mode};
use super::manifest::{Manifest, Status};
use super::put::Part;
use super::shard::{self, Head, Shard};
use super::spec::{Means, RunSpec};
use crate::batch;
use crate::error::Error;
use crate::provenance;
use crate::questions::precision;
use crate::questions::rows::names;
use crate::questions::summarise::{Request, summarise};
use crate::report::rows::{self, Columns, Format};
use crate::results::summary::Summary;
use crate::results::tally::Tally;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Checkpoints take at most about this part of the time that would be lost without them.
const CHECKPOINT_SHARE: u32 = 50;

/// A run at work in its folder.
pub struct Session<'a> {
    spec: RunSpec,
    means: Means<'a>,
    folder: Folder,
    manifest: Manifest,
    shards: Vec<Shard>,
    /// What the shards have, counted together.
    kept: Tally,
    /// What no shard has yet, and the shard that is being written.
    open: Tally,
    writer: Option<shard::Writer>,
    /// When the run was begun, and when the last checkpoint was made.
    begun: Duration,
    last: Duration,
}

/// A folder that was taken for a run.
pub enum Taken<'a> {
    /// With or without checkpoints of earlier sessions.
    Work(Box<Session<'a>>),
    /// The run has been finished before; this is its summary.
    Finished(Box<Summary>),
}

impl<'a> Session<'a> {
    /// Takes the folder and writes manifest and scenario, so that whatever happens it can be gone on with.
    ///
    /// # Errors
    /// The folder is not to be written or cannot be, or a checkpoint in it is damaged.
    pub fn begin(spec: RunSpec, means: Means<'a>, path: &Path, mode: Mode) -> Result<Taken<'a>, Error> {
        let (folder, found) = Folder::take(path, mode, &spec.run_hash())?;
        if let Some(found) = &found
            && found.status == Status::Finished
            && found.rows == spec.rows
        {
            folder.tidy()?;
            return read(path, found).map(|summary| Taken::Finished(Box::new(summary)));
        }
        let empty = batch::empty(&spec.model);
        let hash = provenance::digest(spec.run_hash().as_bytes());
        let (shards, kept) = folder.checkpoints(&hash, 0, &empty, spec.rows.is_some())?;
        let mut manifest = spec.manifest();
        if let Some(found) = found {
            manifest.sessions = found.sessions;
            manifest.files = found.files;
            manifest.done = found.done;
            manifest.results_hash = found.results_hash;
        }
        manifest.sessions.push(means.attempt(kept.replications));
        folder.begin(&manifest, &spec.scenario)?;
        let (begun, last) = (means.clock.elapsed(), Duration::ZERO);
        let (open, writer) = (empty, None);
        Ok(Taken::Work(Box::new(Self { spec, means, folder, manifest, shards, kept, open, writer, begun, last })))
    }

    /// How many replications are done.
    pub fn done(&self) -> u64 {
        self.kept.replications + self.open.replications
    }

    /// Runs all that was asked for, unless it is interrupted or a replication fails that must not; `expected` many
    /// will do.
    ///
    /// # Errors
    /// There are no threads, or a checkpoint cannot be written.
    pub fn run(&mut self, expected: u64) -> Result<(), Error> {
        match self.spec.until.clone() {
            None => self.run_to(self.spec.replications, expected),
            Some(until) => until.search(self.spec.replications, |look| {
                self.run_to(look, expected.max(look))?;
                Ok(self.tally())
            }),
        }
    }

    /// Runs on until so many replications are done, it is interrupted, or one fails that must not.
    ///
    /// # Errors
    /// As of `run`.
    pub fn run_to(&mut self, replications: u64, expected: u64) -> Result<(), Error> {
        let first = self.done();
        let left = replications.saturating_sub(first);
        if left == 0 || self.must_end() {
            return Ok(());
        }
        let Means { threads, progress, stop, .. } = self.means;
        progress.done.store(first, Ordering::Relaxed);
        progress.total.store(expected, Ordering::Relaxed);
        let (model, seed, rows) = (Arc::clone(&self.spec.model), self.spec.seed, self.spec.rows.is_some());
        let batch = batch::Batch { seed, first, replications: left, threads, done: &progress.done, stop };
        let mut trouble = None;
        let ran = batch::waves(&model, &batch, rows, &mut |wave| match self.take(wave) {
            Ok(()) if self.must_end() => ControlFlow::Break(()),
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                trouble = Some(error);
                ControlFlow::Break(())
            }
        });
        trouble.map_or(ran, Err)?;
        if self.done() < replications { self.checkpoint() } else { Ok(()) }
    }

    /// Whether a replication has failed that must not.
    fn must_end(&self) -> bool {
        let failed = |tally: &Tally| tally.failed.iter().any(|count| *count > 0);
        self.means.fail_fast && (failed(&self.kept) || failed(&self.open))
    }

    fn take(&mut self, wave: batch::Wave) -> Result<(), Error> {
        if let Some(rows) = wave.rows {
            self.writer()?.rows(rows)?;
        }
        self.open.merge(&wave.tally);
        let elapsed = self.elapsed();
        let due = self.means.checkpoint.max(elapsed / CHECKPOINT_SHARE);
        if elapsed - self.last >= due { self.checkpoint() } else { Ok(()) }
    }

    fn writer(&mut self) -> Result<&mut shard::Writer, Error> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => {
                let run_hash = provenance::digest(self.manifest.run_hash.as_bytes());
                let head = Head { run_hash, first: self.kept.replications, has_rows: self.spec.rows.is_some() };
                shard::Writer::begin(&self.folder.shards(), head)?
            }
        };
        Ok(self.writer.insert(writer))
    }

    /// Makes a shard of what no shard has yet.
    fn checkpoint(&mut self) -> Result<(), Error> {
        if self.open.replications > 0 {
            self.writer()?;
            let open = std::mem::replace(&mut self.open, batch::empty(&self.spec.model));
            if let Some(writer) = self.writer.take() {
                self.shards.push(writer.finish(&open)?);
            }
            self.kept.merge(&open);
        }
        self.last = self.elapsed();
        Ok(())
    }

    /// How long this process has been at work.
    fn elapsed(&self) -> Duration {
        self.means.clock.elapsed().saturating_sub(self.begun)
    }

    fn tally(&self) -> Tally {
        let mut tally = self.kept.clone();
        tally.merge(&self.open);
        tally
    }

    /// What all replications so far come to.
    pub fn summary(&self) -> Summary {
        let RunSpec { model, seed, replications, until, .. } = &self.spec;
        let (seed, replications) = (*seed, *replications);
        let tally = self.tally();
        match until {
            None => summarise(model, &tally, &Request { seed, first: 0, replications }),
            Some(until) => precision::summarise(model, &tally, seed, precision::found(until, replications, &tally)),
        }
    }

    /// Writes the results and notes that the run is finished or interrupted.
    ///
    /// # Errors
    /// A file cannot be written; what was there before stays, and the run can be gone on with.
    pub fn end(mut self, summary: &Summary) -> Result<(Written, Manifest), Error> {
        let is_whole = !summary.run.interrupted;
        let mut written = write(self.folder.path(), summary)?;
        // Rows are put together from the shards once all of them are there.
        if let Some(format) = self.spec.rows.filter(|_| is_whole) {
            self.checkpoint()?;
            self.write_rows(format)?;
            written.files.push(format.file().to_owned());
        }
        if let Some(session) = self.manifest.sessions.last_mut() {
            session.ended = Some(self.means.clock.now());
        }
        self.manifest.status = if is_whole { Status::Finished } else { Status::Interrupted };
        self.manifest.done = summary.run.replications;
        self.manifest.results_hash = Some(summary.run.run_hash.clone());
        self.manifest.citation = self.manifest.cited();
        self.folder.end(&mut self.manifest, &written.files)?;
        Ok((written, self.manifest))
    }

    fn write_rows(&self, format: Format) -> Result<(), Error> {
        let names = names(&self.spec.model);
        let (empty, columns) = (names.columns(), Columns::new(names));
        let Manifest { run_hash, scenario, variant, seed, .. } = &self.manifest;
        let about = [
            ("run_hash", run_hash.clone()),
            ("scenario", scenario.clone()),
            ("variant", variant.clone()),
            ("seed", seed.to_string()),
        ];
        let path = self.folder.path().join(format.file());
        let mut writer = rows::Writer::begin(Part::begin(&path)?, &path, format, &columns, 0, &about)?;
        for shard in &self.shards {
            shard.rows(&empty, &mut |rows| writer.rows(rows))?;
        }
        writer.finish()?.finish()
    }

    /// Whether the interrupt key was pressed: what is not done then was left undone for it.
    pub fn is_interrupted(&self) -> bool {
        self.means.stop.load(Ordering::Relaxed) && self.summary().run.interrupted
    }
}
