//! One question answered in every way there is, and whether the answers agree.

use super::exactly;
use super::summarise::{Request as Counts, summarise};
use crate::batch::{self, Batch};
use crate::compile::{Toward, compile_toward};
use crate::draws::counting::binomial_weights;
use crate::error::Error;
use crate::exact::{Request, Trouble, Wanted};
use crate::model::Model;
use crate::rare;
use crate::results::estimate::Estimate;
use crate::results::exact::Exact;
use crate::results::summary::{Share, Summary};
use crate::scenario::{Scenario, Variant};
use std::sync::atomic::{AtomicBool, AtomicU64};

/// How often a command may find a difference where there is none: 1 in 10,000, shared among all its comparisons.
pub const FALSE_ALARMS: f64 = 1e-4;
/// So many standard errors may lie between what splitting says and the rest. Its estimates have no law that is known
/// exactly, and their own errors are estimated from few repetitions.
pub const ERRORS_MOST: f64 = 7.0;
/// Splitting is asked for what counting finds more seldom than this.
const SELDOM: f64 = 0.01;

/// How the ways are taken.
pub struct Ways<'a> {
    pub seed: u64,
    pub replications: u64,
    pub states_max: usize,
    /// Repetitions of splitting, and copies on each level, for outcomes with a written importance; none to leave it out.
    pub splitting: Option<(u64, u64)>,
    pub threads: usize,
    pub stop: &'a AtomicBool,
}

/// A number that two ways gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// `outcome war`, `milestone first_shot`, `mean of tension`.
    pub what: String,
    /// `exact`, `counted` or `split`, each with what it says.
    pub ways: [(&'static str, f64); 2],
    /// The standard error of the difference.
    pub error: f64,
    pub judged: Judged,
}

/// What decides whether a difference counts as one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Judged {
    /// How probable a difference at least so large is, if both are right: exactly for shares, by the normal law for means.
    Chance(f64),
    /// The number of standard errors, since the law is not known.
    Errors,
}

impl Comparison {
    /// The difference in standard errors.
    pub fn errors(&self) -> f64 {
        let difference = self.ways[1].1 - self.ways[0].1;
        if difference == 0.0 { 0.0 } else { difference / self.error }
    }

    /// Whether chance does not explain the difference, if it is one of so many.
    pub fn differs(&self, comparisons: usize) -> bool {
        match self.judged {
            Judged::Chance(chance) => chance.is_nan() || chance < FALSE_ALARMS / comparisons as f64,
            Judged::Errors => self.errors().abs() > ERRORS_MOST,
        }
    }
}

/// What was compared of one model, and why it was not solved, if it was not.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    pub states: Option<usize>,
    pub unsolved: Option<Trouble>,
    pub comparisons: Vec<Comparison>,
}

/// Answers in all ways, and compares. What can neither be solved nor split has nothing to be compared with, and is not
/// counted either.
///
/// # Errors
/// The machine gives no threads, or it was interrupted.
pub fn agree(
    scenario: &Scenario,
    variant: Option<&Variant>,
    model: &Model,
    ways: &Ways<'_>,
) -> Result<Agreement, Error> {
    let (exact, unsolved) = match solved(model, ways) {
        Ok(exact) => (Some(exact), None),
        Err(trouble @ (Trouble::Stopped { .. } | Trouble::Threads(_))) => return Err(trouble.into()),
        Err(trouble) => (None, Some(trouble)),
    };
    let climbed: Vec<usize> =
        (0..scenario.outcomes.len()).filter(|it| scenario.outcomes[*it].importance.is_some()).collect();
    let splits = ways.splitting.filter(|_| !climbed.is_empty());
    if exact.is_none() && splits.is_none() {
        return Ok(Agreement { states: None, unsolved, comparisons: Vec::new() });
    }
    let summary = counted(model, ways)?;
    let mut all = exact.as_ref().map_or_else(Vec::new, |exact| comparisons(exact, &summary));
    for outcome in climbed {
        let share = summary.outcomes[outcome].share;
        if let Some((repetitions, effort)) = splits.filter(|_| share.share < SELDOM) {
            let estimate = split(scenario, variant, outcome, (repetitions, effort), ways)?;
            let exact = exact.as_ref().map(|exact| exact.outcomes[outcome].probability);
            all.extend(estimate.and_then(|estimate| rarely(&estimate, exact, &share, summary.run.replications)));
        }
    }
    Ok(Agreement { states: exact.map(|exact| exact.most_states), unsolved, comparisons: all })
}

fn solved(model: &Model, ways: &Ways<'_>) -> Result<Exact, Trouble> {
    let request = Request {
        wanted: Wanted { milestones: true, rungs: false, scores: false },
        states_max: ways.states_max,
        threads: ways.threads,
        ..Request::new(ways.stop)
    };
    exactly::solve(model, &request, false)
}

fn counted(model: &Model, ways: &Ways<'_>) -> Result<Summary, Error> {
    let done = AtomicU64::new(0);
    let Ways { seed, replications, threads, stop, .. } = *ways;
    let tally = batch::run(model, &Batch { seed, first: 0, replications, threads, done: &done, stop })?;
    if tally.replications < replications {
        return Err(Error::Interrupted("interrupted".to_owned()));
    }
    Ok(summarise(model, &tally, &Counts { seed, first: 0, replications }))
}

/// What splitting says of an outcome; none if no repetition reached it, or if it warns itself.
fn split(
    scenario: &Scenario,
    variant: Option<&Variant>,
    outcome: usize,
    (repetitions, effort): (u64, u64),
    ways: &Ways<'_>,
) -> Result<Option<Estimate>, Error> {
    let toward = Toward::Outcome(scenario.outcomes[outcome].id.text.clone());
    let compiled = compile_toward(scenario, variant, &toward);
    let (model, climb) = compiled.map_err(|findings| {
        Error::Request(findings.iter().map(|it| format!("{}; ", it.message)).collect::<String>())
    })?;
    let done = AtomicU64::new(0);
    let Ways { seed, threads, stop, .. } = *ways;
    let request = rare::Request { seed, repetitions, effort, threads, done: &done, stop };
    let estimate = rare::estimate(&model, &climb, &request)?;
    Ok(Some(estimate).filter(|it| it.warnings.is_empty() && it.standard_error > 0.0))
}

/// Splitting against the exact probability, or where there is none against the counted share.
fn rarely(estimate: &Estimate, exact: Option<f64>, share: &Share, n: u64) -> Option<Comparison> {
    let spread = estimate.probability * (1.0 - estimate.probability) / n as f64;
    let (other, error) = match exact {
        Some(exact) => (("exact", exact), estimate.standard_error),
        None => {
            let error = libm::sqrt(estimate.standard_error * estimate.standard_error + spread);
            (("counted", share.share), error)
        }
    };
    let what = format!("outcome {}", estimate.run.goal_id);
    Some(Comparison { what, ways: [other, ("split", estimate.probability)], error, judged: Judged::Errors })
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
            // Where some values are infinite there is no mean.
            let known = last.filter(|((_, exact), counted)| !exact.mean.is_nan() && !counted.mean.is_nan());
            all.extend(known.map(|((_, exact), counted)| mean(&metric.id, exact.mean, exact.sd, counted.mean, n)));
        }
    }
    all
}

fn share(what: String, exact: f64, count: u64, n: u64) -> Comparison {
    let counted = count as f64 / n as f64;
    let error = libm::sqrt(exact * (1.0 - exact).max(0.0) / n as f64);
    let judged = Judged::Chance(tails(exact, count, n));
    Comparison { what, ways: [("exact", exact), ("counted", counted)], error, judged }
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
    // Both means are rounded at the end, to half a unit in the last place, and an exact mean of a chain on its way too.
    let rounding = if sd == 0.0 { 0.0 } else { 4.0 * f64::EPSILON * exact.abs().max(counted.abs()) };
    let off = ((counted - exact).abs() - rounding).max(0.0);
    let chance = if off == 0.0 { 1.0 } else { libm::erfc(off / error / core::f64::consts::SQRT_2) };
    let ways = [("exact", exact), ("counted", counted)];
    Comparison { what: format!("mean of {id}"), ways, error, judged: Judged::Chance(chance) }
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
        let Judged::Chance(chance) = comparison.judged else { panic!("means have a law") };
        assert!((comparison.errors() - 2.0).abs() < 1e-9 && (chance - 0.0455).abs() < 1e-4);
        assert_eq!(mean("x", 13.7, 0.0, 13.7, 9).judged, Judged::Chance(1.0));
        assert!(mean("x", 13.7, 0.0, 13.7_f64.next_up(), 9).differs(1), "without spread the answers are equal");
        assert!(mean("x", 3.0, 0.0, 3.1, 9).differs(1) && !comparison.differs(1));
    }
}
