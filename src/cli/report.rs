//! The tables of one batch, for the terminal.

use super::figures::{grouped, half_of_all, interval, lines, percent, short, table, timing};
use super::terminal::bold;
use escalate::results::summary::{Clipped, Precision, Share, Summary};
use escalate::runs::Written;
use std::fmt::Write;

/// How many clipped variables and chances are shown; all are in the files.
const CLIPPED_SHOWN: usize = 8;
/// From which share of its assignments on a variable at its bound is worth a word.
const CLIPPED_SHARE: f64 = 0.01;

/// All tables; with several runs only the outcomes of each.
pub fn text(summary: &Summary, whole: bool) -> String {
    let mut text = heading(summary);
    text.push_str(&outcomes(summary));
    text.push_str(&failures(summary));
    if whole {
        text.push_str(&milestones(summary));
        text.push_str(&triggers(summary));
        text.push_str(&scores(summary));
        text.push_str(&outside(summary));
        text.push_str(&clipped("variables at a bound", &summary.saturations));
        text.push_str(&clipped("chances outside [0, 1], which act as the nearer bound", &summary.clamped_chances));
    }
    text
}

/// Where the files are, and how to name the run in a text.
pub fn files(written: &Written, citation: &str) -> String {
    let rows = written.files.iter().find(|name| name.starts_with("rows."));
    let rows = rows.map_or_else(String::new, |rows| format!(", {rows}"));
    format!(
        "Files in {}: summary.json, {} tables, {} charts in {}{rows}\nCite as: {citation}\n\n",
        written.folder.display(),
        written.tables,
        written.charts,
        written.folder.join("charts").display()
    )
}

fn heading(summary: &Summary) -> String {
    let run = &summary.run;
    let variant = match (run.variant.as_str(), run.variant_title.as_str()) {
        (variant, "") => variant.to_owned(),
        (variant, title) => format!("{variant}: {title}"),
    };
    let turns = summary.calendar.len().saturating_sub(1);
    let length = if summary.turn_length.is_empty() { String::new() } else { format!(" of {}", summary.turn_length) };
    format!(
        "{} [{variant}]\n{} replications of {turns} turns{length}, seed {}, run {}\n{}\n",
        bold(&run.title),
        grouped(run.replications),
        run.seed,
        run.run_hash.get(..12).unwrap_or(&run.run_hash),
        run.precision.as_ref().map_or_else(String::new, precision),
    )
}

/// What precision was asked for, and where it was reached.
fn precision(precision: &Precision) -> String {
    let Precision { until, looks, reached, .. } = precision;
    let end = if *reached { "reached" } else { "not reached" };
    format!("until {until}: {end} at look {looks}; the intervals hold at all looks together\n")
}

fn row_of_share(share: &Share) -> [String; 3] {
    [grouped(share.count), percent(share.share), interval(share)]
}

fn outcomes(summary: &Summary) -> String {
    let mut table =
        table(&["Outcome", "replications", "share", "95 % interval", "half of all by", "if so, turn (quartiles)"], 1);
    for outcome in &summary.outcomes {
        let [count, share, interval] = row_of_share(&outcome.share);
        let half = half_of_all(outcome.timing);
        table.add_row([outcome.id.clone(), count, share, interval, half, timing(outcome.timing, &summary.calendar)]);
    }
    if summary.failed.share.count > 0 {
        let [count, share, interval] = row_of_share(&summary.failed.share);
        table.add_row(["(failed)".to_owned(), count, share, interval, String::new(), String::new()]);
    }
    format!("{}  Given this model and these numbers: the interval is for sampling error alone.\n\n", lines(&table))
}

fn failures(summary: &Summary) -> String {
    let mut text = String::new();
    for cause in &summary.failed.causes {
        let first: Vec<String> =
            cause.first.iter().take(3).map(|(replication, turn)| format!("{replication} (turn {turn})")).collect();
        let _ = writeln!(
            text,
            "  {} failed at {}: {}; first in replication {}",
            grouped(cause.count),
            cause.site,
            cause.reason,
            first.join(", ")
        );
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn milestones(summary: &Summary) -> String {
    if summary.milestones.is_empty() {
        return String::new();
    }
    let mut table = table(
        &["Milestone", "replications", "share", "95 % interval", "half of all by", "if so, first turn (quartiles)"],
        1,
    );
    for milestone in &summary.milestones {
        let [count, share, interval] = row_of_share(&milestone.share);
        let half = half_of_all(milestone.timing);
        table.add_row([
            milestone.id.clone(),
            count,
            share,
            interval,
            half,
            timing(milestone.timing, &summary.calendar),
        ]);
    }
    format!("{}\n", lines(&table))
}

fn triggers(summary: &Summary) -> String {
    if summary.events.is_empty() {
        return String::new();
    }
    let mut table =
        table(&["Trigger", "actor", "fires in", "times each", "half of all by", "if so, first turn (quartiles)"], 2);
    for event in &summary.events {
        let id = if event.branch {
            format!("  .{}", event.id.split('.').nth(1).unwrap_or(&event.id))
        } else {
            event.id.clone()
        };
        let firings: u64 = event.by_turn.iter().sum();
        let each =
            if event.share.count == 0 { "–".to_owned() } else { short(firings as f64 / event.share.count as f64) };
        let actor = if event.branch { String::new() } else { event.actor.clone().unwrap_or_default() };
        let half = half_of_all(event.timing);
        table.add_row([id, actor, percent(event.share.share), each, half, timing(event.timing, &summary.calendar)]);
    }
    format!("{}\n", lines(&table))
}

fn scores(summary: &Summary) -> String {
    if summary.scores.is_empty() {
        return String::new();
    }
    let mut table = table(&["Score", "mean", "sd", "5 %", "median", "95 %"], 1);
    for score in &summary.scores {
        let d = &score.distribution;
        let figures = [d.mean, d.sd, d.q05, d.median, d.q95].map(short);
        table.add_row(std::iter::once(score.id.clone()).chain(figures));
    }
    format!("{}\n", lines(&table))
}

/// Metrics with values outside the bounds that are declared.
fn outside(summary: &Summary) -> String {
    let all = summary.metrics.iter().filter(|metric| metric.below_min + metric.above_max > 0);
    all.map(|metric| {
        let (below, above) = (grouped(metric.below_min), grouped(metric.above_max));
        format!("  The metric {} leaves its bounds: {below} values below, {above} above, of all turns\n\n", metric.id)
    })
    .collect()
}

fn clipped(what: &str, clipped: &[Clipped]) -> String {
    let share = |it: &Clipped| (it.below + it.above) as f64 / it.of.max(1) as f64;
    let mut often: Vec<&Clipped> = clipped.iter().filter(|it| share(it) >= CLIPPED_SHARE).collect();
    if often.is_empty() {
        return String::new();
    }
    often.sort_by(|a, b| share(b).total_cmp(&share(a)).then_with(|| a.site.cmp(&b.site)));
    let list: Vec<String> =
        often.iter().take(CLIPPED_SHOWN).map(|it| format!("{} ({})", it.site, percent(share(it)))).collect();
    let more =
        if often.len() > CLIPPED_SHOWN { format!(" and {} more", often.len() - CLIPPED_SHOWN) } else { String::new() };
    format!("  Often clipped, {what}: {}{more}\n\n", list.join(", "))
}
