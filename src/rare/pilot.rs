//! The pilot: it places the levels, with draws that no repetition uses.
//!
//! From each level it runs copies to their ends, and places the next where about e^-2 of them get: the best share for
//! fixed effort under the assumptions of L'Ecuyer et al. (2009), and no worse than others nearby. What an importance can
//! be may leave no such place; then it is the nearest there is, by ratio. That the pilot looks at its own copies to place
//! its levels (F. Cérou, A. Guyader, "Adaptive multilevel splitting for rare event analysis", Stochastic Analysis and
//! Applications 25 (2007), 417-443) biases nothing but itself.

use super::stage::{Stage, Worker};
use super::states::Entrances;
use crate::draws::LEVELS_MAX;

/// The share of copies that should get from one level to the next: e^-2.
const SHARE: f64 = 0.1353352832366127;

/// A level that more than this share reaches is none.
const SHARE_MOST: f64 = 0.8;

/// Where levels lie.
pub(super) struct Placed {
    pub levels: Vec<f64>,
    /// Whether some copy of the pilot reached the goal.
    pub reached: bool,
    pub turns_played: u64,
}

/// Places the levels of an order, from some starts or from turn 0, until the goal is no harder to reach than a level; none
/// if stopped.
pub(super) fn place(
    worker: &mut Worker<'_>,
    copies: u64,
    order: u64,
    starts: Option<&Entrances>,
    is_stopped: &impl Fn() -> bool,
) -> Option<Placed> {
    let mut placed = Placed { levels: Vec::new(), reached: false, turns_played: 0 };
    let mut from: Option<Entrances> = None;
    worker.asking.declare(None);
    loop {
        if is_stopped() {
            return None;
        }
        let level = placed.levels.len() as u64;
        let run = Stage { estimate: 0, level, order, copies, scale: 1.0, from: from.as_ref().or(starts), upto: None };
        let ends = worker.stage(&run);
        placed.turns_played += ends.turns_played;
        placed.reached |= !ends.entrances.list.is_empty();
        let goal = ends.entrances.list.len() as f64 / copies as f64;
        let next = next(&ends.highest, placed.levels.last().copied());
        let (Some(next), true, true) = (next, goal < SHARE, level < LEVELS_MAX) else { return Some(placed) };
        placed.levels.push(next);
        // The same copies once more, as far as the level that is known now.
        let again = worker.stage(&Stage { upto: Some(next), ..run });
        placed.turns_played += again.turns_played;
        from = Some(again.entrances);
    }
}

/// The value above the last level that a share of copies nearest to the wanted one reaches.
fn next(highest: &[f64], last: Option<f64>) -> Option<f64> {
    let mut values = highest.to_vec();
    values.sort_by(|a, b| b.total_cmp(a));
    let mut best: Option<(f64, f64)> = None;
    for (index, value) in values.iter().enumerate() {
        let is_last_of_its_kind = values.get(index + 1).is_none_or(|next| next < value);
        let share = (index + 1) as f64 / values.len() as f64;
        if !value.is_finite() || !is_last_of_its_kind || last.is_some_and(|last| *value <= last) || share > SHARE_MOST {
            continue;
        }
        let off = libm::log(share / SHARE).abs();
        if best.is_none_or(|(least, _)| off < least) {
            best = Some((off, *value));
        }
    }
    best.map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_level_is_the_one_nearest_to_the_wanted_share() {
        let mut highest = vec![0.0; 50];
        highest.extend([1.0; 35]);
        highest.extend([2.0; 14]);
        highest.push(f64::INFINITY);
        // 50 in 100 reach 1, and 15 reach 2.
        assert_eq!(next(&highest, None), Some(2.0));
        assert_eq!(next(&highest, Some(2.0)), None);
        assert_eq!(next(&[1.0; 10], None), None);
        assert_eq!(next(&[f64::NEG_INFINITY; 10], None), None);
    }
}
