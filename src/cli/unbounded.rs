//! `escalate exact --unbounded`: how a scenario ends if its turns never do, between sound bounds.

use super::figures::{grouped, lines, percent, table};
use super::terminal::bold;
use escalate::results::unbounded::{Ending, Unbounded};
use std::fmt::Write;

/// All that was found.
pub fn text(found: &Unbounded) -> String {
    let variant = if found.variant_title.is_empty() { &found.variant } else { &found.variant_title };
    let mut text = format!("{} [{variant}]\nwithout a horizon, ", bold(&found.title));
    let (states, transitions) = (grouped(found.states as u64), grouped(found.transitions as u64));
    let _ = writeln!(text, "{states} states, {transitions} transitions, scenario {}\n", &found.scenario_hash[..12]);
    let mut table = table(&["Outcome", "probability"], 1);
    for outcome in &found.outcomes {
        table.add_row([outcome.id.clone(), between(outcome)]);
    }
    for (ending, name) in [(&found.failed, "(failed)"), (&found.never, "(never decided)")] {
        if ending.high > 0.0 {
            table.add_row([name.to_owned(), between(ending)]);
        }
    }
    text.push_str(&lines(&table));
    let _ = match found.turns {
        Some(turns) => writeln!(text, "  Expected turns: {}", agreed(turns.low, turns.high)),
        None => writeln!(text, "  Expected turns: infinite, since it is not decided for certain"),
    };
    text.push('\n');
    text
}

/// A probability, or its bounds where twelve digits tell them apart.
fn between(ending: &Ending) -> String {
    if ending.low == ending.high && (ending.low == 0.0 || ending.low == 1.0) {
        return percent(ending.low);
    }
    format!("{} %", agreed(100.0 * ending.low, 100.0 * ending.high))
}

/// A number of which the bounds agree in twelve digits, else both.
fn agreed(low: f64, high: f64) -> String {
    let short = |value: f64| if (1e-3..1e9).contains(&value) { digits(value) } else { format!("{value:.11e}") };
    if high - low <= 1e-12 * high { short(0.5 * (low + high)) } else { format!("{} – {}", short(low), short(high)) }
}

/// Twelve digits.
fn digits(value: f64) -> String {
    let places = 11 - libm::floor(libm::log10(value)) as i32;
    format!("{value:.*}", places.clamp(0, 14) as usize)
}
