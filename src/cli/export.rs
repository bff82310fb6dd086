//! `escalate export`: a scenario as an explicit Markov chain, for model checkers.

use super::ending::{Done, ExitStatus, Stop};
use super::load;
use super::terminal::out;
use clap::{Args, ValueEnum};
use escalate::exact::chain;
use escalate::{report, runs};
use std::path::PathBuf;

/// Write a scenario as an explicit Markov chain, for model checkers to solve
#[derive(Debug, Args)]
#[command(
    after_help = "Probabilities are exact: fractions of the binary numbers that the engine computes. Outcomes are \
                        labels, `outcome_…`, and so is `failed`: ask for P=? [ F \"outcome_…\" ].\n\n\
                        Exit status: 0 if it was written, 1 if it cannot be (what stands in the way is said), 2 if a file \
                        could not be read or written."
)]
pub struct Export {
    /// The format: of Storm (drn), of PRISM and Storm (prism)
    #[arg(value_enum)]
    format: Format,
    /// The scenario file
    file: PathBuf,
    /// The variant; `base` is the scenario as written
    #[arg(long, default_value = escalate::compile::BASE)]
    variant: String,
    /// States that are allowed
    #[arg(long, value_name = "STATES", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..=1 << 30))]
    max_states: u32,
    /// The file to write [default: to standard output]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Drn,
    Prism,
}

impl Export {
    pub fn execute(&self) -> Done {
        let loaded = load::load_clean(&self.file)?;
        let model = load::model(&loaded, load::variant(&loaded, Some(&self.variant))?)?;
        let chain = chain(&model, self.max_states as usize)
            .map_err(|trouble| Stop::new(ExitStatus::Findings, format_args!("{}: {trouble}", self.file.display())))?;
        let text = match self.format {
            Format::Drn => report::drn(&chain),
            Format::Prism => report::prism(&chain),
        };
        match &self.out {
            None => out(&text),
            Some(path) => runs::put(path, text.as_bytes())?,
        }
        Ok(ExitStatus::Success)
    }
}
