//! What the benches share: models from text, batches, and times that other work on the machine does not spoil.

#![allow(dead_code, reason = "each bench uses its part")]

pub mod generate;

use cpu_time::ProcessTime;
use escalate::batch::{self, Batch};
use escalate::model::Model;
use escalate::results::tally::Tally;
use escalate::{compile, scenario};
use std::time::Instant;

/// The model of a scenario that has no errors.
pub fn model(text: &str) -> Model {
    let (scenario, findings) = scenario::read(text.as_bytes());
    let scenario = scenario.unwrap_or_else(|| panic!("no TOML: {findings:?}"));
    compile::compile(&scenario, None).unwrap_or_else(|findings| panic!("errors: {findings:?}"))
}

/// So many replications on so many threads.
pub fn batch(model: &Model, replications: u64, threads: usize) -> Tally {
    let (done, stop) = Default::default();
    let batch = Batch { seed: 1, first: 0, replications, threads, done: &done, stop: &stop };
    batch::run(model, &batch).expect("threads")
}

/// Seconds of work by all threads of this program; what others do on the machine does not count.
pub fn processor_seconds(work: &dyn Fn()) -> f64 {
    let start = ProcessTime::now();
    work();
    start.elapsed().as_secs_f64()
}

/// Seconds by the clock.
pub fn seconds(work: &dyn Fn()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Without `--bench`, as under `cargo test`, a bench only shows that it works.
pub fn is_trial() -> bool {
    !std::env::args().any(|argument| argument == "--bench")
}
