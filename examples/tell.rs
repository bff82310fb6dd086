//! One replication told: what fired in each turn, and how it ended.
//!
//! `cargo run --release --example tell -- scenarios/korea_2024.toml 17`

use escalate::results::chronicle::Entry;
use escalate::{Error, Simulation};

pub fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let file = arguments.first().filter(|it| it.ends_with(".toml"));
    let replication = arguments.get(1).and_then(|text| text.parse().ok()).unwrap_or(17);
    let told = Simulation::open(file.map_or("scenarios/tutorial.toml", String::as_str))?.tell(1, replication);
    for turn in &told.turns {
        let fired = turn.entries.iter().filter_map(|entry| match entry {
            Entry::Rule(rule) if rule.fired => Some(rule.title.as_str()),
            _ => None,
        });
        println!("{:>3} {:10} {}", turn.turn, turn.label, fired.collect::<Vec<_>>().join("; "));
    }
    println!("{:?}", told.ending);
    Ok(())
}
