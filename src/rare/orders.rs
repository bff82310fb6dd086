//! By how many rare answers the goal is reached: one climb for none, one for the first given by force, and so on.
//!
//! P(goal) is the sum over k of the probability to reach it with exactly k rare answers, up to an order from which on copies
//! go where they are drawn. A climb of order k lets copies that draw a rare answer leave, and samples the asks at which they
//! could have drawn one, each by its mass; the climb of order k + 1 starts from these, with the answer given. So a road that
//! opens with a chance of 10^-7 is gone by as many copies as any other, each of small weight: the forcing of rare transitions
//! in the simulation of rare failures (E. E. Lewis, F. Böhm, "Monte Carlo simulation of Markov unreliability models",
//! Nuclear Engineering and Design 77 (1984), 49-62), joined with splitting. It is unbiased whatever is declared rare.

use super::pilot;
use super::stage::{Stage, Worker};
use super::states::Entrances;
use crate::draws::LEVELS_MAX;
use std::sync::Arc;

/// An answer that fewer copies than this would draw in one repetition, by what the pilot saw, is rare.
const EXPECTED_LEAST: f64 = 16.0;

/// Where copies are few, the bound is this part of them: what is common does not hang on their number.
const SHARE_LEAST: f64 = 1.0 / 64.0;

/// Rare answers that weigh less than this part of the estimate are left to luck.
const NEGLIGIBLE: f64 = 1e-3;

/// The last order.
const ORDERS_MAX: usize = 3;

/// How one order is climbed.
#[derive(Debug, Clone, Default)]
pub(super) struct Order {
    /// Where its levels lie; those of order 0 are among them.
    pub levels: Vec<f64>,
    /// The classes of answers that are rare; none in the last order.
    pub rare: Option<Arc<[bool]>>,
    /// How many asks of each class are kept.
    pub quota: usize,
}

/// What climbing one order gave.
pub(super) struct Climb {
    /// By level, the goal last: how many copies entered it.
    pub reached: Vec<u64>,
    /// By level: the part of the probability that entered it.
    pub mass: Vec<f64>,
    /// The entrances of every level that was reached.
    pub entrances: Vec<Entrances>,
    pub turns_played: u64,
    pub failed: u64,
    pub without_importance: u64,
}

/// Climbs the levels of one order from some starts, or from turn 0; none if stopped.
pub(super) fn climb(
    worker: &mut Worker<'_>,
    order: &Order,
    (estimate, number): (u64, u64),
    effort: u64,
    starts: Option<&Entrances>,
    is_stopped: &impl Fn() -> bool,
) -> Option<Climb> {
    let levels = order.levels.len();
    let mut climb = Climb {
        reached: vec![0; levels + 1],
        mass: vec![0.0; levels + 1],
        entrances: Vec::new(),
        turns_played: 0,
        failed: 0,
        without_importance: 0,
    };
    worker.asking.declare(order.rare.clone());
    worker.begin_sample(order.quota, estimate, number);
    let mut scale = starts.map_or(1.0, |starts| starts.list.len() as f64) / effort as f64;
    for (level, upto) in order.levels.iter().copied().map(Some).chain([None]).enumerate() {
        if is_stopped() {
            return None;
        }
        let from = if level == 0 { starts } else { climb.entrances.last() };
        let stage = Stage { estimate, level: level as u64, order: number, copies: effort, scale, from, upto };
        let reached = worker.stage(&stage);
        climb.turns_played += reached.turns_played;
        climb.failed += reached.failed;
        climb.without_importance += reached.without_importance;
        climb.reached[level] = reached.entrances.list.len() as u64;
        climb.mass[level] = scale * reached.entrances.weight();
        scale *= climb.reached[level] as f64 / effort as f64;
        let is_end = reached.entrances.list.is_empty();
        climb.entrances.push(reached.entrances);
        if is_end {
            break;
        }
    }
    Some(climb)
}

/// The orders, as the pilot finds them, and the turns that took; the levels of order 0 are given. None if stopped.
pub(super) fn plan(
    worker: &mut Worker<'_>,
    levels: &[f64],
    effort: u64,
    is_stopped: &impl Fn() -> bool,
) -> Option<(Vec<Order>, u64)> {
    let least = EXPECTED_LEAST.min(SHARE_LEAST * effort as f64);
    let mut orders = Vec::new();
    let (mut found, mut turns_played) = (0.0, 0);
    let mut starts: Option<Entrances> = None;
    for number in 0..=ORDERS_MAX as u64 {
        let mut order = Order { levels: levels.to_vec(), ..Order::default() };
        if let Some(starts) = &starts {
            let placed = pilot::place(worker, effort, number, Some(starts), is_stopped)?;
            turns_played += placed.turns_played;
            order.levels = joined(levels, &placed.levels);
        }
        worker.asking.ledger.take();
        let natural = climb(worker, &order, (0, number), effort, starts.as_ref(), is_stopped)?;
        turns_played += natural.turns_played;
        let estimate = found + natural.mass[order.levels.len()];
        let asked = worker.asking.ledger.take();
        let last = Order { levels: order.levels.clone(), ..Order::default() };
        let seldom: f64 = asked.iter().filter(|(_, tally)| tally.expected() < least).map(|(_, tally)| tally.mass).sum();
        if number as usize == ORDERS_MAX || seldom <= NEGLIGIBLE * estimate {
            orders.push(last);
            break;
        }
        // What the pilot never asked is rare too.
        let mut rare = vec![true; worker.asking.classes.count];
        for (class, tally) in &asked {
            rare[*class] = tally.expected() < least;
        }
        let classes = asked.iter().filter(|(class, _)| rare[*class]).count();
        (order.rare, order.quota) = (Some(rare.into()), (effort as usize / classes.max(1)).max(4));
        let diverted = climb(worker, &order, (0, number), effort, starts.as_ref(), is_stopped)?;
        let (forced, forced_turns) = worker.force();
        turns_played += diverted.turns_played + forced_turns;
        if forced.list.is_empty() {
            orders.push(last);
            break;
        }
        found += diverted.mass[order.levels.len()];
        starts = Some(forced);
        orders.push(order);
    }
    worker.asking.ledger.take();
    Some((orders, turns_played))
}

/// The levels of two lists, rising; as many of the second as fit.
fn joined(first: &[f64], second: &[f64]) -> Vec<f64> {
    let more = second.iter().filter(|level| !first.contains(level));
    let room = (LEVELS_MAX as usize).saturating_sub(first.len());
    let mut all: Vec<f64> = first.iter().chain(more.take(room)).copied().collect();
    all.sort_by(f64::total_cmp);
    all
}
