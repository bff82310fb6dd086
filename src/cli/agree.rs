//! `escalate agree`: whether all ways of answering give one answer.

use super::figures::{lines, percent, short, table};
use super::load;
use super::terminal::{STOP, catch_interrupt, out, say};
use super::{FINDINGS, SUCCESS, TROUBLE};
use clap::Args;
use escalate::experiments::agree::{Agreement, Comparison, FALSE_ALARMS, Ways, agree};
use escalate::model::Model;
use std::path::{Path, PathBuf};

/// Answer in every way there is, and compare: exact probabilities against counted shares
#[derive(Debug, Args)]
#[command(after_help = "A difference counts as one if it is less probable than 1 in 10,000 divided by the number of \
                        comparisons of the command, so that a command raises a false alarm once in 10,000 seeds.\n\n\
                        Exit status: 0 if nothing differs, 1 if something does, 2 if a file could not be used. What has \
                        only one way to an answer is said, and is no difference.")]
pub struct Agree {
    /// Scenario files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How many replications of each
    #[arg(long, short = 'n', default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    replications: u64,
    /// The seed
    #[arg(long, short, default_value_t = 1)]
    seed: u64,
    /// All variants too, not only the scenario as written
    #[arg(long)]
    all_variants: bool,
    /// States that the exact way may have
    #[arg(long, value_name = "STATES", default_value_t = 200_000)]
    max_states: usize,
    /// Threads; 0 for as many as there are processors
    #[arg(long, default_value_t = 0)]
    threads: usize,
}

impl Agree {
    pub fn execute(&self) -> u8 {
        catch_interrupt();
        let mut worst = SUCCESS;
        let mut found: Vec<(String, Vec<Comparison>)> = Vec::new();
        for file in &self.files {
            match self.file(file) {
                Ok(of_file) => found.extend(of_file),
                Err(code) => worst = worst.max(code),
            }
        }
        let count: usize = found.iter().map(|(_, comparisons)| comparisons.len()).sum();
        let least = FALSE_ALARMS / count.max(1) as f64;
        let differs = |it: &&Comparison| it.chance.is_nan() || it.chance < least;
        for (name, comparisons) in &found {
            out(&format!("{name}\n{}\n", text(comparisons, least)));
        }
        let differing = found.iter().flat_map(|(_, comparisons)| comparisons).filter(differs).count();
        say(&format!("{count} comparisons, {differing} of them differ by more than chance allows\n"));
        if differing > 0 { worst.max(FINDINGS) } else { worst }
    }

    fn file(&self, file: &Path) -> Result<Vec<(String, Vec<Comparison>)>, u8> {
        let loaded = load::load_clean(file)?;
        let variants = loaded.scenario.iter().flat_map(|scenario| &scenario.variants).filter(|_| self.all_variants);
        let mut found = Vec::new();
        for variant in std::iter::once(None).chain(variants.map(Some)) {
            let model = load::model(&loaded, variant)?;
            found.extend(self.model(file, &model)?);
        }
        Ok(found)
    }

    fn model(&self, file: &Path, model: &Model) -> Result<Option<(String, Vec<Comparison>)>, u8> {
        let ways = Ways {
            seed: self.seed,
            replications: self.replications,
            states_max: self.max_states,
            threads: self.threads,
            stop: &STOP,
        };
        let name = format!("{} [{}]", model.labels.scenario, model.labels.variant);
        match agree(model, &ways) {
            Ok(Agreement::Compared { states, comparisons }) => Ok(Some((
                format!("{name}: exact with {states} states, {} replications", self.replications),
                comparisons,
            ))),
            Ok(Agreement::Alone(trouble)) => {
                say(&format!("{name}: counted only, nothing to compare with: {trouble}\n"));
                Ok(None)
            }
            Err(error) => {
                eprintln!("{}: {error}", file.display());
                Err(TROUBLE)
            }
        }
    }
}

fn text(comparisons: &[Comparison], least: f64) -> String {
    let mut table = table(&["", "exact", "counted", "standard error", "difference / error", ""], 1);
    for it in comparisons {
        let figure = |value: f64| if it.what.starts_with("mean") { short(value) } else { percent(value) };
        let verdict = if it.chance.is_nan() || it.chance < least { "DIFFERS" } else { "" };
        table.add_row([
            it.what.clone(),
            figure(it.exact),
            figure(it.counted),
            figure(it.error),
            format!("{:+.2}", it.errors()),
            verdict.to_owned(),
        ]);
    }
    lines(&table)
}
