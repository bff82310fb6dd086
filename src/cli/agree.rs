//! `escalate agree`: whether all ways of answering give one answer.

use super::ending::{Done, ExitStatus, Stop};
use super::figures::{grouped, lines, percent, short, table};
use super::load;
use super::terminal::{STOP, catch_interrupt, out, say, tell};
use clap::Args;
use escalate::questions::agree::{Comparison, Ways, agree};
use escalate::scenario::Variant;
use std::path::{Path, PathBuf};

/// Repetitions of splitting, and copies on each level.
const SPLITTING: (u64, u64) = (20, 512);

/// Answer in every way there is, and compare: exact probabilities, counted shares, splitting
#[derive(Debug, Args)]
#[command(after_help = "A difference counts as one if it is less probable than 1 in 10,000 divided by the number of \
                        comparisons of the command, so that a command raises a false alarm once in 10,000 seeds; for \
                        splitting, if it is more than 7 standard errors. Splitting is asked for outcomes that have an \
                        `importance` and are counted in less than 1 % of replications.\n\n\
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
    #[arg(long, value_name = "STATES", default_value_t = 200_000, value_parser = clap::value_parser!(u32).range(1..=1 << 30))]
    max_states: u32,
    /// Leave splitting out
    #[arg(long)]
    no_rare: bool,
    /// Threads; 0 for as many as there are processors
    #[arg(long, default_value_t = 0, value_parser = super::memory::threads)]
    threads: usize,
}

impl Agree {
    pub fn execute(&self) -> Done {
        catch_interrupt();
        let mut worst = ExitStatus::Success;
        let mut found: Vec<(String, Vec<Comparison>)> = Vec::new();
        for file in &self.files {
            match self.file(file) {
                Ok(of_file) => found.extend(of_file),
                Err(stop) => worst = worst.max(tell(&stop)),
            }
        }
        let count: usize = found.iter().map(|(_, comparisons)| comparisons.len()).sum();
        for (name, comparisons) in &found {
            out(&format!("{name}\n{}\n", text(comparisons, count)));
        }
        let all = found.iter().flat_map(|(_, comparisons)| comparisons);
        let differing = all.filter(|it| it.differs(count)).count();
        say(&format!("{count} comparisons, {differing} of them differ by more than chance allows\n"));
        Ok(if differing > 0 { worst.max(ExitStatus::Findings) } else { worst })
    }

    fn file(&self, file: &Path) -> Result<Vec<(String, Vec<Comparison>)>, Stop> {
        let loaded = load::load_clean(file)?;
        let variants = loaded.scenario.iter().flat_map(|scenario| &scenario.variants).filter(|_| self.all_variants);
        let mut found = Vec::new();
        for variant in std::iter::once(None).chain(variants.map(Some)) {
            found.extend(self.variant(&loaded, variant)?);
        }
        Ok(found)
    }

    fn variant(
        &self,
        loaded: &load::Loaded,
        variant: Option<&Variant>,
    ) -> Result<Option<(String, Vec<Comparison>)>, Stop> {
        let scenario = loaded.scenario()?;
        let model = load::model(loaded, variant)?;
        let ways = Ways {
            seed: self.seed,
            replications: self.replications,
            states_max: self.max_states as usize,
            splitting: (!self.no_rare).then_some(SPLITTING),
            threads: self.threads,
            stop: &STOP,
        };
        let name = format!("{} [{}]", model.labels.scenario, model.labels.variant);
        let found = agree(scenario, variant, &model, &ways)
            .map_err(|error| Stop::trouble(format_args!("{}: {error}", loaded.path.display())))?;
        let states = match (&found.unsolved, found.states) {
            (None, Some(states)) => format!("{} states", grouped(states as u64)),
            (Some(trouble), _) => {
                say(&format!("{name}: not solved: {trouble}\n"));
                "not solved".to_owned()
            }
            (None, None) => String::new(),
        };
        let heading = format!("{name}: {states}, {} replications", grouped(self.replications));
        Ok((!found.comparisons.is_empty()).then_some((heading, found.comparisons)))
    }
}

fn text(comparisons: &[Comparison], count: usize) -> String {
    let mut table = table(&["", "", "", "standard error", "difference / error", ""], 1);
    for it in comparisons {
        let figure = |value: f64| if it.what.starts_with("mean") { short(value) } else { percent(value) };
        let way = |index: usize| format!("{} {}", it.ways[index].0, figure(it.ways[index].1));
        let verdict = if it.differs(count) { "DIFFERS" } else { "" };
        let errors = format!("{:+.2}", it.errors());
        table.add_row([it.what.clone(), way(0), way(1), figure(it.error), errors, verdict.to_owned()]);
    }
    lines(&table)
}
