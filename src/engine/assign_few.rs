//! Assignments that need no tape, several at a time.

use super::run::Play;
use super::settle::Settle;
use super::watch::Watch;
use crate::expression::{LANES, Mask};
use crate::model::{ClampedAdd, Effects, Part, SetFlag};
use crate::simd::Simd;

/// Up to so many lanes are gone through four at a time, all updates in each four; more, all 64 at once for each update.
const FEW: u32 = 24;

impl<S: Settle, W: Watch, X: Simd> Play<'_, S, W, X> {
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
                Part::Affine(linear) => self.linear(linear, mask),
                Part::RunningExtremum(extreme) => self.extreme(*extreme, mask),
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

    /// Makes updates, one after the other: in few lanes four at a time, since nobody could guess how many lanes there are.
    #[inline(always)]
    pub(super) fn updates(&mut self, updates: &[ClampedAdd], mask: Mask) {
        if mask.count_ones() > FEW {
            return self.update_all(updates, mask);
        }
        let mut left = mask;
        while left != 0 {
            let real = 15 >> 4_u32.saturating_sub(left.count_ones());
            let four = next_four(&mut left);
            for update in updates {
                self.update_four(update, four, real);
            }
        }
    }

    /// Makes an update in four lanes, of which these are real.
    #[inline(always)]
    fn update_four(&mut self, update: &ClampedAdd, four: [usize; 4], real: u32) {
        let (wide, column) = (self.wide, &mut self.bank.numbers[update.column as usize]);
        let before = wide.four(four.map(
            #[inline(always)]
            |lane| column[lane],
        ));
        let after = wide.plus(before, wide.all(update.term));
        let held = wide.lesser(wide.greater(after, wide.all(update.min)), wide.all(update.max));
        let stopped = wide.four_unlike(after, held) & real;
        for (lane, held) in four.into_iter().zip(wide.numbers(held)) {
            column[lane] = held;
        }
        self.watch.stopped(update.stop, real.count_ones(), stopped.count_ones());
    }

    /// Makes updates in many lanes. One copy of this code is enough.
    #[inline(always)]
    fn update_all(&mut self, updates: &[ClampedAdd], mask: Mask) {
        self.wide.run(
            #[inline(always)]
            || {
                for update in updates {
                    let stopped = self.hold(
                        update.column,
                        [update.min, update.max],
                        mask,
                        #[inline(always)]
                        |_, mut before, _| {
                            for number in &mut before {
                                *number = update.before_bounds(*number);
                            }
                            before
                        },
                    );
                    self.watch.stopped(update.stop, mask.count_ones(), stopped.count_ones());
                }
            },
        );
    }
}

/// The next four lanes, which are taken out; where there are no more, the first of them again: what is made of it twice
/// is the same.
#[inline(always)]
fn next_four(left: &mut Mask) -> [usize; 4] {
    let first = left.trailing_zeros() as usize % LANES;
    let mut four = [first; 4];
    for lane in &mut four {
        *lane = if *left == 0 { first } else { left.trailing_zeros() as usize % LANES };
        *left &= left.wrapping_sub(1);
    }
    four
}
