//! One chart of a batch, as an SVG file: `cargo run --release --example chart -- scenarios/korea_2024.toml outcomes.svg`.

use escalate::report::charts;
use escalate::{Error, Simulation};

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let file = arguments.first().filter(|it| it.ends_with(".toml"));
    let summary = Simulation::open(file.map_or("scenarios/tutorial.toml", String::as_str))?.batch(1, 0..10_000)?;
    let chart = charts::outcomes(&summary).map_err(|error| Error::Chart(error.into()))?;
    match arguments.get(1).filter(|it| it.ends_with(".svg")) {
        Some(path) => std::fs::write(path, &chart.svg)?,
        None => println!("{}: {} bytes of SVG", chart.title, chart.svg.len()),
    }
    Ok(())
}
