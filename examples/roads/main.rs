//! A second road to a rare goal that opens seldom: how often the interval of splitting holds the truth, which the exact
//! solver gives, and how often the estimate says that it is not to be trusted.
//!
//!     cargo run --release --example roads [SEEDS]

use escalate::compile::{Toward, compile_toward};
use escalate::exact;
use escalate::model::Model;
use escalate::rare::{Request, estimate};
use escalate::scenario;
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::atomic::AtomicBool;

const SCENARIO: &str = include_str!("roads.toml");

/// How probable it is that the second road opens, and the chance of each step on it.
const DOORS: &[(&str, &str)] = &[("1e-3", "0.0053"), ("1e-5", "0.026"), ("1e-7", "0.17")];

/// When the door is tried, with the chance as a part of how probable it is to open: in one turn, or in each.
const TRIED: &[(&str, &str)] = &[("once", "turn == 1"), ("each turn", "turn >= 1")];

/// What is climbed on.
const IMPORTANCES: &[(&str, &str)] = &[
    ("sees both", "importance = \"max(count(provocation) / 6, if fired(door) then (3 + count(step)) / 6 else 0)\""),
    ("derived", ""),
    ("sees one", "importance = \"count(provocation)\""),
];

fn main() -> Result<(), Box<dyn Error>> {
    let seeds: u64 = std::env::args().nth(1).map_or(Ok(1_000), |seeds| seeds.parse())?;
    println!(
        "{seeds} estimates of each by 50 repetitions of 1,024 copies; z is the distance of their mean from the truth.\n"
    );
    println!("| door | tried | importance | truth | mean | z | held | warned | held or warned | width | turns |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (door, step) in std::iter::once(("0", "0.5")).chain(DOORS.iter().copied()) {
        for (tried, when) in TRIED {
            for (importance, line) in IMPORTANCES {
                let chance = if *tried == "once" { door.to_owned() } else { format!("{door} / 20") };
                let text = SCENARIO.replace("@step", step).replace("@when", when).replace("@door", &chance);
                println!("| {door} | {tried} | {importance} | {} |", row(&text.replace("@importance", line), seeds)?);
            }
        }
    }
    Ok(())
}

fn truth(model: &Model) -> Result<f64, Box<dyn Error>> {
    let stop = AtomicBool::new(false);
    let mut war = 0.0;
    exact::solve(model, &exact::Request::new(&stop), |turn| war += turn.masses.ended[0].value())?;
    Ok(war)
}

fn row(text: &str, seeds: u64) -> Result<String, Box<dyn Error>> {
    let (scenario, _) = scenario::read(text.as_bytes());
    let scenario = scenario.ok_or("no TOML")?;
    let toward = Toward::Outcome("war".to_owned());
    let (model, climb) = compile_toward(&scenario, None, &toward).map_err(|findings| format!("{findings:?}"))?;
    let truth = truth(&model)?;
    let (mut means, mut widths) = (Vec::new(), 0.0);
    let (mut held, mut warned, mut right, mut turns) = (0, 0, 0, 0);
    let mut codes: BTreeMap<String, u64> = BTreeMap::new();
    for seed in 1..=seeds {
        let (done, stop) = Default::default();
        let request = Request { seed, repetitions: 50, effort: 1_024, threads: 0, done: &done, stop: &stop };
        let found = estimate(&model, &climb, &request)?;
        let (is_held, is_warned) = (found.low <= truth && truth <= found.high, !found.warnings.is_empty());
        held += u64::from(is_held);
        warned += u64::from(is_warned);
        right += u64::from(is_held || is_warned);
        widths += (found.high - found.low) / truth;
        turns += found.turns_played;
        means.push(found.probability);
        found.warnings.iter().for_each(|warning| *codes.entry(warning.code.clone()).or_default() += 1);
    }
    let n = means.len() as f64;
    let mean = means.iter().sum::<f64>() / n;
    let error = libm::sqrt(means.iter().map(|it| (it - mean) * (it - mean)).sum::<f64>() / (n - 1.0) / n);
    let codes: Vec<String> = codes.iter().map(|(code, count)| format!("{code} {count}")).collect();
    let percent = |count: u64| 100.0 * count as f64 / n;
    Ok(format!(
        "{truth:.4e} | {mean:.4e} | {:+.2} | {:.1} % | {:.1} % {} | {:.1} % | {:.3} | {:.2e}",
        (mean - truth) / error,
        percent(held),
        percent(warned),
        codes.join(", "),
        percent(right),
        widths / n,
        turns as f64 / n
    ))
}
