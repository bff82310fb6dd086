//! Axes of shares and of values: grid lines, their labels, and what they measure.

use super::drawing::{Align, Area, Drawing, SIZE, SIZE_SMALL, Words};
use super::number::{self, NBSP};
use super::palette::Ink;
use super::scale::{Scale, Ticks, power_of_ten};
use super::text;

/// A value to mark on an axis, and how it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub value: f64,
    pub label: String,
}

/// Marks of shares, as percentages.
pub fn share_marks(ticks: &Ticks) -> Vec<Mark> {
    let decimals = number::decimals_of(ticks.step * 100.0);
    let label = |value: f64| format!("{}{NBSP}%", number::value(value * 100.0, decimals));
    ticks.values.iter().map(|&value| Mark { value, label: label(value) }).collect()
}

/// Marks of shares at powers of ten, as percentages.
pub fn decade_marks((low, high): (i32, i32)) -> Vec<Mark> {
    let label = |power: i32| {
        let decimals = usize::try_from(-2 - power).unwrap_or(0);
        format!("{}{NBSP}%", number::value(power_of_ten(power + 2), decimals))
    };
    let every = ((high - low) as usize).div_ceil(7).max(1);
    (low..=high).rev().step_by(every).map(|power| Mark { value: power_of_ten(power), label: label(power) }).collect()
}

/// Marks of values, with the decimals that their step needs.
pub fn value_marks(ticks: &Ticks) -> Vec<Mark> {
    let decimals = number::decimals_of(ticks.step);
    ticks.values.iter().map(|&value| Mark { value, label: number::value(value, decimals) }).collect()
}

/// The widest label.
pub fn widest(marks: &[Mark]) -> f64 {
    marks.iter().map(|mark| text::width(&mark.label, SIZE_SMALL, false)).fold(0.0, f64::max)
}

/// Paints level grid lines over a panel, their labels left of it, and the title upright along them.
pub fn paint_left(drawing: &mut Drawing, panel: Area, scale: Scale, marks: &[Mark], title: &str) {
    for mark in marks {
        let y = scale.at(mark.value);
        drawing.line(vec![(panel.left, y), (panel.right, y)], Ink::GRID, 1.0);
        drawing.words(Words::new(&mark.label, (panel.left - 8.0, y)).size(SIZE_SMALL).align(Align::End));
    }
    let x = panel.left - 8.0 - widest(marks) - 16.0;
    let title = text::fit(&text::clean(title), SIZE, false, panel.height());
    drawing.words(Words::new(title, (x, panel.middle())).align(Align::Middle).upright().ink(Ink::NOTE));
}

/// Paints standing grid lines over a panel, with those labels below it that leave each other room.
pub fn paint_below(drawing: &mut Drawing, panel: Area, scale: Scale, marks: &[Mark], title: &str) {
    let mut free = f64::MIN;
    let mut rising: Vec<&Mark> = marks.iter().collect();
    rising.sort_by(|one, other| one.value.total_cmp(&other.value));
    for mark in rising {
        let x = scale.at(mark.value);
        drawing.line(vec![(x, panel.top), (x, panel.bottom)], Ink::GRID, 1.0);
        let half = text::width(&mark.label, SIZE_SMALL, false) / 2.0;
        if x - half >= free {
            let at = (x, panel.bottom + 14.0);
            drawing.words(Words::new(&mark.label, at).size(SIZE_SMALL).align(Align::Middle));
            free = x + half + 8.0;
        }
    }
    drawing.line(vec![(panel.left, panel.top), (panel.left, panel.bottom)], Ink::AXIS, 1.0);
    let title = text::fit(&text::clean(title), SIZE, false, panel.width() + 40.0);
    let middle = (panel.left + panel.right) / 2.0;
    drawing.words(Words::new(title, (middle, panel.bottom + 36.0)).align(Align::Middle).ink(Ink::NOTE));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(marks: &[Mark]) -> Vec<String> {
        marks.iter().map(|mark| mark.label.replace(NBSP, " ")).collect()
    }

    #[test]
    fn shares_read_as_percentages() {
        assert_eq!(labels(&share_marks(&Ticks::around(0.0, 1.0, 4))), ["0 %", "50 %", "100 %"]);
        assert_eq!(labels(&share_marks(&Ticks::around(0.0, 0.004, 4)))[1], "0.1 %");
        assert_eq!(labels(&decade_marks((-4, 0))), ["100 %", "10 %", "1 %", "0.1 %", "0.01 %"]);
        assert_eq!(decade_marks((-12, 0)).len(), 7);
    }

    #[test]
    fn values_keep_their_decimals() {
        assert_eq!(labels(&value_marks(&Ticks::around(0.0, 1.0, 5)))[1], "0.2");
        assert_eq!(labels(&value_marks(&Ticks::around(0.0, 20_000.0, 2)))[1], "10 000");
    }
}
