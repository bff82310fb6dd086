//! Assignments that need no tape, several at a time.

use super::run::Run;
use super::settle::Settle;
use super::watch::Watch;
use crate::expression::{After, Mask, change, lanes};
use crate::model::{Bundle, Effects, Part, SetFlag, TOGETHER, Update, held};
use crate::wide::Wide;

/// Up to so many lanes are gone through one by one, all updates in each; more, all 64 at once for each update.
const FEW: u32 = 24;

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
                Part::Updates(bundles) => self.updates(bundles, mask),
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
    pub(super) fn updates(&mut self, bundles: &[Bundle], mask: Mask) {
        for bundle in bundles {
            match bundle.count() {
                _ if mask.count_ones() > FEW => self.update_all(bundle, mask),
                1 => self.update_lanes::<1>(bundle, mask),
                2 => self.update_lanes::<2>(bundle, mask),
                3 => self.update_lanes::<3>(bundle, mask),
                _ => self.update_lanes::<TOGETHER>(bundle, mask),
            }
        }
    }

    /// Makes so many updates in a few lanes.
    #[inline(always)]
    fn update_lanes<const COUNT: usize>(&mut self, bundle: &Bundle, mask: Mask) {
        let mut columns = [0; COUNT];
        for index in 0..COUNT {
            columns[index] = bundle.columns[index] as usize;
        }
        let Ok(columns) = self.bank.numbers.get_disjoint_mut(columns) else {
            // One number twice.
            return self.update_all(bundle, mask);
        };
        let wide = self.wide;
        let (mins, maxs) = (wide.four(bundle.mins), wide.four(bundle.maxs));
        let (mut below, mut above) = (wide.counts([0; TOGETHER]), wide.counts([0; TOGETHER]));
        for lane in lanes(mask) {
            let mut numbers = [0.0; TOGETHER];
            for index in 0..COUNT {
                numbers[index] = columns[index][lane];
            }
            let after = bundle.before_bounds(wide, wide.four(numbers));
            below = wide.count_less(below, after, mins);
            above = wide.count_less(above, maxs, after);
            let held = wide.numbers(wide.lesser(wide.greater(after, mins), maxs));
            for index in 0..COUNT {
                columns[index][lane] = held[index];
            }
        }
        let (below, above) = (wide.counted(below), wide.counted(above));
        for index in 0..COUNT {
            let (below, above) = (below[index] as u32, above[index] as u32);
            self.watch.saturated(bundle.variables[index], mask.count_ones(), below, above);
        }
    }

    /// Makes updates in many lanes.
    #[inline(always)]
    fn update_all(&mut self, bundle: &Bundle, mask: Mask) {
        for index in 0..bundle.count() {
            let update = bundle.update(index);
            if bundle.adds() {
                self.update_by(
                    &update,
                    mask,
                    #[inline(always)]
                    |x| x + update.term,
                );
            } else {
                self.update_by(
                    &update,
                    mask,
                    #[inline(always)]
                    |x| update.before_bounds(x),
                );
            }
        }
    }

    /// What cannot happen to this number is not looked for.
    #[inline(always)]
    fn update_by(&mut self, update: &Update, mask: Mask, after: impl Fn(f64) -> f64 + Copy) {
        let (wide, column) = (self.wide, &mut self.bank.numbers[update.column as usize]);
        let (falls, rises) = update.passes();
        let below = if falls { wide.less(After(column, after), update.min) & mask } else { 0 };
        let above = if rises { wide.less(update.max, After(column, after)) & mask } else { 0 };
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
