//! What can be seen of a run: one call for everything that happens, for those who count and those who tell.

use crate::expression::{Bank, Column, Lanes, Mask, Value};
use crate::model::{Effect, Observer, Target};
use crate::results::Reason;

/// Sees what happens; every method does nothing unless implemented. Lanes are those in which it happens. [`Both`] must
/// pass on every method there is.
pub trait Watch {
    /// A turn begins in these lanes, turn 0 included.
    fn turn(&mut self, _turn: u32, _active: Mask) {}
    /// A guard holds, cooldown and limit included.
    fn eligible(&mut self, _event: u32, _lanes: Mask, _bank: &mut Bank) {}
    /// A chance was settled, in the lanes asked about. Told to those who want assignments.
    fn chance(&mut self, _site: u32, _lanes: Mask, _probability: Value<'_>, _came: Mask) {}
    /// A decision was settled in these lanes: the thresholds of its options, which rise to 1.
    fn choice(&mut self, _site: u32, _lanes: Mask, _thresholds: &[Column]) {}
    /// A chance or share lay below 0 or above 1 in some of the lanes.
    fn drawn_chance(&mut self, _site: u32, _lanes: Mask, _below: Mask, _above: Mask) {}
    fn fired(&mut self, _event: u32, _lanes: Mask) {}
    /// An observer of an event saw it, in some of the lanes asked about.
    fn observed(&mut self, _event: u32, _observer: &Observer, _asked: Mask, _saw: Mask) {}
    /// An event lands after so many turns.
    fn scheduled(&mut self, _event: u32, _lanes: Mask, _delays: &Lanes) {}
    fn landed(&mut self, _event: u32, _lanes: Mask) {}
    /// Goods leave, and how much of them is going to arrive.
    fn dispatched(&mut self, _event: u32, _lanes: Mask, _amounts: &Lanes, _arriving: &Lanes) {}
    /// Whoever takes the time before an assignment or after a chance to look at it says so.
    fn wants_assignments(&self) -> bool {
        false
    }
    /// A variable is about to change, if `wants_assignments`; its value before and after.
    fn assigned(&mut self, _target: &Target, _lanes: Mask, _before: &Lanes, _after: &Lanes) {}
    /// A variable was assigned in so many lanes, and stopped at its lower or upper bound in some of them.
    fn saturated(&mut self, _variable: u32, _lanes: u32, _below: u32, _above: u32) {}
    /// A variable was assigned in so many lanes, could pass one bound at most, and stopped there in some of them.
    fn stopped(&mut self, stop: Stop, lanes: u32, stopped: u32) {
        let at = |bound: Bound| if stop.is_at(bound) { stopped } else { 0 };
        self.saturated(stop.variable(), lanes, at(Bound::Lower), at(Bound::Upper));
    }
    fn failed(&mut self, _turn: u32, _place: u32, _reason: Reason, _lanes: Mask) {}
    fn measured(&mut self, _metric: u32, _lanes: Mask, _values: Value<'_>) {}
    /// A milestone holds for the first time.
    fn passed(&mut self, _milestone: u32, _lanes: Mask) {}
    fn ended(&mut self, _turn: u32, _outcome: u32, _lanes: Mask) {}
    /// A claim was looked at, at the end of these replications.
    fn claimed(&mut self, _claim: u32, _lanes: Mask, _holds: Mask) {}
    /// A turn is over; the state is that of its end.
    fn turn_over(&mut self, _turn: u32, _bank: &Bank) {}
    /// An effect is about to be worked out.
    fn effect(&mut self, _effect: &Effect) {}
}

/// A bound of a variable, as a place among its four counts, of which the last is of all assignments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    Lower = 0,
    Upper = 1,
    Neither = 2,
}

/// A variable and the bound that it can pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop(u32);

impl Stop {
    /// None of a variable with an index that is too large.
    pub fn new(variable: u32, bound: Bound) -> Option<Self> {
        Some(Self(variable.checked_mul(4)? + bound as u32))
    }

    /// The index of the variable in the labels.
    pub fn variable(self) -> u32 {
        self.0 / 4
    }

    pub fn is_at(self, bound: Bound) -> bool {
        self.0 % 4 == bound as u32
    }

    /// The place of the bound among the counts of all variables, and that of all assignments of its variable.
    #[inline(always)]
    pub fn places(self) -> [usize; 2] {
        [self.0 as usize, (self.0 | 3) as usize]
    }
}

/// Sees nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Blind;

impl Watch for Blind {}

/// Two who look at the same: every call goes to both.
#[derive(Debug)]
pub struct Both<'w, A, B>(pub &'w mut A, pub &'w mut B);

impl<A: Watch, B: Watch> Watch for Both<'_, A, B> {
    #[inline(always)]
    fn turn(&mut self, turn: u32, active: Mask) {
        self.0.turn(turn, active);
        self.1.turn(turn, active);
    }

    #[inline(always)]
    fn eligible(&mut self, event: u32, lanes: Mask, bank: &mut Bank) {
        self.0.eligible(event, lanes, bank);
        self.1.eligible(event, lanes, bank);
    }

    #[inline(always)]
    fn chance(&mut self, site: u32, lanes: Mask, probability: Value<'_>, came: Mask) {
        self.0.chance(site, lanes, probability, came);
        self.1.chance(site, lanes, probability, came);
    }

    #[inline(always)]
    fn choice(&mut self, site: u32, lanes: Mask, thresholds: &[Column]) {
        self.0.choice(site, lanes, thresholds);
        self.1.choice(site, lanes, thresholds);
    }

    #[inline(always)]
    fn drawn_chance(&mut self, site: u32, lanes: Mask, below: Mask, above: Mask) {
        self.0.drawn_chance(site, lanes, below, above);
        self.1.drawn_chance(site, lanes, below, above);
    }

    #[inline(always)]
    fn fired(&mut self, event: u32, lanes: Mask) {
        self.0.fired(event, lanes);
        self.1.fired(event, lanes);
    }

    #[inline(always)]
    fn observed(&mut self, event: u32, observer: &Observer, asked: Mask, saw: Mask) {
        self.0.observed(event, observer, asked, saw);
        self.1.observed(event, observer, asked, saw);
    }

    #[inline(always)]
    fn scheduled(&mut self, event: u32, lanes: Mask, delays: &Lanes) {
        self.0.scheduled(event, lanes, delays);
        self.1.scheduled(event, lanes, delays);
    }

    #[inline(always)]
    fn landed(&mut self, event: u32, lanes: Mask) {
        self.0.landed(event, lanes);
        self.1.landed(event, lanes);
    }

    #[inline(always)]
    fn dispatched(&mut self, event: u32, lanes: Mask, amounts: &Lanes, arriving: &Lanes) {
        self.0.dispatched(event, lanes, amounts, arriving);
        self.1.dispatched(event, lanes, amounts, arriving);
    }

    #[inline(always)]
    fn wants_assignments(&self) -> bool {
        self.0.wants_assignments() || self.1.wants_assignments()
    }

    #[inline(always)]
    fn assigned(&mut self, target: &Target, lanes: Mask, before: &Lanes, after: &Lanes) {
        self.0.assigned(target, lanes, before, after);
        self.1.assigned(target, lanes, before, after);
    }

    #[inline(always)]
    fn saturated(&mut self, variable: u32, lanes: u32, below: u32, above: u32) {
        self.0.saturated(variable, lanes, below, above);
        self.1.saturated(variable, lanes, below, above);
    }

    #[inline(always)]
    fn stopped(&mut self, stop: Stop, lanes: u32, stopped: u32) {
        self.0.stopped(stop, lanes, stopped);
        self.1.stopped(stop, lanes, stopped);
    }

    #[inline(always)]
    fn failed(&mut self, turn: u32, place: u32, reason: Reason, lanes: Mask) {
        self.0.failed(turn, place, reason, lanes);
        self.1.failed(turn, place, reason, lanes);
    }

    #[inline(always)]
    fn measured(&mut self, metric: u32, lanes: Mask, values: Value<'_>) {
        self.0.measured(metric, lanes, values);
        self.1.measured(metric, lanes, values);
    }

    #[inline(always)]
    fn passed(&mut self, milestone: u32, lanes: Mask) {
        self.0.passed(milestone, lanes);
        self.1.passed(milestone, lanes);
    }

    #[inline(always)]
    fn ended(&mut self, turn: u32, outcome: u32, lanes: Mask) {
        self.0.ended(turn, outcome, lanes);
        self.1.ended(turn, outcome, lanes);
    }

    #[inline(always)]
    fn claimed(&mut self, claim: u32, lanes: Mask, holds: Mask) {
        self.0.claimed(claim, lanes, holds);
        self.1.claimed(claim, lanes, holds);
    }

    #[inline(always)]
    fn turn_over(&mut self, turn: u32, bank: &Bank) {
        self.0.turn_over(turn, bank);
        self.1.turn_over(turn, bank);
    }

    #[inline(always)]
    fn effect(&mut self, effect: &Effect) {
        self.0.effect(effect);
        self.1.effect(effect);
    }
}
