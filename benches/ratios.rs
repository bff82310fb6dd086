//! How fast the engine is beside programs written by hand for one model each: `cargo bench --bench ratios`.
//!
//! Both sides run the same number of replications in turn, and a ratio is the median of the rounds' ratios, so that a
//! machine that is faster or slower for a while spoils nothing. One thread is measured in processor time;
//! "portable" is the ratio of the engine without the machine's wide instructions.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "what is measured here is time")]

mod common;
mod hand;

use common::{median, processor_seconds, seconds};
use escalate::wide::set_portable;
use hand::reference::Everything;
use rayon::ThreadPool;
use std::hint::black_box;

/// A model, and the program by hand that runs so many replications of it from a seed.
struct Race {
    name: &'static str,
    scenario: fn() -> String,
    by_hand: fn(u64, u64),
}

const RACES: &[Race] = &[
    Race {
        name: "reference model",
        scenario: hand::reference::scenario,
        by_hand: |n, seed| drop(black_box(hand::reference::run::<()>(n, seed))),
    },
    Race {
        name: "the same, all counted",
        scenario: hand::reference::scenario,
        by_hand: |n, seed| drop(black_box(hand::reference::run::<Everything>(n, seed))),
    },
    Race {
        name: "crowd",
        scenario: hand::crowd::scenario,
        by_hand: |n, seed| drop(black_box(hand::crowd::run(n, seed))),
    },
    Race {
        name: "pressures",
        scenario: hand::pressures::scenario,
        by_hand: |n, seed| drop(black_box(hand::pressures::run(n, seed))),
    },
    Race {
        name: "network",
        scenario: hand::network::scenario,
        by_hand: |n, seed| drop(black_box(hand::network::run(n, seed))),
    },
    Race {
        name: "standoff",
        scenario: hand::standoff::scenario,
        by_hand: |n, seed| drop(black_box(hand::standoff::run(n, seed))),
    },
    Race {
        name: "epidemic",
        scenario: hand::epidemic::scenario,
        by_hand: |n, seed| drop(black_box(hand::epidemic::run(n, seed))),
    },
];

/// How long and how often is measured.
struct Effort {
    rounds: u64,
    /// Seconds that the slower side should take in a round.
    seconds: f64,
    least: u64,
}

const EARNEST: Effort = Effort { rounds: 9, seconds: 0.4, least: 4_096 };
const TRIAL: Effort = Effort { rounds: 1, seconds: 0.0, least: 64 };

/// Replications a second, and the engine's as ratios to those by hand.
struct Figures {
    by_hand: f64,
    engine: f64,
    ratio: f64,
    /// Without the machine's wide instructions.
    portable_ratio: f64,
}

fn main() {
    let effort = if common::is_trial() { TRIAL } else { EARNEST };
    println!("{:24} {:>16} {:>16} {:>7} {:>9}", "One thread", "by hand, 1/s", "engine, 1/s", "ratio", "portable");
    for race in RACES {
        let Figures { by_hand, engine, ratio, portable_ratio } = run(race, &effort);
        println!("{:24} {by_hand:16.0} {engine:16.0} {ratio:7.2} {portable_ratio:9.2}", race.name);
    }
    println!("\n{:24} {:>16} {:>16} {:>7}", "Two threads to one", "one, 1/s", "two, 1/s", "ratio");
    let (engine, by_hand) = threads(&effort);
    for (name, (one, two, ratio)) in [("engine", engine), ("by hand", by_hand)] {
        println!("{name:24} {one:16.0} {two:16.0} {ratio:7.2}");
    }
    println!(
        "\nreplications a second; medians of {} rounds; the second table by the clock, on a quiet machine",
        effort.rounds
    );
}

fn pool(threads: usize) -> ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads")
}

/// How many replications the slower side does in the time of a round.
fn replications(effort: &Effort, slower: &dyn Fn(u64)) -> u64 {
    let tried = effort.least;
    let took = processor_seconds(&|| slower(tried)).max(1e-9);
    ((effort.seconds / took * tried as f64) as u64).max(effort.least)
}

fn run(race: &Race, effort: &Effort) -> Figures {
    let model = common::model(&(race.scenario)());
    let one = pool(1);
    let engine = |n: u64| drop(black_box(common::batch(&model, n, 1)));
    let by_hand = |n: u64, seed: u64| one.install(|| (race.by_hand)(n, seed));
    let n = replications(effort, &engine).min(replications(effort, &|n| by_hand(n, 0)));
    let rounds: Vec<[f64; 3]> = (0..effort.rounds)
        .map(|round| {
            let by_hand = processor_seconds(&|| by_hand(n, round));
            let wide = processor_seconds(&|| engine(n));
            set_portable(true);
            let portable = processor_seconds(&|| engine(n));
            set_portable(false);
            [by_hand, wide, portable]
        })
        .collect();
    let over = |figure: &dyn Fn(&[f64; 3]) -> f64| median(rounds.iter().map(figure).collect());
    Figures {
        by_hand: n as f64 / over(&|[by_hand, ..]| *by_hand),
        engine: n as f64 / over(&|[_, wide, _]| *wide),
        ratio: over(&|[by_hand, wide, _]| by_hand / wide),
        portable_ratio: over(&|[by_hand, _, portable]| by_hand / portable),
    }
}

/// Rates on one thread and on two, and their ratio: of the engine, and of the program by hand.
fn threads(effort: &Effort) -> ((f64, f64, f64), (f64, f64, f64)) {
    let model = common::model(&hand::reference::scenario());
    let pools = [pool(1), pool(2)];
    let engine = |n: u64, threads: usize| drop(black_box(common::batch(&model, n, threads)));
    let by_hand = |n: u64, threads: usize| {
        pools[threads - 1].install(|| drop(black_box(hand::reference::run::<()>(n, 1))));
    };
    (two_to_one(effort, &engine), two_to_one(effort, &by_hand))
}

fn two_to_one(effort: &Effort, work: &dyn Fn(u64, usize)) -> (f64, f64, f64) {
    let n = replications(effort, &|n| work(n, 1));
    let rounds: Vec<(f64, f64)> =
        (0..effort.rounds).map(|_| (seconds(&|| work(n, 1)), seconds(&|| work(n, 2)))).collect();
    let rate = |seconds: f64| n as f64 / seconds;
    let one = rate(median(rounds.iter().map(|round| round.0).collect()));
    let two = rate(median(rounds.iter().map(|round| round.1).collect()));
    (one, two, median(rounds.iter().map(|round| round.0 / round.1).collect()))
}
