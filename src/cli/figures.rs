//! Numbers as people read them.

use comfy_table::{CellAlignment, Table, presets};
use escalate::results::summary::{Share, Timing};

/// `100,000`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share in per cent, with three digits that matter; 0 and 100 only where it is exactly that.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let text = match percent {
        0.0 => return "0 %".to_owned(),
        p if p < 0.000_1 => return format!("{p:.1e} %"),
        p if p < 0.01 => format!("{p:.5}"),
        p if p < 0.1 => format!("{p:.4}"),
        p if p < 1.0 => format!("{p:.3}"),
        p if p < 10.0 => format!("{p:.2}"),
        p if p < 99.95 || p == 100.0 => format!("{p:.1}"),
        p => format!("{p:.4}"),
    };
    format!("{text} %")
}

pub fn interval(share: &Share) -> String {
    let (low, high) = (percent(share.low), percent(share.high));
    format!("{} – {high}", low.trim_end_matches(" %"))
}

/// Median and quartiles of a turn, with the date of the median if turns have dates.
pub fn timing(timing: Option<Timing>, calendar: &[String]) -> String {
    let Some(Timing { q25, median, q75, .. }) = timing else { return "–".to_owned() };
    let date = calendar.get(median as usize).filter(|label| **label != median.to_string());
    let date = date.map_or_else(String::new, |label| format!(" {label}"));
    if q25 == q75 { format!("{median}{date}") } else { format!("{median} ({q25}–{q75}){date}") }
}

/// The first turn by which something has happened in half of all replications.
pub fn half_of_all(timing: Option<Timing>) -> String {
    timing.and_then(|timing| timing.half_of_all).map_or_else(|| "–".to_owned(), |turn| turn.to_string())
}

/// A number with four digits that matter.
pub fn short(value: f64) -> String {
    if value.is_nan() {
        return "–".to_owned();
    }
    let size = value.abs();
    match size {
        s if s.floor() == s && s < 1e9 => format!("{value}"),
        s if s >= 1_000.0 => format!("{value:.0}"),
        s if s >= 100.0 => format!("{value:.1}"),
        s if s >= 10.0 => format!("{value:.2}"),
        s if s >= 0.001 => format!("{value:.3}"),
        _ => format!("{value:.2e}"),
    }
}

/// A table without lines but under its head; all columns but the first `left` to the right.
pub fn table(head: &[&str], left: usize) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(head.iter().copied());
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((if index == 0 { 2 } else { 1 }, 1));
        if index >= left {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// A table as lines without space at their ends.
pub fn lines(table: &Table) -> String {
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
