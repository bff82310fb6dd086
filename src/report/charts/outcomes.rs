//! How it ends: the share of replications by outcome, with 95 % intervals.

use super::axis;
use super::drawing::{Align, Area, Drawing, SIZE, SIZE_SMALL, Words};
use super::number;
use super::palette::{self, Ink};
use super::scale::{Scale, Ticks, decades};
use super::sheet::{name, sheet};
use super::{RARE, text};
use crate::results::summary::{Share, Summary};

const ROW: f64 = 48.0;
const NAMES: f64 = 224.0;
const VALUES: f64 = 186.0;
const BELOW: f64 = 46.0;
const GAP: f64 = 60.0;

struct Row {
    name: String,
    ink: Ink,
    share: Share,
}

/// Shares of the outcomes; where they differ a hundredfold, a second time by powers of ten.
pub fn draw(summary: &Summary) -> Drawing {
    let rows = rows(summary);
    let heading = "How it ends: share of replications by outcome";
    let interval =
        if summary.run.precision.is_some() { "95 % interval, valid at all looks" } else { "95 % Wilson interval" };
    let notes = [format!("Bars and dots: share of replications. Whiskers: {interval}.")];
    let height = ROW * rows.len().max(1) as f64 + BELOW;
    let (mut drawing, body) = sheet(summary, heading, &notes, height);
    let middle =
        Area { left: body.left + NAMES + 16.0, right: body.right - VALUES - 20.0, bottom: body.bottom - BELOW, ..body };
    let panels = panels(&mut drawing, middle, &rows);
    for (index, row) in rows.iter().enumerate() {
        let y = body.top + ROW * (index as f64 + 0.5);
        paint_bar(&mut drawing, panels.straight, row, y);
        if let Some(scale) = panels.by_powers {
            paint_dot(&mut drawing, scale, row, y);
        }
        paint_words(&mut drawing, body, row, y);
    }
    drawing
}

fn rows(summary: &Summary) -> Vec<Row> {
    let mut rows: Vec<Row> = summary
        .outcomes
        .iter()
        .enumerate()
        .map(|(index, outcome)| Row {
            name: name(&outcome.title, &outcome.id),
            ink: palette::outcome(index),
            share: outcome.share,
        })
        .collect();
    if summary.failed.share.count > 0 {
        rows.push(Row { name: "failed replications".to_string(), ink: Ink::FAILED, share: summary.failed.share });
    }
    rows
}

/// Scales of the panels, across the sheet.
struct Panels {
    straight: Scale,
    by_powers: Option<Scale>,
}

/// Paints the axes: one panel, or two where the smallest share would vanish on the first.
fn panels(drawing: &mut Drawing, room: Area, rows: &[Row]) -> Panels {
    let shares = || rows.iter().map(|row| row.share.share).filter(|&share| share > 0.0);
    let (least, most) = (shares().fold(1.0, f64::min), shares().fold(0.0, f64::max));
    let highest = rows.iter().map(|row| row.share.high).fold(0.0, f64::max).clamp(1e-6, 1.0);
    let two = most > RARE * least;
    let first = if two { Area { right: room.left + (room.width() - GAP) * 0.55, ..room } } else { room };
    let ticks = Ticks::around(0.0, highest, if two { 3 } else { 5 });
    let straight = Scale::linear(ticks.range(), (first.left, first.right));
    axis::paint_below(drawing, first, straight, &axis::share_marks(&ticks), "share");
    let by_powers = two.then(|| {
        let second = Area { left: first.right + GAP, ..room };
        let end = |share: &Share| if share.low > 0.0 { share.low } else { share.high };
        let lowest = rows.iter().map(|row| end(&row.share)).filter(|&end| end > 0.0).fold(least, f64::min);
        let range = decades(lowest, highest);
        let scale = Scale::log(range, (second.left, second.right));
        axis::paint_below(drawing, second, scale, &axis::decade_marks(range), "the same, by powers of ten");
        scale
    });
    Panels { straight, by_powers }
}

/// A bar from zero, and the interval over it.
fn paint_bar(drawing: &mut Drawing, scale: Scale, row: &Row, y: f64) {
    let bar = Area { left: scale.at(0.0), right: scale.at(row.share.share), top: y - 11.0, bottom: y + 11.0 };
    drawing.block(bar, row.ink);
    paint_interval(drawing, scale, row.share, y, 5.0);
}

/// A dot, as powers of ten have no zero to start a bar from; what never happened has an interval alone.
fn paint_dot(drawing: &mut Drawing, scale: Scale, row: &Row, y: f64) {
    paint_interval(drawing, scale, row.share, y, 9.0);
    if row.share.share > 0.0 {
        drawing.dot((scale.at(row.share.share), y), 5.5, row.ink);
    }
}

/// A line with end strokes that reach `half` up and down.
fn paint_interval(drawing: &mut Drawing, scale: Scale, share: Share, y: f64, half: f64) {
    let (low, high) = (scale.at(share.low), scale.at(share.high));
    for (ink, width) in [(Ink::WHITE, 4.5), (Ink::TEXT, 1.5)] {
        let more = (width - 1.5) / 2.0;
        drawing.line(vec![(low - more, y), (high + more, y)], ink, width);
        for x in [low, high] {
            drawing.line(vec![(x, y - half - more), (x, y + half + more)], ink, width);
        }
    }
}

/// The name on the left, and on the right share, count and interval in figures.
fn paint_words(drawing: &mut Drawing, body: Area, row: &Row, y: f64) {
    let lines = text::wrap(&row.name, SIZE, false, NAMES, 2);
    let top = y - 9.0 * lines.len().saturating_sub(1) as f64;
    for (index, line) in lines.into_iter().enumerate() {
        let at = (body.left + NAMES, top + 18.0 * index as f64);
        drawing.words(Words::new(line, at).align(Align::End));
    }
    let left = body.right - VALUES;
    let (share, count) = (number::percent(row.share.share), format!("({})", number::count(row.share.count)));
    let after = left + text::width(&share, SIZE, true) + 8.0;
    drawing.words(Words::new(share, (left, y - 9.0)).bold());
    drawing.words(Words::new(count, (after, y - 9.0)));
    let range = number::percent_range(row.share.low, row.share.high);
    drawing.words(Words::new(range, (left, y + 9.0)).size(SIZE_SMALL).ink(Ink::NOTE));
}
