//! Few rules with much arithmetic: 16 numbers that drift to a mean, 8 triggers whose chance weighs ten of them, 30 turns.

use super::Xoshiro;
use super::table::{Table, bin};
use std::fmt::Write;

const TURNS: usize = 30;
const NUMBERS: usize = 16;
const RULES: usize = 8;
const TERMS: usize = 10;
const BINS: usize = 1_024;
pub type Counts = Table<{ TURNS + 1 }, 2, RULES, BINS>;

const DRIFT: f64 = 0.05;
const BASE: f64 = 0.02;

const fn start(number: usize) -> f64 {
    0.2 + (number * 7 % 13) as f64 * 0.05
}

const fn mean(number: usize) -> f64 {
    0.3 + (number * 5 % 11) as f64 * 0.04
}

/// The weight of a number in a trigger's chance.
const fn weight(rule: usize, term: usize) -> f64 {
    0.01 + ((rule * 3 + term * 5) % 7) as f64 * 0.01
}

/// The number that stands there.
const fn number(rule: usize, term: usize) -> usize {
    (rule * 5 + term) % NUMBERS
}

/// Which three numbers a trigger moves, and by how much.
const fn effect(rule: usize, index: usize) -> (usize, f64) {
    let by = 0.03 + (rule * 2 + index) as f64 * 0.01;
    ((rule * 2 + index * 5) % NUMBERS, if index == 2 { -by } else { by })
}

/// The same as a scenario.
pub fn scenario() -> String {
    let mut text = format!("language = 1\n[scenario]\nid = \"pressures\"\nturns = {TURNS}\n[state]\n");
    let mut add = |part: String| writeln!(text, "{part}").expect("memory");
    (0..NUMBERS).for_each(|i| add(format!("x{i} = {:.2}", start(i))));
    for i in 0..NUMBERS {
        let mean = mean(i);
        add(format!("[[dynamics]]\nid = \"drift_{i}\"\nthen = [\"x{i} += {DRIFT} * ({mean:.2} - x{i})\"]"));
    }
    for rule in 0..RULES {
        let terms = (0..TERMS).map(|term| format!(" + {:.2} * x{}", weight(rule, term), number(rule, term)));
        let effects = (0..3).map(|index| {
            let (number, by) = effect(rule, index);
            format!("\"x{number} += {by:.2}\"")
        });
        let (terms, effects) = (terms.collect::<String>(), effects.collect::<Vec<_>>().join(", "));
        add(format!("[[triggers]]\nid = \"rule_{rule}\"\nchance = \"{BASE}{terms}\"\nthen = [{effects}]"));
    }
    text + "[[metrics]]\nid = \"x0\"\nvalue = \"x0\"\n[[outcomes]]\nid = \"high\"\nwhen = \"x0 > 0.98 and x5 > 0.98\"\n[[outcomes]]\nid = \"low\"\n"
}

pub fn run(replications: u64, seed: u64) -> Box<Counts> {
    super::run(replications, seed, Counts::empty, chunk)
}

fn chunk(counts: &mut Counts, luck: &mut Xoshiro, replications: u64) {
    for _ in 0..replications {
        counts.begin();
        let mut x: [f64; NUMBERS] = std::array::from_fn(start);
        counts.measured(0, bin::<BINS>(x[0]));
        let (outcome, turn) = replication(counts, luck, &mut x);
        counts.ended(outcome, turn, bin::<BINS>(x[0]));
    }
}

fn replication(counts: &mut Counts, luck: &mut Xoshiro, x: &mut [f64; NUMBERS]) -> (usize, usize) {
    for turn in 1..=TURNS {
        for (i, x) in x.iter_mut().enumerate() {
            *x += DRIFT * (mean(i) - *x);
        }
        for rule in 0..RULES {
            let chance = (0..TERMS).fold(BASE, |sum, term| sum + weight(rule, term) * x[number(rule, term)]);
            if luck.comes(chance) {
                counts.fired(rule, turn);
                for index in 0..3 {
                    let (number, by) = effect(rule, index);
                    x[number] = (x[number] + by).clamp(0.0, 1.0);
                }
            }
        }
        counts.measured(turn, bin::<BINS>(x[0]));
        if x[0] > 0.98 && x[5] > 0.98 {
            return (0, turn);
        }
    }
    (1, TURNS)
}
