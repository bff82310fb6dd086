//! `escalate batch`: many replications of scenarios and variants, counted, compared, charted.

use super::clock::Stopwatch;
use super::ending::{Done, ExitStatus, Stop};
use super::figures::grouped;
use super::load::{self, Loaded};
use super::precision::PrecisionOptions;
use super::terminal::{STOP, catch_interrupt, err, is_quiet, out, remark, say, tell, with_progress};
use super::{compare, report};
use clap::Args;
use escalate::batch::REPLICATIONS_MAX;
use escalate::error::Error;
use escalate::model::Model;
use escalate::questions::precision::Until;
use escalate::report::rows::{Format, HAS_PARQUET};
use escalate::results::summary::Summary;
use escalate::runs::folder::Mode;
use escalate::runs::session::{Session, Taken};
use escalate::runs::spec::{Means, Progress, RunSpec, parameters};
use escalate::scenario::Variant;
use escalate::simd::{self, Instructions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Run many replications and say what came of them: tables here, files and charts in a folder
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 if all was run, 1 if a scenario has errors, 2 if something could not be read \
                        or written, 3 if replications failed, 4 if it was interrupted. Interrupted or killed, it can \
                        go on with --resume; interrupted once, it still writes the results of the first so many \
                        replications.")]
pub struct Batch {
    /// Scenario files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How many replications of each
    #[arg(long, short = 'n', default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..REPLICATIONS_MAX))]
    replications: u64,
    #[command(flatten)]
    precision: PrecisionOptions,
    /// The seed
    #[arg(long, short, default_value_t = 1)]
    seed: u64,
    /// Variants to run; `base` is the scenario as written, and the default
    #[arg(long, num_args = 1.., value_name = "VARIANT")]
    variant: Vec<String>,
    /// Run the scenario as written and all its variants
    #[arg(long, conflicts_with = "variant")]
    all_variants: bool,
    /// The folder for results; for several runs, that of their folders [default: runs/SCENARIO[-VARIANT]-HASH]
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Go on with a run that was interrupted or killed; begin it if there is none
    #[arg(long, conflicts_with = "force")]
    resume: bool,
    /// Begin anew, whatever is in the folder
    #[arg(long)]
    force: bool,
    /// Keep a row for each replication too, in rows.csv
    #[arg(long)]
    rows: bool,
    /// Write the rows as Parquet, in rows.parquet
    #[arg(long)]
    parquet: bool,
    /// Stop when replications have failed, instead of counting them and going on
    #[arg(long)]
    fail_fast: bool,
    /// Seconds from one checkpoint to the next; in long runs they are further apart
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    checkpoint: u64,
    /// Threads; 0 for as many as there are processors
    #[arg(long, default_value_t = 0, value_parser = super::memory::threads)]
    threads: usize,
    /// Use no wide instructions (AVX2, AVX-512): slower, and the results are the same bytes
    #[arg(long)]
    portable: bool,
}

/// A model that is to be run, with the file and the variant it is from.
struct Job<'l> {
    loaded: &'l Loaded,
    variant: Option<&'l Variant>,
    model: Arc<Model>,
    until: Option<Until>,
}

impl Batch {
    pub fn execute(&self) -> Done {
        if self.parquet && !HAS_PARQUET {
            return Err(Stop::trouble("--parquet: this build was made without Parquet; --rows writes CSV"));
        }
        catch_interrupt();
        if self.portable {
            simd::limit(Instructions::Portable);
        }
        let mut worst = ExitStatus::Success;
        let mut files = Vec::new();
        for file in &self.files {
            match load::load_clean(file) {
                Ok(loaded) => files.push(loaded),
                Err(stop) => worst = worst.max(tell(&stop)),
            }
        }
        let mut jobs = Vec::new();
        for loaded in &files {
            worst = worst.max(self.jobs(loaded, &mut jobs));
        }
        let mut summaries = Vec::new();
        for job in &jobs {
            let spec = self.spec(job);
            if STOP.load(Ordering::Relaxed) {
                let stop = Stop::new(ExitStatus::Interrupted, format_args!("interrupted: {} not run", spec.name()));
                worst = worst.max(tell(&stop));
                continue;
            }
            match self.run(&spec, self.folder(&spec, job.variant, jobs.len() == 1), jobs.len() == 1) {
                Ok((summary, status)) => {
                    summaries.push(summary);
                    worst = worst.max(status);
                }
                Err(stop) => {
                    let text = format!("{}: {}", spec.name(), stop.text);
                    worst = worst.max(tell(&Stop { text, ..stop }));
                }
            }
        }
        if summaries.len() > 1 {
            say(&compare::text(&summaries));
        }
        Ok(worst)
    }

    /// The models of one file that are asked for; variants with errors are reported and the others go on.
    fn jobs<'l>(&self, loaded: &'l Loaded, jobs: &mut Vec<Job<'l>>) -> ExitStatus {
        let variants = match self.variants(loaded) {
            Ok(variants) => variants,
            Err(stop) => return tell(&stop),
        };
        let mut worst = ExitStatus::Success;
        for variant in variants {
            let found =
                load::model(loaded, variant).and_then(|model| self.precision.check(&model).map(|until| (model, until)));
            match found {
                Ok((model, until)) => jobs.push(Job { loaded, variant, model: Arc::new(model), until }),
                Err(stop) => worst = worst.max(tell(&stop).max(ExitStatus::Findings)),
            }
        }
        worst
    }

    fn variants<'l>(&self, loaded: &'l Loaded) -> Result<Vec<Option<&'l Variant>>, Stop> {
        if self.all_variants {
            let variants = loaded.scenario.iter().flat_map(|scenario| &scenario.variants);
            return Ok(std::iter::once(None).chain(variants.map(Some)).collect());
        }
        if self.variant.is_empty() {
            return Ok(vec![None]);
        }
        self.variant.iter().map(|name| load::variant(loaded, Some(name))).collect()
    }

    fn spec(&self, job: &Job<'_>) -> RunSpec {
        let Job { loaded, variant, model, until } = job;
        let parameters = loaded.scenario.as_ref().map(|scenario| parameters(scenario, *variant, &loaded.source));
        RunSpec {
            scenario: Arc::clone(&loaded.bytes),
            source: loaded.path.display().to_string(),
            model: Arc::clone(model),
            parameters: parameters.unwrap_or_default(),
            seed: self.seed,
            replications: until.as_ref().map_or(self.replications, |_| self.precision.at_most()),
            until: until.clone(),
            rows: if self.parquet { Some(Format::Parquet) } else { self.rows.then_some(Format::Csv) },
        }
    }

    /// Runs one model into its folder.
    fn run(&self, spec: &RunSpec, folder: PathBuf, alone: bool) -> Result<(Summary, ExitStatus), Stop> {
        let (command, clock, progress) =
            (std::env::args().collect::<Vec<_>>(), Stopwatch::start(), Progress::default());
        let means = Means {
            threads: self.threads,
            checkpoint: Duration::from_secs(self.checkpoint),
            fail_fast: self.fail_fast,
            command: &command,
            clock: &clock,
            progress: &progress,
            stop: &STOP,
        };
        let mut record = match Session::begin(spec.clone(), means, &folder, self.mode())? {
            Taken::Work(record) => record,
            Taken::Finished(mut summary) => {
                summary.run.title.clone_from(&spec.model.labels.title);
                summary.run.variant_title.clone_from(&spec.model.labels.variant_title);
                say(&report::text(&summary, alone));
                remark(format_args!("{} is finished: nothing is left to run", folder.display()));
                let status = status(&summary, false);
                return Ok((*summary, status));
            }
        };
        if record.done() > 0 {
            remark(format_args!("going on after the first {} replications", grouped(record.done())));
        }
        let expected = match &spec.until {
            None => Ok(spec.replications),
            Some(until) => self.precision.expected(&spec.model, &spec.name(), until, spec.seed, self.threads),
        };
        let broken_off = |error: Error| {
            let error = format!("{error}; when that is mended, {}", how_to_resume(&folder));
            Stop::trouble(error)
        };
        let run = |expected| with_progress(&spec.name(), "replications", &progress, || record.run(expected));
        expected.and_then(run).map_err(broken_off)?;
        let is_interrupted = record.is_interrupted();
        if is_interrupted && record.done() == 0 {
            let error = format!("interrupted before any replication was complete; {}", how_to_resume(&folder));
            return Err(Stop::new(ExitStatus::Interrupted, error));
        }
        let summary = record.summary();
        say(&report::text(&summary, alone));
        let (written, manifest) = record.end(&summary).map_err(broken_off)?;
        match is_quiet() {
            true => out(&format!("{}\n", written.folder.display())),
            false => out(&report::files(&written, &manifest.citation)),
        }
        if summary.run.interrupted {
            let why = if is_interrupted { "interrupted" } else { "stopped, as replications have failed" };
            err(&format!(
                "{why}: the results are those of the first {} of {}{} replications; {}\n",
                grouped(summary.run.replications),
                if spec.until.is_some() { "at most " } else { "" },
                grouped(spec.replications),
                how_to_resume(&folder)
            ));
        }
        let status = status(&summary, is_interrupted);
        Ok((summary, status))
    }

    fn mode(&self) -> Mode {
        match (self.resume, self.force) {
            (true, _) => Mode::Resume,
            (_, true) => Mode::Force,
            _ => Mode::New,
        }
    }

    /// A folder of its own for each run.
    fn folder(&self, spec: &RunSpec, variant: Option<&Variant>, alone: bool) -> PathBuf {
        let labels = &spec.model.labels;
        let variant = variant.map_or_else(String::new, |_| format!("-{}", labels.variant));
        let name = format!("{}{variant}", labels.scenario);
        match &self.out {
            Some(out) if alone => out.clone(),
            Some(out) => out.join(name),
            None => Path::new("runs").join(format!("{name}-{}", &spec.run_hash()[..8])),
        }
    }
}

fn status(summary: &Summary, is_interrupted: bool) -> ExitStatus {
    match summary.failed.share.count {
        _ if is_interrupted => ExitStatus::Interrupted,
        0 => ExitStatus::Success,
        _ => ExitStatus::Failed,
    }
}

fn how_to_resume(folder: &Path) -> String {
    format!("the same command with --resume goes on from there (in {})", folder.display())
}
