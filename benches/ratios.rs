//! How fast the engine is, as ratios to programs written by hand: `cargo bench --bench ratios`.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "what is measured here is time")]

#[allow(dead_code)]
#[path = "hand/mod.rs"]
mod hand;

use cpu_time::ProcessTime;
use escalate::batch::{self, Batch};
use escalate::{compile, scenario};
use hand::reference::Everything;
use std::hint::black_box;

fn main() {
    let text = std::fs::read("scenarios/benchmarks/reference.toml").expect("run in the project's folder");
    let (scenario, _) = scenario::read(&text);
    let model = compile::compile(&scenario.expect("TOML"), None).expect("no errors");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("threads");
    let time = |work: &dyn Fn()| {
        let start = ProcessTime::now();
        work();
        start.elapsed().as_secs_f64()
    };
    let n = 300_000;
    let mut ratios = Vec::new();
    for _ in 0..7 {
        let lean = time(&|| {
            black_box(pool.install(|| hand::reference::run::<()>(n, 1)));
        });
        let full = time(&|| {
            black_box(pool.install(|| hand::reference::run::<Everything>(n, 1)));
        });
        let engine = time(&|| {
            let (done, stop) = Default::default();
            let batch = Batch { seed: 1, first: 0, replications: n, threads: 1, done: &done, stop: &stop };
            black_box(batch::run(&model, &batch).expect("threads"));
        });
        ratios.push([lean / engine, full / engine, n as f64 / lean, n as f64 / engine]);
    }
    let median = |figure: usize| {
        let mut values: Vec<f64> = ratios.iter().map(|figures| figures[figure]).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    println!("reference model, one thread, processor time, medians of 7");
    println!("by hand                          {:9.0} replications/s", median(2));
    println!("engine                           {:9.0} replications/s", median(3));
    println!("engine to by hand                {:9.3}", median(0));
    println!("engine to by hand, same counts   {:9.3}", median(1));
}
