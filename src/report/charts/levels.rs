//! How a rare event is climbed: the probability to reach each level, by powers of ten, with its interval.

use super::axis::{self, Mark};
use super::drawing::{Align, Area, Drawing, SIZE_SMALL, Words};
use super::number::{self, NBSP};
use super::palette::{self, Ink};
use super::scale::{Scale, power_of_ten};
use super::sheet::{captioned, name};
use super::text;
use crate::results::estimate::{Estimate, Level};

const PANEL: f64 = 320.0;
const LEFT: f64 = 96.0;
const BELOW: f64 = 52.0;
/// How many lines of powers of ten there are at most.
const DECADES_MAX: usize = 12;

/// A dot a level with its interval, joined from certainty down to the goal; between two the share that gets that far.
pub fn draw(estimate: &Estimate) -> Drawing {
    let run = &estimate.run;
    let heading = format!("The way to {}: how likely each level is", name(&run.goal_title, &run.goal_id));
    let notes = [
        "Dots: probability to reach a level of importance. Whiskers: 95 % interval from the repetitions.".to_string(),
        "Between them: the share of copies that get from one level to the next.".to_string(),
    ];
    let (mut drawing, body) = captioned(&caption(estimate), &heading, &notes, PANEL + BELOW + 12.0);
    let panel = Area { left: body.left + LEFT, top: body.top + 14.0, bottom: body.top + PANEL, ..body };
    let lows = estimate.levels.iter().filter(|level| level.low > 0.0).map(|level| level.low);
    let range = powers(lows.fold(1.0, f64::min));
    let up = Scale::log(range, (panel.bottom, panel.top));
    let along = Scale::linear((0.0, estimate.levels.len() as f64 + 0.4), (panel.left, panel.right));
    axis::paint_left(&mut drawing, panel, up, &marks(range), "probability, by powers of ten");
    axis::paint_below(&mut drawing, panel, along, &levels(&estimate.levels), "level: importance that is reached");
    paint(&mut drawing, &estimate.levels, along, up);
    drawing
}

fn caption(estimate: &Estimate) -> String {
    let run = &estimate.run;
    let variant = if run.variant_title.is_empty() { &run.variant } else { &run.variant_title };
    let parts = [
        text::clean(name(&run.title, &run.scenario).as_str()),
        format!("variant: {}", text::clean(variant)),
        format!("{}{NBSP}repetitions of {}{NBSP}copies", number::count(run.repetitions), number::count(run.effort)),
        format!("seed{NBSP}{}", run.seed),
        format!("run{NBSP}{}", run.run_hash.chars().take(12).collect::<String>()),
    ];
    parts.join(" · ")
}

/// From certainty down to the power of ten below a probability.
fn powers(low: f64) -> (i32, i32) {
    let bottom = libm::floor(libm::log10(low.max(f64::MIN_POSITIVE)) + 1e-9) as i32;
    (bottom.min(-1), 0)
}

/// Powers of ten as people write the very small ones.
fn marks((low, high): (i32, i32)) -> Vec<Mark> {
    let every = ((high - low) as usize).div_ceil(DECADES_MAX).max(1);
    let label = |power: i32| if power == 0 { "1".to_string() } else { format!("1e{power}") };
    (low..=high).rev().step_by(every).map(|power| Mark { value: power_of_ten(power), label: label(power) }).collect()
}

fn levels(levels: &[Level]) -> Vec<Mark> {
    let label = |level: &Level| match level.importance {
        None => "goal".to_string(),
        Some(importance) => {
            let decimals = if importance.floor() == importance { 0 } else { 3 };
            number::value(importance, decimals)
        }
    };
    let start = Mark { value: 0.0, label: "start".to_string() };
    let others =
        levels.iter().enumerate().map(|(index, level)| Mark { value: index as f64 + 1.0, label: label(level) });
    std::iter::once(start).chain(others).collect()
}

/// What was never reached ends the line, with its interval alone.
fn paint(drawing: &mut Drawing, levels: &[Level], along: Scale, up: Scale) {
    let ink = palette::outcome(0);
    let mut line = vec![(along.at(0.0), up.at(1.0))];
    let crowded = levels.len() > 16;
    for (index, level) in levels.iter().enumerate() {
        let x = along.at(index as f64 + 1.0);
        if level.low > 0.0 {
            drawing.line(vec![(x, up.at(level.low)), (x, up.at(level.high))], Ink::TEXT, 1.5);
            for end in [level.low, level.high] {
                drawing.line(vec![(x - 5.0, up.at(end)), (x + 5.0, up.at(end))], Ink::TEXT, 1.5);
            }
        }
        if level.probability <= 0.0 {
            break;
        }
        let at = (x, up.at(level.probability));
        if let (Some(before), false) = (line.last(), crowded) {
            let middle = (0.5 * (before.0 + at.0), 0.5 * (before.1 + at.1) - 10.0);
            drawing.words(
                Words::new(number::percent(level.share), middle).size(SIZE_SMALL).align(Align::Start).ink(Ink::NOTE),
            );
        }
        line.push(at);
    }
    drawing.line(line.clone(), ink, 2.0);
    for at in line.into_iter().skip(1) {
        drawing.dot(at, 5.0, ink);
    }
}
