//! Many rules over few numbers: 96 triggers that push four pressures up and down, 20 turns.

use super::Xoshiro;
use super::table::Table;
use std::fmt::Write;

const TURNS: usize = 20;
const RULES: usize = 96;
const PRESSURES: usize = 4;
pub type Counts = Table<{ TURNS + 1 }, 2, RULES, 1>;

/// When one pressure is above a threshold, another moves, with a constant chance.
struct Rule {
    reads: usize,
    above: f64,
    chance: f64,
    moves: usize,
    by: f64,
}

const BLANK: Rule = Rule { reads: 0, above: 0.0, chance: 0.0, moves: 0, by: 0.0 };
const START: [f64; PRESSURES] = [0.5, 0.4, 0.3, 0.6];
const RULE: [Rule; RULES] = {
    let mut rules = [BLANK; RULES];
    let mut i = 0;
    while i < RULES {
        let step = (1 + i % 3) as f64 * 0.01;
        rules[i] = Rule {
            reads: i % PRESSURES,
            above: 0.005 + (i * 37 % 90) as f64 * 0.01,
            chance: 0.05 + (i * 13 % 30) as f64 * 0.01,
            moves: (i * 7 + 1) % PRESSURES,
            by: if i % 5 < 2 { -step } else { step },
        };
        i += 1;
    }
    rules
};

/// The same as a scenario.
pub fn scenario() -> String {
    let mut text = format!("language = 1\n[scenario]\nid = \"crowd\"\nturns = {TURNS}\n[state]\n");
    for (index, value) in START.iter().enumerate() {
        writeln!(text, "p{index} = {value}").expect("memory");
    }
    for (index, rule) in RULE.iter().enumerate() {
        let Rule { reads, above, chance, moves, by } = rule;
        writeln!(
            text,
            "[[triggers]]\nid = \"rule_{index}\"\nwhen = \"p{reads} > {above:.3}\"\nchance = {chance:.2}\nthen = [\"p{moves} += {by:.2}\"]",
        )
        .expect("memory");
    }
    text + "[[outcomes]]\nid = \"boils_over\"\nwhen = \"p0 + p1 + p2 + p3 > 3.505\"\n[[outcomes]]\nid = \"holds\"\n"
}

pub fn run(replications: u64, seed: u64) -> Box<Counts> {
    super::run(replications, seed, Counts::empty, chunk)
}

fn chunk(counts: &mut Counts, luck: &mut Xoshiro, replications: u64) {
    for _ in 0..replications {
        counts.begin();
        counts.measured(0, 0);
        let (outcome, turn) = replication(counts, luck);
        counts.ended(outcome, turn, 0);
    }
}

fn replication(counts: &mut Counts, luck: &mut Xoshiro) -> (usize, usize) {
    let mut p = START;
    for turn in 1..=TURNS {
        for (index, rule) in RULE.iter().enumerate() {
            if p[rule.reads] > rule.above && luck.comes(rule.chance) {
                p[rule.moves] = (p[rule.moves] + rule.by).clamp(0.0, 1.0);
                counts.fired(index, turn);
            }
        }
        if p[0] + p[1] + p[2] + p[3] > 3.505 {
            return (0, turn);
        }
    }
    (1, TURNS)
}
