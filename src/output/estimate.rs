//! The files of an estimate by splitting: `estimate.json`, its tables, its chart, and the chronicle of one way to the goal.

use super::tables::Table;
use super::{CHARTS, TABLES, Trouble, Written, put};
use crate::charts;
use crate::results::chronicle::Chronicle;
use crate::results::estimate::Estimate;
use std::fs;
use std::path::Path;

/// Writes `estimate.json`, `tables/levels.csv`, `tables/repetitions.csv`, `charts/levels.svg` and, if some copy reached
/// the goal, `chronicle.json` into a folder, which is made if it is not there.
///
/// # Errors
/// A folder or file that cannot be written; files that were there before stay whole.
pub fn write_estimate(folder: &Path, estimate: &Estimate, chronicle: Option<&Chronicle>) -> Result<Written, Trouble> {
    let chart = charts::levels(estimate).map_err(Trouble::Chart)?;
    for folder in [folder.to_owned(), folder.join(TABLES), folder.join(CHARTS)] {
        fs::create_dir_all(&folder).map_err(|error| Trouble::File { path: folder, error })?;
    }
    let mut files = vec!["estimate.json".to_owned()];
    put_json(&folder.join("estimate.json"), estimate)?;
    if let Some(chronicle) = chronicle {
        put_json(&folder.join("chronicle.json"), chronicle)?;
        files.push("chronicle.json".to_owned());
    }
    let tables = [("levels", levels(estimate)), ("repetitions", repetitions(estimate))];
    for (name, table) in &tables {
        let path = folder.join(TABLES).join(format!("{name}.csv"));
        let csv = table.csv().map_err(|error| Trouble::Format { path: path.clone(), error })?;
        put(&path, &csv)?;
        files.push(format!("{TABLES}/{name}.csv"));
    }
    put(&folder.join(CHARTS).join(format!("{}.svg", chart.name)), chart.svg.as_bytes())?;
    files.push(format!("{CHARTS}/{}.svg", chart.name));
    Ok(Written { folder: folder.to_owned(), files, tables: tables.len(), charts: 1 })
}

fn put_json(path: &Path, value: &impl serde::Serialize) -> Result<(), Trouble> {
    let json = serde_json::to_string_pretty(value);
    let json = json.map_err(|error| Trouble::Format { path: path.to_owned(), error: error.to_string() })?;
    put(path, format!("{json}\n").as_bytes())
}

fn levels(estimate: &Estimate) -> Table {
    let mut table = Table::new(&[
        "level",
        "importance",
        "probability",
        "low_95",
        "high_95",
        "share",
        "share_least",
        "share_most",
        "dispersion",
        "direct",
    ]);
    for (index, level) in estimate.levels.iter().enumerate() {
        let optional = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        let figures = [level.probability, level.low, level.high, level.share, level.share_least, level.share_most];
        let head = [(index + 1).to_string(), optional(level.importance)];
        let tail = [optional(level.dispersion), level.direct.to_string()];
        table.row(head.into_iter().chain(figures.map(|value| value.to_string())).chain(tail));
    }
    table
}

fn repetitions(estimate: &Estimate) -> Table {
    let mut table = Table::new(&["repetition", "level", "reached", "probability", "roots"]);
    for (index, repetition) in estimate.repetitions.iter().enumerate() {
        let mut probability = 1.0;
        for (level, reached) in repetition.reached.iter().enumerate() {
            probability *= *reached as f64 / estimate.run.effort as f64;
            let is_goal = level + 1 == repetition.reached.len();
            let roots = if is_goal { repetition.roots.to_string() } else { String::new() };
            let numbers = [(index + 1).to_string(), (level + 1).to_string(), reached.to_string()];
            table.row(numbers.into_iter().chain([probability.to_string(), roots]));
        }
    }
    table
}
