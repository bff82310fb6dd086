//! Exact probabilities beside a batch: `cargo run --release --example exact -- scenarios/textbook/gamblers_ruin.toml`.

use escalate::{Error, Simulation};

pub fn main() -> Result<(), Error> {
    let file = std::env::args().nth(1).filter(|it| it.ends_with(".toml"));
    let simulation = Simulation::open(file.as_deref().unwrap_or("scenarios/textbook/knuth_yao_die.toml"))?;
    let (exact, batch) = (simulation.exact()?, simulation.batch(1, 0..20_000)?);
    for (exact, counted) in exact.outcomes.iter().zip(&batch.outcomes) {
        let share = counted.share;
        println!(
            "{:12} {:.6}  counted {:.4} ({:.4} to {:.4})",
            exact.id, exact.probability, share.share, share.low, share.high
        );
    }
    Ok(())
}
