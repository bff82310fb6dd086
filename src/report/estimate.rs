//! The files of an estimate by splitting: `estimate.json`, its tables, its chart, and the chronicle of one way to the goal.

use super::charts;
use super::files::Files;
use super::tables::Table;
use crate::error::Error;
use crate::results::chronicle::Chronicle;
use crate::results::estimate::Estimate;

/// The files of an estimate: `estimate.json`, `tables/levels.csv`, `tables/repetitions.csv`, `charts/levels.svg` and, if some copy reached
/// the goal, `chronicle.json`.
///
/// # Errors
/// The chart cannot be drawn.
pub fn estimate(estimate: &Estimate, chronicle: Option<&Chronicle>) -> Result<Files, Error> {
    let mut files = Files::default();
    files.json("estimate.json", estimate)?;
    chronicle.map_or(Ok(()), |chronicle| files.json("chronicle.json", chronicle))?;
    files.table("levels", &levels(estimate))?;
    files.table("repetitions", &repetitions(estimate))?;
    files.chart(charts::levels(estimate).map_err(|error| Error::Chart(error.into()))?);
    Ok(files)
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
    let mut table = Table::new(&["repetition", "level", "reached", "probability", "roots", "by_force"]);
    for (index, repetition) in estimate.repetitions.iter().enumerate() {
        let mut product = 1.0;
        for (level, reached) in repetition.reached.iter().enumerate() {
            product *= *reached as f64 / estimate.run.effort as f64;
            let is_goal = level + 1 == repetition.reached.len();
            let probability = if is_goal { repetition.probability } else { product };
            let roots = if is_goal { repetition.roots.to_string() } else { String::new() };
            let by_force = if is_goal { repetition.by_force.to_string() } else { String::new() };
            let numbers = [(index + 1).to_string(), (level + 1).to_string(), reached.to_string()];
            table.row(numbers.into_iter().chain([probability.to_string(), roots, by_force]));
        }
    }
    table
}
