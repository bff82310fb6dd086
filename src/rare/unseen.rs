//! What was asked in the repetitions and never came, which bounds what they cannot have seen.

use super::asks::Classes;
use super::repetition::Climbed;
use crate::model::Model;
use crate::results::estimate::{Ask, Unseen};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// How many answers are named.
const NAMED: usize = 8;

/// The sum over all asks, of classes of which no copy of any repetition drew an answer, of the probability that the process
/// comes there and the answer is drawn: estimated without bias, and no less than the probability that one of them is drawn.
pub(super) fn unseen(model: &Model, classes: &Classes, taken: &[AtomicBool], climbs: &[Climbed]) -> Unseen {
    let mut masses: BTreeMap<(usize, u32), f64> = BTreeMap::new();
    for (class, mass) in climbs.iter().flat_map(|climbed| &climbed.untaken) {
        if !taken[*class].load(Ordering::Relaxed) {
            *masses.entry(classes.answer_of(*class)).or_default() += mass / climbs.len() as f64;
        }
    }
    let bound = masses.values().sum::<f64>().min(1.0);
    let ask = |((site, answer), expected): ((usize, u32), f64)| Ask {
        site: model.labels.sites[site].clone(),
        answer,
        expected,
    };
    let mut asks: Vec<Ask> = masses.into_iter().map(ask).collect();
    asks.sort_by(|a, b| b.expected.total_cmp(&a.expected));
    asks.truncate(NAMED);
    Unseen { bound, asks }
}
