//! The ladder over the turns: the share of replications whose highest rung fired in a turn was each rung.

use super::drawing::Drawing;
use super::grid::{Grid, Row};
use super::number;
use super::palette::{self, Ink};
use super::sheet::{name, sheet};
use super::turns::Turns;
use crate::results::summary::{Ladder, Summary};

/// A row a rung, the highest on top, firebreaks as dashed lines; none without a ladder.
pub fn draw(summary: &Summary) -> Option<Drawing> {
    let ladder = summary.ladder.as_ref()?;
    let heading = |first: &str, second: &str| [first.to_string(), second.to_string()];
    let grid = Grid {
        rows: rows(ladder, summary.run.replications),
        headings: vec![heading("highest", "in the run"), heading("", "count"), heading("this", "or higher")],
        swatches: true,
    };
    let shade =
        "Shade: share of replications whose highest rung fired in the turn was this one; an ended one keeps its last.";
    let mut notes = vec![shade.to_string()];
    if ladder.rungs.iter().any(|rung| rung.firebreak) {
        notes.push("Dashed line: a firebreak, crossed by whatever fires above it.".to_string());
    }
    let (mut drawing, body) = sheet(summary, "Rungs of the ladder by turn", &notes, grid.height());
    grid.paint(&mut drawing, body, &Turns::new(summary));
    Some(drawing)
}

/// Highest first, and last what fired nothing at all, if the counts leave any.
fn rows(ladder: &Ladder, n: u64) -> Vec<Row> {
    let row = |name: String, ink, by_turn: Vec<u64>, peak: u64, at_least: u64| Row {
        name,
        branch: false,
        ink,
        cells: by_turn.into_iter().map(|count| share(count, n)).collect(),
        figures: vec![number::percent(share(peak, n)), number::count(peak), number::percent(share(at_least, n))],
        line_below: false,
    };
    let mut at_least = 0;
    let mut rows = Vec::new();
    for (index, rung) in ladder.rungs.iter().enumerate().rev() {
        let by_turn = ladder.by_turn.iter().map(|turn| turn.get(index).copied().unwrap_or(0)).collect();
        let peak = ladder.peak.get(index).copied().unwrap_or(0);
        at_least = total(&[at_least, peak]);
        let ink = palette::rung(index, ladder.rungs.len());
        rows.push(Row { line_below: rung.firebreak, ..row(name("", &rung.id), ink, by_turn, peak, at_least) });
    }
    let rest: Vec<u64> = ladder.by_turn.iter().map(|turn| n.saturating_sub(total(turn))).collect();
    if rest.iter().any(|&count| count > 0) {
        rows.push(row("no rung".to_string(), Ink::FAILED, rest, n.saturating_sub(at_least), n));
    }
    rows
}

fn total(counts: &[u64]) -> u64 {
    counts.iter().fold(0, |sum, &count| sum.saturating_add(count))
}

fn share(count: u64, n: u64) -> f64 {
    if n == 0 { 0.0 } else { count as f64 / n as f64 }
}
