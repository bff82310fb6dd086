//! Loops over 64 lanes: plain code that the compiler turns into vector instructions of whatever width the caller is
//! compiled for, which is why it is always inlined.

use super::ast::{Arithmetic, Comparison};
use super::function::{self, Unary};
use super::tape::{Multiple, Total};
use super::term::Binary;
use crate::simd::{EIGHT, Eight, Operand, Simd};
use std::ops::{Deref, DerefMut};

/// How many replications are carried side by side.
pub const LANES: usize = 64;

/// One number for each lane.
pub type Lanes = [f64; LANES];

/// The numbers of all lanes, where the widest loads cross no line of the cache.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(64))]
pub struct Column([f64; LANES]);

impl Column {
    pub const ZERO: Self = Self([0.0; LANES]);
}

impl Deref for Column {
    type Target = Lanes;

    #[inline(always)]
    fn deref(&self) -> &Lanes {
        &self.0
    }
}

impl DerefMut for Column {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Lanes {
        &mut self.0
    }
}

impl Operand for &Column {
    #[inline(always)]
    fn eight(self, index: usize) -> Eight {
        (&**self).eight(index)
    }
}

/// The lanes of a set, one bit each.
pub type Mask = u64;

/// Up to so many lanes are gone through one by one; more, all 64 at once.
pub const FEW: u32 = 8;

/// The bit of every lane.
pub static BITS: [Mask; LANES] = {
    let mut bits = [0; LANES];
    let mut lane = 0;
    while lane < LANES {
        bits[lane] = 1 << lane;
        lane += 1;
    }
    bits
};

/// The lanes of a mask, lowest first.
#[inline(always)]
pub fn lanes(mut mask: Mask) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        if mask == 0 {
            return None;
        }
        let lane = mask.trailing_zeros() as usize;
        mask &= mask - 1;
        Some(lane)
    })
}

/// Calls for the lanes of the mask, or for all where that is quicker.
#[inline(always)]
pub fn each(mask: Mask, mut call: impl FnMut(usize)) {
    if mask.count_ones() <= FEW {
        lanes(mask).for_each(call);
    } else {
        (0..LANES).for_each(&mut call);
    }
}

/// The lanes of the mask whose number has a property.
#[inline(always)]
pub fn which(a: &Lanes, mask: Mask, property: impl Fn(f64) -> bool) -> Mask {
    if mask.count_ones() > FEW {
        return mask_of(a, property) & mask;
    }
    lanes(mask).fold(0, |found, lane| found | Mask::from(property(a[lane])) << lane)
}

/// The lanes whose number has a property.
#[inline(always)]
pub fn mask_of(a: &Lanes, property: impl Fn(f64) -> bool) -> Mask {
    let mut mask = 0;
    for lane in 0..LANES {
        mask |= if property(a[lane]) { BITS[lane] } else { 0 };
    }
    mask
}

/// The lanes in which the comparison holds; where one of the numbers is NaN, anything.
#[inline(always)]
pub fn compare<X: Simd>(wide: X, comparison: Comparison, a: impl Operand, b: impl Operand) -> Mask {
    // Three loops instead of six: what is not less is greater or equal.
    let (holds, negated) = match comparison {
        Comparison::Less | Comparison::GreaterEqual => (wide.less(a, b), Comparison::GreaterEqual),
        Comparison::Greater | Comparison::LessEqual => (wide.less(b, a), Comparison::LessEqual),
        Comparison::Equal | Comparison::NotEqual => (wide.equal(a, b), Comparison::NotEqual),
    };
    if comparison == negated { !holds } else { holds }
}

#[inline(always)]
pub fn difference(a: &Lanes, b: &Lanes) -> Lanes {
    let mut difference = *a;
    for lane in 0..LANES {
        difference[lane] -= b[lane];
    }
    difference
}

#[inline(always)]
fn map(a: &Lanes, to: &mut Lanes, function: impl Fn(f64) -> f64) {
    for lane in 0..LANES {
        to[lane] = function(a[lane]);
    }
}

#[inline(always)]
fn zip(a: &Lanes, b: &Lanes, to: &mut Lanes, function: impl Fn(f64, f64) -> f64) {
    for lane in 0..LANES {
        to[lane] = function(a[lane], b[lane]);
    }
}

#[inline(always)]
pub fn unary(function: Unary, a: &Lanes, to: &mut Lanes, mask: Mask) {
    match function {
        Unary::Negate => map(a, to, |x| -x),
        Unary::Abs => map(a, to, f64::abs),
        Unary::Floor => map(a, to, f64::floor),
        Unary::Ceil => map(a, to, f64::ceil),
        costly => lanes(mask).for_each(|lane| to[lane] = costly.apply(a[lane])),
    }
}

#[inline(always)]
pub fn binary(function: Binary, a: &Lanes, b: &Lanes, to: &mut Lanes, mask: Mask) {
    match function {
        Binary::Arithmetic(Arithmetic::Add) => zip(a, b, to, |a, b| a + b),
        Binary::Arithmetic(Arithmetic::Subtract) => zip(a, b, to, |a, b| a - b),
        Binary::Arithmetic(Arithmetic::Multiply) => zip(a, b, to, |a, b| a * b),
        Binary::Arithmetic(Arithmetic::Divide) if mask.count_ones() > FEW => zip(a, b, to, function::divide),
        Binary::Min => zip(a, b, to, function::min),
        Binary::Max => zip(a, b, to, function::max),
        costly => lanes(mask).for_each(|lane| to[lane] = costly.apply(a[lane], b[lane])),
    }
}

#[inline(always)]
pub fn scalar(function: Binary, a: &Lanes, b: f64, to: &mut Lanes, mask: Mask) {
    match function {
        Binary::Arithmetic(Arithmetic::Add) => map(a, to, |a| a + b),
        Binary::Arithmetic(Arithmetic::Subtract) => map(a, to, |a| a - b),
        Binary::Arithmetic(Arithmetic::Multiply) => map(a, to, |a| a * b),
        Binary::Arithmetic(Arithmetic::Divide) if mask.count_ones() > FEW => map(a, to, |a| function::divide(a, b)),
        Binary::Min => map(a, to, |a| function::min(a, b)),
        Binary::Max => map(a, to, |a| function::max(a, b)),
        costly => lanes(mask).for_each(|lane| to[lane] = costly.apply(a[lane], b)),
    }
}

/// A sum: in all lanes, which is quicker than picking a few.
#[inline(always)]
pub fn sum<X: Simd>(_wide: X, total: Total<'_>, columns: &[Column], to: &mut Lanes) {
    // A part at a time, so that sums stay in registers.
    match (X::IS_WIDE, total.has_end()) {
        (true, false) => sum_parts::<32, false>(total, columns, to),
        (true, true) => sum_parts::<32, true>(total, columns, to),
        (false, false) => sum_parts::<16, false>(total, columns, to),
        (false, true) => sum_parts::<16, true>(total, columns, to),
    }
}

/// Few terms are told apart once, instead of after each.
#[inline(always)]
fn sum_parts<const PART: usize, const ENDS: bool>(total: Total<'_>, columns: &[Column], to: &mut Lanes) {
    match total.multiples {
        [a] => Added::<1, ENDS>::new(total, [a], columns).fill::<PART>(to),
        [a, b] => Added::<2, ENDS>::new(total, [a, b], columns).fill::<PART>(to),
        [a, b, c] => Added::<3, ENDS>::new(total, [a, b, c], columns).fill::<PART>(to),
        [a, b, c, d] => Added::<4, ENDS>::new(total, [a, b, c, d], columns).fill::<PART>(to),
        multiples => {
            for (part, to) in to.as_chunks_mut::<PART>().0.iter_mut().enumerate() {
                let mut sums = [total.start; PART];
                for multiple in multiples {
                    add(&mut sums, multiple.factor, &columns[multiple.column as usize], part);
                }
                if ENDS {
                    add_to_all(&mut sums, total.end);
                }
                *to = sums;
            }
        }
    }
}

#[inline(always)]
fn add<const PART: usize>(sums: &mut [f64; PART], factor: f64, column: &Lanes, part: usize) {
    let column = &column.as_chunks::<PART>().0[part];
    for lane in 0..PART {
        sums[lane] += factor * column[lane];
    }
}

#[inline(always)]
fn add_to_all<const PART: usize>(sums: &mut [f64; PART], number: f64) {
    for sum in sums {
        *sum += number;
    }
}

impl Total<'_> {
    /// The sum in one lane.
    #[inline(always)]
    pub fn at(self, columns: &[Column], lane: usize) -> f64 {
        let mut sum = self.start;
        for multiple in self.multiples {
            sum += multiple.factor * columns[multiple.column as usize][lane];
        }
        sum + self.end
    }
}

/// A sum of so many terms, with another number at its end or without, that is worked out where it is asked for.
#[derive(Clone, Copy)]
pub struct Added<'c, const TERMS: usize, const ENDS: bool> {
    start: f64,
    factors: [f64; TERMS],
    columns: [&'c Column; TERMS],
    end: f64,
}

impl<'c, const TERMS: usize, const ENDS: bool> Added<'c, TERMS, ENDS> {
    #[inline(always)]
    pub fn new(total: Total<'_>, multiples: [&Multiple; TERMS], columns: &'c [Column]) -> Self {
        let columns = multiples.map(
            #[inline(always)]
            |multiple| &columns[multiple.column as usize],
        );
        let factors = multiples.map(
            #[inline(always)]
            |multiple| multiple.factor,
        );
        Self { start: total.start, factors, columns, end: total.end }
    }

    #[inline(always)]
    fn fill<const PART: usize>(self, to: &mut Lanes) {
        for (part, to) in to.as_chunks_mut::<PART>().0.iter_mut().enumerate() {
            *to = self.part(part);
        }
    }

    #[inline(always)]
    fn part<const PART: usize>(&self, part: usize) -> [f64; PART] {
        let mut sums = [self.start; PART];
        for term in 0..TERMS {
            add(&mut sums, self.factors[term], self.columns[term], part);
        }
        if ENDS {
            add_to_all(&mut sums, self.end);
        }
        sums
    }
}

impl<const TERMS: usize, const ENDS: bool> Operand for Added<'_, TERMS, ENDS> {
    #[inline(always)]
    fn eight(self, index: usize) -> Eight {
        self.part(index)
    }
}

#[inline(always)]
pub fn select<X: Simd>(wide: X, mask: Mask, yes: impl Operand, no: impl Operand, to: &mut Lanes) {
    for (index, to) in to.as_chunks_mut::<EIGHT>().0.iter_mut().enumerate() {
        *to = wide.choose((mask >> (EIGHT * index)) as u8, yes.eight(index), no.eight(index));
    }
}

/// Puts values into the lanes of a mask, with 0 for −0; the others keep what they have.
#[inline(always)]
pub fn store<X: Simd>(wide: X, mask: Mask, values: impl Operand, to: &mut Lanes) {
    for (index, to) in to.as_chunks_mut::<EIGHT>().0.iter_mut().enumerate() {
        *to = wide.choose_positive((mask >> (EIGHT * index)) as u8, values.eight(index), *to);
    }
}

/// Puts what becomes of each number into the lanes of a mask; the others keep what they have.
#[inline(always)]
pub fn change<X: Simd>(wide: X, mask: Mask, numbers: &mut Lanes, after: impl Fn(f64) -> f64) {
    for (index, numbers) in numbers.as_chunks_mut::<EIGHT>().0.iter_mut().enumerate() {
        let mut changed = *numbers;
        for number in &mut changed {
            *number = after(*number);
        }
        *numbers = wide.choose((mask >> (EIGHT * index)) as u8, changed, *numbers);
    }
}

/// What becomes of the numbers of all lanes, as something to compare.
#[derive(Clone, Copy)]
pub struct After<'a, F>(pub &'a Lanes, pub F);

impl<F: Fn(f64) -> f64 + Copy> Operand for After<'_, F> {
    #[inline(always)]
    fn eight(self, index: usize) -> Eight {
        let mut eight = self.0.eight(index);
        for number in &mut eight {
            *number = self.1(*number);
        }
        eight
    }
}
