//! `escalate batch`: many replications of scenarios and variants, counted, compared, charted.

use super::figures::grouped;
use super::load::{self, Loaded};
use super::precision::PrecisionOptions;
use super::terminal::{STOP, catch_interrupt, is_quiet, out, say, with_progress};
use super::{FINDINGS, SUCCESS, TROUBLE, compare, report};
use clap::Args;
use escalate::batch::{self, REPLICATIONS_MAX};
use escalate::experiments::summarise::{Request, summarise};
use escalate::model::Model;
use escalate::output;
use escalate::results::summary::Summary;
use escalate::scenario::Variant;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Run many replications and say what came of them: tables here, files and charts in a folder
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 if all was run, 1 if a scenario has errors, 2 if something could not be read \
                        or written. Interrupted once, it ends with the replications that are complete.")]
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
    /// The folder for results [default: runs/SCENARIO-VARIANT-HASH]
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads; 0 for as many as there are processors
    #[arg(long, default_value_t = 0)]
    threads: usize,
}

impl Batch {
    pub fn execute(&self) -> u8 {
        catch_interrupt();
        let mut worst = SUCCESS;
        let mut models = Vec::new();
        for file in &self.files {
            match self.models(file) {
                Ok((found, code)) => {
                    models.extend(found);
                    worst = worst.max(code);
                }
                Err(code) => worst = worst.max(code),
            }
        }
        let alone = models.len() == 1;
        let mut summaries = Vec::new();
        for model in &models {
            if STOP.load(Ordering::Relaxed) {
                eprintln!("interrupted: {} not run", name(model));
                worst = worst.max(TROUBLE);
                continue;
            }
            match self.run(model, alone) {
                Ok(summary) => summaries.push(summary),
                Err(error) => {
                    eprintln!("{}: {error}", name(model));
                    worst = worst.max(TROUBLE);
                }
            }
        }
        if summaries.len() > 1 {
            say(&compare::text(&summaries));
        }
        worst
    }

    /// The models of one file that are asked for; variants with errors are reported and the others go on.
    fn models(&self, file: &Path) -> Result<(Vec<Model>, u8), u8> {
        let loaded = load::load_clean(file)?;
        let mut worst = SUCCESS;
        let mut models = Vec::new();
        for variant in self.variants(&loaded)? {
            match load::model(&loaded, variant).and_then(|model| self.precision.check(&model).map(|_| model)) {
                Ok(model) => models.push(model),
                Err(code) => worst = worst.max(code).max(FINDINGS),
            }
        }
        Ok((models, worst))
    }

    fn variants<'l>(&self, loaded: &'l Loaded) -> Result<Vec<Option<&'l Variant>>, u8> {
        if self.all_variants {
            let variants = loaded.scenario.iter().flat_map(|scenario| &scenario.variants);
            return Ok(std::iter::once(None).chain(variants.map(Some)).collect());
        }
        if self.variant.is_empty() {
            return Ok(vec![None]);
        }
        self.variant.iter().map(|name| load::variant(loaded, Some(name))).collect()
    }

    fn run(&self, model: &Model, alone: bool) -> Result<Summary, String> {
        let summary = match self.precision.check(model) {
            Ok(Some(until)) => self.precision.run(model, &name(model), &until, self.seed, self.threads)?,
            _ => self.fixed(model)?,
        };
        say(&report::text(&summary, alone));
        let folder = self.folder(&summary, alone);
        let written = output::write(&folder, &summary).map_err(|error| error.to_string())?;
        match is_quiet() {
            true => out(&format!("{}\n", written.folder.display())),
            false => out(&report::files(&written)),
        }
        Ok(summary)
    }

    /// As many replications as were asked for.
    fn fixed(&self, model: &Model) -> Result<Summary, String> {
        let done = AtomicU64::new(0);
        let request = batch::Batch {
            seed: self.seed,
            first: 0,
            replications: self.replications,
            threads: self.threads,
            done: &done,
            stop: &STOP,
        };
        let tally = with_progress(&name(model), self.replications, &done, || batch::run(model, &request))?;
        if tally.replications == 0 {
            return Err("interrupted before any replication was complete; nothing is written".to_owned());
        }
        if tally.replications < self.replications {
            eprintln!(
                "interrupted: the results are those of the first {} of {} replications",
                grouped(tally.replications),
                grouped(self.replications)
            );
        }
        let request = Request { seed: self.seed, first: 0, replications: self.replications };
        Ok(summarise(model, &tally, &request))
    }

    /// A folder of its own for each run.
    fn folder(&self, summary: &Summary, alone: bool) -> PathBuf {
        let run = &summary.run;
        match &self.out {
            Some(out) if alone => out.clone(),
            Some(out) => out.join(format!("{}-{}", run.scenario, run.variant)),
            None => {
                let hash = &run.run_hash[..8];
                PathBuf::from("runs").join(format!("{}-{}-{hash}", run.scenario, run.variant))
            }
        }
    }
}

fn name(model: &Model) -> String {
    format!("{} [{}]", model.labels.scenario, model.labels.variant)
}
