//! Numbers that become sums, or have them added, and whatever else takes its new value from a column: worked out, held
//! to the bounds and stored in one go.

use super::assign::{assigned, bounded};
use super::run::Play;
use super::settle::Settle;
use super::watch::Watch;
use crate::expression::{Added, Assign, Column, FEW, Mask, Multiple, lanes};
use crate::model::{Affine, RunningExtremum, Target, held};
use crate::simd::{EIGHT, Eight, Operand, Simd};

impl<S: Settle, W: Watch, X: Simd> Play<'_, S, W, X> {
    /// Makes a linear assignment. One copy of this code is enough.
    #[inline(always)]
    pub(super) fn linear(&mut self, linear: &Affine, mask: Mask) {
        self.wide.run(
            #[inline(always)]
            || match linear.total().multiples {
                _ if mask.count_ones() <= FEW => self.few_lanes(linear, mask),
                [a] => self.terms(linear, mask, [*a]),
                [a, b] => self.terms(linear, mask, [*a, *b]),
                [a, b, c] => self.terms(linear, mask, [*a, *b, *c]),
                [a, b, c, d] => self.terms(linear, mask, [*a, *b, *c, *d]),
                _ => self.many_terms(linear, mask),
            },
        );
    }

    #[inline(always)]
    fn many_terms(&mut self, linear: &Affine, mask: Mask) {
        self.bank.add_up(self.wide, linear.room, linear.total());
        let op = if linear.adds { Assign::Add } else { Assign::Set };
        self.assign_column(&linear.target, op, mask, linear.room);
    }

    #[inline(always)]
    fn terms<const TERMS: usize>(&mut self, linear: &Affine, mask: Mask, multiples: [Multiple; TERMS]) {
        let total = linear.total();
        if linear.adds {
            self.stop(
                &linear.target,
                mask,
                #[inline(always)]
                |numbers, before, index| {
                    let sum = Added::<TERMS, true>::new(total, multiples.each_ref(), numbers).eight(index);
                    assigned(Assign::Add, before, sum)
                },
            );
        } else {
            self.stop(
                &linear.target,
                mask,
                #[inline(always)]
                |numbers, _, index| Added::<TERMS, true>::new(total, multiples.each_ref(), numbers).eight(index),
            );
        }
    }

    #[inline(always)]
    fn few_lanes(&mut self, linear: &Affine, mask: Mask) {
        let Target::Number { column, min, max, variable, .. } = linear.target else { return };
        let (numbers, total, to) = (&mut self.bank.numbers[..], linear.total(), column as usize);
        let (mut below, mut above) = (0, 0);
        for lane in lanes(mask) {
            let sum = total.at(numbers, lane);
            let after = if linear.adds { numbers[to][lane] + sum } else { sum };
            below += u32::from(after < min);
            above += u32::from(after > max);
            numbers[to][lane] = bounded(after, min, max);
        }
        self.watch.saturated(variable, mask.count_ones(), below, above);
    }

    /// Has a number follow another, which leads it beyond no bound. One copy of this code is enough.
    #[inline(always)]
    pub(super) fn extreme(&mut self, extreme: RunningExtremum, mask: Mask) {
        self.wide.run(
            #[inline(always)]
            || {
                self.hold(
                    extreme.column,
                    [f64::NEG_INFINITY, f64::INFINITY],
                    mask,
                    #[inline(always)]
                    |numbers, mut number, index| {
                        let others = (&numbers[extreme.other as usize]).eight(index);
                        for (number, other) in number.iter_mut().zip(others) {
                            *number = extreme.after(*number, other);
                        }
                        number
                    },
                )
            },
        );
        self.watch.saturated(extreme.variable, mask.count_ones(), 0, 0);
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

    /// The same; says where it stopped at a bound.
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
