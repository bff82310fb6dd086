//! Sums of floats and of their squares as integers without bounds: no order of adding changes them, and a mean or a
//! standard deviation is rounded once.
//!
//! R. M. Neal, "Fast exact summation using small and large superaccumulators" (2015); J. Demmel, H. D. Nguyen, "Parallel
//! reproducible summation", IEEE Transactions on Computers 64 (2015).

use num_bigint::{BigInt, BigUint, Sign};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const LIMB: i32 = u64::BITS as i32;
/// Exponents of sums lie well within this: squares have 2^-2148 to 2^2048, and counts add 64 bits.
const LIMBS_MOST: i32 = 64;

/// An integer times a power of 2, of any size.
///
/// The limbs are those of two's complement, the lowest first, and begin at 2^(64 · low). There is one form for each
/// number: neither the lowest limb is 0, nor does the highest only repeat the sign.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExactSum {
    low: i32,
    limbs: Vec<u64>,
}

impl ExactSum {
    /// Adds `value` · 2^`exponent`, where the value is given by limbs in two's complement.
    pub fn add(&mut self, value: [u64; 3], exponent: i32) {
        let (low, shift) = (exponent.div_euclid(LIMB), exponent.rem_euclid(LIMB));
        let mut shifted = [0; 4];
        let mut below = 0;
        for (limb, out) in value.into_iter().chain([sign_of(&value)]).zip(&mut shifted) {
            *out = ((u128::from(limb) << 64 | below) << shift >> 64) as u64;
            below = u128::from(limb);
        }
        self.add_limbs(low, &shifted);
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        self.add_limbs(other.low, &other.limbs);
    }

    fn add_limbs(&mut self, low: i32, limbs: &[u64]) {
        if limbs.iter().all(|limb| *limb == 0) {
            return;
        }
        if self.limbs.is_empty() {
            self.low = low;
        }
        if low < self.low {
            let more = (self.low - low) as usize;
            self.limbs.splice(0..0, std::iter::repeat_n(0, more));
            self.low = low;
        }
        let offset = (low - self.low) as usize;
        let length = self.limbs.len().max(offset + limbs.len()) + 1;
        self.limbs.resize(length, sign_of(&self.limbs));
        let sign = sign_of(limbs);
        let mut carry = false;
        for (place, mine) in self.limbs[offset..].iter_mut().enumerate() {
            let theirs = limbs.get(place).copied().unwrap_or(sign);
            let (sum, over) = mine.overflowing_add(theirs);
            let (sum, over_again) = sum.overflowing_add(u64::from(carry));
            (*mine, carry) = (sum, over | over_again);
        }
        self.trim();
    }

    /// Brings the limbs into their one form.
    fn trim(&mut self) {
        let sign = sign_of(&self.limbs);
        while let [.., next, last] = self.limbs[..]
            && last == sign
            && next >> 63 == sign >> 63
        {
            self.limbs.pop();
        }
        let zeros = self.limbs.iter().take_while(|limb| **limb == 0).count();
        self.limbs.drain(..zeros);
        self.low = if self.limbs.is_empty() { 0 } else { self.low + zeros as i32 };
    }

    /// The integer, and the power of 2 that it is to be multiplied by, which is even.
    fn integer(&self) -> (BigInt, i64) {
        let bytes: Vec<u8> = self.limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        (BigInt::from_signed_bytes_le(&bytes), i64::from(self.low) * i64::from(LIMB))
    }
}

/// A limb full of the sign.
fn sign_of(limbs: &[u64]) -> u64 {
    limbs.last().map_or(0, |last| (*last as i64 >> 63) as u64)
}

impl Serialize for ExactSum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.low, &self.limbs).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ExactSum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (low, limbs) = <(i32, Vec<u64>)>::deserialize(deserializer)?;
        let is_small = (-LIMBS_MOST..=LIMBS_MOST).contains(&low) && limbs.len() <= 2 * LIMBS_MOST as usize;
        let sum = Self { low, limbs };
        let mut trimmed = sum.clone();
        if is_small {
            trimmed.trim();
        }
        if is_small && sum == trimmed { Ok(sum) } else { Err(D::Error::custom("a sum that cannot be")) }
    }
}

/// Sums of finite values and of their squares.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sums {
    pub first: ExactSum,
    pub second: ExactSum,
}

impl Sums {
    /// Adds a finite value so many times.
    pub fn add(&mut self, value: f64, count: u64) {
        let (mantissa, exponent) = parts(value);
        let first = i128::from(mantissa) * i128::from(count);
        let square = u128::from(mantissa.unsigned_abs()) * u128::from(mantissa.unsigned_abs());
        let (low, high) = ((square as u64) as u128 * u128::from(count), (square >> 64) * u128::from(count));
        let high = high + (low >> 64);
        self.add_integers(first, [low as u64, high as u64, (high >> 64) as u64], exponent);
    }

    /// Adds the sum of integers and that of their squares, in limbs of two's complement; a unit is 2^`exponent`.
    pub fn add_integers(&mut self, first: i128, second: [u64; 3], exponent: i32) {
        self.first.add([first as u64, (first >> 64) as u64, (first >> 127) as u64], exponent);
        self.second.add(second, 2 * exponent);
    }

    /// Adds the sums of other values.
    pub fn merge(&mut self, other: &Self) {
        self.first.merge(&other.first);
        self.second.merge(&other.second);
    }

    /// The mean of so many values, correctly rounded; 0 if there are none.
    pub fn mean(&self, count: u64) -> f64 {
        let (sum, exponent) = self.first.integer();
        let (sign, sum) = sum.into_parts();
        let mean = ratio(&sum, count, exponent, false);
        if sign == Sign::Minus { -mean } else { mean }
    }

    /// The standard deviation of so many values, divided by their number, correctly rounded; 0 if there are none.
    pub fn sd(&self, count: u64) -> f64 {
        // n² variance = n Σx² − (Σx)²
        let ((sum, one), (squares, two)) = (self.first.integer(), self.second.integer());
        let exponent = two.min(2 * one);
        let scaled = |number: BigInt, by: i64| number << (by - exponent) as usize;
        let difference = scaled(squares * count, two) - scaled(&sum * &sum, 2 * one);
        let (Sign::Plus, difference) = difference.into_parts() else { return 0.0 };
        // So many bits that the root has more than a quotient of it needs.
        let more = (BITS_OF_ROOT_SQUARED.saturating_sub(difference.bits())).div_ceil(2);
        let difference = difference << (2 * more) as usize;
        let root = difference.sqrt();
        let is_cut = &root * &root != difference;
        ratio(&root, count, exponent / 2 - more as i64, is_cut)
    }
}

const BITS_OF_ROOT_SQUARED: u64 = 2 * (64 + 70);

/// A finite value as an integer below 2^53 times a power of 2.
fn parts(value: f64) -> (i64, i32) {
    let bits = value.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i32, (bits & ((1 << 52) - 1)) as i64);
    let mantissa = if exponent == 0 { fraction } else { fraction | 1 << 52 };
    (if bits >> 63 == 1 { -mantissa } else { mantissa }, exponent.max(1) - 1_075)
}

/// `number` / `count` · 2^`exponent`, and a hair more if the number is cut, rounded to the nearest float, halves to even.
fn ratio(number: &BigUint, count: u64, exponent: i64, is_cut: bool) -> f64 {
    /// Bits of the quotient, of which a float keeps 53.
    const BITS: i64 = 66;
    if number.bits() == 0 || count == 0 {
        return 0.0;
    }
    let count = BigUint::from(count);
    let shift = BITS + count.bits() as i64 - number.bits() as i64;
    let (number, count) =
        if shift >= 0 { (number << shift as usize, count) } else { (number.clone(), count << -shift as usize) };
    let (quotient, exponent) = (&number / &count, exponent - shift);
    let is_cut = is_cut || &quotient * &count != number;
    let quotient = quotient.iter_u64_digits().rev().fold(0_u128, |all, digit| all << 64 | u128::from(digit));
    let bits = i64::from(u128::BITS - quotient.leading_zeros());
    // Below 2^-1022 floats have fewer bits.
    let kept = (exponent + bits + 1_074).clamp(0, 53);
    let dropped = bits - kept;
    let (whole, rest) = (quotient >> dropped, quotient & ((1 << dropped) - 1));
    let half = 1_u128 << (dropped - 1);
    let is_up = rest > half || rest == half && (is_cut || whole & 1 == 1);
    libm::scalbn((whole + u128::from(is_up)) as f64, (exponent + dropped) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_rational::BigRational;
    use proptest::prelude::*;

    fn of(values: &[f64]) -> Sums {
        let mut sums = Sums::default();
        values.iter().for_each(|value| sums.add(*value, 1));
        sums
    }

    fn exactly(value: f64) -> BigRational {
        BigRational::from_float(value).expect("a finite number")
    }

    fn total(numbers: impl Iterator<Item = BigRational>) -> BigRational {
        numbers.fold(exactly(0.0), |sum, number| sum + number)
    }

    /// The middle between a float and its neighbour; beyond the largest, one as far away as that below.
    fn middle(found: f64, neighbour: f64) -> BigRational {
        if neighbour.is_infinite() {
            return exactly(found) * exactly(2.0)
                - middle(found, if found > 0.0 { found.next_down() } else { found.next_up() });
        }
        (exactly(found) + exactly(neighbour)) / exactly(2.0)
    }

    /// Whether a float is the nearest to a number: the number lies between the middles to its neighbours.
    fn is_nearest(found: f64, truth: &BigRational) -> bool {
        let middle = |other: f64| middle(found, other);
        middle(found.next_down()) <= *truth && *truth <= middle(found.next_up())
    }

    /// The same of a root, compared by squares.
    fn is_nearest_root(found: f64, square: &BigRational) -> bool {
        let middle = |other: f64| middle(found, other);
        let (below, above) = (middle(found.next_down()), middle(found.next_up()));
        (below <= exactly(0.0) || &below * &below <= *square) && *square <= &above * &above
    }

    fn check(values: &[f64]) {
        let n = exactly(values.len() as f64);
        let mean = total(values.iter().map(|value| exactly(*value))) / &n;
        let squares = total(values.iter().map(|value| exactly(*value) * exactly(*value))) / &n;
        let sums = of(values);
        assert!(
            is_nearest(sums.mean(values.len() as u64), &mean),
            "mean {} of {values:?}",
            sums.mean(values.len() as u64)
        );
        let variance = squares - &mean * &mean;
        assert!(
            is_nearest_root(sums.sd(values.len() as u64), &variance),
            "sd {} of {values:?}",
            sums.sd(values.len() as u64)
        );
    }

    #[test]
    fn constants_have_no_spread() {
        for value in [0.0, 0.1, -13.7, 5e-324, f64::MIN_POSITIVE, 1e-310, 1e15, 1.7e308, -f64::MAX] {
            let mut sums = Sums::default();
            sums.add(value, 1_000_003);
            assert_eq!((sums.mean(1_000_003), sums.sd(1_000_003)), (value, 0.0));
            check(&[value, value, value]);
        }
        assert_eq!((Sums::default().mean(0), Sums::default().sd(0)), (0.0, 0.0));
    }

    #[test]
    fn nothing_is_lost_beside_the_large() {
        check(&[1e200, -1e200, 1e-200]);
        check(&[f64::MAX, -f64::MAX, 5e-324]);
        check(&[1e15, 1e15 + 0.125, 1e15 - 0.5]);
        assert_eq!(of(&[1e300, 1.0, -1e300]).mean(3), 1.0 / 3.0);
        assert_eq!(of(&[0.0, 5e-324]).sd(2), 0.0, "half the least float is even downwards");
    }

    #[test]
    fn a_sum_has_one_form() {
        let mut sums = of(&[1e300, 3.0, -2.5]);
        sums.merge(&of(&[-1e300, -3.0, 2.5]));
        assert_eq!(sums.first, ExactSum::default());
        let read = |low: i32, limbs: &[u64]| {
            let bytes = postcard::to_allocvec(&(low, limbs.to_vec())).expect("bytes");
            postcard::from_bytes::<ExactSum>(&bytes).ok()
        };
        assert_eq!(read(0, &[]), Some(ExactSum::default()));
        assert!(read(0, &[5, 0]).is_none() && read(0, &[0, 5]).is_none() && read(3, &[]).is_none());
        assert!(read(i32::MAX, &[1]).is_none() && read(0, &[1; 129]).is_none());
    }

    fn value() -> impl Strategy<Value = f64> {
        let any = any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |value| value.is_finite());
        let near = (-1.0..1.0_f64).prop_map(|noise| 1e15 + noise * 10.0);
        let whole = (-1_000_i64..1_000).prop_map(|whole| whole as f64);
        let tiny = (0_u64..1 << 40).prop_map(f64::from_bits);
        prop_oneof![any, near, whole, tiny, -1.0..1.0, Just(42.0)]
    }

    proptest! {
        #[test]
        fn means_and_deviations_are_the_nearest_floats(values in prop::collection::vec(value(), 1..12)) {
            check(&values);
        }

        #[test]
        fn near_values_too(centre in value(), steps in prop::collection::vec(0_u64..9, 1..12)) {
            let values: Vec<f64> = steps.iter().map(|step| f64::from_bits(centre.to_bits() ^ step)).collect();
            check(&values);
        }

        #[test]
        fn the_order_of_merging_changes_nothing(values in prop::collection::vec(value(), 1..30), cut in any::<prop::sample::Index>(), turn in any::<prop::sample::Index>()) {
            let mut turned = values.clone();
            turned.rotate_left(turn.index(values.len()));
            let (a, b) = turned.split_at(cut.index(values.len()));
            let (mut merged, other) = (of(b), of(a));
            merged.merge(&other);
            let bytes = postcard::to_allocvec(&merged).expect("bytes");
            prop_assert_eq!(&bytes, &postcard::to_allocvec(&of(&values)).expect("bytes"));
            prop_assert_eq!(postcard::from_bytes::<Sums>(&bytes).expect("read"), merged);
        }

        #[test]
        fn many_times_is_adding_many_times(value in value(), count in 0_u64..50) {
            let mut sums = Sums::default();
            sums.add(value, count);
            prop_assert_eq!(sums, of(&vec![value; count as usize]));
        }
    }
}
