//! Without a horizon: the chain of a scenario whose turns go on for ever, and sound bounds on how it ends.
//!
//! - `clock`: from which turn on every turn is like the others; `explore`: the chain that then is finite
//! - `components`: what cannot leave is never decided; `eliminate`: the values of a component; `bounds`: proof of them
//!
//! Values are found by elimination without subtraction, in which errors cannot grow by cancellation, at 106 bits (W. K.
//! Grassmann, M. I. Taksar, D. P. Heyman, "Regenerative analysis and steady state distributions for Markov chains",
//! Operations Research 33 (1985), 1107-1116). They are not believed: a bound is a vector of which one step of the chain,
//! rounding included, proves that it lies above or below, as in optimistic value iteration (A. Hartmanns, B. L. Kaminski,
//! "Optimistic value iteration", CAV 2020).

mod bounds;
mod clock;
mod components;
mod eliminate;
mod explore;

use super::obstacles::obstacles;
use super::request::{Request, Trouble};
use crate::engine::Program;
use crate::model::Model;
use crate::provenance::{self, FORMAT_VERSION, SEMANTICS_VERSION};
use crate::results::unbounded::{Ending, Turns, Unbounded};

/// Solves a model as if its turns had no end. What stands for running out of turns is then what is never decided.
///
/// The model must have been compiled with as many turns as a file can have, since its conditions are simplified for those.
///
/// # Errors
/// Draws with more outcomes than can be followed, turns that differ for ever, too many states, an interrupt, and values
/// that could not be proved.
pub fn unbounded(model: &Model, request: &Request<'_>) -> Result<Unbounded, Trouble> {
    let obstacles = obstacles(model);
    if !obstacles.is_empty() {
        return Err(Trouble::Obstacles(obstacles));
    }
    let clock = clock::clock(model).map_err(Trouble::Clock)?;
    let model = endless(model);
    let chain = explore::explore(&Program::new(&model), &clock, request)?;
    let found = bounds::bounds(&chain, request)?;
    let labels = &model.labels;
    let ids = labels.outcomes.iter().take(model.outcomes.len()).map(|outcome| outcome.id.clone());
    let ending = |(id, (low, high)): (String, (f64, f64))| Ending { id, low, high };
    let mut endings = ids.chain(["failed".to_owned(), "never".to_owned()]).zip(found.endings).map(ending);
    let outcomes: Vec<Ending> = endings.by_ref().take(model.outcomes.len()).collect();
    let failed = endings.next().unwrap_or_default();
    let never = endings.next().unwrap_or_default();
    Ok(Unbounded {
        scenario: labels.scenario.clone(),
        title: labels.title.clone(),
        variant: labels.variant.clone(),
        variant_title: labels.variant_title.clone(),
        scenario_hash: provenance::hex(&model.hash),
        semantics_version: SEMANTICS_VERSION,
        format_version: FORMAT_VERSION,
        outcomes,
        failed,
        never,
        turns: found.turns.map(|(low, high)| Turns { low, high }),
        states: chain.len(),
        transitions: chain.targets.len(),
        alike_from: clock.last + 1,
        period: clock.period,
    })
}

/// The model without what only records, and without a last turn.
fn endless(model: &Model) -> Model {
    let mut model = model.clone();
    model.claims.clear();
    model.milestones.clear();
    model.metrics.retain(|metric| metric.value.range.nan);
    model.turns = u32::MAX;
    model
}
