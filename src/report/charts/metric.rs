//! A metric over the turns: median, middle half and middle nine tenths of replications.

use super::axis;
use super::chart::ChartError;
use super::drawing::{Area, Drawing, SIZE_SMALL};
use super::labels::{self, Column, Label};
use super::number;
use super::palette::Ink;
use super::scale::{Scale, Ticks, widened};
use super::sheet::{name, sheet};
use super::text;
use super::turns::{self, Turns};
use crate::results::histogram::RELATIVE_ERROR;
use crate::results::summary::{Distribution, Metric, Summary};

const PANEL: f64 = 340.0;
/// Beyond this, differences of values overflow.
const VALUE_MAX: f64 = 1e300;
/// Between the last turn and the figures beside it.
const LEADER: f64 = 40.0;

/// A fan of one metric.
pub fn draw(summary: &Summary, metric: &Metric) -> Result<Drawing, ChartError> {
    if !metric.by_turn.iter().all(is_drawable) {
        return Err(ChartError::NotFinite { metric: metric.id.clone() });
    }
    let title = name(&metric.title, &metric.id);
    let notes = notes(summary, metric);
    let (mut drawing, body) = sheet(summary, &format!("{title} by turn"), &notes, PANEL + turns::HEIGHT);
    let ticks = ticks(metric);
    let marks = axis::value_marks(&ticks);
    let mut labels = labels(metric, number::decimals_of(ticks.step / 10.0));
    let panel = Area {
        left: body.left + 40.0 + axis::widest(&marks),
        top: body.top + 8.0,
        right: body.right - LEADER - labels::widest(&labels, SIZE_SMALL).min(260.0),
        bottom: body.bottom - turns::HEIGHT,
    };
    let up = Scale::linear(ticks.range(), (panel.bottom, panel.top));
    axis::paint_left(&mut drawing, panel, up, &marks, &axis_title(&title, &metric.unit));
    let turns = Turns::new(summary);
    let along = Scale::linear((0.0, turns.last() as f64), (panel.left, panel.right));
    paint_fan(&mut drawing, metric, up, |turn| along.at(turn as f64), panel);
    turns.paint_axis(&mut drawing, panel, |turn| along.at(turn as f64));
    let column = Column {
        line_end: panel.right,
        left: panel.right + LEADER,
        right: body.right,
        top: panel.top,
        bottom: panel.bottom,
        size: SIZE_SMALL,
    };
    for label in &mut labels {
        label.y = up.at(label.y);
    }
    labels::paint(&mut drawing, column, &labels);
    Ok(drawing)
}

fn is_drawable(values: &Distribution) -> bool {
    [values.q05, values.q25, values.median, values.q75, values.q95].into_iter().all(|value| value.abs() < VALUE_MAX)
}

fn notes(summary: &Summary, metric: &Metric) -> Vec<String> {
    let bands =
        "Line: median. Dark band: middle 50 % of replications; light band: middle 90 %. Figures: the last turn.";
    let mut more = Vec::new();
    if summary.outcomes.iter().any(|outcome| outcome.by_turn.iter().rev().skip(1).any(|&count| count > 0)) {
        more.push("A replication that has ended keeps its last value.".to_string());
    }
    if metric.by_turn.iter().any(|values| values.quantile_error > 0.0) {
        more.push(format!("Quantiles are exact to within {:.1} %.", 100.0 * RELATIVE_ERROR));
    }
    vec![bands.to_string(), more.join(" ")]
}

fn axis_title(title: &str, unit: &str) -> String {
    if unit.is_empty() { title.to_string() } else { text::clean(unit) }
}

/// Marks around what the bands cover; from 0 where that costs little room.
fn ticks(metric: &Metric) -> Ticks {
    let low = metric.by_turn.iter().map(|values| values.q05).fold(f64::INFINITY, f64::min);
    let high = metric.by_turn.iter().map(|values| values.q95).fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        return Ticks::around(0.0, 1.0, 5);
    }
    let (low, high) = widened(low, high);
    let low = if low > 0.0 && low < 0.4 * high { 0.0 } else { low };
    let high = if high < 0.0 && high > 0.4 * low { 0.0 } else { high };
    Ticks::around(low, high, 7)
}

fn paint_fan(drawing: &mut Drawing, metric: &Metric, up: Scale, at: impl Fn(usize) -> f64, panel: Area) {
    let row = |value: fn(&Distribution) -> f64| -> Vec<(f64, f64)> {
        let points = metric.by_turn.iter().enumerate().map(|(turn, values)| (at(turn), up.at(value(values)))).collect();
        across(points, panel)
    };
    let band = |low, high| {
        let mut edge: Vec<(f64, f64)> = row(high);
        edge.extend(row(low).into_iter().rev());
        edge
    };
    drawing.polygon(band(|values| values.q05, |values| values.q95), Ink::METRIC.tint(0.22));
    drawing.polygon(band(|values| values.q25, |values| values.q75), Ink::METRIC.tint(0.48));
    drawing.line(row(|values| values.median), Ink::METRIC.towards(Ink::TEXT, 0.35), 2.8);
}

/// A single turn spans the panel, so that there is something to see.
fn across(points: Vec<(f64, f64)>, panel: Area) -> Vec<(f64, f64)> {
    match points[..] {
        [(_, y)] => vec![(panel.left, y), (panel.right, y)],
        _ => points,
    }
}

/// The quantiles of the last turn, in figures; their places still values.
fn labels(metric: &Metric, decimals: usize) -> Vec<Label> {
    let Some(last) = metric.by_turn.last() else { return Vec::new() };
    let label = |name: &str, value: f64, tint| Label {
        y: value,
        name: name.to_string(),
        value: number::value(value, decimals),
        ink: Ink::METRIC.tint(tint),
    };
    vec![
        label("95th percentile", last.q95, 0.3),
        label("75th percentile", last.q75, 0.55),
        label("median", last.median, 1.0),
        label("25th percentile", last.q25, 0.55),
        label("5th percentile", last.q05, 0.3),
    ]
}
