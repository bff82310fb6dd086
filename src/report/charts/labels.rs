//! Labels beside the ends of lines, pushed apart just as far as they need.

use super::drawing::{Drawing, Words};
use super::palette::Ink;
use super::text;

/// What a line is, to stand beside its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Where the line ends.
    pub y: f64,
    pub name: String,
    /// Set after the name, never cut.
    pub value: String,
    pub ink: Ink,
}

/// The column of labels: lines end at `line_end`, words run from `left` to `right`, between `top` and `bottom`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    pub line_end: f64,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub size: f64,
}

/// The height that a label takes, at a text size.
pub fn pitch(size: f64) -> f64 {
    size + 4.0
}

/// The width that the words of the labels want.
pub fn widest(labels: &[Label], size: f64) -> f64 {
    let names = labels.iter().map(|label| text::width(&label.name, size, false)).fold(0.0, f64::max);
    values(labels, size) + names
}

/// The width of the values, with the space before the names.
fn values(labels: &[Label], size: f64) -> f64 {
    labels.iter().map(|label| text::width(&label.value, size, true)).fold(0.0, f64::max) + 10.0
}

/// Paints the labels with a dot in the colour of the line, and a leader from its end.
pub fn paint(drawing: &mut Drawing, column: Column, labels: &[Label]) {
    let mut order: Vec<&Label> = labels.iter().collect();
    order.sort_by(|one, other| one.y.total_cmp(&other.y));
    let wanted: Vec<f64> = order.iter().map(|label| label.y).collect();
    let places = spread(&wanted, pitch(column.size), column.top, column.bottom);
    let names = column.left + values(labels, column.size);
    for (label, y) in order.into_iter().zip(places) {
        let dot = column.left - 10.0;
        let bend = column.line_end + 6.0;
        drawing.line(
            vec![(column.line_end, label.y), (bend, label.y), (dot - 8.0, y), (dot, y)],
            label.ink.tint(0.6),
            1.0,
        );
        drawing.dot((dot, y), 4.5, label.ink);
        drawing.words(Words::new(&label.value, (column.left, y)).size(column.size).bold());
        let name = text::fit(&label.name, column.size, false, column.right - names);
        drawing.words(Words::new(name, (names, y)).size(column.size));
    }
}

/// The places nearest to `wanted` (rising) that keep `gap` between neighbours and stay within `low` and `high`.
///
/// Least squares by pooling neighbours that are too near. Where all do not fit, the gap shrinks.
pub fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let count = wanted.len();
    if count == 0 {
        return Vec::new();
    }
    let between = (count - 1) as f64;
    let gap = if between > 0.0 { gap.min(((high - low) / between).max(0.0)) } else { gap };
    // Without the gaps, the places need only not fall: pools of (mean, size).
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (index, place) in wanted.iter().enumerate() {
        let mut pool = (place - index as f64 * gap, 1);
        while let Some(last) = pools.pop_if(|last| last.0 >= pool.0) {
            let size = last.1 + pool.1;
            pool = ((last.0 * last.1 as f64 + pool.0 * pool.1 as f64) / size as f64, size);
        }
        pools.push(pool);
    }
    let (first, last) = (low, (high - between * gap).max(low));
    let places = pools.into_iter().flat_map(|(mean, size)| std::iter::repeat_n(mean.clamp(first, last), size));
    places.enumerate().map(|(index, place)| place + index as f64 * gap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_what_is_apart() {
        assert_eq!(spread(&[10.0, 50.0, 90.0], 20.0, 0.0, 100.0), [10.0, 50.0, 90.0]);
        assert!(spread(&[], 20.0, 0.0, 100.0).is_empty());
    }

    #[test]
    fn pushes_apart_evenly_and_stays_inside() {
        assert_eq!(spread(&[50.0, 50.0], 20.0, 0.0, 100.0), [40.0, 60.0]);
        assert_eq!(spread(&[0.0, 0.0, 100.0], 20.0, 0.0, 100.0), [0.0, 20.0, 100.0]);
        assert_eq!(spread(&[99.0, 99.0, 100.0], 20.0, 0.0, 100.0), [60.0, 80.0, 100.0]);
        assert_eq!(spread(&[500.0], 20.0, 0.0, 100.0), [100.0]);
    }

    #[test]
    fn shrinks_where_all_do_not_fit() {
        assert_eq!(spread(&[5.0, 5.0, 5.0], 20.0, 0.0, 20.0), [0.0, 10.0, 20.0]);
    }
}
