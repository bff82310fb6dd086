//! Assignments that need no tape, several at a time.

use super::program::{ClampedAdd, Instruction, SetFlag};
use super::settle::Settle;
use super::state::Play;
use super::watch::Watch;
use crate::expression::{LANES, Mask};
use crate::model::EffectsId;
use crate::simd::Simd;

/// Up to so many lanes are gone through four at a time, all additions in each four; more, all 64 at once for each addition.
const FEW: u32 = 24;

impl<S: Settle, W: Watch, X: Simd> Play<'_, S, W, X> {
    /// Works out effects and makes them, one after the other, in the lanes that are still active.
    #[inline(always)]
    pub(super) fn effects(&mut self, effects: EffectsId, mask: Mask, k: u32) {
        let list = &self.model.effects[effects];
        if self.watch.wants_assignments() {
            return self.each_effect(list, mask, k);
        }
        for instruction in self.program.code(effects) {
            let mask = mask & self.active;
            match instruction {
                Instruction::Tape(index) => self.effect_apart(&list[*index], mask, k),
                Instruction::Affine(affine) => self.affine(affine, mask),
                Instruction::RunningExtremum(extremum) => self.running_extremum(*extremum, mask),
                Instruction::SetFlag(flag) => self.set_flag(flag, mask),
                Instruction::ClampedAdds(additions) => self.clamped_adds(additions, mask),
            }
        }
    }

    #[inline(always)]
    pub(super) fn set_flag(&mut self, flag: &SetFlag, mask: Mask) {
        let flags = &mut self.bank.flags[flag.column as usize];
        *flags = if flag.value { *flags | mask } else { *flags & !mask };
    }

    /// Makes clamped additions, one after the other: in few lanes four at a time, since nobody could guess how many lanes there are.
    #[inline(always)]
    pub(super) fn clamped_adds(&mut self, additions: &[ClampedAdd], mask: Mask) {
        if mask.count_ones() > FEW {
            return self.add_in_all(additions, mask);
        }
        let mut left = mask;
        while left != 0 {
            let real = 15 >> 4_u32.saturating_sub(left.count_ones());
            let four = next_four(&mut left);
            for addition in additions {
                self.add_in_four(addition, four, real);
            }
        }
    }

    /// Makes a clamped addition in four lanes, of which these are real.
    #[inline(always)]
    fn add_in_four(&mut self, addition: &ClampedAdd, four: [usize; 4], real: u32) {
        let (wide, column) = (self.wide, &mut self.bank.numbers[addition.column as usize]);
        let before = wide.four(four.map(
            #[inline(always)]
            |lane| column[lane],
        ));
        let after = wide.plus(before, wide.all(addition.term));
        let held = wide.lesser(wide.greater(after, wide.all(addition.min)), wide.all(addition.max));
        let stopped = wide.four_unlike(after, held) & real;
        for (lane, held) in four.into_iter().zip(wide.numbers(held)) {
            column[lane] = held;
        }
        self.watch.stopped(addition.stop, real.count_ones(), stopped.count_ones());
    }

    /// Makes clamped additions in many lanes. One copy of this code is enough.
    #[inline(always)]
    fn add_in_all(&mut self, additions: &[ClampedAdd], mask: Mask) {
        self.wide.run(
            #[inline(always)]
            || {
                for addition in additions {
                    let stopped = self.hold(
                        addition.column,
                        [addition.min, addition.max],
                        mask,
                        #[inline(always)]
                        |_, mut before, _| {
                            for number in &mut before {
                                *number = addition.before_bounds(*number);
                            }
                            before
                        },
                    );
                    self.watch.stopped(addition.stop, mask.count_ones(), stopped.count_ones());
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
