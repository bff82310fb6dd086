//! What turns are called: dates, if the scenario says when it starts and how long a turn is.

use super::compiler::Compiler;
use crate::diagnostic::{Code, Diagnostic};
use crate::scenario::Name;
use jiff::civil::Date;
use jiff::{Span, ToSpan};

impl Compiler<'_> {
    /// A label for every turn from 0, and what a turn stands for.
    pub fn calendar(&mut self) -> (Vec<String>, String) {
        let header = &self.world.scenario.header;
        let numbers = || (0..=self.world.turns).map(|turn| turn.to_string()).collect();
        let length_text = header.turn.as_ref().map(|text| text.value.clone()).unwrap_or_default();
        let length = header.turn.as_ref().map(|text| (length(&text.value), text.span));
        if let Some((None, span)) = length {
            let message = format!("`{length_text}` is no length of a turn");
            let hint = "write a number and a unit: `1 day`, `2 weeks`, `1 month`, `1 year`";
            self.findings.push(Diagnostic::new(Code::BadValue, span, message).hint(hint));
        }
        // A date of TOML may have a time, and be a time without a date.
        let day = |start: &Name| start.text.parse::<Date>().ok().filter(|date| date.to_string() == start.text);
        if let Some(start) = header.start.as_ref().filter(|start| day(start).is_none()) {
            let finding = Diagnostic::new(Code::BadValue, start.span, "`start` is a date without a time of day");
            self.findings.push(finding.hint("write it like `2024-06-20`"));
        }
        let (Some(start), Some((Some((count, unit)), span))) = (&header.start, length) else {
            return (numbers(), length_text);
        };
        let Some(first) = day(start) else { return (numbers(), length_text) };
        let mut labels = vec!["start".to_owned()];
        for turn in 0..i64::from(self.world.turns) {
            match first.checked_add(unit.times(turn * count)) {
                // The day is left out where every turn begins with the month.
                Ok(date) if unit.is_long() && first.day() == 1 => labels.push(date.strftime("%Y-%m").to_string()),
                Ok(date) => labels.push(date.to_string()),
                Err(_) => {
                    let message = "the last turn lies beyond the calendar, which ends with the year 9999";
                    self.findings.push(Diagnostic::new(Code::OutOfBounds, span, message));
                    return (numbers(), length_text);
                }
            }
        }
        (labels, length_text)
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    fn times(self, count: i64) -> Span {
        // The spans of 10,000 turns of 1,000 units stay within what a span can hold but for weeks of years past 9999,
        // which the calendar refuses; `try_` keeps the others from overflowing.
        let zero = Span::new();
        match self {
            Unit::Day => zero.try_days(count).unwrap_or(7_304_484.days()),
            Unit::Week => zero.try_weeks(count).unwrap_or(7_304_484.days()),
            Unit::Month => zero.try_months(count).unwrap_or(7_304_484.days()),
            Unit::Year => zero.try_years(count).unwrap_or(7_304_484.days()),
        }
    }

    fn is_long(self) -> bool {
        matches!(self, Unit::Month | Unit::Year)
    }
}

/// `2 weeks` as a count and a unit.
fn length(text: &str) -> Option<(i64, Unit)> {
    let mut words = text.split_whitespace();
    let (count, unit) = (words.next()?, words.next()?);
    let count: i64 = count.parse().ok().filter(|count| (1..=1_000).contains(count))?;
    if words.next().is_some() {
        return None;
    }
    let unit = match unit.strip_suffix('s').unwrap_or(unit) {
        "day" => Unit::Day,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "year" => Unit::Year,
        _ => return None,
    };
    Some((count, unit))
}
