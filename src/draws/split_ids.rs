//! The numbers of copies that splitting makes: a function of estimate, level and index.
//!
//! | bits | 63 to 48 | 47 to 40 | 39 to 24 | 23 to 0 |
//! | --- | --- | --- | --- | --- |
//! | field | estimate + 1 | level | order | index |
//!
//! The order is how many answers the copy and its ancestors have given by force.
//!
//! So every copy has a number from 2^48 up, and 64 copies of one level whose indices follow one another from a multiple of
//! 64 are one group, which shares its keystream.

use super::site::RESERVED_FROM;

/// The last estimate; 0 is the pilot.
pub const ESTIMATES_MAX: u64 = 65_534;

/// The last level.
pub const LEVELS_MAX: u64 = 255;

/// The last index of a copy on a level.
pub const COPIES_MAX: u64 = (1 << 24) - 1;

/// The last order.
const ORDERS_MAX: u64 = (1 << 16) - 1;

/// The number of a copy that has given no answer by force; none if it does not fit.
pub fn copy_number(estimate: u64, level: u64, index: u64) -> Option<u64> {
    forced_copy_number(estimate, level, 0, index)
}

/// The number of a copy of some order; none if it does not fit.
pub fn forced_copy_number(estimate: u64, level: u64, order: u64, index: u64) -> Option<u64> {
    let fits = estimate <= ESTIMATES_MAX && level <= LEVELS_MAX && order <= ORDERS_MAX && index <= COPIES_MAX;
    fits.then(|| (estimate + 1) << 48 | level << 40 | order << 24 | index)
}

/// The estimate, level and index of a copy of order 0; none if it is no number of such a copy.
pub fn copy_of(number: u64) -> Option<(u64, u64, u64)> {
    let (estimate, level, index) = ((number >> 48).checked_sub(1)?, number >> 40 & 0xff, number & COPIES_MAX);
    (number >= RESERVED_FROM && number >> 24 & 0xffff == 0).then_some((estimate, level, index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lie_in_the_reserved_range_and_read_back() {
        for (estimate, level, index) in [(0, 0, 0), (1, 2, 3), (ESTIMATES_MAX, LEVELS_MAX, COPIES_MAX)] {
            let number = copy_number(estimate, level, index).unwrap();
            assert!(number >= RESERVED_FROM);
            assert_eq!(copy_of(number), Some((estimate, level, index)));
        }
        assert_eq!(copy_number(0, 0, 0), Some(1 << 48));
        assert_eq!(copy_number(1, 2, 3), Some(0x0002_0200_0000_0003));
        assert_eq!(copy_number(ESTIMATES_MAX, LEVELS_MAX, COPIES_MAX), Some(0xffff_ff00_00ff_ffff));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(copy_number(ESTIMATES_MAX + 1, 0, 0), None);
        assert_eq!(copy_number(0, LEVELS_MAX + 1, 0), None);
        assert_eq!(copy_number(0, 0, COPIES_MAX + 1), None);
        assert_eq!(copy_of(731_204), None);
        assert_eq!(copy_of(1 << 48 | 1 << 30), None);
    }
}
