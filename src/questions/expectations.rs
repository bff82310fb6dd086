//! Claims that travel with a scenario: replications go on until an interval decides each of them.

use crate::batch::{self, Batch};
use crate::error::Error;
use crate::expression::Comparison;
use crate::model::{Claim, ClaimValue, Model};
use crate::results::tally::{FixedPoint, Tally};
use crate::statistics::wilson::wilson;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;

/// The number of replications of the first look; each further look has four times as many.
pub const FIRST_LOOK: u64 = 10_000;
/// How many looks there are at most: the last has 2,560,000 replications.
pub const LOOKS: u32 = 5;
/// Half-widths of the intervals in standard errors. At each look a true claim is refused, or a false one accepted,
/// with a probability of less than 1 in 100,000 (two-sided 6.8e-6), over all looks less than 4 in 100,000.
pub const Z: f64 = 4.5;

/// What became of a claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub id: String,
    pub title: String,
    /// The claim as written.
    pub claim: String,
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
    pub replications: u64,
    pub holds: Decision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Holds,
    Fails,
    /// The number claimed still lies within the interval.
    Undecided,
}

/// Decides all claims of a model.
///
/// # Errors
/// The machine gives no threads.
pub fn decide(model: &Model, seed: u64, threads: usize, stop: &AtomicBool) -> Result<Vec<Verdict>, Error> {
    let mut tally: Option<Tally> = None;
    let mut replications = FIRST_LOOK;
    for _ in 0..LOOKS {
        let first = tally.as_ref().map_or(0, |tally| tally.replications);
        let done = AtomicU64::new(0);
        let request = Batch { seed, first, replications: replications - first, threads, done: &done, stop };
        let part = batch::run(model, &request)?;
        match &mut tally {
            None => tally = Some(part),
            Some(tally) => tally.merge(&part),
        }
        let decided =
            |tally: &Tally| model.claims.iter().all(|claim| verdict(model, tally, claim).holds != Decision::Undecided);
        if tally.as_ref().is_some_and(decided) || stop.load(std::sync::atomic::Ordering::Relaxed) {
            break;
        }
        replications *= 4;
    }
    let tally = tally.unwrap_or_default();
    Ok(model.claims.iter().map(|claim| verdict(model, &tally, claim)).collect())
}

fn verdict(model: &Model, tally: &Tally, claim: &Claim) -> Verdict {
    let (estimate, low, high) = match &claim.value {
        ClaimValue::Share(_) => {
            let index = model.claims.iter().position(|other| other == claim).unwrap_or(0);
            let count = tally.claims.get(index).copied().unwrap_or(0);
            let interval = wilson(count, tally.replications, Z);
            (count as f64 / tally.replications.max(1) as f64, interval.low, interval.high)
        }
        ClaimValue::Mean(metric) => {
            let bins = &model.metrics[*metric as usize].bins;
            let fixed = FixedPoint::new(bins.low, bins.high);
            let sums = tally.metrics[*metric as usize].sums.last().copied().unwrap_or_default();
            let mean = fixed.mean(&sums);
            let half = Z * fixed.sd(&sums) / libm::sqrt(sums.count.max(1) as f64);
            (mean, mean - half, mean + half)
        }
    };
    let label = &model.labels.claims[claim.label as usize];
    Verdict {
        id: label.id.clone(),
        title: label.title.clone(),
        claim: model.labels.places[claim.place as usize].text.clone(),
        estimate,
        low,
        high,
        replications: tally.replications,
        holds: decision(claim, low, high),
    }
}

/// A claim holds or fails if all of the interval says so.
fn decision(claim: &Claim, low: f64, high: f64) -> Decision {
    let holds = |value: f64| match claim.comparison {
        Comparison::Less => value < claim.bound,
        Comparison::LessEqual => value <= claim.bound,
        Comparison::Greater => value > claim.bound,
        Comparison::GreaterEqual => value >= claim.bound,
        Comparison::Equal | Comparison::NotEqual => false,
    };
    match (holds(low), holds(high)) {
        (true, true) => Decision::Holds,
        (false, false) => Decision::Fails,
        _ => Decision::Undecided,
    }
}
