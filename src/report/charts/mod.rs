//! A chart a file: each a function from a summary to a drawing, and from there to SVG.

mod axis;
mod chart;
mod cumulative;
mod drawing;
mod grid;
mod labels;
mod levels;
mod metric;
mod number;
mod outcomes;
mod palette;
mod rungs;
#[cfg(test)]
pub(crate) mod sample;
mod scale;
mod sheet;
mod svg;
mod text;
mod triggers;
mod turns;

pub use chart::{Chart, ChartError};

use crate::results::estimate::Estimate;
use crate::results::summary::{Metric, Summary};

/// From this ratio of shares on, the smaller vanishes beside the larger, and a second panel shows them by powers of ten.
const RARE: f64 = 100.0;

/// Every chart that the summary has data for, in reading order.
pub fn all(summary: &Summary) -> Result<Vec<Chart>, ChartError> {
    let mut charts = vec![outcomes(summary)?, cumulative(summary)?];
    charts.extend(rungs(summary)?);
    for metric in &summary.metrics {
        charts.push(self::metric(summary, metric)?);
    }
    charts.extend(triggers(summary)?);
    Ok(charts)
}

/// Shares of the outcomes with their intervals: `outcomes`.
pub fn outcomes(summary: &Summary) -> Result<Chart, ChartError> {
    chart("outcomes", outcomes::draw(summary))
}

/// Cumulative incidence of the outcomes by turn: `cumulative`.
pub fn cumulative(summary: &Summary) -> Result<Chart, ChartError> {
    chart("cumulative", cumulative::draw(summary))
}

/// Rungs by turn, if there is a ladder: `rungs`.
pub fn rungs(summary: &Summary) -> Result<Option<Chart>, ChartError> {
    rungs::draw(summary).map(|drawing| chart("rungs", drawing)).transpose()
}

/// The fan of one metric: `metric_<id>`.
pub fn metric(summary: &Summary, metric: &Metric) -> Result<Chart, ChartError> {
    chart(&format!("metric_{}", metric.id), metric::draw(summary, metric)?)
}

/// Firings of triggers by turn, if there are any triggers: `triggers`.
pub fn triggers(summary: &Summary) -> Result<Option<Chart>, ChartError> {
    triggers::draw(summary).map(|drawing| chart("triggers", drawing)).transpose()
}

/// How a rare event is climbed, level by level: `levels`.
pub fn levels(estimate: &Estimate) -> Result<Chart, ChartError> {
    chart("levels", levels::draw(estimate))
}

fn chart(name: &str, drawing: drawing::Drawing) -> Result<Chart, ChartError> {
    let safe = |letter: char| if letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-') { letter } else { '_' };
    Ok(Chart { name: name.chars().map(safe).collect(), svg: svg::render(&drawing)?, title: drawing.title })
}

#[cfg(test)]
mod tests;
