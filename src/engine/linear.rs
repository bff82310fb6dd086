//! Numbers that become sums, or have them added, and whatever else takes its new value from a column: worked out, held
//! to the bounds and stored in one go.

use super::run::Run;
use super::settle::Settle;
use super::watch::Watch;
use crate::expression::{Assign, Column, FEW, Mask, Multiple, Total, lanes};
use crate::model::{Effect, Linear, Target, held};
use crate::wide::{EIGHT, Eight, Operand, Wide};

/// A variable's column, its index in the labels, and its bounds.
#[derive(Clone, Copy)]
struct Held {
    column: usize,
    variable: u32,
    min: f64,
    max: f64,
}

impl<S: Settle, W: Watch, X: Wide> Run<'_, S, W, X> {
    /// Makes a linear assignment. One copy of this code is enough.
    #[inline(always)]
    pub(super) fn linear(&mut self, linear: &Linear, mask: Mask) {
        self.wide.run(
            #[inline(always)]
            || match linear.total().multiples {
                [a] => self.terms(linear, mask, [*a]),
                [a, b] => self.terms(linear, mask, [*a, *b]),
                [a, b, c] => self.terms(linear, mask, [*a, *b, *c]),
                [a, b, c, d] => self.terms(linear, mask, [*a, *b, *c, *d]),
                _ => self.many_terms(linear, mask),
            },
        );
    }

    #[inline(always)]
    fn many_terms(&mut self, linear: &Linear, mask: Mask) {
        self.bank.add_up(self.wide, linear.room, linear.total());
        let op = if linear.adds { Assign::Add } else { Assign::Set };
        self.stop_at(linear.held(), op, mask, linear.room);
    }

    #[inline(always)]
    fn terms<const TERMS: usize>(&mut self, linear: &Linear, mask: Mask, multiples: [Multiple; TERMS]) {
        let total = linear.total();
        if mask.count_ones() <= FEW {
            return self.few_lanes(linear, mask, multiples);
        }
        if linear.adds {
            self.stop(
                linear.held(),
                mask,
                #[inline(always)]
                |numbers, before, index| both(before, sum(total, &multiples, numbers, index), add),
            );
        } else {
            self.stop(
                linear.held(),
                mask,
                #[inline(always)]
                |numbers, _, index| sum(total, &multiples, numbers, index),
            );
        }
    }

    #[inline(always)]
    fn few_lanes<const TERMS: usize>(&mut self, linear: &Linear, mask: Mask, multiples: [Multiple; TERMS]) {
        let Total { start, end, .. } = linear.total();
        let Held { column: to, variable, min, max } = linear.held();
        let numbers = &mut self.bank.numbers[..];
        let (mut below, mut above) = (0, 0);
        for lane in lanes(mask) {
            let mut sum = start;
            for term in 0..TERMS {
                sum += multiples[term].factor * numbers[multiples[term].column as usize][lane];
            }
            sum += end;
            let after = if linear.adds { numbers[to][lane] + sum } else { sum };
            below += u32::from(after < min);
            above += u32::from(after > max);
            numbers[to][lane] = held(after, min, max) + 0.0;
        }
        self.watch.saturated(variable, mask.count_ones(), below, above);
    }

    /// Makes an assignment of what stands in a column, of numbers that all have values.
    #[inline(always)]
    pub(super) fn assign_column(&mut self, effect: &Effect, mask: Mask, from: u32) {
        if let Target::Number { column, min, max, variable, .. } = effect.target {
            self.stop_at(Held { column: column as usize, variable, min, max }, effect.op, mask, from);
        }
    }

    #[inline(always)]
    fn stop_at(&mut self, to: Held, op: Assign, mask: Mask, from: u32) {
        let from = from as usize;
        macro_rules! stop {
            ($after:expr) => {
                self.stop(
                    to,
                    mask,
                    #[inline(always)]
                    |numbers, before, index| both(before, (&numbers[from]).eight(index), $after),
                )
            };
        }
        match op {
            Assign::Set => stop!(
                #[inline(always)]
                |_, value| value
            ),
            Assign::Add => stop!(add),
            Assign::Subtract => stop!(
                #[inline(always)]
                |x, value| x - value
            ),
            Assign::Multiply => stop!(
                #[inline(always)]
                |x, value| x * value
            ),
        }
    }

    /// Gives a number what `after` makes of all numbers and of its own, of the eight lanes from 8 · index on, and counts
    /// where it stops at a bound.
    #[inline(always)]
    fn stop(&mut self, to: Held, mask: Mask, after: impl Fn(&[Column], Eight, usize) -> Eight) {
        let Held { column, variable, min, max } = to;
        let beyond = self.hold(column as u32, [min, max], mask, after);
        let column = &self.bank.numbers[column];
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

impl Linear {
    #[inline(always)]
    fn held(&self) -> Held {
        Held { column: self.column as usize, variable: self.variable, min: self.min, max: self.max }
    }
}

#[inline(always)]
fn add(a: f64, b: f64) -> f64 {
    a + b
}

#[inline(always)]
fn both(mut a: Eight, b: Eight, function: impl Fn(f64, f64) -> f64) -> Eight {
    for lane in 0..EIGHT {
        a[lane] = function(a[lane], b[lane]);
    }
    a
}

/// The sum of eight lanes.
#[inline(always)]
fn sum<const TERMS: usize>(total: Total<'_>, multiples: &[Multiple; TERMS], numbers: &[Column], index: usize) -> Eight {
    let mut sums = [total.start; EIGHT];
    for Multiple { factor, column } in multiples {
        let column = (&numbers[*column as usize]).eight(index);
        for lane in 0..EIGHT {
            sums[lane] += factor * column[lane];
        }
    }
    for sum in &mut sums {
        *sum += total.end;
    }
    sums
}
