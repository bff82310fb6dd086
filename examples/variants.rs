//! The library from a program: every variant of a scenario on the same luck, outcome by outcome.
//!
//! `cargo run --release --example variants -- scenarios/tutorial.toml`

use escalate::batch::{self, Batch};
use escalate::compile::compile;
use escalate::questions::summarise::{Request, summarise};
use escalate::scenario;
use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicU64};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "scenarios/tutorial.toml".to_owned());
    let (scenario, findings) = scenario::read(&std::fs::read(&path)?);
    let scenario =
        scenario.filter(|_| findings.is_empty()).ok_or("`escalate check` says what is wrong with the file")?;
    let request = Request { seed: 1, first: 0, replications: 20_000 };
    for variant in std::iter::once(None).chain(scenario.variants.iter().map(Some)) {
        let model = compile(&scenario, variant).map_err(|findings| format!("{} errors", findings.len()))?;
        let batch = Batch {
            seed: request.seed,
            first: request.first,
            replications: request.replications,
            threads: 0,
            done: &AtomicU64::new(0),
            stop: &AtomicBool::new(false),
        };
        let summary = summarise(&model, &batch::run(&model, &batch)?, &request);
        println!("{}", summary.run.variant);
        for outcome in &summary.outcomes {
            let share = outcome.share;
            println!("  {:20} {:.4}  ({:.4} to {:.4})", outcome.id, share.share, share.low, share.high);
        }
    }
    Ok(())
}
