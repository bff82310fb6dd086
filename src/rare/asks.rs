//! Keeps account of everything that is asked while copies run: how much was likely to come of it, and whether it came.
//!
//! A chance of 10^-7 that opens a road to the goal is asked in every copy and comes in none. No spread between repetitions
//! shows it, but the sum of the probabilities with which it was asked bounds what it hides. Asks are kept apart by
//! [`Classes`]: the site, the answer, and the size of the probability. Answers of classes that are declared rare are taken
//! by force elsewhere, so here a copy that draws one leaves, and the ask becomes a candidate of the [`Sample`].

use super::sample::{Candidate, Lane, Sample};
use crate::answers::KeyedDraws;
use crate::engine::{Chances, DrawId, Settle};
use crate::expression::{Bank, Column, LANES, Lanes, Mask, lanes};
use crate::model::{Body, Distribution, Model};
use std::sync::Arc;

/// Probabilities of one class differ by less than this power of two.
const BITS: usize = 4;
/// How many classes an answer has.
const SIZES: usize = 16;

/// The classes of asks: by site, answer and size of the probability.
#[derive(Debug, Clone)]
pub(super) struct Classes {
    /// By site: the number of answers of all sites before it.
    first: Vec<u32>,
    pub count: usize,
}

impl Classes {
    pub fn new(model: &Model) -> Self {
        let mut answers = vec![2; model.sites.len()];
        for rule in model.injects.iter().chain(&model.triggers) {
            if let Body::Decision { site, branches, .. } = &rule.body {
                answers[*site as usize] = branches.len() as u32;
            }
        }
        let mut first = Vec::with_capacity(answers.len());
        let mut before = 0;
        for answers in answers {
            first.push(before);
            before += answers;
        }
        Self { first, count: before as usize * SIZES }
    }

    /// The class of an answer whose probability lies between 0 and 1.
    fn of(&self, site: u32, answer: u32, probability: f64) -> usize {
        // From 1/2 on it is 0, from 1/4 on 1, and so on.
        let halvings = 1022 - (probability.to_bits() >> 52) as usize;
        (self.first[site as usize] + answer) as usize * SIZES + (halvings / BITS).min(SIZES - 1)
    }

    /// The site of a class, and the answer: 1 where a chance comes, and 0 where it does not; else the option.
    pub fn answer_of(&self, class: usize) -> (usize, u32) {
        let answer = (class / SIZES) as u32;
        let site = self.first.partition_point(|first| *first <= answer) - 1;
        (site, answer - self.first[site])
    }
}

/// What was asked in a class.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    /// The sum over asks of the weight of the copy times the probability.
    pub mass: f64,
    /// The sum of the squared weight times the probability.
    square: f64,
    /// Whether some copy drew it.
    pub taken: bool,
}

impl Tally {
    /// How many copies of equal weight would draw it in the mean, with the same relative error.
    pub fn expected(&self) -> f64 {
        if self.square > 0.0 { self.mass * self.mass / self.square } else { 0.0 }
    }
}

/// Tallies of all classes, and which of them have one.
#[derive(Debug)]
pub(super) struct Ledger {
    tallies: Vec<Tally>,
    asked: Vec<u32>,
}

impl Ledger {
    fn new(classes: usize) -> Self {
        Self { tallies: vec![Tally::default(); classes], asked: Vec::new() }
    }

    fn note(&mut self, class: usize, weight: f64, probability: f64, came: bool) {
        let tally = &mut self.tallies[class];
        if tally.mass == 0.0 {
            self.asked.push(class as u32);
        }
        tally.mass += weight * probability;
        tally.square += weight * weight * probability;
        tally.taken |= came;
    }

    /// What was asked since this was called last, by class.
    pub fn take(&mut self) -> Vec<(usize, Tally)> {
        self.asked.sort_unstable();
        self.asked.dedup();
        let tallies = &mut self.tallies;
        self.asked.drain(..).map(|class| (class as usize, std::mem::take(&mut tallies[class as usize]))).collect()
    }
}

/// An answer that one copy gives by force.
#[derive(Debug, Clone, Copy)]
struct Forced {
    ask: DrawId,
    answer: u32,
    /// Whether it has been given.
    given: bool,
}

/// Settles by keyed draws, and keeps account.
pub(super) struct Asking {
    draws: KeyedDraws,
    pub classes: Classes,
    pub ledger: Ledger,
    pub sample: Sample,
    /// The classes whose answers make a copy leave; none if copies go where they are drawn.
    rare: Option<Arc<[bool]>>,
    /// By lane: the part of the probability for which its copy stands.
    pub weights: Lanes,
    /// The replication number of lane 0.
    number: u64,
    /// The state of all lanes before the turn, where something is rare.
    before: Bank,
    /// The lanes that drew a rare answer in this turn.
    left: Mask,
    forced: Option<Forced>,
}

impl Asking {
    pub fn new(model: &Model, seed: u64) -> Self {
        let classes = Classes::new(model);
        let (numbers, flags) = (model.base.numbers as usize, model.base.flags as usize);
        Self {
            draws: KeyedDraws::new(model, seed),
            ledger: Ledger::new(classes.count),
            sample: Sample::new(classes.count),
            rare: None,
            weights: [0.0; LANES],
            number: 0,
            before: Bank { numbers: vec![Column::ZERO; numbers], flags: vec![0; flags] },
            left: 0,
            forced: None,
            classes,
        }
    }

    /// Declares which classes are rare from now on.
    pub fn declare(&mut self, rare: Option<Arc<[bool]>>) {
        self.rare = rare;
    }

    /// Goes over to the group of 64 copies that begins with this number.
    pub fn enter(&mut self, number: u64) {
        self.number = number;
        self.draws.enter(number / LANES as u64);
    }

    /// Must be called before every turn: what is taken by force begins again there.
    pub fn remember(&mut self, bank: &Bank) {
        if self.rare.is_some() {
            let columns = self.before.numbers.len();
            self.before.numbers.copy_from_slice(&bank.numbers[..columns]);
            let flags = self.before.flags.len();
            self.before.flags.copy_from_slice(&bank.flags[..flags]);
        }
    }

    /// The lanes that have drawn a rare answer since this was called last: what comes of them is told elsewhere.
    pub fn left(&mut self) -> Mask {
        std::mem::take(&mut self.left)
    }

    /// From now on the one lane that runs gives this answer to this ask; `None` ends it.
    pub fn force(&mut self, answer: Option<(DrawId, u32)>) {
        self.forced = answer.map(|(ask, answer)| Forced { ask, answer, given: false });
    }

    /// The answer to give by force, if this is its ask.
    fn forced_answer(&mut self, ask: DrawId) -> Option<u32> {
        let forced = self.forced.as_mut().filter(|forced| forced.ask == ask && !forced.given)?;
        forced.given = true;
        Some(forced.answer)
    }

    /// Whether asks are noted: not while a copy repeats what it did before the answer that it gives by force.
    fn is_noting(&self) -> bool {
        self.forced.is_none_or(|forced| forced.given)
    }

    fn note(&mut self, ask: DrawId, lane: usize, answer: u32, probability: f64, came: bool) {
        let class = self.classes.of(ask.site, answer, probability);
        let weight = self.weights[lane];
        if !self.rare.as_ref().is_some_and(|rare| rare[class]) {
            return self.ledger.note(class, weight, probability, came);
        }
        self.left |= Mask::from(came) << lane;
        let mass = weight * probability;
        if let Some(priority) = self.sample.priority(class, mass) {
            let number = self.number + lane as u64;
            let state = (ask.turn > 0).then(|| Lane::of(&self.before, lane));
            self.sample.keep(class, Candidate { ask, answer, number, mass, priority, state });
        }
    }
}

impl Settle for Asking {
    fn chance(&mut self, ask: DrawId, mask: Mask, chances: impl Chances) -> Mask {
        let came = self.draws.chance(ask, mask, chances);
        if let Some(answer) = self.forced_answer(ask) {
            return if answer == 1 { mask } else { 0 };
        }
        if self.is_noting() {
            for lane in lanes(mask & !self.left) {
                let (p, came) = (chances.at(lane), came >> lane & 1 == 1);
                if p > 0.0 && p < 1.0 {
                    self.note(ask, lane, 1, p, came);
                    self.note(ask, lane, 0, 1.0 - p, !came);
                }
            }
        }
        came
    }

    fn choice(&mut self, ask: DrawId, mask: Mask, thresholds: &[Column], chosen: &mut [Mask]) {
        self.draws.choice(ask, mask, thresholds, chosen);
        if let Some(answer) = self.forced_answer(ask) {
            for (option, chosen) in chosen.iter_mut().take(thresholds.len()).enumerate() {
                *chosen = if option == answer as usize { *chosen | mask } else { *chosen & !mask };
            }
            return;
        }
        if !self.is_noting() {
            return;
        }
        for lane in lanes(mask & !self.left) {
            let mut below = 0.0;
            for (option, threshold) in thresholds.iter().enumerate() {
                let probability = threshold[lane] - below;
                below = threshold[lane];
                if probability > 0.0 && probability < 1.0 {
                    self.note(ask, lane, option as u32, probability, chosen[option] >> lane & 1 == 1);
                }
            }
        }
    }

    fn between(&mut self, ask: DrawId, mask: Mask, least: u32, most: u32, to: &mut Lanes) {
        self.draws.between(ask, mask, least, most, to);
    }

    fn value(&mut self, ask: DrawId, mask: Mask, distribution: Distribution, arguments: &[&Lanes], to: &mut Lanes) {
        self.draws.value(ask, mask, distribution, arguments, to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_tell_sites_answers_and_sizes_apart() {
        let classes = Classes { first: vec![0, 2, 5], count: 7 * SIZES };
        assert_eq!(classes.of(0, 0, 0.5), 0);
        assert_eq!(classes.of(0, 0, 0.99), 0);
        assert_eq!(classes.of(0, 1, 0.0625), SIZES);
        assert_eq!(classes.of(0, 1, 0.0624), SIZES + 1);
        assert_eq!(classes.of(1, 2, 1e-5), 4 * SIZES + 4);
        assert_eq!(classes.of(2, 0, 5e-324), 6 * SIZES - 1);
        for (site, answer) in [(0, 0), (0, 1), (1, 0), (1, 2), (2, 1)] {
            assert_eq!(classes.answer_of(classes.of(site, answer, 0.001)), (site as usize, answer));
        }
    }
}
