//! Panels by powers of ten on both axes, with a dashed line of growth in proportion, as SVG.

use std::fmt::Write;

const WIDTH: f64 = 960.0;
const MARGIN: f64 = 28.0;
const WIDE: f64 = 340.0;
const HIGH: f64 = 200.0;
/// From the corner of one panel to that of the next.
const STEP: (f64, f64) = (462.0, 280.0);
const FIRST: (f64, f64) = (110.0, 124.0);

/// What is measured, against what grows.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

pub struct Panel {
    pub title: String,
    /// Of y.
    pub unit: &'static str,
    pub points: Vec<Point>,
    /// Whether it should grow in proportion, which is then drawn for comparison.
    pub grows: bool,
}

/// Whole powers of ten around values.
fn decades(values: impl Iterator<Item = f64>) -> (i32, i32) {
    let (low, high) = values.map(libm::log10).fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
    let (low, high) = (libm::floor(low) as i32, libm::ceil(high) as i32);
    (low, high.max(low + 1))
}

/// Two panels beside each other, and so on down.
pub fn draw(heading: &str, panels: &[Panel]) -> String {
    let rows = panels.len().div_ceil(2) as f64;
    let height = FIRST.1 + rows * STEP.1 - 20.0;
    let mut svg = format!(
        "<svg width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\">\n<title>{heading}</title>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    words(&mut svg, (MARGIN, MARGIN + 12.0), "start", "font-size=\"17\" font-weight=\"bold\"", heading);
    let notes = [
        "A generated scenario of 24 triggers, 4 actors, 17 numbers and 24 turns, 8,192 replications, of which one thing grows.",
        "Processor time of one thread. Dashed: in proportion.",
    ];
    for (index, note) in notes.iter().enumerate() {
        let at = (MARGIN, MARGIN + 36.0 + 18.0 * index as f64);
        words(&mut svg, at, "start", "font-size=\"13\" fill=\"#545454\"", note);
    }
    for (index, panel) in panels.iter().enumerate() {
        let corner = (FIRST.0 + (index % 2) as f64 * STEP.0, FIRST.1 + (index / 2) as f64 * STEP.1);
        paint(&mut svg, panel, corner);
    }
    svg + "</svg>\n"
}

fn words(svg: &mut String, (x, y): (f64, f64), anchor: &str, style: &str, text: &str) {
    writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" {style}>{text}</text>").expect("memory");
}

fn line(svg: &mut String, points: &[(f64, f64)], style: &str) {
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    writeln!(svg, "<polyline points=\"{}\" fill=\"none\" {style}/>", points.join(" ")).expect("memory");
}

fn paint(svg: &mut String, panel: &Panel, (left, top): (f64, f64)) {
    let along = decades(panel.points.iter().map(|point| point.x));
    let up = decades(panel.points.iter().map(|point| point.y));
    let way = |value: f64, (low, high): (i32, i32)| (libm::log10(value) - f64::from(low)) / f64::from(high - low);
    let place = |point: &Point| (left + way(point.x, along) * WIDE, top + HIGH - way(point.y, up) * HIGH);
    let small = "font-size=\"13\" fill=\"#1a1a1a\"";
    words(svg, (left, top - 12.0), "start", "font-size=\"14\" font-weight=\"bold\"", &panel.title);
    for power in along.0..=along.1 {
        let x = left + f64::from(power - along.0) / f64::from(along.1 - along.0) * WIDE;
        line(svg, &[(x, top), (x, top + HIGH)], "stroke=\"#e2e2e2\"");
        words(svg, (x, top + HIGH + 18.0), "middle", small, &number(power));
    }
    for power in up.0..=up.1 {
        let y = top + HIGH - f64::from(power - up.0) / f64::from(up.1 - up.0) * HIGH;
        line(svg, &[(left, y), (left + WIDE, y)], "stroke=\"#e2e2e2\"");
        words(svg, (left - 8.0, y + 4.5), "end", small, &format!("{} {}", number(power), panel.unit));
    }
    if let Some(last) = panel.points.last().filter(|_| panel.grows) {
        let clipped = |x: f64| Point { x, y: last.y * x / last.x };
        let lowest = panel.points[0].x.max(last.x * power(up.0) / last.y);
        line(
            svg,
            &[place(&clipped(lowest)), place(last)],
            "stroke=\"#787878\" stroke-width=\"1.2\" stroke-dasharray=\"7 4\"",
        );
    }
    let places: Vec<(f64, f64)> = panel.points.iter().map(place).collect();
    line(svg, &places, "stroke=\"#005a96\" stroke-width=\"2.4\"");
    for (x, y) in places {
        writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#005a96\"/>").expect("memory");
    }
}

fn power(of_ten: i32) -> f64 {
    libm::exp10(f64::from(of_ten))
}

fn number(of_ten: i32) -> String {
    match of_ten {
        6.. => format!("{} million", power(of_ten - 6)),
        3..6 => format!("{},000", power(of_ten - 3)),
        _ => format!("{}", libm::round(power(of_ten) * 1e9) / 1e9),
    }
}
