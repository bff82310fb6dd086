//! A matrix of shares: a row a thing, a column a turn, the shade of a cell the share; and figures beside the rows.

use super::drawing::{Align, Area, Drawing, SIZE, SIZE_SMALL, Words};
use super::number::NBSP;
use super::palette::Ink;
use super::text;
use super::turns::Turns;

/// The upper ends of the classes of shares, with their strength of colour.
const CLASSES: [(f64, f64, &str); 6] = [
    (0.001, 0.20, "0.1"),
    (0.01, 0.35, "1"),
    (0.05, 0.50, "5"),
    (0.20, 0.66, "20"),
    (0.50, 0.83, "50"),
    (f64::INFINITY, 1.0, "100"),
];

const ROW: f64 = 21.0;
const NAMES_MAX: f64 = 280.0;
const INDENT: f64 = 18.0;
const HEAD: f64 = 46.0;
const LEGEND: f64 = 30.0;
const GAP: f64 = 22.0;
/// Room for the words before the key.
const KEY: f64 = 140.0;

/// One row of the matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub name: String,
    /// Whether it belongs to a row above.
    pub branch: bool,
    pub ink: Ink,
    /// Shares by turn.
    pub cells: Vec<f64>,
    /// One for every heading of a column of figures.
    pub figures: Vec<String>,
    /// A dashed line below the row.
    pub line_below: bool,
}

/// The matrix, to be painted on a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    pub rows: Vec<Row>,
    /// Headings of the columns of figures, each in two lines.
    pub headings: Vec<[String; 2]>,
    /// Whether a swatch shows the colour of each row.
    pub swatches: bool,
}

impl Grid {
    /// The height that it takes.
    pub fn height(&self) -> f64 {
        HEAD + ROW * self.rows.len() as f64 + HEAD + LEGEND
    }

    /// Paints it: turns above and below, names left, figures right, and the key to the shades.
    pub fn paint(&self, drawing: &mut Drawing, body: Area, turns: &Turns) {
        let names = self.names_width();
        let widths = self.figure_widths();
        let figures: f64 = widths.iter().map(|width| width + GAP).sum();
        let cells = Area {
            left: body.left + names + 12.0,
            top: body.top + HEAD,
            right: body.right - figures,
            bottom: body.top + HEAD + ROW * self.rows.len() as f64,
        };
        let columns = Columns::new(self.first_turn(), turns.last(), cells);
        self.paint_stripes(drawing, body, cells);
        paint_turns(drawing, turns, &columns, cells);
        for (index, row) in self.rows.iter().enumerate() {
            let top = cells.top + ROW * index as f64;
            self.paint_name(drawing, row, body.left, body.left + names, top + ROW / 2.0);
            columns.paint_row(drawing, row, top);
            paint_figures(drawing, &row.figures, &widths, (cells.right, top + ROW / 2.0), Ink::TEXT);
            if row.line_below {
                drawing.dashes(top + ROW, body.left, body.right, Ink::TEXT, 1.6);
            }
        }
        for line in 0..2 {
            let headings: Vec<String> = self.headings.iter().map(|heading| heading[line].clone()).collect();
            let y = cells.top - 34.0 + 18.0 * line as f64;
            paint_figures(drawing, &headings, &widths, (cells.right, y), Ink::NOTE);
        }
        paint_key(drawing, (cells.left, cells.bottom + HEAD + 14.0));
    }

    /// Turn 0 is left out where nothing is in it.
    fn first_turn(&self) -> usize {
        let empty = self.rows.iter().all(|row| row.cells.first().is_none_or(|&share| share <= 0.0));
        usize::from(empty && self.rows.iter().any(|row| row.cells.len() > 1))
    }

    fn names_width(&self) -> f64 {
        let wide = |row: &Row| self.name_left(row) + text::width(&row.name, SIZE, false);
        self.rows.iter().map(wide).fold(KEY, f64::max).min(NAMES_MAX)
    }

    /// How far from the left a name starts.
    fn name_left(&self, row: &Row) -> f64 {
        let indent = if row.branch { INDENT } else { 0.0 };
        indent + if self.swatches { 20.0 } else { 0.0 }
    }

    fn figure_widths(&self) -> Vec<f64> {
        let width = |text: &str| text::width(text, SIZE_SMALL, true);
        let widest = |column: usize| {
            let figures = self.rows.iter().filter_map(|row| row.figures.get(column)).map(|figure| width(figure));
            figures.chain(self.headings[column].iter().map(|line| width(line))).fold(0.0, f64::max)
        };
        (0..self.headings.len()).map(widest).collect()
    }

    /// A light stripe behind every other row and its branches.
    fn paint_stripes(&self, drawing: &mut Drawing, body: Area, cells: Area) {
        let mut odd = false;
        for (index, row) in self.rows.iter().enumerate() {
            odd = if row.branch { odd } else { !odd };
            if odd {
                let top = cells.top + ROW * index as f64;
                drawing.block(
                    Area { left: body.left - 4.0, right: body.right + 4.0, top, bottom: top + ROW },
                    Ink::STRIPE,
                );
            }
        }
    }

    fn paint_name(&self, drawing: &mut Drawing, row: &Row, left: f64, right: f64, y: f64) {
        let x = left + self.name_left(row);
        if self.swatches {
            drawing.block(Area { left: x - 20.0, right: x - 8.0, top: y - 6.0, bottom: y + 6.0 }, row.ink);
        }
        let name = text::fit(&row.name, SIZE, false, right - x);
        let ink = if row.branch { Ink::NOTE } else { Ink::TEXT };
        drawing.words(Words::new(name, (x, y)).ink(ink));
    }
}

/// One line of the columns of figures, from the right end of the cells on.
fn paint_figures(drawing: &mut Drawing, figures: &[String], widths: &[f64], (left, y): (f64, f64), ink: Ink) {
    let mut x = left;
    for (figure, width) in figures.iter().zip(widths) {
        x += GAP + width;
        drawing.words(Words::new(figure, (x, y)).size(SIZE_SMALL).align(Align::End).ink(ink));
    }
}

/// Where the columns of turns are.
struct Columns {
    first: usize,
    last: usize,
    left: f64,
    width: f64,
}

impl Columns {
    fn new(first: usize, last: usize, cells: Area) -> Self {
        let last = last.max(first);
        Self { first, last, left: cells.left, width: cells.width() / (last - first + 1) as f64 }
    }

    fn left_of(&self, turn: usize) -> f64 {
        self.left + self.width * (turn - self.first) as f64
    }

    fn paint_row(&self, drawing: &mut Drawing, row: &Row, top: f64) {
        let gap = if self.width > 6.0 { 0.8 } else { 0.0 };
        for turn in self.first..=self.last {
            let share = row.cells.get(turn).copied().unwrap_or(0.0);
            if share > 0.0 {
                let left = self.left_of(turn);
                let cell =
                    Area { left: left + gap, right: left + self.width - gap, top: top + 1.5, bottom: top + ROW - 1.5 };
                drawing.block(cell, row.ink.tint(strength(share)));
            }
        }
    }
}

fn strength(share: f64) -> f64 {
    CLASSES.into_iter().find(|class| share <= class.0).map_or(1.0, |class| class.1)
}

fn paint_turns(drawing: &mut Drawing, turns: &Turns, columns: &Columns, cells: Area) {
    for y in [cells.top, cells.bottom] {
        drawing.line(vec![(cells.left, y), (cells.right, y)], Ink::AXIS, 1.0);
    }
    for turn in turns.marked(columns.first, columns.width) {
        let x = columns.left_of(turn) + columns.width / 2.0;
        if x + turns.width(turn) / 2.0 + 3.0 > cells.right + GAP {
            continue;
        }
        drawing.line(vec![(x, cells.top), (x, cells.bottom)], Ink::GRID, 1.0);
        for (from, to, label) in [(cells.top, -5.0, -14.0), (cells.bottom, 5.0, 15.0)] {
            drawing.line(vec![(x, from), (x, from + to)], Ink::AXIS, 1.0);
            turns.paint_label(drawing, turn, (x, from + label));
        }
    }
    turns.paint_title(drawing, ((cells.left + cells.right) / 2.0, cells.bottom + 35.0));
}

/// The key: a swatch a class, in the colour that means a share.
fn paint_key(drawing: &mut Drawing, (left, y): (f64, f64)) {
    drawing.words(Words::new("share in a turn:", (left - 12.0, y)).size(SIZE_SMALL).align(Align::End).ink(Ink::NOTE));
    let mut x = left;
    for (_, strength, label) in CLASSES {
        drawing.block(Area { left: x, right: x + 22.0, top: y - 7.0, bottom: y + 7.0 }, Ink::SHARE.tint(strength));
        let label = format!("≤{NBSP}{label}{NBSP}%");
        let width = text::width(&label, SIZE_SMALL, false);
        drawing.words(Words::new(label, (x + 27.0, y)).size(SIZE_SMALL));
        x += 27.0 + width + 10.0;
    }
}
