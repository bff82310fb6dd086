//! Every variant of a scenario beside the scenario as written, on the same luck: who ends differently, and by how much.
//!
//! `cargo run --release --example variants -- scenarios/korea_2024.toml`

use escalate::{Error, Simulation};

pub fn main() -> Result<(), Error> {
    let path = std::env::args().nth(1).filter(|it| it.ends_with(".toml"));
    let base = Simulation::open(path.as_deref().unwrap_or("scenarios/tutorial.toml"))?;
    let courses: Result<Vec<Simulation>, Error> = base.variants().skip(1).map(|name| base.variant(name)).collect();
    let comparison = base.compare(&courses?, 1, 0..20_000)?;
    for course in &comparison.courses {
        println!("{}: {} replications end differently", course.variant, course.ended_differently);
        for (outcome, compared) in comparison.outcomes.iter().zip(&course.outcomes) {
            let difference = compared.difference;
            println!(
                "  {:20} {:.4}  {:+.4} ({:+.4} to {:+.4})",
                outcome.id, compared.share.share, difference.difference, difference.low, difference.high
            );
        }
    }
    Ok(())
}
