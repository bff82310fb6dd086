//! One question answered in every way there is, and whether the answers agree.

use super::exactly;
use super::summarise::{Request as Counts, summarise};
use crate::batch::{self, Batch};
use crate::exact::{Request, Trouble, Wanted};
use crate::model::Model;
use crate::random::counting::binomial_weights;
use crate::results::exact::Exact;
use crate::results::summary::Summary;
use std::sync::atomic::{AtomicBool, AtomicU64};

/// How often a command may find a difference where there is none: 1 in 10,000, shared among all its comparisons.
pub const FALSE_ALARMS: f64 = 1e-4;

/// How the ways are taken.
pub struct Ways<'a> {
    pub seed: u64,
    pub replications: u64,
    pub states_max: usize,
    pub threads: usize,
    pub stop: &'a AtomicBool,
}

/// A number that both ways gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// `outcome war`, `milestone first_shot`, `mean of tension`.
    pub what: String,
    pub exact: f64,
    pub counted: f64,
    /// The standard error of what was counted.
    pub error: f64,
    /// How probable a difference at least so large is, if both are right: exactly for shares, by the normal law for means.
    pub chance: f64,
}

impl Comparison {
    /// The difference in standard errors.
    pub fn errors(&self) -> f64 {
        let difference = self.counted - self.exact;
        if difference == 0.0 { 0.0 } else { difference / self.error }
    }
}

/// What was compared of one model, or why nothing was.
#[derive(Debug, Clone, PartialEq)]
pub enum Agreement {
    Compared {
        states: usize,
        comparisons: Vec<Comparison>,
    },
    /// Only one way leads to an answer.
    Alone(Trouble),
}

/// Answers in all ways, and compares.
///
/// # Errors
/// The machine gives no threads, or it was interrupted.
pub fn agree(model: &Model, ways: &Ways<'_>) -> Result<Agreement, String> {
    let request = Request {
        wanted: Wanted { milestones: true, rungs: false, scores: false },
        states_max: ways.states_max,
        threads: ways.threads,
        ..Request::new(ways.stop)
    };
    let exact = match exactly::solve(model, &request, false) {
        Ok(exact) => exact,
        Err(trouble @ (Trouble::Stopped { .. } | Trouble::Threads(_))) => return Err(trouble.to_string()),
        Err(trouble) => return Ok(Agreement::Alone(trouble)),
    };
    let done = AtomicU64::new(0);
    let Ways { seed, replications, threads, stop, .. } = *ways;
    let tally = batch::run(model, &Batch { seed, first: 0, replications, threads, done: &done, stop })?;
    if tally.replications < replications {
        return Err("interrupted".to_owned());
    }
    let summary = summarise(model, &tally, &Counts { seed, first: 0, replications });
    Ok(Agreement::Compared { states: exact.most_states, comparisons: comparisons(&exact, &summary) })
}

fn comparisons(exact: &Exact, summary: &Summary) -> Vec<Comparison> {
    let n = summary.run.replications;
    let mut all = Vec::new();
    for (outcome, counted) in exact.outcomes.iter().zip(&summary.outcomes) {
        all.push(share(format!("outcome {}", outcome.id), outcome.probability, counted.share.count, n));
    }
    all.push(share("failed".to_owned(), exact.failed.probability, summary.failed.share.count, n));
    for (milestone, counted) in exact.milestones.iter().zip(&summary.milestones) {
        all.push(share(format!("milestone {}", milestone.id), milestone.probability, counted.share.count, n));
    }
    for (event, counted) in exact.events.iter().zip(&summary.events) {
        if let Some(probability) = event.probability {
            all.push(share(format!("fires {}", event.id), probability, counted.share.count, n));
        }
    }
    // Where branches fail, the solver does not know the last values that they keep.
    if exact.failed.probability == 0.0 {
        for (metric, counted) in exact.metrics.iter().zip(&summary.metrics) {
            let last = metric.by_turn.last().zip(counted.by_turn.last());
            all.extend(last.map(|((_, exact), counted)| mean(&metric.id, exact.mean, exact.sd, counted.mean, n)));
        }
    }
    all
}

fn share(what: String, exact: f64, count: u64, n: u64) -> Comparison {
    let counted = count as f64 / n as f64;
    let error = libm::sqrt(exact * (1.0 - exact).max(0.0) / n as f64);
    Comparison { what, exact, counted, error, chance: tails(exact, count, n) }
}

/// The probability of a count at least as far out as this one, on either side, of n trials: twice the lesser tail.
fn tails(p: f64, count: u64, n: u64) -> f64 {
    // Sums of shares may end a hair above 1.
    let Some(weights) = binomial_weights(n as f64, p.clamp(0.0, 1.0)) else { return f64::NAN };
    let counts = (weights.first()..).zip(weights.weights());
    let (mut low, mut high) = (0.0, 0.0);
    for (at, weight) in counts {
        low += if at <= count { *weight } else { 0.0 };
        high += if at >= count { *weight } else { 0.0 };
    }
    (2.0 * f64::min(low, high) / weights.total()).min(1.0)
}

fn mean(id: &str, exact: f64, sd: f64, counted: f64, n: u64) -> Comparison {
    let error = sd / libm::sqrt(n as f64);
    // Counted means are sums of rounded numbers.
    let rounding = 1e-12 * exact.abs().max(counted.abs());
    let off = ((counted - exact).abs() - rounding).max(0.0);
    let chance = if off == 0.0 { 1.0 } else { libm::erfc(off / error / core::f64::consts::SQRT_2) };
    Comparison { what: format!("mean of {id}"), exact, counted, error, chance }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_those_of_the_binomial() {
        assert_eq!(tails(0.5, 0, 4), 2.0 / 16.0);
        assert_eq!(tails(0.5, 2, 4), 1.0);
        assert!((tails(0.1, 4, 4) - 2e-4).abs() < 1e-15);
        assert_eq!((tails(0.0, 0, 9), tails(0.0, 1, 9), tails(1.0, 9, 9), tails(1.0, 8, 9)), (1.0, 0.0, 1.0, 0.0));
        assert!(tails(0.3, 30_600, 100_000) > 1e-5 && tails(0.3, 31_200, 100_000) < 1e-15);
    }

    #[test]
    fn means_differ_by_standard_errors() {
        let comparison = mean("x", 1.0, 2.0, 1.04, 10_000);
        assert!((comparison.errors() - 2.0).abs() < 1e-9 && (comparison.chance - 0.0455).abs() < 1e-4);
        assert_eq!(mean("x", 3.0, 0.0, 3.0 + 1e-13, 9).chance, 1.0);
        assert_eq!(mean("x", 3.0, 0.0, 3.1, 9).chance, 0.0);
    }
}
