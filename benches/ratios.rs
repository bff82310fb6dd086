//! How fast the engine is beside programs written by hand for one model each: `cargo bench --bench ratios`.
//!
//! Both sides run the same number of replications in turn, and a ratio is the median of the rounds' ratios, so that a
//! machine that is faster or slower for a while spoils nothing. One thread is measured in processor time, with each set
//! of instructions that the machine has; "portable" is what every machine of its kind has, SSE2 on x86-64.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "what is measured here is time")]

mod common;
mod hand;

use common::{median, processor_seconds, seconds};
use escalate::simd::{Instructions, limit};
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
        name: "armament",
        scenario: hand::armament::scenario,
        by_hand: |n, seed| drop(black_box(hand::armament::run(n, seed))),
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

/// Replications a second of the program by hand and of the engine as it runs here, and for each set of instructions the
/// engine's as a ratio to those by hand, where the machine has it.
struct Figures {
    by_hand: f64,
    engine: f64,
    ratios: [Option<f64>; Instructions::ALL.len()],
}

fn main() {
    let effort = if common::is_trial() { TRIAL } else { EARNEST };
    println!(
        "{:24} {:>12} {:>12} {:>9} {:>9} {:>9}",
        "One thread", "by hand, 1/s", "engine, 1/s", "portable", "AVX2", "AVX-512"
    );
    for race in RACES {
        let Figures { by_hand, engine, ratios } = run(race, &effort);
        print!("{:24} {by_hand:12.0} {engine:12.0}", race.name);
        for ratio in ratios {
            print!(" {:>9}", ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}")));
        }
        println!();
    }
    println!("\n{:24} {:>12} {:>12} {:>9}", "Two threads to one", "one, 1/s", "two, 1/s", "ratio");
    let (engine, by_hand) = threads(&effort);
    for (name, (one, two, ratio)) in [("engine", engine), ("by hand", by_hand)] {
        println!("{name:24} {one:12.0} {two:12.0} {ratio:9.2}");
    }
    println!(
        "\nreplications a second; columns of instructions are ratios to the program by hand; medians of {} rounds;\n\
         the second table by the clock, on a quiet machine",
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
    let had = || Instructions::ALL.into_iter().filter(|instructions| *instructions <= Instructions::here());
    let rounds: Vec<Round> = (0..effort.rounds)
        .map(|round| Round {
            by_hand: processor_seconds(&|| by_hand(n, round)),
            engine: had().map(|instructions| with(instructions, &|| engine(n))).collect(),
        })
        .collect();
    let over = |figure: &dyn Fn(&Round) -> f64| median(rounds.iter().map(figure).collect());
    let sets = had().count();
    Figures {
        by_hand: n as f64 / over(&|round| round.by_hand),
        engine: n as f64 / over(&|round| round.engine[sets - 1]),
        ratios: std::array::from_fn(|set| (set < sets).then(|| over(&|round| round.by_hand / round.engine[set]))),
    }
}

/// Seconds that each side took in one round: the engine with each set of instructions, the narrowest first.
struct Round {
    by_hand: f64,
    engine: Vec<f64>,
}

fn with(instructions: Instructions, work: &dyn Fn()) -> f64 {
    limit(instructions);
    processor_seconds(work)
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
