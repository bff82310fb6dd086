//! Sums of 64 values at a time, exactly: integers of one scale where the values allow it, else of one scale for every
//! eight exponents.

use crate::expression::{LANES, Lanes, Mask};
use crate::results::exact_sum::Sums;
use crate::simd::{EIGHT, Simd};

/// What a value is multiplied by beyond its mantissa, as a power of 2: so many exponents below the top are caught whole.
const ROOM: u32 = 7;
/// The lowest top: zeros and subnormal numbers then lie so far below that nothing of them is taken.
const TOP_LEAST: u32 = 72;
/// The exponent of infinities.
const INFINITE: u32 = 0x7ff;
/// What the exponent field of a float is more than the power of 2 that its mantissa is multiplied by.
const BIAS: i32 = 1_075;
/// A block in which more lanes than this are not caught may move the top.
const MISSED_MOST: u32 = 8;

/// Sums of integers below 2^60 and of their squares; no wave has so many values that they overflow.
#[derive(Debug, Clone, Copy, Default)]
struct Total {
    first: i128,
    second: u128,
    /// How often `second` overflowed.
    carried: u64,
}

impl Total {
    #[inline(always)]
    fn add(&mut self, first: i128, second: u128) {
        self.first += first;
        let (sum, over) = self.second.overflowing_add(second);
        self.second = sum;
        self.carried += u64::from(over);
    }

    fn subtract(&mut self, first: i128, second: u128) {
        self.first -= first;
        let (difference, over) = self.second.overflowing_sub(second);
        self.second = difference;
        self.carried -= u64::from(over);
    }

    /// Hands over the sums, whose unit is 2^`exponent`.
    fn hand_over(&mut self, exponent: i32, sums: &mut Sums) {
        let Self { first, second, carried } = std::mem::take(self);
        sums.add_integers(first, [second as u64, (second >> 64) as u64, carried], exponent);
    }
}

/// The sums over the finite values of one metric in one turn.
///
/// The quick way takes a value as an integer whose unit depends on the top, the highest exponent that is caught. It
/// catches the seven exponents below the top too, and lower ones where the last bits are 0, as those of whole numbers are.
/// It takes no more of other values than can be taken away again.
#[derive(Debug, Clone)]
pub(super) struct LaneSums {
    top: u32,
    quick: Total,
    /// By the exponent divided by 8, from `classes_from` on.
    classes: Vec<Total>,
    classes_from: u32,
    /// What was summed with other tops.
    before: Sums,
    /// How often the top was moved, and how many blocks would have liked to since.
    moved: u32,
    waited: u32,
}

impl LaneSums {
    pub fn new() -> Self {
        Self {
            top: TOP_LEAST,
            quick: Total::default(),
            classes: Vec::new(),
            classes_from: 0,
            before: Sums::default(),
            moved: 0,
            waited: 0,
        }
    }

    /// Adds the finite ones among the values of these lanes.
    #[inline(always)]
    pub fn add<X: Simd>(&mut self, wide: X, values: &Lanes, mask: Mask) {
        let chosen = match mask {
            Mask::MAX => None,
            _ => {
                let mut chosen = [0.0; LANES];
                let eights = chosen.as_chunks_mut::<EIGHT>().0.iter_mut().zip(values.as_chunks::<EIGHT>().0);
                for (index, (chosen, values)) in eights.enumerate() {
                    *chosen = wide.choose((mask >> (EIGHT * index)) as u8, *values, [0.0; EIGHT]);
                }
                Some(chosen)
            }
        };
        let values = chosen.as_ref().unwrap_or(values);
        if self.add_quickly(values) {
            self.add_missed(values);
        }
    }

    /// Adds what the quick way catches of the values, and says whether it missed any.
    #[inline(always)]
    fn add_quickly(&mut self, values: &Lanes) -> bool {
        const HALF: u32 = 30;
        let top = u64::from(self.top);
        // Of eight lanes each, so that eight integers below 2^60 are no more than an i64 holds. The squares are of halves.
        let (mut first, mut missed) = ([0_i64; EIGHT], [0_u64; EIGHT]);
        let [mut high, mut mixed, mut low] = [[0_u64; EIGHT]; 3];
        for eight in values.as_chunks::<EIGHT>().0 {
            for lane in 0..EIGHT {
                let bits = eight[lane].to_bits();
                let whole = mantissa(bits);
                let shift = top.wrapping_sub(bits << 1 >> 53) as u32;
                let integer = whole.checked_shr(shift).unwrap_or(0);
                let back = integer.checked_shl(shift).unwrap_or(0);
                missed[lane] |= if bits << 1 == 0 { 0 } else { back ^ whole };
                let sign = bits as i64 >> 63;
                first[lane] += (integer as i64 ^ sign) - sign;
                let [upper, lower] = [integer >> HALF, integer & ((1 << HALF) - 1)].map(|half| u64::from(half as u32));
                high[lane] += upper * upper;
                mixed[lane] += upper * lower;
                low[lane] += lower * lower;
            }
        }
        let sum = |parts: [u64; EIGHT]| parts.into_iter().map(u128::from).sum::<u128>();
        let second = (sum(high) << (2 * HALF)) + (sum(mixed) << (HALF + 1)) + sum(low);
        self.quick.add(first.into_iter().map(i128::from).sum(), second);
        missed.into_iter().fold(0, |all, missed| all | missed) != 0
    }

    /// Adds the values that the quick way missed, and takes away what it took of them.
    #[inline(never)]
    fn add_missed(&mut self, values: &Lanes) {
        let mut missed = 0;
        for value in values {
            let bits = value.to_bits();
            let (whole, shift) = (mantissa(bits), self.top.wrapping_sub(exponent(bits)));
            let taken = whole.checked_shr(shift).unwrap_or(0);
            if bits << 1 == 0 || taken.checked_shl(shift).unwrap_or(0) == whole {
                continue;
            }
            let signed = |integer: u64| if bits >> 63 == 1 { -i128::from(integer) } else { i128::from(integer) };
            self.quick.subtract(signed(taken), u128::from(taken) * u128::from(taken));
            if exponent(bits) == INFINITE {
                continue;
            }
            missed += 1;
            let (class, integer) = class(bits);
            self.class(class).add(signed(integer), u128::from(integer) * u128::from(integer));
        }
        if missed > MISSED_MOST {
            self.waited += 1;
            if self.waited >> self.moved.min(31) > 0 {
                self.move_top(values);
            }
        }
    }

    fn class(&mut self, class: u32) -> &mut Total {
        if self.classes.is_empty() {
            self.classes_from = class;
        }
        if class < self.classes_from {
            let more = (self.classes_from - class) as usize;
            self.classes.splice(0..0, std::iter::repeat_n(Total::default(), more));
            self.classes_from = class;
        }
        let place = (class - self.classes_from) as usize;
        if place >= self.classes.len() {
            self.classes.resize(place + 1, Total::default());
        }
        &mut self.classes[place]
    }

    /// Moves the top to where most of these values are caught whole, one higher if that costs nothing.
    fn move_top(&mut self, values: &Lanes) {
        let exponents = || values.iter().map(|value| exponent(value.to_bits())).filter(|it| (1..INFINITE).contains(it));
        let caught =
            |top: u32| exponents().filter(|exponent| (0..=ROOM).contains(&top.wrapping_sub(*exponent))).count();
        let best = exponents().flat_map(|exponent| [exponent, exponent + 1]).max_by_key(|top| (caught(*top), *top));
        self.waited = 0;
        self.moved += 1;
        self.quick.hand_over(self.unit(), &mut self.before);
        self.top = best.unwrap_or(TOP_LEAST).clamp(TOP_LEAST, INFINITE - 1);
    }

    /// The power of 2 that the integers of the quick way count.
    fn unit(&self) -> i32 {
        self.top as i32 - BIAS - ROOM as i32
    }

    /// Hands over all that was summed.
    pub fn hand_over(&mut self, sums: &mut Sums) {
        self.quick.hand_over(self.unit(), sums);
        for (index, class) in self.classes.iter_mut().enumerate() {
            class.hand_over(8 * (self.classes_from as i32 + index as i32) - BIAS, sums);
        }
        sums.merge(&std::mem::take(&mut self.before));
    }
}

fn exponent(bits: u64) -> u32 {
    (bits << 1 >> 53) as u32
}

/// The mantissa of a normal number, times 2^[`ROOM`].
#[inline(always)]
fn mantissa(bits: u64) -> u64 {
    (bits << 11 | 1 << 63) >> (11 - ROOM)
}

/// The class of a finite number, and the integer below 2^60 that it is there.
fn class(bits: u64) -> (u32, u64) {
    let (exponent, fraction) = (exponent(bits), bits & ((1 << 52) - 1));
    let whole = if exponent == 0 { fraction } else { fraction | 1 << 52 };
    let exponent = exponent.max(1);
    (exponent / 8, whole << (exponent % 8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::lanes;
    use crate::simd::Portable;
    use proptest::prelude::*;

    /// Adds blocks with the lanes of masks, and one value after the other; both must be the same integers.
    fn check(blocks: &[(Lanes, Mask)]) {
        let (mut fast, mut slow) = (LaneSums::new(), Sums::default());
        for (values, mask) in blocks {
            fast.add(Portable::new(), values, *mask);
            lanes(*mask).map(|lane| values[lane]).filter(|it| it.is_finite()).for_each(|value| slow.add(value, 1));
        }
        let mut sums = Sums::default();
        fast.hand_over(&mut sums);
        assert_eq!(sums, slow);
        fast.hand_over(&mut sums);
        assert_eq!(sums, slow, "nothing is handed over twice");
    }

    fn filled(value: impl Fn(usize) -> f64) -> Lanes {
        std::array::from_fn(value)
    }

    #[test]
    fn the_largest_integers_do_not_overflow() {
        for value in [f64::MAX, -f64::MAX, 2.0_f64.next_down(), 5e-324, f64::MIN_POSITIVE, 1.0, 0.0, -0.0] {
            check(&vec![(filled(|_| value), Mask::MAX); 1_024]);
            check(&vec![(filled(|lane| if lane % 2 == 0 { value } else { -value }), Mask::MAX); 1_024]);
        }
    }

    #[test]
    fn the_top_moves_with_the_values() {
        let blocks: Vec<(Lanes, Mask)> = (0..200_i32)
            .map(|block| (filled(|lane| libm::ldexp(1.0 + lane as f64 / 67.0, 10 * block - 1_000)), Mask::MAX))
            .collect();
        check(&blocks);
        let infinite = filled(|lane| [f64::INFINITY, f64::NEG_INFINITY, 0.3, -1e300][lane % 4]);
        check(&vec![(infinite, Mask::MAX); 20]);
    }

    fn value() -> impl Strategy<Value = f64> {
        let any = any::<u64>().prop_map(f64::from_bits).prop_filter("a number", |value| !value.is_nan());
        let whole = (-1_000_000_i64..1_000_000).prop_map(|whole| whole as f64);
        prop_oneof![any, whole, 0.0..1.0, -1.0..1.0, 0.9e15..1.1e15, Just(f64::INFINITY), Just(-0.0)]
    }

    fn block() -> impl Strategy<Value = (Lanes, Mask)> {
        let alike = prop_oneof![0.0..1.0_f64, 1e9..2e9_f64, -1.0..1.0_f64];
        let lanes = prop_oneof![
            prop::collection::vec(value(), LANES),
            prop::collection::vec(alike, LANES),
            (value(), 0_u64..99).prop_map(|(value, step)| vec![
                if value.is_finite() {
                    value + step as f64
                } else {
                    1.0
                };
                LANES
            ]),
        ];
        (lanes, prop_oneof![Just(Mask::MAX), any::<Mask>()])
            .prop_map(|(lanes, mask)| (lanes.try_into().expect("64 lanes"), mask))
    }

    proptest! {
        #[test]
        fn lanes_are_summed_as_one_after_the_other(blocks in prop::collection::vec(block(), 1..8)) {
            check(&blocks);
        }
    }
}
