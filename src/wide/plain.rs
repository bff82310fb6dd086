//! Comparisons of 64 numbers in plain code, from which compilers make vector instructions.

use super::{EIGHT, Operand};

macro_rules! compare {
    ($name:ident, $relation:tt) => {
        #[inline(always)]
        pub fn $name<A: Operand, B: Operand>(a: A, b: B) -> u64 {
            let mut bits = 0;
            for index in 0..EIGHT {
                let (a, b) = (a.eight(index), b.eight(index));
                let mut holds = [0; EIGHT];
                for lane in 0..EIGHT {
                    holds[lane] = u8::from(a[lane] $relation b[lane]);
                }
                bits |= gathered(holds) << (EIGHT * index);
            }
            bits
        }
    };
}

compare!(less, <);
compare!(less_equal, <=);
compare!(equal, ==);

/// Eight bytes of 0 or 1 as eight bits: the product moves bit 8 i to 56 + i, and all else out of the highest byte.
#[inline(always)]
fn gathered(holds: [u8; EIGHT]) -> u64 {
    u64::from_le_bytes(holds).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// The nearest whole number, of two as near the one farther from 0; of a number up to 2^51. Without a branch or a call,
/// so that many are rounded at once.
#[inline(always)]
pub fn rounded(x: f64) -> f64 {
    // Numbers from 2^52 to 2^53 are whole.
    const WHOLE: f64 = (3_u64 << 51) as f64;
    let even = (x + WHOLE) - WHOLE;
    let left = x - even;
    let up = if left == 0.5 && x > 0.0 { 1.0 } else { 0.0 };
    let down = if left == -0.5 && x < 0.0 { 1.0 } else { 0.0 };
    even + up - down
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_as_the_language_of_the_program_rounds_them() {
        let limit = (1_u64 << 51) as f64;
        let mut numbers =
            vec![0.0, -0.0, 0.49999999999999994, limit, limit - 0.5, limit - 0.25, limit - 1.5, 1e9 + 0.5];
        numbers.extend((0..4_000).map(|i| f64::from(i) * 0.25));
        numbers.extend((0..51).map(|i| 1.37 * libm::ldexp(1.0, i)));
        for x in numbers {
            assert_eq!((rounded(x), rounded(-x)), (x.round(), (-x).round()), "{x}");
        }
    }

    #[test]
    fn every_byte_becomes_its_bit() {
        for byte in 0..=255_u8 {
            assert_eq!(gathered(std::array::from_fn(|i| byte >> i & 1)), u64::from(byte));
        }
    }
}
