//! The sheet of every chart: heading and notes above, the chart, and below it what was run.

use super::drawing::{Area, Drawing, SIZE, SIZE_HEADING, SIZE_SMALL, Words};
use super::number;
use super::palette::Ink;
use super::text;
use crate::results::summary::{Run, Summary};

/// The width of every sheet, and the margin around it.
pub const WIDTH: f64 = 960.0;
pub const MARGIN: f64 = 28.0;

const ROOM: f64 = WIDTH - 2.0 * MARGIN;
const LINE: f64 = 19.0;

/// An empty sheet with its words, and the area left for a chart that is `height` high.
pub fn sheet(summary: &Summary, heading: &str, notes: &[String], height: f64) -> (Drawing, Area) {
    captioned(&caption(&summary.run), heading, notes, height)
}

/// The same with any line about what was run.
pub fn captioned(caption: &str, heading: &str, notes: &[String], height: f64) -> (Drawing, Area) {
    let heading = text::clean(heading);
    let headings = text::wrap(&heading, SIZE_HEADING, true, ROOM, 2);
    let notes: Vec<String> =
        notes.iter().flat_map(|note| text::wrap(&text::clean(note), SIZE, false, ROOM, 2)).collect();
    let caption = text::wrap(caption, SIZE_SMALL, false, ROOM, 3);

    let mut drawing = Drawing::new(&heading, WIDTH, 0.0);
    let mut y = MARGIN + SIZE_HEADING / 2.0;
    for line in headings {
        drawing.words(Words::new(line, (MARGIN, y)).size(SIZE_HEADING).bold());
        y += 25.0;
    }
    for line in notes {
        drawing.words(Words::new(line, (MARGIN, y)).ink(Ink::NOTE));
        y += LINE;
    }
    let body = Area { left: MARGIN, top: y + 4.0, right: WIDTH - MARGIN, bottom: y + 4.0 + height };
    y = body.bottom + 12.0;
    drawing.line(vec![(MARGIN, y), (WIDTH - MARGIN, y)], Ink::GRID, 1.0);
    y += 16.0;
    for line in caption {
        drawing.words(Words::new(line, (MARGIN, y)).size(SIZE_SMALL).ink(Ink::NOTE));
        y += LINE;
    }
    drawing.height = libm::ceil(y + MARGIN - LINE);
    (drawing, body)
}

/// What was run, in a line: title, variant, replications, seed, and the start of the run hash.
fn caption(run: &Run) -> String {
    let short = |text: &str, room| text::fit(&text::clean(text), SIZE_SMALL, false, room);
    let variant = if run.variant_title.is_empty() { &run.variant } else { &run.variant_title };
    let mut parts = vec![
        short(or_else(&run.title, &run.scenario), 620.0),
        format!("variant: {}", short(variant, 420.0)),
        format!("n{0}={0}{1} replications", number::NBSP, number::count(run.replications)),
        format!("seed{}{}", number::NBSP, run.seed),
        format!("run{}{}", number::NBSP, run.run_hash.chars().take(12).collect::<String>()),
    ];
    if run.first > 0 {
        parts.push(format!("from replication{}{}", number::NBSP, number::count(run.first)));
    }
    if run.interrupted {
        parts.push("stopped early".to_string());
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

fn or_else<'a>(title: &'a str, id: &'a str) -> &'a str {
    if title.trim().is_empty() { id } else { title }
}

/// What to call a thing: its title, or its id with spaces if that is all there is.
pub fn name(title: &str, id: &str) -> String {
    let title = text::clean(title);
    if title.is_empty() || title == id { text::clean(id).replace('_', " ") } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::charts::sample;

    #[test]
    fn caption_tells_the_run() {
        let caption = caption(&sample::realistic().run);
        for part in
            ["Arms for Ukraine", "variant: base", "100\u{a0}000 replications", "seed\u{a0}20", "run\u{a0}3f9a0c51d27e"]
        {
            assert!(caption.contains(part), "{part} in {caption}");
        }
    }

    #[test]
    fn caption_keeps_the_run_of_a_long_title() {
        let mut run = sample::realistic().run;
        run.title = "word ".repeat(200);
        run.variant_title = "w".repeat(200);
        let lines = text::wrap(&caption(&run), SIZE_SMALL, false, ROOM, 3);
        assert!(lines.join(" ").contains("3f9a0c51d27e"));
    }

    #[test]
    fn names_fall_back_on_the_id() {
        assert_eq!(name("", "policy_review"), "policy review");
        assert_eq!(name("policy_review", "policy_review"), "policy review");
        assert_eq!(name("Review & more", "policy_review"), "Review & more");
    }
}
