//! `escalate verify`: runs again what a folder says was run, and compares.

use super::clock::Stopwatch;
use super::ending::{Done, ExitStatus};
use super::figures::grouped;
use super::load::count;
use super::past::{Fault, Past};
use super::terminal::{STOP, catch_interrupt, out, with_progress};
use clap::Args;
use escalate::runs::folder::Folder;
use escalate::runs::manifest::Engine;
use escalate::runs::spec::{Means, Progress, RunSpec, parameters};
use escalate::runs::verify;
use std::path::PathBuf;
use std::sync::Arc;
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
    #[arg(long, default_value_t = 0, value_parser = super::memory::threads)]
    threads: usize,
}

impl Verify {
    pub fn execute(&self) -> Done {
        catch_interrupt();
        let checked = self.verified().map_err(|fault| fault.of(&self.folder))?;
        out(&format!("{}: {checked}\n", self.folder.display()));
        Ok(ExitStatus::Success)
    }

    fn verified(&self) -> Result<String, Fault> {
        // Digests first: what they show is shown at once.
        if let Some(manifest) = Folder::read(&self.folder)? {
            verify::digests(&self.folder, &manifest)?;
        }
        let past = Past::open(&self.folder)?;
        let spec = spec(&past)?;
        let (command, clock, progress) =
            (std::env::args().collect::<Vec<_>>(), Stopwatch::start(), Progress::default());
        let means = Means {
            threads: self.threads,
            checkpoint: Duration::MAX,
            fail_fast: false,
            command: &command,
            clock: &clock,
            progress: &progress,
            stop: &STOP,
        };
        let again = verify::Past { path: &past.path, manifest: &past.manifest, spec: &spec, means };
        again.manifest_is_right()?;
        let checked = with_progress(&spec.name(), "replications", &progress, || match self.sample {
            Some(sample) => again.sample(sample).map(|numbers| {
                format!("{} replications run again, each value of their rows compared", grouped(numbers))
            }),
            None => again.all().map(all),
        })?;
        let is_other = past.manifest.engine.version != Engine::own().version;
        let by = if is_other {
            format!(" Made by {}, checked by {}.", past.manifest.engine.short(), Engine::own().short())
        } else {
            String::new()
        };
        Ok(format!(
            "{}, scenario, manifest; {checked}. Everything is the same.{by}",
            count(past.manifest.files.len(), "file")
        ))
    }
}

/// What the manifest says was asked for.
fn spec(past: &Past) -> Result<RunSpec, Fault> {
    let (model, variant, manifest) = (past.model()?, past.variant()?, &past.manifest);
    let source = &past.loaded.source;
    let parameters = past.loaded.scenario.as_ref().map(|scenario| parameters(scenario, variant, source));
    Ok(RunSpec {
        scenario: Arc::clone(&past.loaded.bytes),
        source: past.loaded.path.display().to_string(),
        parameters: parameters.unwrap_or_default(),
        seed: manifest.seed,
        replications: manifest.replications,
        until: past.until(&model)?,
        rows: manifest.rows,
        model: Arc::new(model),
    })
}

/// What was run again, in words.
fn all(checked: verify::Checked) -> String {
    let replications = checked.replications.map(|it| format!("all {} replications run again", grouped(it)));
    let shards = checked.shards.map(|it| format!("not finished: {} run again", count(it, "shard")));
    replications.into_iter().chain(shards).collect::<Vec<_>>().join("; ")
}
