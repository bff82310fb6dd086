//! One repetition: level by level to the goal.

use super::stage::{Stage, Worker};
use super::states::{Entrance, Entrances};
use crate::draws::copy_number;
use crate::results::estimate::Ancestor;
use std::collections::BTreeMap;

/// What one repetition found.
pub(super) struct Climbed {
    /// How many copies entered each level, the goal last.
    pub reached: Vec<u64>,
    /// How many of those at the goal came there from each level without passing the next.
    pub direct: Vec<u64>,
    /// How many copies that began at turn 0 have successors at the goal, each by its part.
    pub roots: f64,
    pub turns_played: u64,
    pub failed: u64,
    pub without_importance: u64,
    /// The copies through which the first one at the goal came there.
    pub witness: Option<Vec<Ancestor>>,
}

impl Climbed {
    /// The product of the shares up to a level.
    pub fn probability_of(&self, level: usize, effort: u64) -> f64 {
        self.reached[..=level].iter().map(|reached| *reached as f64 / effort as f64).product()
    }
}

/// Climbs once; none if stopped.
pub(super) fn climb(
    worker: &mut Worker<'_>,
    levels: &[f64],
    estimate: u64,
    effort: u64,
    is_stopped: &impl Fn() -> bool,
) -> Option<Climbed> {
    let mut climbed = Climbed {
        reached: vec![0; levels.len() + 1],
        direct: vec![0; levels.len() + 1],
        roots: 0.0,
        turns_played: 0,
        failed: 0,
        without_importance: 0,
        witness: None,
    };
    let mut path: Vec<Vec<Entrance>> = Vec::new();
    let mut from: Option<Entrances> = None;
    for (level, upto) in levels.iter().copied().map(Some).chain([None]).enumerate() {
        if is_stopped() {
            return None;
        }
        let stage = Stage { estimate, level: level as u64, copies: effort, from: from.as_ref(), upto };
        let reached = worker.stage(&stage);
        climbed.turns_played += reached.turns_played;
        climbed.failed += reached.failed;
        climbed.without_importance += reached.without_importance;
        climbed.reached[level] = reached.entrances.list.len() as u64;
        path.push(reached.entrances.list.clone());
        if reached.entrances.list.is_empty() {
            return Some(climbed);
        }
        from = Some(reached.entrances);
    }
    let goal = path.last().map_or(&[][..], Vec::as_slice);
    for entrance in goal {
        climbed.direct[entrance.direct.map_or(levels.len(), usize::from)] += 1;
    }
    climbed.roots = roots(goal);
    climbed.witness = ancestors(&path, estimate);
    Some(climbed)
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
fn ancestors(path: &[Vec<Entrance>], estimate: u64) -> Option<Vec<Ancestor>> {
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
