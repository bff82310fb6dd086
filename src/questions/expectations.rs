//! Claims that travel with a scenario: replications go on until an interval decides each of them.

use crate::batch::{self, Batch};
use crate::error::Error;
use crate::expression::Comparison;
use crate::model::{Claim, ClaimValue, Model};
use crate::results::tally::{Tally, ValueCount};
use crate::statistics::bounded_mean::{Group, mean_interval};
use crate::statistics::clopper_pearson::clopper_pearson;
use crate::statistics::wilson::Interval;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;

/// The number of replications of the first look; each further look has four times as many.
pub const FIRST_LOOK: u64 = 10_000;
/// How many looks there are at most: the last has 40,960,000 replications.
pub const LOOKS: u32 = 7;
/// The probability with which a claim is given a wrong verdict, over all looks, at most.
pub const ERROR: f64 = 4e-5;

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
    /// Why it is not decided, and what would help, where that is known.
    pub note: Option<String>,
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
/// The machine gives no threads, or the values of metrics need more counters than there may be.
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
    let (estimate, interval, note) = match &claim.value {
        ClaimValue::Share(_) => {
            let index = model.claims.iter().position(|other| other == claim).unwrap_or(0);
            let (count, n) = (tally.claims.get(index).copied().unwrap_or(0), tally.replications);
            let interval = clopper_pearson(count, n, ERROR / f64::from(2 * LOOKS));
            (count as f64 / n.max(1) as f64, interval, None)
        }
        ClaimValue::Mean(metric) => mean(model, tally, claim, *metric as usize),
    };
    let label = &model.labels.claims[claim.label as usize];
    let holds = decision(claim, &interval);
    Verdict {
        id: label.id.clone(),
        title: label.title.clone(),
        claim: model.labels.places[claim.place as usize].text.clone(),
        estimate,
        low: interval.low,
        high: interval.high,
        replications: tally.replications,
        holds,
        note: note.filter(|_| holds == Decision::Undecided),
    }
}

/// The mean of a metric at the end, its interval, and what keeps that wide, if it is the bounds.
fn mean(model: &Model, tally: &Tally, claim: &Claim, metric: usize) -> (f64, Interval, Option<String>) {
    let nothing = ValueCount::default();
    let count = tally.metrics[metric].last().unwrap_or(&nothing);
    let estimate = count.mean_and_sd().map_or(f64::NAN, |[mean, _]| mean);
    let (id, bounds) = (&model.labels.metrics[metric].id, model.metrics[metric].mean_bounds());
    let outside: u64 = count.outside.iter().sum();
    if outside > 0 {
        let note = format!("{outside} values lie outside the bounds of `{id}`, so nothing follows from them");
        return (estimate, Interval { low: f64::NEG_INFINITY, high: f64::INFINITY }, Some(note));
    }
    let group = |(bin, content, count): (_, crate::results::histogram::Content, u64)| {
        let [low, high] = content.edges(bin);
        Group { low, high, count }
    };
    let groups: Vec<Group> = count.histogram.bins().map(group).collect();
    let interval = mean_interval(&groups, bounds, ERROR);
    let note = groups.first().zip(groups.last()).and_then(|(first, last)| {
        let seen = [first.low.max(bounds[0]), last.high.min(bounds[1])];
        let is_open = decision(claim, &mean_interval(&groups, seen, ERROR)) == Decision::Undecided;
        (!is_open).then(|| {
            format!(
                "the bounds of `{id}` keep it open, {} to {}: all values seen lie from {} to {}; declare `min` and `max` \
                 of the metric as near to that as they hold",
                bounds[0], bounds[1], seen[0], seen[1]
            )
        })
    });
    (estimate, interval, note)
}

/// A claim holds or fails if all of the interval says so.
fn decision(claim: &Claim, interval: &Interval) -> Decision {
    let holds = |value: f64| match claim.comparison {
        Comparison::Less => value < claim.bound,
        Comparison::LessEqual => value <= claim.bound,
        Comparison::Greater => value > claim.bound,
        Comparison::GreaterEqual => value >= claim.bound,
        Comparison::Equal | Comparison::NotEqual => false,
    };
    match (holds(interval.low), holds(interval.high)) {
        (true, true) => Decision::Holds,
        (false, false) => Decision::Fails,
        _ => Decision::Undecided,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::tail::binomial_at_least;

    /// The least count from 0 to `n` at which something holds, as it does from there on.
    fn first(n: u64, holds: impl Fn(u64) -> bool) -> u64 {
        let (mut low, mut high) = (0, n + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        low
    }

    /// A verdict is wrong only if the interval of some look leaves the true share out.
    #[test]
    fn wrong_verdicts_about_shares_are_as_rare_as_is_said() {
        let looks: Vec<u64> = (0..LOOKS).map(|look| FIRST_LOOK << (2 * look)).collect();
        assert_eq!(looks.last(), Some(&40_960_000));
        let error = ERROR / f64::from(2 * LOOKS);
        for share in [1e-7, 1e-6, 1e-5, 1e-4, 0.01, 0.3, 0.5] {
            let wrong = |n: &u64| {
                let too_high = first(*n, |count| clopper_pearson(count, *n, error).low > share);
                let not_too_low = first(*n, |count| clopper_pearson(count, *n, error).high >= share);
                let below = binomial_at_least(n - not_too_low + 1, *n, 1.0 - share);
                [binomial_at_least(too_high, *n, share), if not_too_low == 0 { 0.0 } else { below }]
            };
            let wrong: f64 = looks.iter().map(wrong).map(|[above, below]| above + below).sum();
            assert!(wrong < ERROR, "{share}: {wrong}");
        }
    }
}
