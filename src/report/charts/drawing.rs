//! A drawing as data: shapes and words at places on a sheet, in pixels, before any file format.

use super::palette::Ink;
use super::text;

/// The size of the words of a chart, and of its notes, caption and heading.
pub const SIZE: f64 = 14.0;
pub const SIZE_SMALL: f64 = 13.0;
pub const SIZE_HEADING: f64 = 19.0;

/// Shapes on a white sheet, painted in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// What it shows, for readers who cannot see it.
    pub title: String,
    pub width: f64,
    pub height: f64,
    pub shapes: Vec<Shape>,
}

/// One thing to paint. Coordinates run right and down.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    Line { points: Vec<(f64, f64)>, ink: Ink, width: f64 },
    Polygon { points: Vec<(f64, f64)>, ink: Ink },
    Block { area: Area, ink: Ink },
    Dot { at: (f64, f64), radius: f64, ink: Ink },
    Words(Words),
}

/// A line of text, its anchor at mid-height.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    pub text: String,
    pub at: (f64, f64),
    pub align: Align,
    pub size: f64,
    pub bold: bool,
    /// Read from bottom to top.
    pub upright: bool,
    pub ink: Ink,
}

/// Which part of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Start,
    Middle,
    End,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub fn middle(&self) -> f64 {
        (self.top + self.bottom) / 2.0
    }
}

impl Words {
    /// A line of plain text at a place.
    pub fn new(text: impl AsRef<str>, at: (f64, f64)) -> Self {
        Self {
            text: text::clean(text.as_ref()),
            at,
            align: Align::Start,
            size: SIZE,
            bold: false,
            upright: false,
            ink: Ink::TEXT,
        }
    }

    pub fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }

    pub fn size(self, size: f64) -> Self {
        Self { size, ..self }
    }

    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub fn upright(self) -> Self {
        Self { upright: true, ..self }
    }

    pub fn ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }

    /// Where the text lies, by a width that real fonts seldom exceed.
    #[cfg(test)]
    pub fn bounds(&self) -> Area {
        let long = text::width(&self.text, self.size, self.bold);
        let before = match self.align {
            Align::Start => 0.0,
            Align::Middle => long / 2.0,
            Align::End => long,
        };
        let (half, (x, y)) = (self.size * 0.5, self.at);
        if self.upright {
            Area { left: x - half, right: x + half, top: y + before - long, bottom: y + before }
        } else {
            Area { left: x - before, right: x - before + long, top: y - half, bottom: y + half }
        }
    }
}

impl Drawing {
    /// An empty sheet.
    pub fn new(title: impl AsRef<str>, width: f64, height: f64) -> Self {
        Self { title: text::clean(title.as_ref()), width, height, shapes: Vec::new() }
    }

    /// Adds a text, unless it is empty.
    pub fn words(&mut self, words: Words) {
        if !words.text.is_empty() {
            self.shapes.push(Shape::Words(words));
        }
    }

    /// Adds a line through points.
    pub fn line(&mut self, points: Vec<(f64, f64)>, ink: Ink, width: f64) {
        if points.len() > 1 {
            self.shapes.push(Shape::Line { points, ink, width });
        }
    }

    /// Adds a filled shape.
    pub fn polygon(&mut self, points: Vec<(f64, f64)>, ink: Ink) {
        if points.len() > 2 {
            self.shapes.push(Shape::Polygon { points, ink });
        }
    }

    /// Adds a filled rectangle, unless it is empty.
    pub fn block(&mut self, area: Area, ink: Ink) {
        if area.width() > 0.0 && area.height() > 0.0 {
            self.shapes.push(Shape::Block { area, ink });
        }
    }

    /// Adds a filled circle.
    pub fn dot(&mut self, at: (f64, f64), radius: f64, ink: Ink) {
        self.shapes.push(Shape::Dot { at, radius, ink });
    }

    /// Adds a level line of dashes.
    pub fn dashes(&mut self, y: f64, left: f64, right: f64, ink: Ink, width: f64) {
        let (dash, gap) = (7.0, 4.0);
        let mut x = left;
        while x < right {
            self.line(vec![(x, y), ((x + dash).min(right), y)], ink, width);
            x += dash + gap;
        }
    }
}
