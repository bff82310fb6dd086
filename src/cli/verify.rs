//! `escalate verify`: runs again what a folder says was run, and compares.

use super::figures::grouped;
use super::load::count;
use super::past::{Past, Stop};
use super::session::{RunSpec, Session, Taken};
use super::terminal::{STOP, catch_interrupt, out};
use super::{INTERRUPTED, SUCCESS, TROUBLE};
use clap::Args;
use escalate::Error;
use escalate::batch::{self, Batch};
use escalate::model::Model;
use escalate::output::compare;
use escalate::output::folder::{self, Folder, Mode};
use escalate::output::manifest::{Engine, Status};
use escalate::output::rows::{self, Columns};
use escalate::output::shard::{self, Shard};
use escalate::provenance;
use escalate::questions::precision::Until;
use escalate::questions::rows::names;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Run again what the folder of a batch says was run, and compare every file
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 if everything is the same, and it says what was compared; 1 at the first \
                        difference; 2 if something could not be read or is of another version.")]
pub struct Verify {
    /// The folder of a batch
    folder: PathBuf,
    /// Run so many single replications again and compare their rows, instead of running all
    #[arg(long, value_name = "K", conflicts_with = "all", value_parser = clap::value_parser!(u64).range(1..))]
    sample: Option<u64>,
    /// Run all again, which is the default
    #[arg(long)]
    all: bool,
    /// Threads; 0 for as many as there are processors
    #[arg(long, default_value_t = 0)]
    threads: usize,
}

impl Verify {
    pub fn execute(&self) -> u8 {
        catch_interrupt();
        match self.verified() {
            Ok(checked) => {
                out(&format!("{}: {checked}\n", self.folder.display()));
                SUCCESS
            }
            Err(stop) => stop.said(&self.folder),
        }
    }

    fn verified(&self) -> Result<String, Stop> {
        // Digests first: what they show is shown at once.
        let Some(manifest) = Folder::read(&self.folder)? else {
            return Past::open(&self.folder).map(|_| String::new());
        };
        for (name, digest) in &manifest.files {
            if !folder::is_inside(name) || folder::digest(&self.folder.join(name))? != *digest {
                return Err(Stop::differs(format!(
                    "{name} is not the file that was written: its digest is not that of the manifest"
                )));
            }
        }
        let past = Past::open(&self.folder)?;
        let model = past.model()?;
        let until = past.until(&model)?;
        let ask = self.ask(&past, &model, until.as_ref())?;
        self.manifest_is_right(&past, &ask)?;
        let checked = match self.sample {
            Some(sample) => self.sample(&past, &ask, sample)?,
            None => self.all(&past, &ask)?,
        };
        let is_other = past.manifest.engine.version != Engine::own().version;
        let by = if is_other {
            format!(" Made by {}, checked by {}.", past.manifest.engine.short(), Engine::own().short())
        } else {
            String::new()
        };
        Ok(format!(
            "{}, scenario, manifest; {checked}. Everything is the same.{by}",
            count(manifest.files.len(), "file")
        ))
    }

    fn ask<'a>(&self, past: &'a Past, model: &'a Model, until: Option<&'a Until>) -> Result<RunSpec<'a>, Stop> {
        Ok(RunSpec {
            loaded: &past.loaded,
            variant: past.variant()?,
            model,
            seed: past.manifest.seed,
            replications: past.manifest.replications,
            until,
            rows: past.manifest.rows,
            threads: self.threads,
            checkpoint: Duration::MAX,
            fail_fast: false,
        })
    }

    /// What the manifest says follows from scenario, variant, seed and replications.
    fn manifest_is_right(&self, past: &Past, ask: &RunSpec<'_>) -> Result<(), Stop> {
        let (said, right) = (&past.manifest, ask.manifest());
        let pairs = [
            ("run_hash", &said.run_hash, &right.run_hash),
            ("scenario", &said.scenario, &right.scenario),
            ("citation", &said.citation, &said.cited()),
        ];
        for (key, said, right) in pairs {
            if said != right {
                return Err(Stop::differs(format!("{key} in the manifest is `{said}`; it should be `{right}`")));
            }
        }
        for (name, value) in &right.parameters {
            if said.parameters.get(name) != Some(value) {
                return Err(Stop::differs(format!(
                    "the parameter {name} is not what the manifest says: it was {value}"
                )));
            }
        }
        let is_whole = said.done == said.replications || said.until.is_some();
        if said.status == Status::Finished && !is_whole || said.done > said.replications {
            return Err(Stop::differs(format!("done in the manifest is {}, of {}", said.done, said.replications)));
        }
        Ok(())
    }

    /// Runs everything again, in a folder of its own, and compares the files.
    fn all(&self, past: &Past, ask: &RunSpec<'_>) -> Result<String, Stop> {
        let mut checked = Vec::new();
        if past.manifest.status != Status::Running {
            let again = Scratch::new()?;
            let Taken::Work(mut record) = Session::begin(*ask, &again.0, Mode::Force)? else {
                return Err(Stop::new(TROUBLE, format!("{} is in use", again.0.display())));
            };
            let done = past.manifest.done;
            let ran = match past.manifest.status {
                Status::Finished => record.run(done),
                _ => record.run_to(done, done),
            };
            ran?;
            if STOP.load(Ordering::Relaxed) {
                return Err(interrupted());
            }
            let summary = record.summary();
            let (_, right) = record.end(&summary)?;
            if past.manifest.results_hash != right.results_hash || done != right.done {
                let what = format!("the manifest tells of other results: these are of {} replications", right.done);
                return Err(Stop::differs(what));
            }
            let same_program = past.manifest.engine.version == right.engine.version;
            for name in right.files.keys() {
                // Pictures and Parquet are the same within one version of the program.
                if !same_program && (name.ends_with(".svg") || name.ends_with(".parquet")) {
                    continue;
                }
                if let Some(difference) = compare::files(&past.path.join(name), &again.0.join(name))? {
                    return Err(Stop::differs(format!("{name}, {difference}")));
                }
            }
            checked.push(format!("all {} replications run again", grouped(past.manifest.done)));
        }
        let shards = folder::shards(&past.path)?;
        for path in &shards {
            self.shard(past, ask, path)?;
        }
        if past.manifest.status != Status::Finished {
            checked.push(format!("not finished: {} run again", count(shards.len(), "shard")));
        }
        Ok(checked.join("; "))
    }

    /// Makes a shard again and compares it.
    fn shard(&self, past: &Past, ask: &RunSpec<'_>, path: &Path) -> Result<(), Stop> {
        let run_hash = provenance::digest(past.manifest.run_hash.as_bytes());
        let (shard, _) = Shard::open(path, &run_hash, &batch::empty(ask.model))?;
        let again = Scratch::new()?;
        let mut writer = shard::Writer::begin(&again.0, shard.head)?;
        let mut tally = batch::empty(ask.model);
        let (done, Shard { head, replications, .. }) = (AtomicU64::new(0), shard);
        let (seed, threads, first) = (ask.seed, self.threads, head.first);
        let batch = Batch { seed, first, replications, threads, done: &done, stop: &STOP };
        let mut written = Ok(());
        let ran = batch::waves(ask.model, &batch, head.has_rows, &mut |wave| {
            written = wave.rows.into_iter().try_for_each(|rows| writer.rows(rows));
            tally.merge(&wave.tally);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        ran?;
        written?;
        if tally.replications < replications {
            return Err(interrupted());
        }
        let right = writer.finish(&tally)?.path;
        let name = path.strip_prefix(&past.path).unwrap_or(path).display();
        match compare::files(path, &right)? {
            Some(difference) => Err(Stop::differs(format!("{name}, {difference}"))),
            None => Ok(()),
        }
    }

    /// Runs single replications again and compares their rows.
    fn sample(&self, past: &Past, ask: &RunSpec<'_>, sample: u64) -> Result<String, Stop> {
        let Some(format) = past.manifest.rows.filter(|_| past.manifest.status == Status::Finished) else {
            let message = "it has no rows, with which single replications could be compared; leave out --sample";
            return Err(Stop::new(TROUBLE, message.to_owned()));
        };
        let numbers = sampled(&past.manifest.run_hash, sample, past.manifest.done);
        let columns = Columns::new(names(ask.model));
        let mut found: Result<(), Stop> = Ok(());
        let mut compare = |place: u64, said: &[String]| {
            if found.is_ok() {
                found = row(ask, &columns, place, said);
            }
        };
        rows::read(&past.path, format, &columns, &numbers, &mut compare)?;
        found?;
        Ok(format!("{} replications run again, each value of their rows compared", grouped(numbers.len() as u64)))
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

fn interrupted() -> Stop {
    Stop::new(INTERRUPTED, "interrupted: no difference was found so far".to_owned())
}

/// Runs one replication again and compares its row.
fn row(ask: &RunSpec<'_>, columns: &Columns, replication: u64, said: &[String]) -> Result<(), Stop> {
    let done = AtomicU64::new(0);
    let batch = Batch { seed: ask.seed, first: replication, replications: 1, threads: 1, done: &done, stop: &STOP };
    let mut right: Vec<String> = Vec::new();
    let ran = batch::waves(ask.model, &batch, true, &mut |wave| {
        if let Some(rows) = &wave.rows {
            right = columns.cells(rows, replication, 0).map(|cell| cell.text()).collect();
        }
        ControlFlow::Continue(())
    });
    ran?;
    let pairs = columns.names().zip(said.iter().zip(&right));
    match pairs.into_iter().find(|(_, (said, right))| said != right) {
        _ if said.len() != right.len() => {
            Err(Stop::differs(format!("replication {replication} has not a value for each column")))
        }
        Some((name, (said, right))) => {
            Err(Stop::differs(format!("replication {replication}: {name} is `{said}`; it should be `{right}`")))
        }
        None => Ok(()),
    }
}

/// A folder for what is only compared; it is removed in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, Stop> {
        let path = std::env::temp_dir().join(format!("escalate-verify-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(Error::file(&path))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed from the folder for temporary files does no harm there.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
