//! Coupled numbers: twelve nations arm against three rivals each, tire of it and bear grudges, as in Richardson's model
//! of arms races (Arms and Insecurity, 1960), and those who are armed have incidents; 40 turns.

use super::Xoshiro;
use super::table::{Table, bin};
use std::fmt::Write;

const TURNS: usize = 40;
const NATIONS: usize = 12;
const BINS: usize = 1_024;
pub type Counts = Table<{ TURNS + 1 }, 2, NATIONS, BINS>;

const FATIGUE: f64 = 0.15;
/// From here on a nation is armed.
const ARMED: f64 = 0.395;
const CHANCE: f64 = 0.02;
const PER_ARMS: f64 = 0.1;
/// What an incident adds, to the nation's own arms and to those of its first rival.
const OWN: f64 = 0.08;
const OTHER: f64 = 0.06;
/// From this sum of the first four nations' arms on, an arms race is under way.
const RACE: f64 = 3.0;

struct Nation {
    start: f64,
    grudge: f64,
    /// How much of each rival's arms it adds to its own in a turn.
    rivals: [(usize, f64); 3],
}

const NATION: [Nation; NATIONS] = {
    let mut nations = [const { Nation { start: 0.0, grudge: 0.0, rivals: [(0, 0.0); 3] } }; NATIONS];
    let mut i = 0;
    while i < NATIONS {
        nations[i] = Nation {
            start: 0.2 + (i * 7 % 9) as f64 * 0.05,
            grudge: 0.006 + (i * 5 % 7) as f64 * 0.002,
            rivals: [
                ((i + 1) % NATIONS, 0.02 + (i % 4) as f64 * 0.01),
                ((i + 5) % NATIONS, 0.02 + ((i + 1) % 4) as f64 * 0.01),
                ((i + 8) % NATIONS, 0.02 + ((i + 2) % 4) as f64 * 0.01),
            ],
        };
        i += 1;
    }
    nations
};

/// The same as a scenario.
pub fn scenario() -> String {
    let mut text = format!("language = 1\n[scenario]\nid = \"armament\"\nturns = {TURNS}\n[state]\n");
    let mut add = |part: String| writeln!(text, "{part}").expect("memory");
    for (i, nation) in NATION.iter().enumerate() {
        add(format!("x{i} = {:.2}", nation.start));
    }
    for (i, Nation { grudge, rivals: [(a, k), (b, l), (c, m)], .. }) in NATION.iter().enumerate() {
        add(format!(
            "[[dynamics]]\nid = \"arming_{i}\"\n\
             then = [\"x{i} += {k:.2} * x{a} + {l:.2} * x{b} + {m:.2} * x{c} - {FATIGUE} * x{i} + {grudge:.3}\"]"
        ));
    }
    for (i, nation) in NATION.iter().enumerate() {
        let rival = nation.rivals[0].0;
        add(format!(
            "[[triggers]]\nid = \"incident_{i}\"\nwhen = \"x{i} > {ARMED}\"\nchance = \"{CHANCE} + {PER_ARMS} * x{i}\"\n\
             then = [\"x{i} += {OWN}\", \"x{rival} += {OTHER}\"]"
        ));
    }
    text + &format!(
        "[[metrics]]\nid = \"x0\"\nvalue = \"x0\"\n\
         [[outcomes]]\nid = \"race\"\nwhen = \"x0 + x1 + x2 + x3 > {RACE}\"\n[[outcomes]]\nid = \"none\"\n"
    )
}

pub fn run(replications: u64, seed: u64) -> Box<Counts> {
    super::run(replications, seed, Counts::empty, chunk)
}

fn chunk(counts: &mut Counts, luck: &mut Xoshiro, replications: u64) {
    for _ in 0..replications {
        counts.begin();
        let mut x = NATION.each_ref().map(|nation| nation.start);
        counts.measured(0, bin::<BINS>(x[0]));
        let (outcome, turn) = replication(counts, luck, &mut x);
        counts.ended(outcome, turn, bin::<BINS>(x[0]));
    }
}

fn replication(counts: &mut Counts, luck: &mut Xoshiro, x: &mut [f64; NATIONS]) -> (usize, usize) {
    for turn in 1..=TURNS {
        for (i, nation) in NATION.iter().enumerate() {
            let threat: f64 = nation.rivals.iter().map(|(rival, weight)| weight * x[*rival]).sum();
            x[i] = (x[i] + threat - FATIGUE * x[i] + nation.grudge).clamp(0.0, 1.0);
        }
        for (i, nation) in NATION.iter().enumerate() {
            if x[i] > ARMED && luck.comes(CHANCE + PER_ARMS * x[i]) {
                counts.fired(i, turn);
                x[i] = (x[i] + OWN).min(1.0);
                let rival = &mut x[nation.rivals[0].0];
                *rival = (*rival + OTHER).min(1.0);
            }
        }
        counts.measured(turn, bin::<BINS>(x[0]));
        if x[0] + x[1] + x[2] + x[3] > RACE {
            return (0, turn);
        }
    }
    (1, TURNS)
}
