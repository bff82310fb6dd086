//! How it ends, and by when: the cumulative incidence of each outcome.

use super::RARE;
use super::axis;
use super::drawing::{Area, Drawing, SIZE};
use super::labels::{self, Column, Label};
use super::number;
use super::palette::{self, Ink};
use super::scale::{Scale, Ticks, decades};
use super::sheet::{name, sheet};
use super::turns::{self, Turns};
use crate::results::summary::Summary;
use crate::statistics::survival::cumulative_incidence;

const PANEL: f64 = 300.0;
const LEFT: f64 = 88.0;
/// Between the end of the lines and their labels; and the most that the labels take.
const LEADER: f64 = 46.0;
const LABELS_MAX: f64 = 330.0;
/// Room to the right of the last turn, as a part of all turns, so that what comes only at the end has a step to be seen.
const AFTER: f64 = 0.025;

struct Curve {
    name: String,
    ink: Ink,
    shares: Vec<f64>,
    /// Whether all of it comes in the last turn.
    at_end: bool,
}

/// A stair for every outcome; where final shares differ a hundredfold, a second panel by powers of ten.
pub fn draw(summary: &Summary) -> Drawing {
    let turns = Turns::new(summary);
    let curves = curves(summary, turns.last());
    let seen: Vec<&Curve> = curves.iter().filter(|curve| curve.last() > 0.0).collect();
    let (least, most) = range(&seen);
    let two = most > RARE * least;
    let panel_height = PANEL.max(labels::pitch(SIZE) * curves.len() as f64);
    let below = turns::HEIGHT + 12.0;
    let height = (panel_height + below) * if two { 2.0 } else { 1.0 };
    let heading = "How it ends, and by when: cumulative share of replications by outcome";
    let (mut drawing, body) = sheet(summary, heading, &notes(two), height);
    let labels: Vec<Label> = curves.iter().map(Curve::label).collect();
    let first = Area {
        left: body.left + LEFT,
        top: body.top + 10.0,
        right: body.right - LEADER - labels::widest(&labels, SIZE).min(LABELS_MAX),
        bottom: body.top + panel_height,
    };
    let all: Vec<&Curve> = curves.iter().collect();
    paint_straight(&mut drawing, first, body.right, &turns, &all);
    if two {
        let down = panel_height + below;
        let second = Area { top: first.top + down, bottom: first.bottom + down, ..first };
        paint_by_powers(&mut drawing, second, body.right, &turns, &seen);
    }
    drawing
}

fn notes(two: bool) -> Vec<String> {
    let steps = "Steps: share of all replications that has ended so by the end of a turn.";
    let below = "Below: the same by powers of ten, for the rare outcomes; a dot marks the first turn that has any.";
    let notes = if two { &[steps, below][..] } else { &[steps] };
    notes.iter().map(ToString::to_string).collect()
}

fn paint_straight(drawing: &mut Drawing, panel: Area, right: f64, turns: &Turns, curves: &[&Curve]) {
    let (_, most) = range(curves);
    let ticks = Ticks::around(0.0, if most > 0.0 { most.clamp(1e-9, 1.0) } else { 1.0 }, 5);
    let up = Scale::linear(ticks.range(), (panel.bottom, panel.top));
    axis::paint_left(drawing, panel, up, &axis::share_marks(&ticks), "share of replications");
    paint(drawing, panel, right, up, turns, curves);
}

/// From the least share that any turn has.
fn paint_by_powers(drawing: &mut Drawing, panel: Area, right: f64, turns: &Turns, curves: &[&Curve]) {
    let (least, most) = range(curves);
    let firsts = curves.iter().flat_map(|curve| curve.shares.iter().copied().find(|&share| share > 0.0));
    let range = decades(firsts.fold(least, f64::min), most);
    let up = Scale::log(range, (panel.bottom, panel.top));
    axis::paint_left(drawing, panel, up, &axis::decade_marks(range), "share, by powers of ten");
    paint(drawing, panel, right, up, turns, curves);
}

impl Curve {
    fn last(&self) -> f64 {
        self.shares.last().copied().unwrap_or(0.0)
    }

    /// What stands beside its end, its place still a share.
    fn label(&self) -> Label {
        let when = if self.at_end { " (at the end)" } else { "" };
        Label {
            y: self.last(),
            name: format!("{}{when}", self.name),
            value: number::percent(self.last()),
            ink: self.ink,
        }
    }
}

fn curves(summary: &Summary, last: usize) -> Vec<Curve> {
    let n = summary.run.replications;
    let curve = |name: String, ink, by_turn: &[u64]| {
        let mut counts = by_turn.to_vec();
        counts.resize(last + 1, 0);
        let shares = cumulative_incidence(&counts, n);
        let early = counts.iter().take(last).any(|&count| count > 0);
        Curve { name, ink, at_end: !early && counts.last().is_some_and(|&count| count > 0), shares }
    };
    let outcomes = summary.outcomes.iter().enumerate();
    let mut curves: Vec<Curve> = outcomes
        .map(|(index, outcome)| curve(name(&outcome.title, &outcome.id), palette::outcome(index), &outcome.by_turn))
        .collect();
    if summary.failed.share.count > 0 {
        curves.push(curve("failed replications".to_string(), Ink::FAILED, &summary.failed.by_turn));
    }
    curves
}

/// The least and the most of the final shares.
fn range(curves: &[&Curve]) -> (f64, f64) {
    let finals = || curves.iter().map(|curve| curve.last());
    (finals().fold(1.0, f64::min), finals().fold(0.0, f64::max))
}

/// The first outcome on top.
fn paint(drawing: &mut Drawing, panel: Area, right: f64, up: Scale, turns: &Turns, curves: &[&Curve]) {
    let end = turns.last() as f64 + turns.last().max(1) as f64 * AFTER;
    let along = Scale::linear((0.0, end), (panel.left, panel.right));
    turns.paint_axis(drawing, panel, |turn| along.at(turn as f64));
    for curve in curves.iter().rev() {
        let stair = stair(&curve.shares, up, along, end);
        if let (true, Some(&start)) = (up.is_log(), stair.first()) {
            drawing.dot(start, 4.0, curve.ink);
        }
        drawing.line(stair, curve.ink, 2.6);
    }
    let labels: Vec<Label> =
        curves.iter().map(|curve| curve.label()).map(|label| Label { y: up.at(label.y), ..label }).collect();
    let column = Column {
        line_end: panel.right,
        left: panel.right + LEADER,
        right,
        top: panel.top,
        bottom: panel.bottom,
        size: SIZE,
    };
    labels::paint(drawing, column, &labels);
}

/// Level between turns, rising at the end of a turn; powers of ten have no zero, so there it starts with the first to end so.
fn stair(shares: &[f64], up: Scale, along: Scale, end: f64) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut before = 0.0;
    for (turn, &share) in shares.iter().enumerate() {
        let x = along.at(turn as f64);
        if (turn == 0 || share != before) && !(up.is_log() && share <= 0.0) {
            if !points.is_empty() || !up.is_log() {
                points.push((x, up.at(before)));
            }
            points.push((x, up.at(share)));
        }
        before = share;
    }
    points.push((along.at(end), up.at(before)));
    points
}
