//! How often intervals hold the share: exactly for one look, by simulation for looking all the time.

use escalate::questions::precision::looks;
use escalate::statistics::sequence::{ALPHA, WEIGHT, sequence_95};
use escalate::statistics::wilson::{Interval, wilson_95};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The probability that an interval for `n` replications holds the share `p`: the sum over all counts.
pub fn coverage(n: u64, p: f64, interval: impl Fn(u64, u64) -> Interval) -> f64 {
    let held = (0..=n).map(|count| (count, probability(count, n, p))).filter(|(count, chance)| {
        // What can never be seen is left out before its interval is worked out.
        *chance > 1e-18 && (interval(*count, n).low..=interval(*count, n).high).contains(&p)
    });
    held.map(|(_, chance)| chance).sum()
}

/// The probability of `count` of `n`, by the binomial distribution.
fn probability(count: u64, n: u64, p: f64) -> f64 {
    let (k, n, of) = (count as f64, n as f64, |x: f64| libm::lgamma(x + 1.0));
    let ways = of(n) - of(k) - of(n - k);
    libm::exp(ways + k * libm::log(p) + (n - k) * libm::log1p(-p))
}

/// How many of some batches have lost the share out of an interval at least once.
pub struct Lost {
    /// Out of the interval for many looks, looked at after every single replication.
    pub sequence: u64,
    /// Out of the interval for many looks, looked at by the schedule.
    pub at_looks: u64,
    /// Out of Wilson's interval, looked at by the schedule.
    pub wilson: u64,
}

/// Runs batches of `n` draws of share `p` and looks at each after every draw. A batch is a seed.
pub fn watch(p: f64, n: u64, batches: u64) -> Lost {
    let mut lost = Lost { sequence: 0, at_looks: 0, wilson: 0 };
    for batch in 0..batches {
        let out = watch_one(p, n, batch);
        for (count, out) in [&mut lost.sequence, &mut lost.at_looks, &mut lost.wilson].into_iter().zip(out) {
            *count += u64::from(out);
        }
    }
    lost
}

fn watch_one(p: f64, n: u64, seed: u64) -> [bool; 3] {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let comes_below = libm::ldexp(p, 64) as u64;
    let (mut hits, mut misses) = (WEIGHT * p + 0.5, WEIGHT * (1.0 - p) + 0.5);
    let (mut evidence, mut count) = (1.0, 0);
    let mut looks = looks(n).peekable();
    let mut out = [false; 3];
    for drawn in 1..=n {
        // The evidence grows by what the mixture, as it stands, gave to what is seen, over what the share gave it.
        let all = hits + misses;
        if dice.next_u64() < comes_below {
            evidence *= hits / all / p;
            hits += 1.0;
            count += 1;
        } else {
            evidence *= misses / all / (1.0 - p);
            misses += 1.0;
        }
        out[0] |= evidence >= 1.0 / ALPHA;
        if looks.next_if(|look| *look == drawn).is_some() {
            let is_out = |interval: Interval| !(interval.low..=interval.high).contains(&p);
            out[1] |= is_out(sequence_95(count, drawn));
            out[2] |= is_out(wilson_95(count, drawn));
        }
    }
    out
}

/// A row of a table: shares in per cent with two places.
pub fn row(head: &str, shares: &[f64]) -> String {
    let cells: Vec<String> = shares.iter().map(|share| format!("{:.2}", 100.0 * share)).collect();
    format!("| {head} | {} |", cells.join(" | "))
}

/// The shares that are tabulated.
pub const SHARES: [f64; 5] = [0.5, 0.1, 0.01, 0.001, 0.0001];

/// The coverage of Wilson's interval for `n` replications, a cell a share.
pub fn wilson_row(n: u64) -> String {
    row(&n.to_string(), &SHARES.map(|p| coverage(n, p, wilson_95)))
}
