//! A batch into its folder: manifest first, checkpoints on the way, results last; killed at any time, it can go on.

use super::clock::{Stopwatch, now};
use super::load::Loaded;
use super::terminal::{STOP, with_progress};
use escalate::Error;
use escalate::batch;
use escalate::model::Model;
use escalate::output::folder::{Folder, Mode};
use escalate::output::manifest::{Attempt, Engine, MANIFEST_VERSION, Manifest, Status};
use escalate::output::rows::{self, Columns, Format};
use escalate::output::shard::{self, Head, Shard};
use escalate::output::{self, Written};
use escalate::provenance::{self, FORMAT_VERSION, SEMANTICS_VERSION};
use escalate::questions::precision::{self, Until};
use escalate::questions::rows::names;
use escalate::questions::summarise::{Request, run_hash, summarise};
use escalate::results::summary::Summary;
use escalate::results::tally::Tally;
use escalate::scenario::Variant;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Checkpoints take at most about this part of the time that would be lost without them.
const CHECKPOINT_SHARE: u32 = 50;

/// What is to be run.
#[derive(Clone, Copy)]
pub struct RunSpec<'a> {
    pub loaded: &'a Loaded,
    pub variant: Option<&'a Variant>,
    pub model: &'a Model,
    pub seed: u64,
    /// How many replications; at most, if a precision is to be reached.
    pub replications: u64,
    pub until: Option<&'a Until>,
    pub rows: Option<Format>,
    /// Threads; 0 for as many as there are processors.
    pub threads: usize,
    /// Time between checkpoints; later ones are further apart.
    pub checkpoint: Duration,
    /// Whether a wave with a failed replication is the last.
    pub fail_fast: bool,
}

impl RunSpec<'_> {
    pub fn run_hash(&self) -> String {
        let hash = run_hash(self.model, self.seed, 0, self.replications);
        match self.until {
            None => hash,
            Some(until) => precision::run_hash(&hash, &until.text(), self.replications),
        }
    }

    pub fn name(&self) -> String {
        format!("{} [{}]", self.model.labels.scenario, self.model.labels.variant)
    }

    /// The manifest of a run that has not begun.
    pub fn manifest(&self) -> Manifest {
        let labels = &self.model.labels;
        let mut manifest = Manifest {
            manifest_version: MANIFEST_VERSION,
            citation: String::new(),
            run_hash: self.run_hash(),
            results_hash: None,
            engine: Engine::own(),
            semantics_version: SEMANTICS_VERSION,
            format_version: FORMAT_VERSION,
            scenario: labels.scenario.clone(),
            scenario_hash: provenance::hex(&self.model.hash),
            scenario_source: self.loaded.path.display().to_string(),
            variant: labels.variant.clone(),
            parameters: self.parameters(),
            seed: self.seed,
            first: 0,
            replications: self.replications,
            until: self.until.map(Until::text),
            rows: self.rows,
            status: Status::Running,
            done: 0,
            sessions: Vec::new(),
            files: BTreeMap::new(),
        };
        manifest.citation = manifest.cited();
        manifest
    }

    fn parameters(&self) -> BTreeMap<String, String> {
        let resolved = self.loaded.scenario.as_ref().and_then(|scenario| scenario.resolved(self.variant).ok());
        let parameters = resolved.into_iter().flat_map(|scenario| scenario.parameters);
        let text = |span: escalate::diagnostic::Span| self.loaded.source.get(span.start..span.end);
        parameters
            .map(|it| {
                let drawn = it.drawn.as_ref().and_then(|drawn| text(drawn.span()));
                let drawn = drawn.map(|drawn| drawn.trim_matches(['"', '\'']).to_owned());
                (it.id.text, drawn.unwrap_or_else(|| it.value.to_string()))
            })
            .collect()
    }

    fn session(&self, found: u64) -> Attempt {
        Attempt {
            command: std::env::args().collect(),
            started: now(),
            ended: None,
            found,
            threads: self.threads,
            processors: std::thread::available_parallelism().map_or(0, usize::from),
            system: std::env::consts::OS.to_owned(),
            architecture: std::env::consts::ARCH.to_owned(),
        }
    }
}

/// A run at work in its folder.
pub struct Session<'a> {
    ask: RunSpec<'a>,
    folder: Folder,
    manifest: Manifest,
    shards: Vec<Shard>,
    /// What the shards have, counted together.
    kept: Tally,
    /// What no shard has yet, and the shard that is being written.
    open: Tally,
    writer: Option<shard::Writer>,
    watch: Stopwatch,
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
    pub fn begin(ask: RunSpec<'a>, path: &Path, mode: Mode) -> Result<Taken<'a>, Error> {
        let (folder, found) = Folder::take(path, mode, &ask.run_hash())?;
        if let Some(found) = &found
            && found.status == Status::Finished
            && found.rows == ask.rows
        {
            folder.tidy()?;
            return output::read(path, found).map(|summary| Taken::Finished(Box::new(summary)));
        }
        let empty = batch::empty(ask.model);
        let hash = provenance::digest(ask.run_hash().as_bytes());
        let (shards, kept) = folder.checkpoints(&hash, 0, &empty, ask.rows.is_some())?;
        let mut manifest = ask.manifest();
        if let Some(found) = found {
            manifest.sessions = found.sessions;
            manifest.files = found.files;
            manifest.done = found.done;
            manifest.results_hash = found.results_hash;
        }
        manifest.sessions.push(ask.session(kept.replications));
        folder.begin(&manifest, ask.loaded.source.as_bytes())?;
        let (watch, last) = (Stopwatch::start(), Duration::ZERO);
        Ok(Taken::Work(Box::new(Self { ask, folder, manifest, shards, kept, open: empty, writer: None, watch, last })))
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
        match self.ask.until {
            None => self.run_to(self.ask.replications, expected),
            Some(until) => until.search(self.ask.replications, |look| {
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
        let (first, done) = (self.done(), AtomicU64::new(self.done()));
        let left = replications.saturating_sub(first);
        if left == 0 || self.must_end() {
            return Ok(());
        }
        let RunSpec { model, seed, threads, .. } = self.ask;
        let batch = batch::Batch { seed, first, replications: left, threads, done: &done, stop: &STOP };
        let (name, rows) = (self.ask.name(), self.ask.rows.is_some());
        let mut trouble = None;
        let ran = with_progress(&name, (expected, "replications"), &done, || {
            batch::waves(model, &batch, rows, &mut |wave| match self.take(wave) {
                Ok(()) if self.must_end() => ControlFlow::Break(()),
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    trouble = Some(error);
                    ControlFlow::Break(())
                }
            })
        });
        trouble.map_or(ran, Err)?;
        if self.done() < replications { self.checkpoint() } else { Ok(()) }
    }

    /// Whether a replication has failed that must not.
    fn must_end(&self) -> bool {
        let failed = |tally: &Tally| tally.failed.iter().any(|count| *count > 0);
        self.ask.fail_fast && (failed(&self.kept) || failed(&self.open))
    }

    fn take(&mut self, wave: batch::Wave) -> Result<(), Error> {
        if let Some(rows) = wave.rows {
            self.writer()?.rows(rows)?;
        }
        self.open.merge(&wave.tally);
        let elapsed = self.watch.elapsed();
        let due = self.ask.checkpoint.max(elapsed / CHECKPOINT_SHARE);
        if elapsed - self.last >= due { self.checkpoint() } else { Ok(()) }
    }

    fn writer(&mut self) -> Result<&mut shard::Writer, Error> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => {
                let run_hash = provenance::digest(self.manifest.run_hash.as_bytes());
                let head = Head { run_hash, first: self.kept.replications, has_rows: self.ask.rows.is_some() };
                shard::Writer::begin(&self.folder.shards(), head)?
            }
        };
        Ok(self.writer.insert(writer))
    }

    /// Makes a shard of what no shard has yet.
    fn checkpoint(&mut self) -> Result<(), Error> {
        if self.open.replications > 0 {
            self.writer()?;
            let open = std::mem::replace(&mut self.open, batch::empty(self.ask.model));
            if let Some(writer) = self.writer.take() {
                self.shards.push(writer.finish(&open)?);
            }
            self.kept.merge(&open);
        }
        self.last = self.watch.elapsed();
        Ok(())
    }

    fn tally(&self) -> Tally {
        let mut tally = self.kept.clone();
        tally.merge(&self.open);
        tally
    }

    /// What all replications so far come to.
    pub fn summary(&self) -> Summary {
        let RunSpec { model, seed, replications, until, .. } = self.ask;
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
        let mut written = output::write(self.folder.path(), summary)?;
        // Rows are put together from the shards once all of them are there.
        if let Some(format) = self.ask.rows.filter(|_| is_whole) {
            self.checkpoint()?;
            self.write_rows(format)?;
            written.files.push(format.file().to_owned());
        }
        if let Some(session) = self.manifest.sessions.last_mut() {
            session.ended = Some(now());
        }
        self.manifest.status = if is_whole { Status::Finished } else { Status::Interrupted };
        self.manifest.done = summary.run.replications;
        self.manifest.results_hash = Some(summary.run.run_hash.clone());
        self.manifest.citation = self.manifest.cited();
        self.folder.end(&mut self.manifest, &written)?;
        Ok((written, self.manifest))
    }

    fn write_rows(&self, format: Format) -> Result<(), Error> {
        let names = names(self.ask.model);
        let (empty, columns) = (names.columns(), Columns::new(names));
        let Manifest { run_hash, scenario, variant, seed, .. } = &self.manifest;
        let about = [
            ("run_hash", run_hash.clone()),
            ("scenario", scenario.clone()),
            ("variant", variant.clone()),
            ("seed", seed.to_string()),
        ];
        let mut writer = rows::Writer::begin(self.folder.path(), format, &columns, 0, &about)?;
        for shard in &self.shards {
            shard.rows(&empty, &mut |rows| writer.rows(rows))?;
        }
        writer.finish()
    }

    /// Whether the interrupt key was pressed: what is not done then was left undone for it.
    pub fn is_interrupted(&self) -> bool {
        STOP.load(Ordering::Relaxed) && self.summary().run.interrupted
    }
}
