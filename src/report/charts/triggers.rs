//! How often and when each trigger fires.

use super::drawing::Drawing;
use super::grid::{Grid, Row};
use super::number;
use super::palette::Ink;
use super::sheet::{name, sheet};
use super::turns::Turns;
use crate::results::summary::{Event, Summary};

/// A row a trigger, its branches indented below it; none without triggers.
pub fn draw(summary: &Summary) -> Option<Drawing> {
    if summary.events.is_empty() {
        return None;
    }
    let turns = Turns::new(summary);
    let n = summary.run.replications;
    let grid = Grid {
        rows: summary.events.iter().map(|event| row(event, n, &turns)).collect(),
        headings: vec![["fires".to_string(), "at all".to_string()], ["first time,".to_string(), "median".to_string()]],
        swatches: false,
    };
    let notes =
        ["Shade: share of replications in which it fires in the turn. Indented: branches of the row above."
            .to_string()];
    let (mut drawing, body) = sheet(summary, "When each trigger fires", &notes, grid.height());
    grid.paint(&mut drawing, body, &turns);
    Some(drawing)
}

fn row(event: &Event, n: u64, turns: &Turns) -> Row {
    let share = |&count: &u64| if n == 0 { 0.0 } else { (count as f64 / n as f64).min(1.0) };
    Row {
        name: event_name(event),
        branch: event.branch,
        ink: Ink::SHARE,
        cells: event.by_turn.iter().map(share).collect(),
        figures: vec![
            if event.share.count == 0 { "never".to_string() } else { number::percent(event.share.share) },
            event.timing.map_or("–".to_string(), |timing| turns.label(timing.median as usize)),
        ],
        line_below: false,
    }
}

/// A branch goes by its own part of the id, as its trigger stands above it.
fn event_name(event: &Event) -> String {
    let id = event.id.as_str();
    let own = if event.branch { id.rsplit_once('.').map_or(id, |(_, own)| own) } else { id };
    if event.title == event.id { name("", own) } else { name(&event.title, own) }
}
