//! From a drawing to SVG text, by way of plotters: the one file that knows it.

use plotters::prelude::*;

use super::chart::ChartError;
use super::drawing::{Align, Drawing, Shape, Words};
use super::palette::Ink;

/// Plotters draws on whole pixels: on a finer grid, scaled down by the view box, lines stay smooth.
const GRID: f64 = 10.0;

/// Plotters takes text a little larger than it writes it.
const TEXT_SCALE: f64 = 1.24;

/// The drawing as an SVG document that scales with its view box.
pub fn render(drawing: &Drawing) -> Result<String, ChartError> {
    let size = (size(drawing.width), size(drawing.height));
    let mut svg = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut svg, size);
        backend.draw_rect((0, 0), (size.0 as i32, size.1 as i32), &WHITE.filled(), true).map_err(failed)?;
        for shape in &drawing.shapes {
            paint(&mut backend, shape)?;
        }
        backend.present().map_err(failed)?;
    }
    let body = svg.split_once('>').map_or("", |(_, body)| body);
    Ok(format!("{}{body}", head(drawing, size)))
}

/// An opening tag that gives the size in pixels, and a title for readers who cannot see the drawing.
fn head(drawing: &Drawing, (wide, high): (u32, u32)) -> String {
    format!(
        "<svg width=\"{}\" height=\"{}\" viewBox=\"0 0 {wide} {high}\" role=\"img\" \
         xmlns=\"http://www.w3.org/2000/svg\">\n<title>{}</title>",
        drawing.width,
        drawing.height,
        escaped(&drawing.title)
    )
}

fn paint(backend: &mut SVGBackend, shape: &Shape) -> Result<(), ChartError> {
    let painted = match shape {
        Shape::Line { points, ink, width } => {
            let style = color(*ink).stroke_width(size(*width));
            backend.draw_path(points.iter().map(|&point| place(point)), &style)
        }
        Shape::Polygon { points, ink } => {
            backend.fill_polygon(points.iter().map(|&point| place(point)), &color(*ink).filled())
        }
        Shape::Block { area, ink } => {
            let corners = (place((area.left, area.top)), place((area.right, area.bottom)));
            backend.draw_rect(corners.0, corners.1, &color(*ink).filled(), true)
        }
        Shape::Dot { at, radius, ink } => backend.draw_circle(place(*at), size(*radius), &color(*ink).filled(), true),
        Shape::Words(words) => backend.draw_text(&words.text, &style(words), place(mid_height(words))),
    };
    painted.map_err(failed)
}

fn failed(error: impl std::error::Error) -> ChartError {
    ChartError::Drawing(error.to_string())
}

fn style(words: &Words) -> TextStyle<'static> {
    use plotters::style::text_anchor::{HPos, Pos, VPos};
    let anchor = match words.align {
        Align::Start => HPos::Left,
        Align::Middle => HPos::Center,
        Align::End => HPos::Right,
    };
    let weight = if words.bold { FontStyle::Bold } else { FontStyle::Normal };
    let turn = if words.upright { FontTransform::Rotate270 } else { FontTransform::None };
    let font = FontDesc::new(FontFamily::SansSerif, words.size * GRID * TEXT_SCALE, weight);
    let color = color(words.ink).to_backend_color();
    TextStyle { font: font.transform(turn), color, pos: Pos::new(anchor, VPos::Center) }
}

/// Plotters centres the small letters; a little lower, capitals and figures look centred too.
fn mid_height(words: &Words) -> (f64, f64) {
    let ((x, y), lower) = (words.at, words.size * 0.05);
    if words.upright { (x + lower, y) } else { (x, y + lower) }
}

fn color(ink: Ink) -> RGBColor {
    RGBColor(ink.0, ink.1, ink.2)
}

fn place((x, y): (f64, f64)) -> (i32, i32) {
    (whole(x), whole(y))
}

fn whole(pixels: f64) -> i32 {
    libm::round(pixels * GRID) as i32
}

/// A length on the grid, at least one step.
fn size(pixels: f64) -> u32 {
    whole(pixels).max(1) as u32
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::charts::sample::check_xml;

    #[test]
    fn holds_any_text() {
        let mut drawing = Drawing::new("a < b & c > \"d\" 'e' \u{1}", 200.0, 100.0);
        drawing.words(Words::new("<&>\"'\u{7}", (10.0, 10.0)).upright());
        let svg = render(&drawing).unwrap();
        check_xml(&svg);
        assert!(svg.contains("&lt;&amp;&gt;"));
        assert!(svg.starts_with("<svg width=\"200\" height=\"100\" viewBox=\"0 0 2000 1000\""));
    }

    #[test]
    fn text_has_its_size() {
        let mut drawing = Drawing::new("t", 200.0, 100.0);
        for size in [13.0, 14.0, 19.0] {
            drawing.words(Words::new("word", (10.0, 50.0)).size(size));
        }
        let svg = render(&drawing).unwrap();
        for size in ["130", "140", "190"] {
            assert!(svg.contains(&format!("font-size=\"{size}\"")), "{size} in {svg}");
        }
    }
}
