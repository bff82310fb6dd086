//! Settles by following: each lane gives the answers of its script, and where the script ends, one answer after the other.

use super::weight::{Share, Weight};
use crate::draws::counting;
use crate::engine::{Chances, DrawId, Settle};
use crate::expression::{Column, LANES, Lanes, Mask, lanes};
use crate::model::Distribution;

/// A way to go: from a row, by these answers, and on.
#[derive(Debug, Clone)]
pub(super) struct Way<W> {
    pub row: u32,
    /// The answers already decided on, one after the other.
    pub script: Vec<u32>,
    /// The weight of the row times the shares of these answers.
    pub weight: W,
}

/// The ways of the lanes of a block, and those found on the way.
#[derive(Debug)]
pub(super) struct Follower<W> {
    /// By lane; their scripts grow, their weights shrink as they go.
    pub ways: Vec<Way<W>>,
    /// How many answers each lane has given.
    given: [usize; LANES],
    /// What is still to be followed.
    pub waiting: Vec<Way<W>>,
    shares: Vec<(u32, Share)>,
}

impl<W: Weight> Follower<W> {
    pub fn new() -> Self {
        Self { ways: Vec::with_capacity(LANES), given: [0; LANES], waiting: Vec::new(), shares: Vec::new() }
    }

    /// Begins the ways of a block anew.
    pub fn begin(&mut self) {
        self.given = [0; LANES];
    }

    /// The next answer of a lane's script, if it goes so far.
    fn scripted(&mut self, lane: usize) -> Option<u32> {
        let answer = self.ways[lane].script.get(self.given[lane]).copied();
        self.given[lane] += usize::from(answer.is_some());
        answer
    }

    /// Takes the first of the possible answers, and leaves the others for later; none if there is none.
    fn fork(&mut self, lane: usize) -> Option<u32> {
        let way = &mut self.ways[lane];
        let mut possible = self.shares.iter().filter(|(_, share)| share.is_possible());
        let (taken, share) = *possible.next()?;
        for (answer, share) in possible {
            let mut script = Vec::with_capacity(way.script.len() + 1);
            script.extend_from_slice(&way.script);
            script.push(*answer);
            self.waiting.push(Way { row: way.row, script, weight: way.weight.times(*share) });
        }
        way.weight = way.weight.times(share);
        way.script.push(taken);
        self.given[lane] += 1;
        Some(taken)
    }

    fn one_of(&mut self, lane: usize, shares: impl FnOnce(&mut Vec<(u32, Share)>)) -> Option<u32> {
        if let Some(answer) = self.scripted(lane) {
            return Some(answer);
        }
        self.shares.clear();
        shares(&mut self.shares);
        self.fork(lane)
    }
}

impl<W: Weight> Settle for Follower<W> {
    fn chance(&mut self, _ask: DrawId, mask: Mask, chances: impl Chances) -> Mask {
        let mut came = 0;
        for lane in lanes(mask) {
            let p = chances.at(lane);
            let answer = if p >= 1.0 {
                Some(1)
            } else if p <= 0.0 {
                Some(0)
            } else {
                self.one_of(lane, |shares| {
                    shares.push((1, Share { plus: p, minus: 0.0, over: 1.0 }));
                    shares.push((0, Share { plus: 1.0, minus: p, over: 1.0 }));
                })
            };
            came |= Mask::from(answer == Some(1)) << lane;
        }
        came
    }

    fn choice(&mut self, _ask: DrawId, mask: Mask, thresholds: &[Column], chosen: &mut [Mask]) {
        for lane in lanes(mask) {
            let answer = self.one_of(lane, |shares| {
                let mut below = 0.0;
                for (option, threshold) in thresholds.iter().enumerate() {
                    shares.push((option as u32, Share { plus: threshold[lane], minus: below, over: 1.0 }));
                    below = threshold[lane];
                }
            });
            if let Some(chosen) = answer.and_then(|option| chosen.get_mut(option as usize)) {
                *chosen |= 1 << lane;
            }
        }
    }

    fn between(&mut self, _ask: DrawId, mask: Mask, least: u32, most: u32, to: &mut Lanes) {
        for lane in lanes(mask) {
            let answer = self.one_of(lane, |shares| {
                let one = Share { plus: 1.0, minus: 0.0, over: f64::from(most - least + 1) };
                shares.extend((0..=most - least).map(|turns| (turns, one)));
            });
            to[lane] = f64::from(least + answer.unwrap_or(0));
        }
    }

    /// Numbers that are counted; the model has no others, or it would not be followed.
    fn value(&mut self, _ask: DrawId, mask: Mask, distribution: Distribution, arguments: &[&Lanes], to: &mut Lanes) {
        for lane in lanes(mask) {
            let argument = |index: usize| arguments[index][lane];
            let weights = match distribution {
                Distribution::Binomial => counting::binomial_weights(argument(0), argument(1)),
                Distribution::Poisson => counting::poisson_weights(argument(0)),
                _ => None,
            };
            to[lane] = match weights {
                None => f64::NAN,
                Some(weights) => {
                    let answer = self.one_of(lane, |shares| counted(&weights, shares));
                    (weights.first() + u64::from(answer.unwrap_or(0))) as f64
                }
            };
        }
    }
}

/// The shares of the values of a distribution, as its inversion gives them: differences of sums, over their total.
fn counted(weights: &counting::Weights, shares: &mut Vec<(u32, Share)>) {
    let mut minus = 0.0;
    for (answer, weight) in weights.weights().iter().enumerate() {
        let plus = minus + weight;
        shares.push((answer as u32, Share { plus, minus, over: weights.total() }));
        minus = plus;
    }
}
