//! `escalate test`: whether the expectations of scenario files hold.

use super::ending::{Done, ExitStatus, Stop};
use super::figures::{grouped, short};
use super::load::{self, count};
use super::terminal::{STOP, catch_interrupt, is_quiet, out, say, tell};
use clap::Args;
use escalate::questions::expectations::{Decision, Verdict, decide};
use std::path::{Path, PathBuf};

/// Run the expectations that travel with scenario files; an interval decides, not one number
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 if all hold, 1 if one fails or stays undecided, 2 if a file could not be used.")]
pub struct Test {
    /// Scenario files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The seed
    #[arg(long, short, default_value_t = 1)]
    seed: u64,
    /// Threads; 0 for as many as there are processors
    #[arg(long, default_value_t = 0, value_parser = super::memory::threads)]
    threads: usize,
}

impl Test {
    pub fn execute(&self) -> Done {
        catch_interrupt();
        let mut worst = ExitStatus::Success;
        let mut verdicts = Vec::new();
        for file in &self.files {
            match self.file(file) {
                Ok(found) => verdicts.extend(found),
                Err(stop) => worst = worst.max(tell(&stop)),
            }
        }
        let held = verdicts.iter().filter(|verdict| verdict.holds == Decision::Holds).count();
        say(&format!("{} passed, {} failed\n", held, verdicts.len() - held));
        Ok(if held < verdicts.len() { worst.max(ExitStatus::Findings) } else { worst })
    }

    fn file(&self, file: &Path) -> Result<Vec<Verdict>, Stop> {
        let loaded = load::load_clean(file)?;
        let scenario = loaded.scenario()?;
        let mut verdicts = Vec::new();
        say(&format!("{}: {}\n", file.display(), count(scenario.expectations.len(), "expectation")));
        for variant in std::iter::once(None).chain(scenario.variants.iter().map(Some)) {
            let name = variant.map(|variant| variant.id.text.as_str());
            let about = |expectation: &&escalate::scenario::Expectation| {
                expectation.variant.as_ref().map(|it| it.text.as_str()) == name
            };
            if !scenario.expectations.iter().any(|expectation| about(&expectation)) {
                continue;
            }
            let model = load::model(&loaded, variant)?;
            let found = decide(&model, self.seed, self.threads, &STOP)?;
            found.iter().for_each(|verdict| print(verdict, name));
            verdicts.extend(found);
        }
        Ok(verdicts)
    }
}

fn print(verdict: &Verdict, variant: Option<&str>) {
    if is_quiet() && verdict.holds == Decision::Holds {
        return;
    }
    let word = match verdict.holds {
        Decision::Holds => "holds",
        Decision::Fails => "FAILS",
        Decision::Undecided => "UNDECIDED",
    };
    let variant = variant.map_or_else(String::new, |variant| format!(" [{variant}]"));
    out(&format!(
        "  {word:9} {}{variant}: {}; found {} ({} to {}) in {} replications\n",
        verdict.id,
        verdict.claim,
        short(verdict.estimate),
        short(verdict.low),
        short(verdict.high),
        grouped(verdict.replications),
    ));
    if let Some(note) = &verdict.note {
        out(&format!("            {note}\n"));
    }
}
