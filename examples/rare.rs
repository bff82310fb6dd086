//! Splitting against known probabilities: two hundred estimates of each, whether their mean is right and how often their
//! intervals hold the truth, how often they warn, and what they cost beside plain Monte Carlo.
//!
//!     cargo run --release --example rare [SEEDS]

use escalate::compile::{Toward, compile_toward};
use escalate::rare::{Request, estimate};
use escalate::scenario;
use std::collections::BTreeMap;
use std::error::Error;

/// Scenario, variant, outcome, known probability; repetitions and copies on a level.
const CASES: &[(&str, &str, &str, f64, u64, u64)] = &[
    ("rare_ladder", "base", "top", 1.0511103462556778e-6, 30, 512),
    ("rare_ladder", "billionth", "top", 1.000689715071864e-9, 30, 512),
    ("rare_ladder", "trillionth", "top", 1.0249379566341867e-12, 30, 512),
    ("two_roads", "one_road", "war", 3.4364159857557137e-8, 30, 512),
    ("pipeline", "seldom", "full", 1e-10, 30, 8_192),
    ("brp", "base", "unknown", 2.6453089120221642e-5, 30, 512),
    ("brp", "five_retries", "unknown", 7.003216941857068e-10, 30, 512),
    ("succession", "base", "always", 0.1, 30, 512),
    ("two_roads", "base", "war", 8.924755964110288e-6, 50, 1_024),
];

fn main() -> Result<(), Box<dyn Error>> {
    let seeds: u64 = std::env::args().nth(1).map_or(Ok(200), |seeds| seeds.parse())?;
    println!(
        "{seeds} estimates of each; z is the distance of their mean from the known value in standard errors of that mean."
    );
    println!(
        "Work is that of plain Monte Carlo for the same relative error, over that of splitting, in turns played.\n"
    );
    println!(
        "| scenario | variant | known | mean | z | intervals that hold it | warned | relative error | work saved |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for case in CASES {
        println!("{}", row(case, seeds)?);
    }
    Ok(())
}

fn row(case: &(&str, &str, &str, f64, u64, u64), seeds: u64) -> Result<String, Box<dyn Error>> {
    let (name, variant, outcome, known, repetitions, effort) = *case;
    let (scenario, _) = scenario::read(&std::fs::read(format!("scenarios/textbook/{name}.toml"))?);
    let scenario = scenario.ok_or("no TOML")?;
    let toward = Toward::Outcome(outcome.to_owned());
    let (model, climb) = compile_toward(&scenario, scenario.variant(variant), &toward).map_err(|_| "errors")?;
    let (mut means, mut held, mut warned, mut turns, mut squares) = (Vec::new(), 0, 0, 0, 0.0);
    let mut codes: BTreeMap<String, u64> = BTreeMap::new();
    for seed in 1..=seeds {
        let (done, stop) = Default::default();
        let request = Request { seed, repetitions, effort, threads: 0, done: &done, stop: &stop };
        let found = estimate(&model, &climb, &request)?;
        means.push(found.probability);
        held += u64::from(found.low <= known && known <= found.high);
        warned += u64::from(!found.warnings.is_empty());
        turns += found.turns_played;
        squares += found.standard_error * found.standard_error;
        found.warnings.iter().for_each(|warning| *codes.entry(warning.code.clone()).or_default() += 1);
    }
    let n = means.len() as f64;
    let mean = means.iter().sum::<f64>() / n;
    let error = libm::sqrt(means.iter().map(|it| (it - mean) * (it - mean)).sum::<f64>() / (n - 1.0) / n);
    // Plain Monte Carlo: (1 - p) / (p n) of relative variance, and the turns of one replication as in a batch.
    let (done, stop) = Default::default();
    let plain =
        escalate::batch::Batch { seed: 1, first: 0, replications: 20_000, threads: 0, done: &done, stop: &stop };
    let tally = escalate::batch::run(&model, &plain)?;
    let played: u64 = tally
        .outcomes
        .iter()
        .chain([&tally.failed])
        .flat_map(|by_turn| by_turn.iter().enumerate())
        .map(|(turn, count)| turn as u64 * count)
        .sum();
    let relative = squares / n / (known * known);
    let plain = (1.0 - known) / known / relative * played as f64 / 20_000.0;
    let codes: Vec<String> = codes.iter().map(|(code, count)| format!("{code} {count}")).collect();
    Ok(format!(
        "| {name} | {variant} | {known:.4e} | {mean:.4e} | {:+.2} | {:.1} % | {:.1} % {} | {:.1} % | {:.3e} |",
        (mean - known) / error,
        100.0 * held as f64 / n,
        100.0 * warned as f64 / n,
        codes.join(", "),
        100.0 * libm::sqrt(relative),
        plain / (turns as f64 / n),
    ))
}
