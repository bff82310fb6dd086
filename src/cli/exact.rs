//! `escalate exact`: the probabilities themselves, by following every branch with its weight.

use super::ending::{Done, ExitStatus, Stop};
use super::figures::{grouped, lines, percent, short, table};
use super::load;
use super::terminal::{STOP, bold, catch_interrupt, out, with_progress};
use clap::Args;
use escalate::exact::{Obstacle, Request, STATES_MAX, Trouble, Wanted, unbounded};
use escalate::model::Model;
use escalate::questions::exactly;
use escalate::report;
use escalate::results::exact::{Event, Exact as Found};
use escalate::runs;
use escalate::runs::spec::Progress;
use escalate::scenario::limits::TURNS_MAX;
use std::fmt::Write;
use std::path::PathBuf;

/// Solve a scenario: every branch followed with its weight, no luck and no sampling error
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 if it was solved, 1 if it cannot be (what stands in the way is said), 2 if a \
                        file could not be read or written.")]
pub struct Exact {
    /// The scenario file
    file: PathBuf,
    /// The variant; `base` is the scenario as written
    #[arg(long, default_value = escalate::compile::BASE)]
    variant: String,
    /// Go on to this turn instead of the file's `turns`, as if it stood there
    #[arg(long, value_name = "TURN", value_parser = clap::value_parser!(u32).range(1..=TURNS_MAX as i64))]
    horizon: Option<u32>,
    /// End as soon as less than this is undecided
    #[arg(long, value_name = "PROBABILITY", value_parser = probability)]
    until_undecided: Option<f64>,
    /// Drop states lighter than this; all probabilities become bounds, a lower and an upper
    #[arg(long, value_name = "PROBABILITY", default_value_t = 0.0, value_parser = probability)]
    prune: f64,
    /// States of one moment that are allowed; each takes memory, 16 bytes and 8 for each number it has
    #[arg(long, value_name = "STATES", default_value_t = STATES_MAX as u32, value_parser = clap::value_parser!(u32).range(1..=1 << 30))]
    max_states: u32,
    /// How much memory states may take, such as 4G or 500M [default: three quarters of what is free]
    #[arg(long, value_name = "BYTES", value_parser = super::memory::bytes)]
    memory: Option<u64>,
    /// Leave out milestones and highest rungs, which multiply states
    #[arg(long)]
    outcomes_only: bool,
    /// Scores too, which multiply states
    #[arg(long)]
    scores: bool,
    /// Whether each trigger fires at all, which takes a pass for each
    #[arg(long)]
    ever: bool,
    /// As if turns had no end: sound bounds on every outcome, on never deciding, and on the expected turn of the end
    #[arg(long, conflicts_with_all = ["horizon", "until_undecided", "prune", "scores", "ever", "outcomes_only"])]
    unbounded: bool,
    /// A folder for exact.json and tables; with --unbounded for unbounded.json
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads; 0 for as many as there are processors
    #[arg(long, default_value_t = 0, value_parser = super::memory::threads)]
    threads: usize,
}

/// A number from 0 to 1.
fn probability(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "a number is expected, such as 1e-9".to_owned())?;
    if (0.0..=1.0).contains(&number) { Ok(number) } else { Err("it lies between 0 and 1".to_owned()) }
}

impl Exact {
    pub fn execute(&self) -> Done {
        catch_interrupt();
        let mut loaded = load::load_clean(&self.file)?;
        let horizon = if self.unbounded { Some(TURNS_MAX) } else { self.horizon };
        if let (Some(horizon), Some(scenario)) = (horizon, &mut loaded.scenario) {
            scenario.header.set_turns(horizon);
        }
        let variant = load::variant(&loaded, Some(&self.variant))?;
        let model = load::model(&loaded, variant)?;
        let progress = Progress { total: u64::from(model.turns).into(), ..Progress::default() };
        let request = Request {
            wanted: Wanted { milestones: !self.outcomes_only, rungs: !self.outcomes_only, scores: self.scores },
            states_max: self.max_states as usize,
            memory_max: self.memory.unwrap_or_else(super::memory::free),
            prune: self.prune,
            until_undecided: self.until_undecided,
            threads: self.threads,
            done: Some(&progress.done),
            ..Request::new(&STOP)
        };
        if self.unbounded {
            return self.unbounded(&loaded, &model, &request);
        }
        let name = format!("{} [{}]", model.labels.scenario, model.labels.variant);
        let found = with_progress(&name, "turns", &progress, || exactly::solve(&model, &request, self.ever));
        let found = found.map_err(|trouble| self.refuse(&loaded, &trouble))?;
        out(&text(&found));
        if let Some(folder) = &self.out {
            let written = runs::visit(folder, &report::exact(&found)?)?;
            out(&format!("Files in {}: exact.json, {} tables\n", written.folder.display(), written.tables));
        }
        Ok(ExitStatus::Success)
    }

    fn unbounded(&self, loaded: &load::Loaded, model: &Model, request: &Request<'_>) -> Done {
        let found = unbounded(model, request).map_err(|trouble| self.refuse(loaded, &trouble))?;
        out(&super::unbounded::text(&found));
        if let Some(folder) = &self.out {
            let written = runs::visit(folder, &report::unbounded(&found)?)?;
            out(&format!("Files in {}: unbounded.json\n", written.folder.display()));
        }
        Ok(ExitStatus::Success)
    }

    /// Why there is no answer, and what to do.
    fn refuse(&self, loaded: &load::Loaded, trouble: &Trouble) -> Stop {
        let name = self.file.display();
        match trouble {
            Trouble::Obstacles(obstacles) => {
                let list: String = obstacles.iter().map(|it| format!("  {}{it}\n", line_of(loaded, it))).collect();
                Stop::findings(format!(
                    "{name}: this has more outcomes than can be followed one by one:\n{list}  a variant that gives drawn \
                     parameters a value has one way to go; `batch` draws them\n"
                ))
            }
            Trouble::Memory { .. } => Stop::findings(format!(
                "{name}: {trouble}\n  --memory allows more, --outcomes-only has fewer states, --prune 1e-9 drops the lightest\n"
            )),
            Trouble::States { .. } | Trouble::Ways { .. } => Stop::findings(format!(
                "{name}: {trouble}\n  --max-states allows more, --outcomes-only has fewer, --prune 1e-9 drops the lightest\n"
            )),
            Trouble::Clock(_) => Stop::findings(format!(
                "{name}: {trouble}\n  a condition that compares the turn with a number is no obstacle; --horizon goes on to \
                 a turn\n"
            )),
            Trouble::Unproved => {
                Stop::findings(format!("{name}: {trouble}; --horizon with --until-undecided gives bounds\n"))
            }
            Trouble::Stopped { .. } | Trouble::Threads(_) => {
                Stop::trouble(format_args!("{name}: {trouble}; nothing is written"))
            }
        }
    }
}

/// The line of the thing that draws, as `line 12: `.
fn line_of(loaded: &load::Loaded, obstacle: &Obstacle) -> String {
    let id = obstacle.site.split('/').nth(1).unwrap_or("");
    let Some(scenario) = &loaded.scenario else { return String::new() };
    let rules = scenario.injects.iter().chain(&scenario.triggers).map(|trigger| &trigger.id);
    let others = scenario.dynamics.iter().map(|it| &it.id).chain(scenario.parameters.iter().map(|it| &it.id));
    let found = rules.chain(others).find(|name| name.text == id);
    found.map_or_else(String::new, |name| {
        let position = escalate::diagnostic::position(&loaded.source, name.span.start);
        format!("line {}: ", position.line)
    })
}

/// All tables.
fn text(found: &Found) -> String {
    let variant = match found.variant_title.as_str() {
        "" => found.variant.clone(),
        title => format!("{}: {title}", found.variant),
    };
    let length = if found.turn_length.is_empty() { String::new() } else { format!(" of {}", found.turn_length) };
    let mut text = format!("{} [{variant}]\nexact, {} turns{length}, ", bold(&found.title), found.turns);
    let _ = writeln!(
        text,
        "at most {} states, scenario {}\n",
        grouped(found.most_states as u64),
        &found.scenario_hash[..12]
    );
    text.push_str(&outcomes(found));
    text.push_str(&milestones(found));
    text.push_str(&events(found));
    text.push_str(&metrics(found));
    for part in &found.left_out {
        let _ = writeln!(text, "  Left out: {part}");
    }
    text
}

/// A probability, or its two bounds.
fn bounded(probability: f64, slack: f64) -> String {
    if slack < 1e-15 {
        exactly_percent(probability)
    } else {
        format!("{} – {}", percent(probability), percent((probability + slack).min(1.0)))
    }
}

/// Eight digits, since they are known.
fn exactly_percent(probability: f64) -> String {
    if probability == 0.0 || probability == 1.0 || probability < 1e-6 {
        return percent(probability);
    }
    format!("{:.6} %", 100.0 * probability)
}

fn outcomes(found: &Found) -> String {
    let mut table = table(&["Outcome", "probability", "mean turn"], 1);
    let mean = |by_turn: &[f64], all: f64| {
        let sum: f64 = by_turn.iter().enumerate().map(|(turn, mass)| turn as f64 * mass).sum();
        if all > 0.0 { short(sum / all) } else { "–".to_owned() }
    };
    for outcome in &found.outcomes {
        let bounds = bounded(outcome.probability, found.slack);
        table.add_row([outcome.id.clone(), bounds, mean(&outcome.by_turn, outcome.probability)]);
    }
    if found.failed.probability > 0.0 {
        let bounds = bounded(found.failed.probability, found.slack);
        table.add_row(["(failed)".to_owned(), bounds, mean(&found.failed.by_turn, found.failed.probability)]);
    }
    let mut text = lines(&table);
    for cause in &found.failed.causes {
        let _ = writeln!(text, "  {} failed at {}: {}", exactly_percent(cause.probability), cause.site, cause.reason);
    }
    let under_way = found.under_way.last().copied().unwrap_or(0.0);
    if under_way > 0.0 {
        let _ = writeln!(text, "  Undecided after turn {}: {}", found.last_turn, percent(under_way));
    }
    let pruned: f64 = found.pruned.iter().sum();
    if pruned > 0.0 {
        let _ = writeln!(text, "  Dropped as too light: {}", percent(pruned));
    }
    text.push('\n');
    text
}

fn milestones(found: &Found) -> String {
    if found.milestones.is_empty() {
        return String::new();
    }
    let mut table = table(&["Milestone", "probability"], 1);
    for milestone in &found.milestones {
        table.add_row([milestone.id.clone(), bounded(milestone.probability, found.slack)]);
    }
    format!("{}\n", lines(&table))
}

fn events(found: &Found) -> String {
    if found.events.is_empty() {
        return String::new();
    }
    let mut table = table(&["Trigger", "actor", "fires at all", "expected times"], 2);
    for event in &found.events {
        let ever = event.probability.map_or_else(|| "–".to_owned(), |it| bounded(it, found.slack));
        table.add_row([name(event), event.actor.clone().unwrap_or_default(), ever, short(event.expected)]);
    }
    format!("{}\n", lines(&table))
}

fn name(event: &Event) -> String {
    if event.branch { format!("  .{}", event.id.split('.').nth(1).unwrap_or(&event.id)) } else { event.id.clone() }
}

fn metrics(found: &Found) -> String {
    if found.metrics.is_empty() {
        return String::new();
    }
    let mut table = table(&["Metric at the end", "mean", "sd", "5 %", "median", "95 %"], 1);
    for metric in &found.metrics {
        let Some((_, d)) = metric.by_turn.last() else { continue };
        table.add_row(std::iter::once(metric.id.clone()).chain([d.mean, d.sd, d.q05, d.median, d.q95].map(short)));
    }
    format!("{}\n", lines(&table))
}
