//! Loops over 64 lanes: plain code that the compiler turns into vector instructions of whatever width the caller is
//! compiled for, which is why it is always inlined.

use super::ast::{Arithmetic, Comparison};
use super::function::{self, Unary};
use super::tape::Multiple;
use super::term::Binary;

/// How many replications are carried side by side.
pub const LANES: usize = 64;

/// One number for each lane.
pub type Lanes = [f64; LANES];

/// The lanes of a set, one bit each.
pub type Mask = u64;

/// Up to so many lanes are gone through one by one; more, all 64 at once.
pub const FEW: u32 = 12;

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

/// The lanes in which two numbers stand in a relation.
#[inline(always)]
pub fn mask_of_two(a: &Lanes, b: &Lanes, relation: impl Fn(f64, f64) -> bool) -> Mask {
    let mut mask = 0;
    for lane in 0..LANES {
        mask |= if relation(a[lane], b[lane]) { BITS[lane] } else { 0 };
    }
    mask
}

/// The lanes in which the comparison holds; in none where a number is NaN, but for `!=`.
#[inline(always)]
pub fn compare(comparison: Comparison, a: &Lanes, b: &Lanes) -> Mask {
    match comparison {
        Comparison::Equal => mask_of_two(a, b, |a, b| a == b),
        Comparison::NotEqual => !mask_of_two(a, b, |a, b| a == b),
        Comparison::Less => mask_of_two(a, b, |a, b| a < b),
        Comparison::LessEqual => mask_of_two(a, b, |a, b| a <= b),
        Comparison::Greater => mask_of_two(b, a, |b, a| b < a),
        Comparison::GreaterEqual => mask_of_two(b, a, |b, a| b <= a),
    }
}

/// The same with a constant.
#[inline(always)]
pub fn compare_scalar(comparison: Comparison, a: &Lanes, b: f64) -> Mask {
    match comparison {
        Comparison::Equal => mask_of(a, |a| a == b),
        Comparison::NotEqual => !mask_of(a, |a| a == b),
        Comparison::Less => mask_of(a, |a| a < b),
        Comparison::LessEqual => mask_of(a, |a| a <= b),
        Comparison::Greater => mask_of(a, |a| a > b),
        Comparison::GreaterEqual => mask_of(a, |a| a >= b),
    }
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

/// A start and multiples of columns, added from left to right.
#[inline(always)]
pub fn sum(start: f64, multiples: &[Multiple], columns: &[Lanes], to: &mut Lanes, mask: Mask) {
    if mask.count_ones() <= FEW {
        for lane in lanes(mask) {
            let add = |sum, multiple: &Multiple| sum + multiple.factor * columns[multiple.column as usize][lane];
            to[lane] = multiples.iter().fold(start, add);
        }
        return;
    }
    // A part at a time, so that sums stay in registers.
    const PART: usize = 16;
    for from in (0..LANES).step_by(PART) {
        let mut sums = [start; PART];
        for multiple in multiples {
            let column = &columns[multiple.column as usize][from..from + PART];
            for lane in 0..PART {
                sums[lane] += multiple.factor * column[lane];
            }
        }
        to[from..from + PART].copy_from_slice(&sums);
    }
}

#[inline(always)]
pub fn select(mask: Mask, yes: &Lanes, no: &Lanes, to: &mut Lanes) {
    for lane in 0..LANES {
        to[lane] = either(mask, lane, yes[lane], no[lane]);
    }
}

/// Puts values into the lanes of a mask; the others keep what they have.
#[inline(always)]
pub fn store(mask: Mask, values: &Lanes, to: &mut Lanes) {
    for lane in 0..LANES {
        to[lane] = either(mask, lane, values[lane], to[lane]);
    }
}

/// One of two numbers, without a branch.
#[inline(always)]
fn either(mask: Mask, lane: usize, yes: f64, no: f64) -> f64 {
    let chosen = if mask & BITS[lane] != 0 { u64::MAX } else { 0 };
    f64::from_bits(yes.to_bits() & chosen | no.to_bits() & !chosen)
}
