//! How time and memory grow with a scenario: `cargo bench --bench growth`, which also draws docs/images/growth.svg.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "what is measured here is time")]

#[path = "../common/mod.rs"]
mod common;
mod picture;

use common::generate::{MIDDLING, Shape, scenario};
use common::{median, processor_seconds};
use picture::{Panel, Point};
use std::hint::black_box;

/// Replications of the panels in which other things grow.
const REPLICATIONS: u64 = 8_192;

fn main() {
    if common::is_trial() {
        let shape = Shape { triggers: 2, turns: 2, ..MIDDLING };
        let panel =
            Panel { title: "trial".to_owned(), unit: "ms", points: vec![time(1.0, &shape, 64, 1)], grows: true };
        assert!(picture::draw("trial", &[panel]).contains("</svg>"));
        return;
    }
    // Memory first: the peak of a process never falls.
    let replications: Vec<u64> = (0..5).map(|power| 4_096 << (2 * power)).collect();
    let (memory, by_replications) = replications.iter().map(|n| memory_and_time(*n)).unzip();
    let by_turns =
        [6, 24, 96, 384, 1_536].map(|turns| time(turns as f64, &Shape { turns, ..MIDDLING }, REPLICATIONS, 3));
    let by_triggers = [6, 24, 96, 384, 1_536].map(|triggers| {
        let actors = (triggers / 6).clamp(2, 256);
        time(triggers as f64, &Shape { triggers, actors, ..MIDDLING }, REPLICATIONS, 3)
    });
    let panel =
        |title: &str, unit, points: Vec<Point>| Panel { title: title.to_owned(), unit, points, grows: unit == "s" };
    let panels = [
        panel("time by replications", "s", by_replications),
        panel("time by turns", "s", by_turns.to_vec()),
        panel("time by triggers (and actors)", "s", by_triggers.to_vec()),
        panel("peak memory by replications", "MiB", memory),
    ];
    for panel in &panels {
        println!("{}", panel.title);
        for Point { x, y } in &panel.points {
            println!("  {x:10.0} {y:10.3} {}", panel.unit);
        }
        println!("  exponent between the two largest: {:.2}", exponent(&panel.points));
    }
    let path = "docs/images/growth.svg";
    let heading = "Time grows in proportion to what is played; memory does not grow with replications";
    match std::fs::write(path, picture::draw(heading, &panels)) {
        Ok(()) => println!("{path} drawn"),
        Err(error) => eprintln!("{path}: {error}"),
    }
}

/// The power of x with which y grows: 1 is in proportion, 0 not at all.
fn exponent(points: &[Point]) -> f64 {
    let [.., one, two] = points else { return f64::NAN };
    libm::log(two.y / one.y) / libm::log(two.x / one.x)
}

/// Seconds of one thread, the median of a few.
fn time(x: f64, shape: &Shape, replications: u64, rounds: usize) -> Point {
    let model = common::model(&scenario(shape));
    let run = || drop(black_box(common::batch(&model, replications, 1)));
    Point { x, y: median((0..rounds).map(|_| processor_seconds(&run)).collect()) }
}

fn memory_and_time(replications: u64) -> (Point, Point) {
    let time = time(replications as f64, &MIDDLING, replications, 1);
    (Point { x: time.x, y: peak_mebibytes() }, time)
}

/// The most memory that this process has held, where the system tells (Linux).
fn peak_mebibytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|rest| rest.split_whitespace().next()).and_then(|number| number.parse::<f64>().ok());
    kibibytes.unwrap_or(f64::NAN) / 1024.0
}
