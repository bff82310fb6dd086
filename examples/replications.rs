//! Numbers of replications by outcome, for reading: `cargo run --release --example replications -- FILE [VARIANT] [EACH]`.
//!
//! `escalate run FILE --replication K` then tells one of them. The one in the middle of each list is the median by the turn
//! of its end. It is a statistic of one's own: a collector is shown every block, on all threads.

use escalate::{Collect, Error, Played, Simulation};

/// How many replications are looked through.
const LOOKED_THROUGH: u64 = 200_000;

/// By outcome: the turn in which each replication ended, and its number.
struct Ends(Vec<Vec<(u32, u64)>>);

impl Collect for Ends {
    fn block(&mut self, _arm: usize, played: &Played<'_>) {
        for (lane, replication) in played.replications() {
            if let Some(outcome) = played.outcome[lane] {
                self.0[outcome as usize].push((played.end_turn[lane], replication));
            }
        }
    }

    fn merge(&mut self, following: Self) {
        self.0.iter_mut().zip(following.0).for_each(|(ends, more)| ends.extend(more));
    }

    fn kept(&self) -> u64 {
        2
    }
}

pub fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let file = arguments.first().filter(|it| it.ends_with(".toml"));
    let base = Simulation::open(file.map_or("scenarios/tutorial.toml", String::as_str))?;
    let simulation = base.variant(arguments.get(1).map_or("base", String::as_str))?;
    let each: usize = arguments.get(2).and_then(|text| text.parse().ok()).unwrap_or(5);
    let outcomes = &simulation.model().labels.outcomes;
    let ends = simulation.collect(1, 0..LOOKED_THROUGH, || Ends(vec![Vec::new(); outcomes.len()]))?;
    for (label, mut found) in outcomes.iter().zip(ends.0) {
        found.sort_unstable();
        let quantiles = (0..each).filter_map(|i| found.get((2 * i + 1) * found.len() / (2 * each)));
        let told: Vec<String> = quantiles.map(|(turn, replication)| format!("{replication} (turn {turn})")).collect();
        println!("{:18} {:6}  {}", label.id, found.len(), told.join(", "));
    }
    Ok(())
}
