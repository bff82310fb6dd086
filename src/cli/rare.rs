//! `escalate rare`: the probability of an outcome too rare for a batch, by splitting.

use super::chronicle;
use super::ending::{Done, ExitStatus, Stop};
use super::figures::{grouped, lines, percent, short, table};
use super::load::{self, Loaded};
use super::terminal::{STOP, bold, catch_interrupt, out, say, with_progress};
use clap::Args;
use escalate::chronicle::replay_line;
use escalate::compile::{Toward, compile_toward};
use escalate::error::Error;
use escalate::model::{Climb, Model};
use escalate::rare::{self, EFFORT_MAX, REPETITIONS_MAX, REPETITIONS_MIN};
use escalate::report;
use escalate::results::chronicle::Chronicle;
use escalate::results::estimate::{Estimate, Level};
use escalate::runs::spec::Progress;
use escalate::runs::{self, Written};
use std::fmt::Write;
use std::path::PathBuf;

/// Estimate the probability of a rare outcome by splitting: copies of the replications that got far climb level by level
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 if there is an estimate, 1 if it comes with warnings or the scenario has errors, \
                        2 if something could not be read or written. Copies climb on the outcome's `importance`, or \
                        on one derived from the ladder and the outcome's condition; docs/answers.md says how."
)]
pub struct Rare {
    /// The scenario file
    file: PathBuf,
    /// The outcome whose probability is asked for
    #[arg(long, required_unless_present = "milestone", conflicts_with = "milestone")]
    outcome: Option<String>,
    /// The milestone whose probability is asked for, also `firebreak_…`
    #[arg(long)]
    milestone: Option<String>,
    /// The variant to run instead of the scenario as written
    #[arg(long)]
    variant: Option<String>,
    /// The seed
    #[arg(long, short, default_value_t = 1)]
    seed: u64,
    /// How many independent repetitions; the interval comes from the spread between them
    #[arg(long, short, default_value_t = 50, value_parser = clap::value_parser!(u64).range(REPETITIONS_MIN..=REPETITIONS_MAX))]
    repetitions: u64,
    /// How many copies start on each level in each repetition
    #[arg(long, short, default_value_t = 1_024, value_parser = clap::value_parser!(u64).range(1..=EFFORT_MAX))]
    effort: u64,
    /// Tell one way in which it came about, turn by turn
    #[arg(long)]
    tell: bool,
    /// The folder for results [default: runs/SCENARIO-VARIANT-GOAL-HASH]
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads; 0 for as many as there are processors
    #[arg(long, default_value_t = 0, value_parser = super::memory::threads)]
    threads: usize,
}

impl Rare {
    pub fn execute(&self) -> Done {
        catch_interrupt();
        let loaded = load::load_clean(&self.file)?;
        let (model, climb) = self.model(&loaded)?;
        let progress = Progress { total: self.repetitions.into(), ..Progress::default() };
        let request = rare::Request {
            seed: self.seed,
            repetitions: self.repetitions,
            effort: self.effort,
            threads: self.threads,
            done: &progress.done,
            stop: &STOP,
        };
        let name = format!("{} [{}]", model.labels.scenario, model.labels.variant);
        let found = with_progress(&name, "repetitions", &progress, || rare::estimate(&model, &climb, &request));
        let estimate = found?;
        let told = estimate.witness.as_ref().map(|line| replay_line(&model, self.seed, line));
        say(&text(&estimate));
        if let (true, Some(told)) = (self.tell, &told) {
            out(&format!("{}\n", chronicle::text(told, false)));
        }
        let written = self.write(&estimate, told.as_ref())?;
        say(&format!("Files in {}\n", written.folder.display()));
        Ok(if estimate.warnings.is_empty() { ExitStatus::Success } else { ExitStatus::Findings })
    }

    fn model(&self, loaded: &Loaded) -> Result<(Model, Climb), Stop> {
        let variant = load::variant(loaded, self.variant.as_deref())?;
        let scenario = loaded.scenario()?;
        let toward = match (&self.outcome, &self.milestone) {
            (Some(outcome), _) => {
                let ids = scenario.outcomes.iter().map(|outcome| outcome.id.text.clone()).collect();
                load::known(loaded, "outcome", outcome, ids)?;
                Toward::Outcome(outcome.clone())
            }
            (None, milestone) => {
                let milestone = milestone.clone().unwrap_or_default();
                let own = scenario.milestones.iter().map(|milestone| milestone.id.text.clone());
                let firebreaks = scenario.ladder.iter().flat_map(|ladder| &ladder.firebreaks);
                let ids = own.chain(firebreaks.map(|rung| format!("firebreak_{}", rung.text))).collect();
                load::known(loaded, "milestone", &milestone, ids)?;
                Toward::Milestone(milestone)
            }
        };
        compile_toward(scenario, variant, &toward).map_err(|findings| Stop::findings(loaded.render(&findings)))
    }

    fn write(&self, estimate: &Estimate, told: Option<&Chronicle>) -> Result<Written, Error> {
        let run = &estimate.run;
        let folder = self.out.clone().unwrap_or_else(|| {
            let hash = &run.run_hash[..8];
            PathBuf::from("runs").join(format!("{}-{}-{}-{hash}", run.scenario, run.variant, run.goal_id))
        });
        runs::visit(&folder, &report::estimate(estimate, told)?)
    }
}

/// The estimate as people read it.
fn text(estimate: &Estimate) -> String {
    let run = &estimate.run;
    let variant = if run.variant_title.is_empty() { &run.variant } else { &run.variant_title };
    let mut text = format!(
        "{} [{variant}]\n{} {}: {} repetitions of {} copies on each level, seed {}, run {}\n",
        bold(&run.title),
        run.goal,
        run.goal_id,
        grouped(run.repetitions),
        grouped(run.effort),
        run.seed,
        &run.run_hash[..12],
    );
    let by = if run.importance_written { "as the scenario says" } else { "derived from ladder and condition" };
    let _ = writeln!(text, "climbing on {} ({by})\n", run.importance);
    text.push_str(&levels(&estimate.levels));
    let _ = writeln!(
        text,
        "\n  {}  probability {}, 95 % interval {} – {}",
        bold(&run.goal_id),
        small(estimate.probability),
        small(estimate.low),
        small(estimate.high)
    );
    text.push_str(&cost(estimate));
    for warning in &estimate.warnings {
        let _ = writeln!(text, "  warning[{}]: {}", warning.code, warning.message);
    }
    text.push('\n');
    text
}

fn levels(levels: &[Level]) -> String {
    let mut table = table(&["Level", "Importance", "From below", "Least – most", "Probability", "95 % interval"], 1);
    for (index, level) in levels.iter().enumerate() {
        let name = if level.importance.is_none() { "goal".to_owned() } else { (index + 1).to_string() };
        table.add_row([
            name,
            level.importance.map_or_else(String::new, short),
            percent(level.share),
            format!("{} – {}", percent(level.share_least).trim_end_matches(" %"), percent(level.share_most)),
            small(level.probability),
            format!("{} – {}", small(level.low), small(level.high)),
        ]);
    }
    lines(&table)
}

/// What it cost, and what plain Monte Carlo would need to come as near: (1 - p) / p over the relative variance.
fn cost(estimate: &Estimate) -> String {
    let mut text = format!("  {} turns played", grouped(estimate.turns_played));
    let relative = estimate.standard_error / estimate.probability;
    if estimate.probability > 0.0 && relative > 0.0 {
        let plain = (1.0 - estimate.probability) / estimate.probability / (relative * relative);
        let _ = write!(
            text,
            "; relative error {}, for which a batch needs about {plain:.1e} replications",
            percent(relative)
        );
    }
    text.push('\n');
    if estimate.failed > 0 {
        let _ = writeln!(text, "  {} copies failed; they count as not reaching the goal", grouped(estimate.failed));
    }
    if estimate.without_importance > 0 {
        let copies = grouped(estimate.without_importance);
        let _ = writeln!(
            text,
            "  in {copies} copies the importance had no value at some time, which counts as below all levels"
        );
    }
    text
}

/// A probability with three digits that matter or so, small ones by powers of ten.
fn small(probability: f64) -> String {
    match probability {
        0.0 => "0".to_owned(),
        p if p >= 0.01 => format!("{p:.4}"),
        p => format!("{p:.2e}"),
    }
}
