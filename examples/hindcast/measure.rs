//! What is asked of a scenario beyond what it measures itself: questions are added to its text, and never change what happens in it.

use escalate::answers::KeyedDraws;
use escalate::batch::{self, Batch};
use escalate::engine::{self, Program, Watch};
use escalate::expression::{LANES, Mask, Value};
use escalate::model::Model;
use escalate::questions::summarise::{Request, summarise};
use escalate::results::summary::Summary;
use escalate::scenario::{self, Scenario};
use escalate::{compile, diagnostic};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64};

/// The seed of every number in the page and in the tests.
pub const SEED: u64 = 1;

/// A file of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of the project.
pub fn text(path: &str) -> Result<String, String> {
    let file = project(path);
    std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
}

/// Milestones and metrics to be added to a scenario.
#[derive(Default)]
pub struct Questions {
    added: String,
}

impl Questions {
    /// Rules that only count, as scenario text.
    pub fn rules(&mut self, text: &str) {
        self.added.push('\n');
        self.added.push_str(text);
    }

    /// Whether something has happened.
    pub fn whether(&mut self, id: &str, condition: &str) {
        self.added.push_str(&format!("\n[[milestones]]\nid = \"{id}\"\nwhen = '''{condition}'''\n"));
    }

    /// How much of something there is at the end.
    pub fn how_much(&mut self, id: &str, value: &str) {
        self.added.push_str(&format!("\n[[metrics]]\nid = \"{id}\"\nmin = 0\nmax = 4096\nvalue = '''{value}'''\n"));
    }
}

/// A scenario of the project with questions added.
pub fn scenario(path: &str, questions: &Questions) -> Result<Scenario, String> {
    let source = text(path)? + &questions.added;
    let (scenario, findings) = scenario::read(source.as_bytes());
    match scenario {
        Some(scenario) if !findings.iter().any(diagnostic::Diagnostic::is_error) => Ok(scenario),
        _ => Err(format!("{path}: {}", told(&findings))),
    }
}

/// The model of a scenario, or of a variant of it.
pub fn model(scenario: &Scenario, variant: Option<&str>) -> Result<Model, String> {
    let found = variant
        .map(|name| scenario.variant(name).ok_or_else(|| format!("there is no variant `{name}`")))
        .transpose()?;
    compile::compile(scenario, found).map_err(|findings| told(&findings))
}

fn told(findings: &[diagnostic::Diagnostic]) -> String {
    findings.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>().join("; ")
}

/// A batch, summarised.
pub fn run(model: &Model, replications: u64) -> Result<Summary, String> {
    let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let request = Batch { seed: SEED, first: 0, replications, threads: 0, done: &done, stop: &stop };
    let tally = batch::run(model, &request).map_err(|error| error.to_string())?;
    Ok(summarise(model, &tally, &Request { seed: SEED, first: 0, replications }))
}

/// The share of replications that have passed a milestone by the end of a turn.
pub fn passed(summary: &Summary, id: &str, turn: usize) -> f64 {
    let milestone = summary.milestones.iter().find(|milestone| milestone.id == id);
    let counts = milestone.map_or(&[][..], |milestone| &milestone.first_by_turn);
    counts.iter().take(turn + 1).sum::<u64>() as f64 / summary.run.replications as f64
}

/// The mean of a metric at the end.
pub fn mean(summary: &Summary, id: &str) -> f64 {
    let metric = summary.metrics.iter().find(|metric| metric.id == id);
    metric.and_then(|metric| metric.by_turn.last()).map_or(f64::NAN, |turn| turn.mean)
}

/// The share of an outcome.
pub fn outcome(summary: &Summary, id: &str) -> f64 {
    summary.outcomes.iter().find(|outcome| outcome.id == id).map_or(f64::NAN, |outcome| outcome.share.share)
}

/// The probability that a trigger which ends the replication fires, as the mean of the chances it is given: unbiased
/// like the share of replications in which it fired, but with far less noise where the chances are small.
pub fn expected(model: &Model, trigger: &str, replications: u64) -> f64 {
    let path = format!("triggers/{trigger}/chance");
    let Some(site) = model.labels.sites.iter().position(|site| *site == path) else { return f64::NAN };
    let groups = replications.div_ceil(LANES as u64);
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let share = |thread: u64| (thread * groups / threads)..((thread + 1) * groups / threads);
    let sums: Vec<f64> = std::thread::scope(|scope| {
        let spawn = |thread| scope.spawn(move || groups_expected(model, site as u32, share(thread)));
        let workers: Vec<_> = (0..threads).map(spawn).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    // One sum a group, added in the order of groups: the same for any number of threads.
    sums.iter().sum::<f64>() / (groups * LANES as u64) as f64
}

fn groups_expected(model: &Model, site: u32, groups: std::ops::Range<u64>) -> Vec<f64> {
    let program = Program::new(model);
    let (mut bank, mut draws) = (program.bank(), KeyedDraws::new(model, SEED));
    let one = |group: u64| {
        draws.enter(group);
        let mut chances = Chances { site, sum: 0.0 };
        engine::run(&program, &mut bank, Mask::MAX, &mut draws, &mut chances);
        chances.sum
    };
    groups.map(one).collect()
}

/// Adds up the chances given at one site.
struct Chances {
    site: u32,
    sum: f64,
}

impl Watch for Chances {
    fn wants_assignments(&self) -> bool {
        true
    }

    fn chance(&mut self, site: u32, lanes: Mask, probability: Value<'_>, _came: Mask) {
        if site == self.site {
            let lanes = (0..LANES).filter(|lane| lanes >> lane & 1 == 1);
            self.sum += lanes.map(|lane| probability.get(lane).clamp(0.0, 1.0)).sum::<f64>();
        }
    }
}
