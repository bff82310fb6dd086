//! Assignments that need no tape, several at a time.

use super::run::Run;
use super::settle::Settle;
use super::watch::Watch;
use crate::expression::{After, Mask, change, lanes};
use crate::model::{Effects, Part, SetFlag, Update, held};
use crate::wide::Wide;

/// Up to so many lanes are gone through one by one, all updates in each; more, all 64 at once for each update.
const FEW: u32 = 24;

/// So many updates are made in a lane before those of the next; more in a row, in several goes.
const TOGETHER: usize = 4;

impl<S: Settle, W: Watch, X: Wide> Run<'_, S, W, X> {
    /// Works out effects and makes them, one after the other, in the lanes that are still active.
    #[inline(always)]
    pub(super) fn effects(&mut self, effects: &Effects, mask: Mask, k: u32) {
        if self.watch.wants_assignments() {
            return self.each_effect(effects, mask, k);
        }
        for part in effects.parts() {
            let mask = mask & self.active;
            match part {
                Part::Tape(index) => self.effect_apart(&effects[*index], mask, k),
                Part::Flag(flag) => self.set_flag(flag, mask),
                Part::Updates(updates) => self.updates(updates, mask),
            }
        }
    }

    #[inline(always)]
    pub(super) fn set_flag(&mut self, flag: &SetFlag, mask: Mask) {
        let flags = &mut self.bank.flags[flag.column as usize];
        *flags = if flag.value { *flags | mask } else { *flags & !mask };
    }

    /// Makes updates, one after the other.
    #[inline(always)]
    pub(super) fn updates(&mut self, updates: &[Update], mask: Mask) {
        if mask.count_ones() <= FEW {
            for updates in updates.chunks(TOGETHER) {
                self.update_lanes(updates, mask);
            }
        } else {
            for update in updates {
                self.update_all(update, mask);
            }
        }
    }

    /// Makes updates in a few lanes.
    #[inline(always)]
    fn update_lanes(&mut self, updates: &[Update], mask: Mask) {
        let (mut below, mut above) = ([0; TOGETHER], [0; TOGETHER]);
        for lane in lanes(mask) {
            for (index, update) in updates.iter().enumerate() {
                let x = &mut self.bank.numbers[update.column as usize][lane];
                let after = if update.is_sum { *x + update.term } else { update.before_bounds(*x) };
                below[index] += u32::from(after < update.min);
                above[index] += u32::from(after > update.max);
                *x = held(after, update.min, update.max);
            }
        }
        for (index, update) in updates.iter().enumerate() {
            self.watch.saturated(update.variable, mask.count_ones(), below[index], above[index]);
        }
    }

    /// Makes an update in many lanes.
    #[inline(always)]
    fn update_all(&mut self, update: &Update, mask: Mask) {
        if update.is_sum {
            self.update_by(
                update,
                mask,
                #[inline(always)]
                |x| x + update.term,
            );
        } else {
            self.update_by(
                update,
                mask,
                #[inline(always)]
                |x| update.before_bounds(x),
            );
        }
    }

    /// What cannot happen to this number is not looked for.
    #[inline(always)]
    fn update_by(&mut self, update: &Update, mask: Mask, after: impl Fn(f64) -> f64 + Copy) {
        let (wide, column) = (self.wide, &mut self.bank.numbers[update.column as usize]);
        let below = if update.falls { wide.less(After(column, after), update.min) & mask } else { 0 };
        let above = if update.rises { wide.less(update.max, After(column, after)) & mask } else { 0 };
        change(
            wide,
            mask,
            column,
            #[inline(always)]
            |x| held(after(x), update.min, update.max),
        );
        self.watch.saturated(update.variable, mask.count_ones(), below.count_ones(), above.count_ones());
    }
}
