//! Splitting: the probability of a rare event, climbed level by level by copies of the replications that got far.
//!
//! - [`estimate`] asks; `pilot` places the levels, `repetition` climbs them once, `judge` says what the spread betrays
//! - `stage`: copies from one level to the next; `states`: where they enter it
//! - `asks`: what was asked, and whether it came; `orders`: rare answers given by force, from a `sample` of the asks;
//!   `unseen`: what was asked and never came
//!
//! Fixed-effort multilevel splitting. A level is entered at the end of the first turn at which the importance is at least
//! the level's, or the goal is reached; so the goal lies behind all levels, and a jump over two enters both. On each level
//! the same number N of copies starts from the states in which those before entered it, and R of them enter the next: the
//! product of the R / N is the estimate of the repetition. It is unbiased whatever the importance, since the levels are
//! fixed before (a pilot with draws of its own places them) and each entrance state has N / R copies in the mean:
//! P. Glasserman, P. Heidelberger, P. Shahabuddin, T. Zajic, "Multilevel splitting for estimating rare event
//! probabilities", Operations Research 47 (1999), 585-600; M. J. J. Garvels, The splitting method in rare event simulation
//! (thesis, Twente 2000); P. L'Ecuyer, F. Le Gland, P. Lezaud, B. Tuffin, "Splitting techniques", in Rare Event Simulation
//! using Monte Carlo Methods (2009); M. Amrein, H. R. Künsch, "A variant of importance splitting for rare event
//! estimation: fixed number of successes", ACM Transactions on Modeling and Computer Simulation 21 (2011), 13.
//! The interval comes from independent repetitions, never from the product formula of one, which takes copies of one
//! entrance state for independent.

mod asks;
mod orders;
mod pilot;
mod repetition;
mod sample;
mod stage;
mod states;
mod unseen;
mod warnings;

use crate::draws::{COPIES_MAX, ESTIMATES_MAX};
use crate::engine::Program;
use crate::error::Error;
use crate::model::{Climb, Goal, Model};
use crate::provenance::{self, FORMAT_VERSION, SEMANTICS_VERSION};
use crate::results::estimate::{Estimate, Run};
use crate::threads::Threads;
use rayon::prelude::*;
use stage::Worker;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The fewest repetitions of which the spread says anything.
pub const REPETITIONS_MIN: u64 = 2;

/// The most repetitions: each has a part of the replication numbers of its own.
pub const REPETITIONS_MAX: u64 = ESTIMATES_MAX;

/// The most copies on a level.
pub const EFFORT_MAX: u64 = COPIES_MAX + 1;

/// How many numbers the entrance states of one level may hold, on each thread: half a gibibyte.
const NUMBERS_MAX: u64 = 1 << 26;

/// How an estimate is made, and how the rest of the program sees it going.
pub struct Request<'a> {
    pub seed: u64,
    /// Independent repetitions, [`REPETITIONS_MIN`] to [`REPETITIONS_MAX`].
    pub repetitions: u64,
    /// Copies started on each level in each repetition, 1 to [`EFFORT_MAX`].
    pub effort: u64,
    /// Threads; 0 for as many as there are processors.
    pub threads: usize,
    /// Counts repetitions as they are done.
    pub done: &'a AtomicU64,
    /// Set from outside to give up.
    pub stop: &'a AtomicBool,
}

/// Estimates the probability of a goal, the same for any number of threads.
///
/// # Errors
/// A number outside its limits, more memory than allowed, no threads, or interrupted.
pub fn estimate(model: &Model, climb: &Climb, request: &Request<'_>) -> Result<Estimate, Error> {
    within("repetitions", request.repetitions, REPETITIONS_MIN, REPETITIONS_MAX)?;
    within("copies on a level", request.effort, 1, EFFORT_MAX)?;
    let numbers = request.effort.saturating_mul(u64::from(model.base.numbers + model.base.flags));
    if numbers > NUMBERS_MAX {
        return Err(Error::Request(format!(
            "the states of {} copies hold {numbers} numbers, and {NUMBERS_MAX} are allowed: start fewer copies on a level",
            request.effort
        )));
    }
    let estimate = Threads::start(request.threads)?.install(|| climbed(model, climb, request));
    estimate.ok_or_else(|| Error::Interrupted("interrupted: there is no estimate".to_owned()))
}

fn within(what: &str, value: u64, least: u64, most: u64) -> Result<(), Error> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Error::Request(format!("the number of {what} must lie between {least} and {most}, and is {value}")))
}

fn climbed(model: &Model, climb: &Climb, request: &Request<'_>) -> Option<Estimate> {
    let program = Program::new(model);
    let is_stopped = || request.stop.load(Ordering::Relaxed);
    let mut worker = Worker::new(&program, climb, request.seed);
    let mut placed = pilot::place(&mut worker, request.effort, 0, None, &is_stopped)?;
    let (plan, turns_played) = orders::plan(&mut worker, &placed.levels, request.effort, &is_stopped)?;
    placed.turns_played += turns_played;
    let taken: Vec<AtomicBool> = (0..worker.asking.classes.count).map(|_| AtomicBool::new(false)).collect();
    let repetitions: Option<Vec<_>> = (1..=request.repetitions)
        .into_par_iter()
        .map_init(
            || Worker::new(&program, climb, request.seed),
            |worker, number| {
                let repetition = repetition::climb(worker, &plan, number, request.effort, &taken, &is_stopped);
                request.done.fetch_add(1, Ordering::Relaxed);
                repetition
            },
        )
        .collect();
    let repetitions = repetitions?;
    let unseen = unseen::unseen(model, &worker.asking.classes, &taken, &repetitions);
    Some(warnings::sum_up(run(model, climb, request), climb, &placed, &repetitions, unseen, request.effort))
}

fn run(model: &Model, climb: &Climb, request: &Request<'_>) -> Run {
    let labels = &model.labels;
    let (goal, goal_id, goal_title) = match climb.goal {
        Goal::Outcome(index) => {
            let label = &labels.outcomes[index as usize];
            ("outcome", &label.id, &label.title)
        }
        Goal::Milestone(index) => {
            let label = &labels.milestones[index as usize];
            ("milestone", &label.id, &label.title)
        }
    };
    let scenario_hash = provenance::hex(&model.hash);
    let text = format!(
        "splitting towards {goal} {goal_id}\nscenario {scenario_hash}\nvariant {}\nimportance {}\nseed {}\n\
         repetitions {}\neffort {}\nsemantics {SEMANTICS_VERSION}\nformat {FORMAT_VERSION}\n",
        labels.variant, climb.text, request.seed, request.repetitions, request.effort
    );
    Run {
        scenario: labels.scenario.clone(),
        title: labels.title.clone(),
        variant: labels.variant.clone(),
        variant_title: labels.variant_title.clone(),
        goal: goal.to_owned(),
        goal_id: goal_id.clone(),
        goal_title: goal_title.clone(),
        importance: climb.text.clone(),
        importance_written: climb.written,
        seed: request.seed,
        repetitions: request.repetitions,
        effort: request.effort,
        scenario_hash,
        run_hash: provenance::hex(&provenance::digest(text.as_bytes())),
        semantics_version: SEMANTICS_VERSION,
        format_version: FORMAT_VERSION,
    }
}
