//! The seam: how a chance, a choice and a value are settled.
//!
//! A batch settles them with keyed draws. An exact solver would follow every branch, a person would choose.

use super::watch::Watch;
use crate::expression::{Answer, Column, Interval, Lanes, Mask};
use crate::model::{Distribution, ValueDraw};
use crate::simd::{EIGHT, Eight, Operand};

/// Which draw is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrawId {
    /// The index of the site in the model.
    pub site: u32,
    pub turn: u32,
    /// 0, but for further landings of one trigger in one turn.
    pub k: u32,
}

/// Probabilities of all lanes. They may lie outside [0, 1] and then act as the nearer bound; where they are asked for,
/// they are never NaN.
pub trait Chances: Copy {
    /// The probability in one lane.
    fn at(self, lane: usize) -> f64;

    /// The probabilities of the eight lanes from 8 · index on, times 2^16 and below 2^31.
    fn thresholds(self, index: usize) -> Eight;
}

impl Chances for f64 {
    #[inline(always)]
    fn at(self, _lane: usize) -> f64 {
        self
    }

    #[inline(always)]
    fn thresholds(self, _index: usize) -> Eight {
        [threshold(self); EIGHT]
    }
}

impl Chances for &Lanes {
    #[inline(always)]
    fn at(self, lane: usize) -> f64 {
        self[lane]
    }

    #[inline(always)]
    fn thresholds(self, index: usize) -> Eight {
        let mut eight = self.eight(index);
        for p in &mut eight {
            *p = threshold(*p);
        }
        eight
    }
}

/// Thresholds are so many times the probability: what the first 16 bits of draws are compared with.
pub(super) const SCALE: f64 = 65_536.0;

#[inline(always)]
fn threshold(p: f64) -> f64 {
    let scaled = p * SCALE;
    if scaled < SCALE { scaled } else { SCALE }
}

/// On which sides of [0, 1] a chance or share can lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outside {
    pub below: bool,
    pub above: bool,
}

impl Outside {
    #[inline(always)]
    pub fn of(range: Interval) -> Self {
        Self { below: range.low < 0.0, above: range.high > 1.0 }
    }

    #[inline(always)]
    pub fn is_possible(self) -> bool {
        self.below | self.above
    }
}

/// Answers what the engine cannot know.
pub trait Settle {
    /// The lanes, out of those asked about, in which something of this probability comes.
    fn chance(&mut self, ask: DrawId, lanes: Mask, chances: impl Chances) -> Mask;

    /// One of several: for every lane asked about, sets its bit in the mask of the first option whose threshold
    /// exceeds the draw. Thresholds rise to 1.
    fn choice(&mut self, ask: DrawId, lanes: Mask, thresholds: &[Column], chosen: &mut [Mask]);

    /// An integer from `least` to `most`, each as likely.
    fn between(&mut self, ask: DrawId, lanes: Mask, least: u32, most: u32, to: &mut Lanes);

    /// A value of a distribution other than Bernoulli's; NaN for parameters outside its domain.
    fn value(&mut self, ask: DrawId, lanes: Mask, distribution: Distribution, arguments: &[&Lanes], to: &mut Lanes);
}

/// Answers a tape's questions at one place in one turn.
pub(super) struct Answering<'a, S, W> {
    pub values: &'a [ValueDraw],
    pub settle: &'a mut S,
    pub watch: &'a mut W,
    pub turn: u32,
    pub k: u32,
}

impl<S: Settle, W: Watch> Answer for Answering<'_, S, W> {
    fn answer(&mut self, ask: u32, mask: Mask, arguments: &[&Lanes], to: &mut Lanes) {
        let draw = self.values[ask as usize];
        let ask = DrawId { site: draw.site, turn: self.turn, k: self.k };
        if draw.distribution != Distribution::Bernoulli {
            return self.settle.value(ask, mask, draw.distribution, arguments, to);
        }
        let probability = arguments[0];
        let undefined = crate::expression::mask_of(probability, f64::is_nan);
        let asked = mask & !undefined;
        let below = crate::expression::mask_of(probability, |p| p < 0.0) & asked;
        let above = crate::expression::mask_of(probability, |p| p > 1.0) & asked;
        self.watch.drawn_chance(draw.site, asked, below, above);
        let came = self.settle.chance(ask, asked, probability);
        for (lane, to) in to.iter_mut().enumerate() {
            *to = match (undefined >> lane & 1, came >> lane & 1) {
                (1, _) => f64::NAN,
                (_, bit) => bit as f64,
            };
        }
    }
}
