//! An epidemic of two binomial draws a day: `scenarios/benchmarks/epidemic.toml` as a program.

use super::Xoshiro;
use super::table::Table;
use rand_distr::{Binomial, Distribution};

const TURNS: usize = 100;
const PEOPLE: usize = 1_000;
pub type Counts = Table<{ TURNS + 1 }, 2, 0, { PEOPLE + 1 }>;

/// The text of the scenario.
pub fn scenario() -> String {
    include_str!("../../scenarios/benchmarks/epidemic.toml").to_owned()
}

pub fn run(replications: u64, seed: u64) -> Box<Counts> {
    super::run(replications, seed, Counts::empty, chunk)
}

fn binomial(luck: &mut Xoshiro, trials: usize, chance: f64) -> usize {
    // A chance in [0, 1] is all that it asks for.
    Binomial::new(trials as u64, chance).map_or(0, |binomial| binomial.sample(luck)) as usize
}

fn chunk(counts: &mut Counts, luck: &mut Xoshiro, replications: u64) {
    for _ in 0..replications {
        let (mut susceptible, mut infected) = (990, 10);
        counts.measured(0, infected);
        let mut ended = (1, TURNS);
        for turn in 1..=TURNS {
            let infections = binomial(luck, susceptible, 1.0 - libm::exp(-0.0003 * infected as f64));
            let recoveries = binomial(luck, infected, 0.15);
            susceptible -= infections;
            infected = infected + infections - recoveries;
            counts.measured(turn, infected);
            if infected == 0 {
                ended = (0, turn);
                break;
            }
        }
        counts.ended(ended.0, ended.1, infected);
    }
}
