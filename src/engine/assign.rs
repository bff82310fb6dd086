//! Assignments and bookkeeping: every change of the state is made here.

use super::assign_wide::{bounded, combined};
use super::settle::Settle;
use super::state::{Play, Slot};
use super::watch::Watch;
use crate::expression::{After, Bank, FEW, Interval, Lanes, Mask, change, lanes, store};
use crate::model::{Cell, Effect, Mark, Target};
use crate::results::Reason;
use crate::simd::Simd;

impl<S: Settle, W: Watch, X: Simd> Play<'_, S, W, X> {
    /// Works out effects and makes them, one by one.
    pub(super) fn each_effect(&mut self, effects: &[Effect], mask: Mask, k: u32) {
        for effect in effects {
            self.effect_apart(effect, mask & self.active, k);
        }
    }

    /// Works out an effect by its tape and makes it. One copy of this code is enough.
    #[inline(always)]
    pub(super) fn effect_apart(&mut self, effect: &Effect, mask: Mask, k: u32) {
        self.wide.run(
            #[inline(always)]
            || self.effect(effect, mask, k),
        );
    }

    /// Works out an effect and makes it.
    #[inline(always)]
    fn effect(&mut self, effect: &Effect, mask: Mask, k: u32) {
        if mask == 0 {
            return;
        }
        self.watch.effect(effect);
        match effect.target {
            Target::Flag { column, .. } => {
                let (value, undefined) = self.flag(&effect.value, mask, k);
                self.fail(effect.place, Reason::NotANumber, undefined);
                self.assign_flag(&effect.target, column, mask & !undefined, value);
            }
            Target::Number { column, .. } => {
                let value = self.number(&effect.value, mask, k);
                if mask.count_ones() <= FEW && !self.watch.wants_assignments() {
                    return self.change(effect, mask, value);
                }
                let range = effect.range();
                if let Slot::Column(from) = value
                    && effect.stops()
                    && !range.nan
                    && !self.watch.wants_assignments()
                {
                    return self.assign_column(&effect.target, effect.op, mask, from);
                }
                let before = &self.bank.numbers[column as usize];
                let after = match value {
                    Slot::Constant(value) => combined(effect.op, before, value),
                    Slot::Column(from) => combined(effect.op, before, &self.bank.numbers[from as usize]),
                };
                self.assign(&effect.target, mask, &after, effect.place, range);
            }
        }
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

    /// What `assign` does, in a few lanes one by one.
    #[inline(always)]
    fn change(&mut self, effect: &Effect, mask: Mask, value: Slot) {
        let Target::Number { column, .. } = effect.target else { return };
        let to = column as usize;
        let op = effect.op;
        match value {
            Slot::Constant(value) => self.each(effect, mask, |bank, lane| op.apply(bank.numbers[to][lane], value)),
            Slot::Column(from) => {
                let from = from as usize;
                self.each(effect, mask, |bank, lane| op.apply(bank.numbers[to][lane], bank.numbers[from][lane]));
            }
        }
    }

    #[inline(always)]
    fn each(&mut self, effect: &Effect, mask: Mask, after: impl Fn(&Bank, usize) -> f64) {
        let Target::Number { column, min, max, fails, variable } = effect.target else { return };
        let (mut undefined, mut below, mut above) = (0, 0, 0);
        for lane in lanes(mask) {
            let after = after(self.bank, lane);
            let (nan, low, high) = (after.is_nan(), after < min, after > max);
            undefined |= Mask::from(nan) << lane;
            below |= Mask::from(low) << lane;
            above |= Mask::from(high) << lane;
            let number = &mut self.bank.numbers[column as usize][lane];
            *number = if nan | ((low | high) & fails) { *number } else { bounded(after, min, max) };
        }
        self.beyond(variable, fails, effect.place, mask, [undefined, below, above]);
    }

    /// Gives a number new values within its bounds: lanes without a value fail, those beyond a bound stop there or
    /// fail, as the variable declares. What the values' range rules out is not looked for.
    #[inline(always)]
    pub(super) fn assign(&mut self, target: &Target, mask: Mask, after: &Lanes, place: u32, range: Interval) {
        let Target::Number { column, min, max, fails, variable } = *target else { return };
        let wide = self.wide;
        let undefined = if range.nan { !wide.equal(after, after) & mask } else { 0 };
        let below = if range.low < min { wide.less(after, min) & mask } else { 0 };
        let above = if range.high > max { wide.less(max, after) & mask } else { 0 };
        let mask = self.beyond(variable, fails, place, mask, [undefined, below, above]);
        let values = After(
            after,
            #[inline(always)]
            |x| bounded(x, min, max),
        );
        let column = &mut self.bank.numbers[column as usize];
        if self.watch.wants_assignments() {
            let before = *column;
            store(wide, mask, values, column);
            self.watch.assigned(target, mask, &before, column);
        } else {
            store(wide, mask, values, column);
        }
    }

    /// Fails and counts the lanes in which an assignment had no value or lay beyond a bound; those that remain.
    #[inline(always)]
    fn beyond(&mut self, variable: u32, fails: bool, place: u32, mask: Mask, lanes: [Mask; 3]) -> Mask {
        let [undefined, below, above] = lanes;
        let mask = mask & !undefined;
        self.fail(place, Reason::NotANumber, undefined);
        if fails {
            self.fail(place, Reason::OutOfBounds, below | above);
            return mask & !(below | above);
        }
        self.watch.saturated(variable, mask.count_ones(), below.count_ones(), above.count_ones());
        mask
    }

    /// Writes bookkeeping.
    #[inline(always)]
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

    #[inline(always)]
    fn update(&mut self, column: u32, mask: Mask, function: impl Fn(f64) -> f64) {
        let column = &mut self.bank.numbers[column as usize];
        if mask.count_ones() <= FEW {
            for lane in lanes(mask) {
                column[lane] = function(column[lane]);
            }
            return;
        }
        change(self.wide, mask, column, function);
    }
}
