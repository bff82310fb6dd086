//! Assignments that need no tape, several at a time.

use super::run::Run;
use super::settle::Settle;
use super::watch::Watch;
use crate::expression::Mask;
use crate::model::{Bundle, Effects, Part, SetFlag, TOGETHER};
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
                Part::Linear(linear) => self.linear(linear, mask),
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
        if mask.count_ones() > FEW {
            return self.update_all(bundles, mask);
        }
        for bundle in bundles {
            match bundle.count() {
                1 => self.update_lanes::<1>(bundle, mask),
                2 => self.update_lanes::<2>(bundle, mask),
                3 => self.update_lanes::<3>(bundle, mask),
                _ => self.update_lanes::<TOGETHER>(bundle, mask),
            }
        }
    }

    /// Makes so many updates in a few lanes, four at a time: of one to four lanes nobody could guess how many there are.
    #[inline(always)]
    fn update_lanes<const COUNT: usize>(&mut self, bundle: &Bundle, mask: Mask) {
        let wide = self.wide;
        let mut beyond = [0; COUNT];
        let mut left = mask;
        while left != 0 {
            let real = 15 >> 4_u32.saturating_sub(left.count_ones());
            let four = next_four(&mut left);
            for index in 0..COUNT {
                let column = self.bank.numbers[bundle.columns[index] as usize].and_spare();
                let after = bundle.before_bounds(wide, index, wide.four(four.map(#[inline(always)] |lane| column[lane])));
                let held = wide.lesser(wide.greater(after, wide.all(bundle.mins[index])), wide.all(bundle.maxs[index]));
                beyond[index] += (wide.four_unlike(after, held) & real).count_ones();
                let held = wide.numbers(held);
                for (lane, held) in four.into_iter().zip(held) {
                    column[lane] = held;
                }
            }
        }
        for index in 0..COUNT {
            self.watch.stopped(bundle.variables[index], mask.count_ones(), bundle.bounds[index], beyond[index]);
        }
    }

    /// Makes updates in many lanes. One copy of this code is enough.
    #[inline(always)]
    fn update_all(&mut self, bundles: &[Bundle], mask: Mask) {
        self.wide.run(
            #[inline(always)]
            || {
                for bundle in bundles {
                    self.update_each(bundle, mask);
                }
            },
        );
    }

    #[inline(always)]
    fn update_each(&mut self, bundle: &Bundle, mask: Mask) {
        for index in 0..bundle.count() {
            let update = bundle.update(index);
            if bundle.adds() {
                self.update_by(
                    bundle,
                    index,
                    mask,
                    #[inline(always)]
                    |x| x + update.term,
                );
            } else {
                self.update_by(
                    bundle,
                    index,
                    mask,
                    #[inline(always)]
                    |x| update.before_bounds(x),
                );
            }
        }
    }

    #[inline(always)]
    fn update_by(&mut self, bundle: &Bundle, index: usize, mask: Mask, after: impl Fn(f64) -> f64 + Copy) {
        let (column, min, max) = (bundle.columns[index], bundle.mins[index], bundle.maxs[index]);
        let beyond = self.hold(
            column,
            [min, max],
            mask,
            #[inline(always)]
            |_, mut before, _| {
                for number in &mut before {
                    *number = after(*number);
                }
                before
            },
        );
        self.watch.stopped(bundle.variables[index], mask.count_ones(), bundle.bounds[index], beyond.count_ones());
    }
}

/// The next four lanes, which are taken out; if there are no more, that of the spare number.
#[inline(always)]
fn next_four(left: &mut Mask) -> [usize; 4] {
    let mut four = [0; 4];
    for lane in &mut four {
        *lane = left.trailing_zeros() as usize;
        *left &= left.wrapping_sub(1);
    }
    four
}
