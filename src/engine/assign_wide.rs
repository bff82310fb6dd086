//! Numbers that become sums, or have them added, and whatever else takes its new value from a column: worked out, held
//! to the bounds and stored in one go.

use super::program::{Affine, RunningExtremum, held};
use super::settle::Settle;
use super::state::Play;
use super::watch::Watch;
use crate::expression::{Added, Assign, Column, FEW, Lanes, Mask, Multiple, lanes};
use crate::model::Target;
use crate::simd::{EIGHT, Eight, Operand, Simd};

impl<S: Settle, W: Watch, X: Simd> Play<'_, S, W, X> {
    /// Makes an affine assignment. One copy of this code is enough.
    #[inline(always)]
    pub(super) fn affine(&mut self, affine: &Affine, mask: Mask) {
        self.wide.run(
            #[inline(always)]
            || match affine.total().multiples {
                _ if mask.count_ones() <= FEW => self.few_lanes(affine, mask),
                [a] => self.terms(affine, mask, [*a]),
                [a, b] => self.terms(affine, mask, [*a, *b]),
                [a, b, c] => self.terms(affine, mask, [*a, *b, *c]),
                [a, b, c, d] => self.terms(affine, mask, [*a, *b, *c, *d]),
                _ => self.many_terms(affine, mask),
            },
        );
    }

    #[inline(always)]
    fn many_terms(&mut self, affine: &Affine, mask: Mask) {
        self.bank.add_up(self.wide, affine.room, affine.total());
        let op = if affine.adds { Assign::Add } else { Assign::Set };
        self.assign_column(&affine.target, op, mask, affine.room);
    }

    #[inline(always)]
    fn terms<const TERMS: usize>(&mut self, affine: &Affine, mask: Mask, multiples: [Multiple; TERMS]) {
        let total = affine.total();
        if affine.adds {
            self.stop(
                &affine.target,
                mask,
                #[inline(always)]
                |numbers, before, index| {
                    let sum = Added::<TERMS, true>::new(total, multiples.each_ref(), numbers).eight(index);
                    assigned(Assign::Add, before, sum)
                },
            );
        } else {
            self.stop(
                &affine.target,
                mask,
                #[inline(always)]
                |numbers, _, index| Added::<TERMS, true>::new(total, multiples.each_ref(), numbers).eight(index),
            );
        }
    }

    #[inline(always)]
    fn few_lanes(&mut self, affine: &Affine, mask: Mask) {
        let Target::Number { column, min, max, variable, .. } = affine.target else { return };
        let (numbers, total, to) = (&mut self.bank.numbers[..], affine.total(), column as usize);
        let (mut below, mut above) = (0, 0);
        for lane in lanes(mask) {
            let sum = total.at(numbers, lane);
            let after = if affine.adds { numbers[to][lane] + sum } else { sum };
            below += u32::from(after < min);
            above += u32::from(after > max);
            numbers[to][lane] = bounded(after, min, max);
        }
        self.watch.saturated(variable, mask.count_ones(), below, above);
    }

    /// Has a number follow another, which leads it beyond no bound. One copy of this code is enough.
    #[inline(always)]
    pub(super) fn running_extremum(&mut self, extremum: RunningExtremum, mask: Mask) {
        self.wide.run(
            #[inline(always)]
            || {
                self.hold(
                    extremum.column,
                    [f64::NEG_INFINITY, f64::INFINITY],
                    mask,
                    #[inline(always)]
                    |numbers, mut number, index| {
                        let others = (&numbers[extremum.other as usize]).eight(index);
                        for (number, other) in number.iter_mut().zip(others) {
                            *number = extremum.after(*number, other);
                        }
                        number
                    },
                )
            },
        );
        self.watch.saturated(extremum.variable, mask.count_ones(), 0, 0);
    }

    /// Makes an assignment of what stands in a column, of numbers that all have values.
    #[inline(always)]
    pub(super) fn assign_column(&mut self, target: &Target, op: Assign, mask: Mask, from: u32) {
        self.stop(
            target,
            mask,
            #[inline(always)]
            |numbers, before, index| assigned(op, before, (&numbers[from as usize]).eight(index)),
        );
    }

    /// Gives a number what `after` makes of all numbers and of its own, of the eight lanes from 8 · index on, and counts
    /// where it stops at a bound.
    #[inline(always)]
    fn stop(&mut self, target: &Target, mask: Mask, after: impl Fn(&[Column], Eight, usize) -> Eight) {
        let Target::Number { column, min, max, variable, .. } = *target else { return };
        let beyond = self.hold(column, [min, max], mask, after);
        let column = &self.bank.numbers[column as usize];
        let below = lanes(beyond).filter(|lane| column[*lane] == min).count() as u32;
        self.watch.saturated(variable, mask.count_ones(), below, beyond.count_ones() - below);
    }

    /// Gives a number what `after` makes of all numbers and of its own, held to the bounds; the lanes in which it stopped
    /// at one.
    #[inline(always)]
    pub(super) fn hold(
        &mut self,
        column: u32,
        [min, max]: [f64; 2],
        mask: Mask,
        after: impl Fn(&[Column], Eight, usize) -> Eight,
    ) -> Mask {
        let (wide, numbers) = (self.wide, &mut self.bank.numbers[..]);
        let column = column as usize;
        let unlike = wide.unlike(
            #[inline(always)]
            |index| {
                let before = (&numbers[column]).eight(index);
                let after = after(numbers, before, index);
                let mut stopped = after;
                for number in &mut stopped {
                    *number = held(*number, min, max);
                }
                numbers[column].as_chunks_mut().0[index] =
                    wide.choose_positive((mask >> (EIGHT * index)) as u8, stopped, before);
                (after, stopped)
            },
        );
        unlike & mask
    }
}

/// A number within its bounds; −0 becomes 0.
#[inline(always)]
pub(super) fn bounded(value: f64, min: f64, max: f64) -> f64 {
    held(value, min, max) + 0.0
}

/// What numbers are after an assignment.
#[inline(always)]
pub(super) fn combined(op: Assign, before: &Lanes, value: impl Operand) -> Lanes {
    let mut numbers = *before;
    for (index, eight) in numbers.as_chunks_mut::<EIGHT>().0.iter_mut().enumerate() {
        *eight = assigned(op, *eight, value.eight(index));
    }
    numbers
}

/// What eight numbers are after an assignment.
#[inline(always)]
pub(super) fn assigned(op: Assign, before: Eight, value: Eight) -> Eight {
    let mut after = before;
    for lane in 0..EIGHT {
        after[lane] = op.apply(before[lane], value[lane]);
    }
    after
}
