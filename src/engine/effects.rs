//! Assignments and bookkeeping: every change of the state is made here.

use super::run::Run;
use super::settle::Settle;
use super::watch::Watch;
use crate::expression::{Assign, LANES, Lanes, Mask, lanes, mask_of};
use crate::model::{Cell, Effect, Mark, Target};
use crate::results::Reason;

impl<S: Settle, W: Watch> Run<'_, S, W> {
    /// Works out an effect and makes it.
    pub(super) fn effect(&mut self, effect: &Effect, mask: Mask, k: u32) {
        if mask == 0 {
            return;
        }
        self.watch.effect(effect);
        match effect.target {
            Target::Flag { column, .. } => {
                let (value, undefined) = self.flag_k(&effect.value, mask, k);
                self.fail(effect.place, Reason::NotANumber, undefined);
                self.assign_flag(&effect.target, column, mask & !undefined, value);
            }
            Target::Number { .. } => {
                let value = self.number(&effect.value, mask, k).lanes();
                let after = match effect.op {
                    Assign::Set => value,
                    Assign::Add => self.combined(&effect.target, |lane, x| x + value[lane]),
                    Assign::Subtract => self.combined(&effect.target, |lane, x| x - value[lane]),
                    Assign::Multiply => self.combined(&effect.target, |lane, x| x * value[lane]),
                };
                self.assign(&effect.target, mask, &after, effect.place);
            }
        }
    }

    /// A number's present values, put together with others.
    pub(super) fn combined(&self, target: &Target, function: impl Fn(usize, f64) -> f64) -> Lanes {
        let mut after = [0.0; LANES];
        if let Target::Number { column, .. } = target {
            let before = &self.bank.numbers[*column as usize];
            for lane in 0..LANES {
                after[lane] = function(lane, before[lane]);
            }
        }
        after
    }

    fn assign_flag(&mut self, target: &Target, column: u32, mask: Mask, value: Mask) {
        let before = self.watch.wants_assignments().then(|| self.cell(Cell::Flag(column)));
        let flags = &mut self.bank.flags[column as usize];
        *flags = (*flags & !mask) | (value & mask);
        if let Some(before) = before {
            let after = self.cell(Cell::Flag(column));
            self.watch.assigned(target, mask, &before, &after);
        }
    }

    /// Gives a number new values within its bounds: lanes without a value fail, those beyond a bound stop there or
    /// fail, as the variable declares.
    pub(super) fn assign(&mut self, target: &Target, mask: Mask, after: &Lanes, place: u32) {
        let Target::Number { column, min, max, fails, variable } = *target else { return };
        let undefined = mask_of(after, f64::is_nan) & mask;
        let below = mask_of(after, |x| x < min) & mask;
        let above = mask_of(after, |x| x > max) & mask;
        let mut mask = mask & !undefined;
        self.fail(place, Reason::NotANumber, undefined);
        if fails {
            self.fail(place, Reason::OutOfBounds, below | above);
            mask &= !(below | above);
        } else {
            self.watch.saturated(variable, mask, below, above);
        }
        let mut values = *after;
        if below | above != 0 {
            for value in &mut values {
                *value = if *value < min {
                    min
                } else if *value > max {
                    max
                } else {
                    *value
                };
            }
        }
        if self.watch.wants_assignments() {
            let before = self.bank.numbers[column as usize];
            self.watch.assigned(target, mask, &before, &values);
        }
        self.store(column, mask, &values);
    }

    /// Writes bookkeeping.
    pub(super) fn mark(&mut self, marks: &[Mark], mask: Mask) {
        let turn = f64::from(self.turn);
        for mark in marks {
            match *mark {
                Mark::Set(flag) => self.bank.flags[flag as usize] |= mask,
                Mark::Stamp(column) => self.update(column, mask, |_| turn),
                Mark::Count(column) => self.update(column, mask, |x| x + 1.0),
                Mark::Add(column, points) => self.update(column, mask, |x| x + points),
                Mark::Raise(column, level) => self.update(column, mask, |x| if x < level { level } else { x }),
            }
        }
    }

    fn update(&mut self, column: u32, mask: Mask, function: impl Fn(f64) -> f64) {
        let column = &mut self.bank.numbers[column as usize];
        for lane in lanes(mask) {
            column[lane] = function(column[lane]);
        }
    }
}
