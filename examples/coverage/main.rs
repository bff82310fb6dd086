//! The tables of docs/statistics.md: `cargo run --release --example coverage`. It takes about a minute.

mod measure;

use escalate::questions::precision::looks;
use escalate::statistics::sequence::sequence_95;
use escalate::statistics::wilson::wilson_95;
use measure::{SHARES, row, watch, wilson_row};

/// Batches of the simulation, and replications of each.
const BATCHES: u64 = 2_000;
const REPLICATIONS: u64 = 200_000;

fn main() {
    let head = |first: &str, columns: &[String]| {
        println!("\n| {first} | {} |\n|{}", columns.join(" | "), " --- |".repeat(columns.len() + 1));
    };
    let shares = SHARES.map(|p| p.to_string());
    println!("Wilson's interval, one look: coverage in per cent");
    head("replications", &shares);
    [100, 1_000, 10_000, 100_000].map(wilson_row).iter().for_each(|row| println!("{row}"));

    let looked = looks(REPLICATIONS).count();
    println!(
        "\n{BATCHES} batches of {REPLICATIONS} replications: the share was never out of the interval, in per cent"
    );
    head("share", &["every replication".to_owned(), format!("{looked} looks"), format!("Wilson, {looked} looks")]);
    for p in [0.5, 0.1, 0.01] {
        let lost = watch(p, REPLICATIONS, BATCHES);
        let kept = [lost.sequence, lost.at_looks, lost.wilson].map(|lost| 1.0 - lost as f64 / BATCHES as f64);
        println!("{}", row(&p.to_string(), &kept));
    }

    println!("\nWidth of the interval for many looks, in widths of Wilson's");
    head("replications", &shares);
    for n in [8_192_u64, 100_000, 1_000_000, 10_000_000, 100_000_000] {
        let wider = SHARES.map(|p| {
            let count = (p * n as f64).round() as u64;
            let width = |interval: escalate::statistics::wilson::Interval| interval.high - interval.low;
            format!("{:.2}", width(sequence_95(count, n)) / width(wilson_95(count, n)))
        });
        println!("| {n} | {} |", wider.join(" | "));
    }
}
