//! Assignments that need no tape, several at a time.

use super::run::Run;
use super::settle::Settle;
use super::watch::Watch;
use crate::expression::{Lanes, Mask, lanes, store};
use crate::model::{Effects, Part, Update};
use crate::wide::Wide;

/// Up to so many lanes are gone through one by one, all updates in each; more, all 64 at once for each update.
const FEW: u32 = 8;

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
                Part::Flag { column, value } => {
                    let flags = &mut self.bank.flags[*column as usize];
                    *flags = if *value { *flags | mask } else { *flags & !mask };
                }
                Part::Updates(updates) if mask.count_ones() <= FEW => {
                    for updates in updates.chunks(TOGETHER) {
                        self.update_lanes(updates, mask);
                    }
                }
                Part::Updates(updates) => {
                    for update in updates {
                        self.update_all(update, mask);
                    }
                }
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
                let after = update.before_bounds(*x);
                below[index] += u32::from(after < update.min);
                above[index] += u32::from(after > update.max);
                let after = if after < update.min { update.min } else { after };
                *x = if after > update.max { update.max } else { after };
            }
        }
        for (index, update) in updates.iter().enumerate() {
            self.watch.saturated(update.variable, mask.count_ones(), below[index], above[index]);
        }
    }

    /// Makes an update in all lanes of the mask. What cannot happen to this number is not looked for.
    #[inline(always)]
    fn update_all(&mut self, update: &Update, mask: Mask) {
        let wide = self.wide;
        let column: &mut Lanes = &mut self.bank.numbers[update.column as usize];
        let mut after = *column;
        if update.is_sum() {
            for x in &mut after {
                *x += update.term;
            }
        } else {
            for x in &mut after {
                *x = update.before_bounds(*x);
            }
        }
        let (mut below, mut above) = (0, 0);
        if update.falls {
            below = wide.less(&after, update.min) & mask;
            for x in &mut after {
                *x = if *x < update.min { update.min } else { *x };
            }
        }
        if update.rises {
            above = wide.less(update.max, &after) & mask;
            for x in &mut after {
                *x = if *x > update.max { update.max } else { *x };
            }
        }
        store(wide, mask, &after, column);
        self.watch.saturated(update.variable, mask.count_ones(), below.count_ones(), above.count_ones());
    }
}
