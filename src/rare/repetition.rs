//! One repetition: level by level to the goal.

use super::orders::{self, Climb, Order};
use super::stage::Worker;
use super::states::{Entrance, Entrances};
use crate::draws::copy_number;
use crate::results::estimate::Ancestor;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// What one repetition found.
pub(super) struct Climbed {
    /// How many copies of order 0 entered each level, the goal last.
    pub reached: Vec<u64>,
    /// By level: the part of the probability that entered it with answers given by force.
    pub by_force: Vec<f64>,
    /// How many of those at the goal came there from each level without passing the next.
    pub direct: Vec<u64>,
    /// How many copies that began at turn 0 have successors at the goal, each by its part.
    pub roots: f64,
    pub turns_played: u64,
    pub failed: u64,
    pub without_importance: u64,
    /// The copies through which the first one at the goal came there.
    pub witness: Option<Vec<Ancestor>>,
    /// The classes of which no copy drew an answer, each with what was likely to be drawn.
    pub untaken: Vec<(usize, f64)>,
}

impl Climbed {
    /// The probability to reach a level: the product of the shares up to it, and what came by force.
    pub fn probability_of(&self, level: usize, effort: u64) -> f64 {
        self.unforced(level, effort) + self.by_force[level]
    }

    /// The part of it that came without force.
    pub fn unforced(&self, level: usize, effort: u64) -> f64 {
        self.reached[..=level].iter().map(|reached| *reached as f64 / effort as f64).product()
    }
}

/// Climbs all orders once; none if stopped. What is drawn is noted in `taken`, by class.
pub(super) fn climb(
    worker: &mut Worker<'_>,
    plan: &[Order],
    estimate: u64,
    effort: u64,
    taken: &[AtomicBool],
    is_stopped: &impl Fn() -> bool,
) -> Option<Climbed> {
    let levels = &plan[0].levels;
    let mut climbed = Climbed {
        reached: Vec::new(),
        by_force: vec![0.0; levels.len() + 1],
        direct: vec![0; levels.len() + 1],
        roots: 0.0,
        turns_played: 0,
        failed: 0,
        without_importance: 0,
        witness: None,
        untaken: Vec::new(),
    };
    let mut starts: Option<Entrances> = None;
    for (number, order) in plan.iter().enumerate() {
        let climb = orders::climb(worker, order, (estimate, number as u64), effort, starts.as_ref(), is_stopped)?;
        climbed.turns_played += climb.turns_played;
        climbed.failed += climb.failed;
        climbed.without_importance += climb.without_importance;
        if number == 0 {
            climbed.unforced_climb(&climb, levels.len(), estimate);
        } else {
            climbed.forced_climb(&climb, levels, order);
        }
        if order.rare.is_some() {
            let (forced, turns_played) = worker.force();
            climbed.turns_played += turns_played;
            if forced.list.is_empty() {
                break;
            }
            starts = Some(forced);
        }
    }
    for (class, tally) in worker.asking.ledger.take() {
        if tally.taken {
            taken[class].store(true, Ordering::Relaxed);
        } else {
            climbed.untaken.push((class, tally.mass));
        }
    }
    Some(climbed)
}

impl Climbed {
    fn unforced_climb(&mut self, climb: &Climb, levels: usize, estimate: u64) {
        self.reached.clone_from(&climb.reached);
        let Some(goal) = climb.entrances.get(levels) else { return };
        for entrance in &goal.list {
            self.direct[entrance.direct.map_or(levels, usize::from)] += 1;
        }
        self.roots = roots(&goal.list);
        let path: Vec<&[Entrance]> = climb.entrances.iter().map(|entrances| entrances.list.as_slice()).collect();
        self.witness = ancestors(&path, estimate);
    }

    fn forced_climb(&mut self, climb: &Climb, levels: &[f64], order: &Order) {
        let last = levels.len();
        self.by_force[last] += climb.mass[order.levels.len()];
        for (level, by_force) in levels.iter().zip(&mut self.by_force) {
            let place = order.levels.partition_point(|other| other < level);
            *by_force += climb.mass[place];
        }
    }
}

/// (Σ n)² / Σ n² of the numbers of successors of each root: as many as there are if all have alike.
fn roots(goal: &[Entrance]) -> f64 {
    let mut successors: BTreeMap<u32, f64> = BTreeMap::new();
    goal.iter().for_each(|entrance| *successors.entry(entrance.root).or_default() += 1.0);
    let squares: f64 = successors.values().map(|n| n * n).sum();
    let all = goal.len() as f64;
    if squares > 0.0 { all * all / squares } else { 0.0 }
}

/// The copies that led to the first entrance at the goal, each with the turn from whose end on it played; those that
/// played nothing, since they started beyond the next level, are left out.
fn ancestors(path: &[&[Entrance]], estimate: u64) -> Option<Vec<Ancestor>> {
    let mut ancestors = Vec::new();
    let mut entrance = *path.last()?.first()?;
    for level in (0..path.len()).rev() {
        let parent = if level == 0 { None } else { path[level - 1].get(entrance.parent as usize).copied() };
        let from_turn = parent.map_or(0, |parent| parent.turn);
        if level == 0 || entrance.turn > from_turn {
            let number = copy_number(estimate, level as u64, u64::from(entrance.copy))?;
            ancestors.push(Ancestor { number, level: level as u64, from_turn });
        }
        entrance = parent.unwrap_or(entrance);
    }
    ancestors.reverse();
    Some(ancestors)
}
