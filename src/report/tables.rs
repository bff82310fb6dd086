//! The tables of a summary: long, one fact a row, snake_case columns.

use crate::error::Cause;
use crate::results::summary::{Distribution, Share, Summary, Timing};

/// A table in the making.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|column| (*column).to_owned()).collect()] }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table as CSV.
    pub fn csv(&self) -> Result<Vec<u8>, Cause> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in &self.rows {
            writer.write_record(row)?;
        }
        Ok(writer.into_inner()?)
    }
}

/// All tables of a summary, by name.
pub(super) fn all(summary: &Summary) -> Vec<(&'static str, Table)> {
    let mut tables = vec![
        ("outcomes", outcomes(summary)),
        ("outcomes_by_turn", outcomes_by_turn(summary)),
        ("milestones", milestones(summary)),
        ("triggers", triggers(summary)),
        ("triggers_by_turn", triggers_by_turn(summary)),
        ("metrics_by_turn", metrics_by_turn(summary)),
        ("scores", scores(summary)),
        ("clipped", clipped(summary)),
    ];
    if summary.ladder.is_some() {
        tables.push(("rungs_by_turn", rungs_by_turn(summary)));
    }
    tables
}

/// The columns of a distribution.
const DISTRIBUTION: [&str; 9] = ["mean", "sd", "q05", "q25", "median", "q75", "q95", "quantile_error", "infinite"];

fn share(share: &Share) -> [String; 4] {
    [share.count.to_string(), share.share.to_string(), share.low.to_string(), share.high.to_string()]
}

fn timing(timing: Option<Timing>) -> [String; 4] {
    let Some(Timing { half_of_all, q25, median, q75 }) = timing else { return Default::default() };
    let half = half_of_all.map_or_else(String::new, |turn| turn.to_string());
    [half, q25.to_string(), median.to_string(), q75.to_string()]
}

/// The figures of a distribution; what is not known is empty.
fn distribution(d: &Distribution) -> [String; 9] {
    let figures = [d.mean, d.sd, d.q05, d.q25, d.median, d.q75, d.q95, d.quantile_error, d.infinite];
    figures.map(|value| if value.is_nan() { String::new() } else { value.to_string() })
}

fn outcomes(summary: &Summary) -> Table {
    let mut table = Table::new(&[
        "outcome",
        "severity",
        "replications",
        "share",
        "low_95",
        "high_95",
        "turn_half_of_all",
        "turn_q25",
        "turn_median",
        "turn_q75",
    ]);
    for outcome in &summary.outcomes {
        let severity = outcome.severity.map_or_else(String::new, |severity| severity.to_string());
        let head = [outcome.id.clone(), severity];
        table.row(head.into_iter().chain(share(&outcome.share)).chain(timing(outcome.timing)));
    }
    let failed = ["failed".to_owned(), String::new()];
    table.row(failed.into_iter().chain(share(&summary.failed.share)).chain(timing(None)));
    table
}

fn outcomes_by_turn(summary: &Summary) -> Table {
    let mut table = Table::new(&["outcome", "turn", "label", "ended", "ended_so_far"]);
    let all = summary.outcomes.iter().map(|outcome| (outcome.id.as_str(), &outcome.by_turn));
    for (id, by_turn) in all.chain(std::iter::once(("failed", &summary.failed.by_turn))) {
        let mut so_far = 0;
        for ((turn, label), ended) in summary.calendar.iter().enumerate().zip(by_turn) {
            so_far += ended;
            table.row([id.to_owned(), turn.to_string(), label.clone(), ended.to_string(), so_far.to_string()]);
        }
    }
    table
}

fn milestones(summary: &Summary) -> Table {
    let mut table = Table::new(&[
        "milestone",
        "replications",
        "share",
        "low_95",
        "high_95",
        "turn_half_of_all",
        "turn_q25",
        "turn_median",
        "turn_q75",
    ]);
    for milestone in &summary.milestones {
        let head = std::iter::once(milestone.id.clone());
        table.row(head.chain(share(&milestone.share)).chain(timing(milestone.timing)));
    }
    table
}

fn triggers(summary: &Summary) -> Table {
    let mut table = Table::new(&[
        "trigger",
        "actor",
        "rung",
        "firings",
        "replications",
        "share",
        "low_95",
        "high_95",
        "first_turn_half_of_all",
        "first_turn_q25",
        "first_turn_median",
        "first_turn_q75",
    ]);
    for event in &summary.events {
        let firings: u64 = event.by_turn.iter().sum();
        let actor = event.actor.clone().unwrap_or_default();
        let head = [event.id.clone(), actor, event.rung.clone().unwrap_or_default(), firings.to_string()];
        table.row(head.into_iter().chain(share(&event.share)).chain(timing(event.timing)));
    }
    table
}

fn triggers_by_turn(summary: &Summary) -> Table {
    let mut table = Table::new(&["trigger", "turn", "label", "firings", "first_firings"]);
    for event in &summary.events {
        for (turn, label) in summary.calendar.iter().enumerate() {
            let (firings, first) = (event.by_turn[turn], event.first_by_turn[turn]);
            table.row([event.id.clone(), turn.to_string(), label.clone(), firings.to_string(), first.to_string()]);
        }
    }
    table
}

fn metrics_by_turn(summary: &Summary) -> Table {
    let mut table = Table::new(&[&["metric", "turn", "label"][..], &DISTRIBUTION].concat());
    for metric in &summary.metrics {
        for ((turn, label), values) in summary.calendar.iter().enumerate().zip(&metric.by_turn) {
            let head = [metric.id.clone(), turn.to_string(), label.clone()];
            table.row(head.into_iter().chain(distribution(values)));
        }
    }
    table
}

fn rungs_by_turn(summary: &Summary) -> Table {
    let mut table = Table::new(&["turn", "label", "rung", "replications"]);
    let Some(ladder) = &summary.ladder else { return table };
    for ((turn, label), counts) in summary.calendar.iter().enumerate().zip(&ladder.by_turn) {
        for (rung, count) in ladder.rungs.iter().zip(counts) {
            table.row([turn.to_string(), label.clone(), rung.id.clone(), count.to_string()]);
        }
    }
    table
}

fn scores(summary: &Summary) -> Table {
    let mut table = Table::new(&[&["scale"][..], &DISTRIBUTION].concat());
    for score in &summary.scores {
        table.row(std::iter::once(score.id.clone()).chain(distribution(&score.distribution)));
    }
    table
}

fn clipped(summary: &Summary) -> Table {
    let mut table = Table::new(&["kind", "site", "below", "above", "of"]);
    let variables = summary.saturations.iter().map(|it| ("variable", it));
    for (kind, it) in variables.chain(summary.clamped_chances.iter().map(|it| ("chance", it))) {
        let counts = [it.below, it.above, it.of].map(|count| count.to_string());
        table.row([kind.to_owned(), it.site.clone()].into_iter().chain(counts));
    }
    for metric in summary.metrics.iter().filter(|metric| metric.below_min + metric.above_max > 0) {
        let of = summary.run.replications * summary.calendar.len() as u64;
        let counts = [metric.below_min, metric.above_max, of].map(|count| count.to_string());
        table.row(["metric".to_owned(), metric.id.clone()].into_iter().chain(counts));
    }
    table
}
