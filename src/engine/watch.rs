//! What can be seen of a run: one call for everything that happens, for those who count and those who tell.

use crate::expression::{Bank, Lanes, Mask, Value};
use crate::model::{Effect, Observer, Target};
use crate::results::Reason;

/// Sees what happens; every method does nothing unless implemented. Lanes are those in which it happens.
pub trait Watch {
    /// A turn begins in these lanes, turn 0 included.
    fn turn(&mut self, _turn: u32, _active: Mask) {}
    /// A guard holds, cooldown and limit included.
    fn eligible(&mut self, _event: u32, _lanes: Mask, _bank: &mut Bank) {}
    /// A chance was settled, in the lanes asked about.
    fn chance(&mut self, _site: u32, _lanes: Mask, _probability: Value<'_>, _came: Mask) {}
    /// A decision was settled in these lanes: the thresholds of its options, which rise to 1.
    fn choice(&mut self, _site: u32, _lanes: Mask, _thresholds: &[Lanes]) {}
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
    /// Whoever takes the time before an assignment to look at it says so.
    fn wants_assignments(&self) -> bool {
        false
    }
    /// A variable is about to change, if `wants_assignments`; its value before and after.
    fn assigned(&mut self, _target: &Target, _lanes: Mask, _before: &Lanes, _after: &Lanes) {}
    /// A variable was assigned, and stopped at its lower or upper bound in some lanes.
    fn saturated(&mut self, _variable: u32, _lanes: Mask, _below: Mask, _above: Mask) {}
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

/// Sees nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Blind;

impl Watch for Blind {}
