//! Replications until a precision is reached, looked at as often as the schedule says, with intervals that allow it.
//!
//! A request such as `half_width(war) < 0.001 and relative_error(talks) < 0.1` names outcomes and milestones. The looks
//! are a fixed function of nothing; what is seen at one is a function of scenario, seed and replications. So where a
//! batch stops hangs neither on threads nor on time.

use super::summarise::{self, Request};
use crate::batch::{self, Batch};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::error::Error;
use crate::expression::{self, BinaryOp, Comparison, Expr, Kind};
use crate::model::Model;
use crate::provenance;
use crate::results::summary::{Precision, Share, Summary};
use crate::results::tally::Tally;
use crate::statistics::sequence::sequence_95;
use std::sync::atomic::{AtomicBool, AtomicU64};

/// The replications of the first look. Each further look has an eighth more than the one before, in whole blocks.
pub const FIRST_LOOK: u64 = 8_192;

/// How many replications are run at most, if nobody says otherwise.
pub const AT_MOST: u64 = 100_000_000;

/// The schedule: how many replications there are at each look, the last being `at_most`.
pub fn looks(at_most: u64) -> impl Iterator<Item = u64> {
    let next = move |look: &u64| (*look < at_most).then(|| (look + (look / 8).next_multiple_of(64)).min(at_most));
    std::iter::successors(Some(FIRST_LOOK.min(at_most)), next)
}

/// What precision is asked for: all goals are to be met.
#[derive(Debug, Clone, PartialEq)]
pub struct Until {
    goals: Vec<Goal>,
}

#[derive(Debug, Clone, PartialEq)]
struct Goal {
    measure: Measure,
    target: Target,
    or_equal: bool,
    bound: f64,
    /// In one form, whatever the spaces.
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// Half the width of the interval.
    HalfWidth,
    /// The same in parts of the share; infinite as long as nothing was seen.
    RelativeError,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Outcome(usize),
    Milestone(usize),
}

impl Until {
    /// Reads a request, for the outcomes and milestones of a model.
    ///
    /// # Errors
    /// What is wrong with it, with its place in the text.
    pub fn read(text: &str, model: &Model) -> Result<Self, Diagnostic> {
        let mut goals = Vec::new();
        read(&expression::parse(text)?, model, &mut goals)?;
        Ok(Self { goals })
    }

    /// The request in one form, whatever its spaces.
    pub fn text(&self) -> String {
        self.goals.iter().map(|goal| goal.text.as_str()).collect::<Vec<_>>().join(" and ")
    }

    /// Goes from look to look until all goals are met, there are `at_most`, or fewer than a look asks for: `run` runs on
    /// to so many replications and gives the counts of all, which may be more if they were there before.
    ///
    /// # Errors
    /// Those of `run`.
    pub fn search(&self, at_most: u64, mut run: impl FnMut(u64) -> Result<Tally, Error>) -> Result<(), Error> {
        for look in looks(at_most) {
            let tally = run(look)?;
            if tally.replications < look || tally.replications == look && self.is_met(&tally) {
                break;
            }
        }
        Ok(())
    }

    /// Whether all goals are met.
    pub fn is_met(&self, tally: &Tally) -> bool {
        self.goals.iter().all(|goal| goal.is_met(goal.count(tally), tally.replications))
    }

    /// After how many replications the goals are met if the shares stay as they are; none if that is after `at_most`.
    pub fn expected(&self, tally: &Tally, at_most: u64) -> Option<u64> {
        let shares: Vec<f64> =
            self.goals.iter().map(|goal| goal.count(tally) as f64 / tally.replications.max(1) as f64).collect();
        let met = |n: u64| {
            self.goals.iter().zip(&shares).all(|(goal, share)| goal.is_met((share * n as f64).round() as u64, n))
        };
        looks(at_most).find(|&n| n >= tally.replications && met(n))
    }
}

impl Goal {
    fn count(&self, tally: &Tally) -> u64 {
        match self.target {
            Target::Outcome(index) => tally.outcomes[index].iter().sum(),
            Target::Milestone(index) => tally.milestones[index].iter().sum(),
        }
    }

    fn is_met(&self, count: u64, n: u64) -> bool {
        let interval = sequence_95(count, n);
        let half_width = (interval.high - interval.low) / 2.0;
        let found = match self.measure {
            Measure::HalfWidth => half_width,
            Measure::RelativeError if count == 0 => f64::INFINITY,
            Measure::RelativeError => half_width / (count as f64 / n as f64),
        };
        found < self.bound || (self.or_equal && found == self.bound)
    }
}

fn read(expr: &Expr, model: &Model, goals: &mut Vec<Goal>) -> Result<(), Diagnostic> {
    match &expr.kind {
        Kind::Binary(BinaryOp::And, left, right) => {
            read(left, model, goals)?;
            read(right, model, goals)
        }
        Kind::Binary(BinaryOp::Compare(comparison @ (Comparison::Less | Comparison::LessEqual)), left, right) => {
            goals.push(goal(left, *comparison, right, model)?);
            Ok(())
        }
        _ => Err(wrong(expr.span, "a precision is asked for as `half_width(x) < 0.001`, several joined by `and`")),
    }
}

fn goal(left: &Expr, comparison: Comparison, right: &Expr, model: &Model) -> Result<Goal, Diagnostic> {
    let what = "on the left stands `half_width(x)` or `relative_error(x)`, where x is an outcome or a milestone";
    let Kind::Call(function, arguments) = &left.kind else { return Err(wrong(left.span, what)) };
    let measure = match function.as_str() {
        "half_width" => Measure::HalfWidth,
        "relative_error" => Measure::RelativeError,
        _ => return Err(wrong(left.span, what).did_you_mean(function, ["half_width", "relative_error"])),
    };
    let [Expr { kind: Kind::Name(name), span }] = arguments.as_slice() else { return Err(wrong(left.span, what)) };
    let Kind::Number(bound, _) = right.kind else { return Err(wrong(right.span, "on the right stands a number")) };
    if bound <= 0.0 {
        return Err(wrong(right.span, "a precision is more than 0: no number of replications reaches 0"));
    }
    let text = format!("{function}({name}) {} {bound}", comparison.symbol());
    let target = target(name, *span, model)?;
    Ok(Goal { measure, target, or_equal: comparison == Comparison::LessEqual, bound, text })
}

/// The outcome or milestone of a name; `outcomes.x` and `milestones.x` tell those of one name apart.
fn target(name: &str, span: Span, model: &Model) -> Result<Target, Diagnostic> {
    let labels = &model.labels;
    let outcome = |id: &str| labels.outcomes.iter().position(|it| it.id == id).map(Target::Outcome);
    let milestone = |id: &str| labels.milestones.iter().position(|it| it.id == id).map(Target::Milestone);
    let found = match name.split_once('.') {
        Some(("outcomes", id)) => outcome(id),
        Some(("milestones", id)) => milestone(id),
        Some(_) => None,
        None => match (outcome(name), milestone(name)) {
            (Some(_), Some(_)) => {
                let message = format!("`{name}` is an outcome and a milestone");
                let hint = format!("write `outcomes.{name}` or `milestones.{name}`");
                return Err(wrong(span, message).hint(hint));
            }
            (outcome, milestone) => outcome.or(milestone),
        },
    };
    found.ok_or_else(|| {
        let known = labels.outcomes.iter().map(|it| &it.id).chain(labels.milestones.iter().map(|it| &it.id));
        let known: Vec<&str> = known.map(String::as_str).collect();
        let error = Diagnostic::new(Code::UnknownName, span, format!("there is no outcome or milestone `{name}`"));
        let error = error.did_you_mean(name, known.iter().copied());
        let list = format!("there are {}", known.join(", "));
        if error.hint.is_none() { error.hint(list) } else { error }
    })
}

fn wrong(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, message)
}

/// What is run until a precision is reached, and how the rest of the program sees it going.
pub struct Search<'a> {
    pub until: &'a Until,
    /// The number of replications at which it ends in any case, at least 1.
    pub at_most: u64,
    pub seed: u64,
    /// Threads; 0 for as many as there are processors.
    pub threads: usize,
    /// Counts replications as they are done.
    pub done: &'a AtomicU64,
    /// Set from outside to end early.
    pub stop: &'a AtomicBool,
}

/// Runs replications until all goals are met or there are `at_most`.
///
/// # Errors
/// The machine gives no threads.
pub fn run(model: &Model, search: &Search<'_>) -> Result<(Tally, Precision), Error> {
    let Search { until, at_most, seed, threads, done, stop } = *search;
    let mut tally = batch::empty(model);
    until.search(at_most, |look| {
        let first = tally.replications;
        let part = batch::run(model, &Batch { seed, first, replications: look - first, threads, done, stop })?;
        tally.merge(&part);
        Ok(tally.clone())
    })?;
    let precision = found(until, at_most, &tally);
    Ok((tally, precision))
}

/// What was asked for, and where these counts have come.
pub fn found(until: &Until, at_most: u64, tally: &Tally) -> Precision {
    let n = tally.replications;
    let taken = looks(at_most).take_while(|look| *look <= n).count();
    let reached = looks(at_most).any(|look| look == n) && until.is_met(tally);
    Precision { until: until.text(), at_most, looks: taken as u32, reached, schedule: SCHEDULE }
}

/// The run hash of a search: that of a batch, and the request.
pub fn run_hash(batch: &str, until: &str, at_most: u64) -> String {
    let hashed = format!("{batch}\nuntil {until}\nat most {at_most}\nschedule {SCHEDULE}\n");
    provenance::hex(&provenance::digest(hashed.as_bytes()))
}

/// The version of [`looks`] and of the intervals: with another, the same request could stop elsewhere.
const SCHEDULE: u32 = 1;

/// The summary of a search: as of a batch, but that every interval holds at all looks together, and that the request
/// is part of the run hash.
pub fn summarise(model: &Model, tally: &Tally, seed: u64, precision: Precision) -> Summary {
    let replications = if precision.reached { tally.replications } else { precision.at_most };
    let mut summary = summarise::summarise(model, tally, &Request { seed, first: 0, replications });
    summary.run.run_hash = run_hash(&summary.run.run_hash, &precision.until, precision.at_most);
    summary.run.precision = Some(precision);
    let n = tally.replications;
    let shares = (summary.outcomes.iter_mut().map(|it| &mut it.share))
        .chain([&mut summary.failed.share])
        .chain(summary.milestones.iter_mut().map(|it| &mut it.share))
        .chain(summary.events.iter_mut().map(|it| &mut it.share));
    shares.for_each(|share| widen(share, n));
    summary
}

fn widen(share: &mut Share, n: u64) {
    let interval = sequence_95(share.count, n);
    (share.low, share.high) = (interval.low, interval.high);
}
