//! The files of an exact solution: `exact.json` and tables of probabilities.

use super::files::Files;
use super::tables::Table;
use crate::error::Error;
use crate::results::exact::Exact;

/// The files of an exact solution: `exact.json` and `tables/*.csv`.
///
/// # Errors
/// A file cannot be made.
pub fn exact(exact: &Exact) -> Result<Files, Error> {
    let mut files = Files::default();
    files.json("exact.json", exact)?;
    files.table("exact_outcomes_by_turn", &outcomes(exact))?;
    files.table("exact_milestones_by_turn", &milestones(exact))?;
    files.table("exact_triggers_by_turn", &triggers(exact))?;
    files.table("exact_metrics_by_turn", &metrics(exact))?;
    Ok(files)
}

/// A row for each turn of one thing, with what has happened so far.
fn by_turn(table: &mut Table, exact: &Exact, id: &str, by_turn: &[f64]) {
    let mut so_far = 0.0;
    for ((turn, label), now) in exact.calendar.iter().enumerate().zip(by_turn) {
        so_far += now;
        table.row([id.to_owned(), turn.to_string(), label.clone(), now.to_string(), so_far.to_string()]);
    }
}

fn outcomes(exact: &Exact) -> Table {
    let mut table = Table::new(&["outcome", "turn", "label", "ends", "ended_so_far"]);
    exact.outcomes.iter().for_each(|outcome| by_turn(&mut table, exact, &outcome.id, &outcome.by_turn));
    by_turn(&mut table, exact, "failed", &exact.failed.by_turn);
    by_turn(&mut table, exact, "dropped", &exact.pruned);
    table
}

fn milestones(exact: &Exact) -> Table {
    let mut table = Table::new(&["milestone", "turn", "label", "first_passed", "passed_so_far"]);
    exact.milestones.iter().for_each(|it| by_turn(&mut table, exact, &it.id, &it.first_by_turn));
    table
}

fn triggers(exact: &Exact) -> Table {
    let mut table = Table::new(&["trigger", "turn", "label", "expected_firings", "fires_first"]);
    for event in &exact.events {
        for (turn, label) in exact.calendar.iter().enumerate() {
            let first = event.first_by_turn.as_ref().map_or_else(String::new, |first| first[turn].to_string());
            table.row([event.id.clone(), turn.to_string(), label.clone(), event.by_turn[turn].to_string(), first]);
        }
    }
    table
}

fn metrics(exact: &Exact) -> Table {
    let mut table =
        Table::new(&["metric", "turn", "label", "measured", "mean", "sd", "q05", "q25", "median", "q75", "q95"]);
    for metric in &exact.metrics {
        for ((turn, label), (measured, d)) in exact.calendar.iter().enumerate().zip(&metric.by_turn) {
            let figures = [*measured, d.mean, d.sd, d.q05, d.q25, d.median, d.q75, d.q95];
            let head = [metric.id.clone(), turn.to_string(), label.clone()];
            table.row(head.into_iter().chain(figures.map(|figure| figure.to_string())));
        }
    }
    table
}
