//! The calendar under a chart: which turns to label, and the axis they stand on.

use super::drawing::{Align, Area, Drawing, SIZE, SIZE_SMALL, Words};
use super::palette::Ink;
use super::text;
use crate::results::summary::Summary;

/// The room that the calendar takes below a panel.
pub const HEIGHT: f64 = 48.0;

/// The widest that a label of a turn may be.
const LABEL_MAX: f64 = 110.0;

/// The turns of a run, and what they are called.
#[derive(Debug, Clone, PartialEq)]
pub struct Turns {
    pub labels: Vec<String>,
    pub title: String,
    monthly: bool,
    numbered: bool,
}

impl Turns {
    pub fn new(summary: &Summary) -> Self {
        let numbered = summary.calendar.iter().enumerate().all(|(turn, label)| *label == turn.to_string());
        let length = text::clean(&summary.turn_length);
        let title = match (numbered, length.as_str()) {
            (true, "") => "turn".to_string(),
            (true, length) => format!("turn (one turn is {length})"),
            (false, "") => "date".to_string(),
            (false, length) => format!("date (one turn is {length})"),
        };
        let mut labels: Vec<String> = summary.calendar.iter().map(|label| text::clean(label)).collect();
        if labels.is_empty() {
            labels.push("0".to_string());
        }
        for label in &mut labels {
            *label = text::fit(label, SIZE_SMALL, false, LABEL_MAX);
        }
        Self { labels, title, monthly: length.contains("month"), numbered }
    }

    /// The number of the last turn.
    pub fn last(&self) -> usize {
        self.labels.len() - 1
    }

    /// What a turn is called.
    pub fn label(&self, turn: usize) -> String {
        self.labels.get(turn).cloned().unwrap_or_else(|| turn.to_string())
    }

    /// How wide the label of a turn is.
    pub fn width(&self, turn: usize) -> f64 {
        text::width(&self.label(turn), SIZE_SMALL, false)
    }

    /// Every how many turns a label fits, where turns stand `apart` pixels from one another: a round number of them.
    fn every(&self, apart: f64) -> usize {
        const MONTHS: [usize; 6] = [1, 2, 3, 6, 12, 24];
        const PLAIN: [usize; 6] = [1, 2, 5, 10, 20, 50];
        let widest = (0..self.labels.len()).map(|turn| self.width(turn)).fold(0.0, f64::max);
        let fits = |every: usize| every as f64 * apart >= widest + 12.0;
        let steps = if self.monthly { MONTHS } else { PLAIN };
        let round = (0..6).flat_map(|power| {
            let scale = if power == 0 { 1 } else { 100 * 10_usize.pow(power - 1) };
            steps.map(|step| step * scale)
        });
        round.filter(|&every| fits(every)).min().unwrap_or(PLAIN[5] * 10_000_000)
    }

    /// The turns to label from `first` on, where turns stand `apart` pixels from one another; of numbers, the round ones.
    pub fn marked(&self, first: usize, apart: f64) -> Vec<usize> {
        let every = self.every(apart);
        let start = if self.numbered { first.next_multiple_of(every) } else { first };
        (start..self.labels.len()).step_by(every).collect()
    }

    /// Paints the axis below a panel; `at` places a turn.
    pub fn paint_axis(&self, drawing: &mut Drawing, panel: Area, at: impl Fn(usize) -> f64) {
        let apart = if self.last() == 0 { panel.width() } else { at(1) - at(0) };
        drawing.line(vec![(panel.left, panel.bottom), (panel.right, panel.bottom)], Ink::AXIS, 1.0);
        if apart >= 5.0 {
            for turn in 0..self.labels.len() {
                drawing.line(vec![(at(turn), panel.bottom), (at(turn), panel.bottom + 3.0)], Ink::AXIS, 1.0);
            }
        }
        for turn in self.marked(0, apart) {
            drawing.line(vec![(at(turn), panel.bottom), (at(turn), panel.bottom + 6.0)], Ink::AXIS, 1.0);
            self.paint_label(drawing, turn, (at(turn), panel.bottom + 17.0));
        }
        self.paint_title(drawing, ((panel.left + panel.right) / 2.0, panel.bottom + 38.0));
    }

    /// Paints the label of a turn around a place.
    pub fn paint_label(&self, drawing: &mut Drawing, turn: usize, at: (f64, f64)) {
        drawing.words(Words::new(self.label(turn), at).align(Align::Middle).size(SIZE_SMALL));
    }

    /// Paints what the labels mean around a place.
    pub fn paint_title(&self, drawing: &mut Drawing, at: (f64, f64)) {
        let title = text::fit(&self.title, SIZE, false, 460.0);
        drawing.words(Words::new(title, at).align(Align::Middle).ink(Ink::NOTE));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::charts::sample;

    #[test]
    fn labels_every_few_turns() {
        let turns = Turns::new(&sample::realistic());
        assert_eq!(turns.title, "date (one turn is 1 month)");
        assert_eq!(turns.marked(0, 25.0), [0, 3, 6, 9, 12, 15, 18, 21, 24]);
        assert_eq!(turns.marked(0, 200.0).len(), 25);
        assert_eq!(turns.marked(1, 0.001), [1]);
    }

    #[test]
    fn numbers_are_turns() {
        let mut summary = sample::realistic();
        summary.calendar = (0..400).map(|turn| turn.to_string()).collect();
        summary.turn_length = String::new();
        let turns = Turns::new(&summary);
        assert_eq!(turns.title, "turn");
        assert_eq!(turns.marked(1, 2.0)[..2], [20, 40]);
        summary.calendar.clear();
        assert_eq!(Turns::new(&summary).last(), 0);
    }
}
