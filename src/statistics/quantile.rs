//! Quantiles of counted things: the inverse of the empirical distribution, compared in integers.

use crate::results::histogram::is_reached;
use crate::results::summary::Timing;

/// The first bin at which the cumulative count reaches `level` of the total (type 1 of Hyndman and Fan, 1996).
///
/// Level 0 is the first bin that holds anything, level 1 the last. None if there is nothing to count, or the level is not in [0, 1].
///
/// ```
/// use escalate::statistics::quantile::quantile;
///
/// assert_eq!(quantile(&[1, 0, 2, 1], 0.5), Some(2));
/// assert_eq!(quantile(&[], 0.5), None);
/// ```
pub fn quantile(counts: &[u64], level: f64) -> Option<usize> {
    if !(0.0..=1.0).contains(&level) {
        return None;
    }
    let total: u128 = counts.iter().map(|&count| u128::from(count)).sum();
    let mut seen: u128 = 0;
    counts.iter().position(|&count| {
        seen += u128::from(count);
        is_reached(seen, level, total)
    })
}

/// When something happened, from in how many of `n` replications it did by turn; none if it never did.
///
/// ```
/// use escalate::statistics::quantile::timing;
///
/// // It happened in half of 20 replications: among those, mostly in turn 1; in half of all, by turn 3.
/// let timing = timing(&[0, 5, 3, 2], 20).unwrap();
/// assert_eq!((timing.q25, timing.median, timing.q75, timing.half_of_all), (1, 1, 2, Some(3)));
/// ```
pub fn timing(by_turn: &[u64], n: u64) -> Option<Timing> {
    let turn = |level| quantile(by_turn, level).and_then(|turn| u32::try_from(turn).ok());
    let mut seen: u128 = 0;
    let half = by_turn.iter().position(|&count| {
        seen += u128::from(count);
        2 * seen >= u128::from(n)
    });
    let half_of_all = half.and_then(|turn| u32::try_from(turn).ok());
    Some(Timing { half_of_all, q25: turn(0.25)?, median: turn(0.5)?, q75: turn(0.75)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reaches_exactly() {
        // 0.07 * 100.0 is 7.000000000000001 in floating point.
        let mut counts = vec![0_u64; 100];
        counts.fill(1);
        for percent in 1..=100_usize {
            assert_eq!(quantile(&counts, percent as f64 / 100.0), Some(percent - 1), "{percent} %");
        }
        assert_eq!(quantile(&counts, 0.0700001), Some(7));
    }

    #[test]
    fn known_quantiles() {
        assert_eq!(quantile(&[0, 3, 0, 1, 0], 0.0), Some(1));
        assert_eq!(quantile(&[0, 3, 0, 1, 0], 0.75), Some(1));
        assert_eq!(quantile(&[0, 3, 0, 1, 0], 0.7500001), Some(3));
        assert_eq!(quantile(&[0, 3, 0, 1, 0], 1.0), Some(3));
        assert_eq!(quantile(&[5], 0.5), Some(0));
        assert_eq!(quantile(&[u64::MAX, u64::MAX], 0.5), Some(0));
    }

    #[test]
    fn nothing_has_no_quantile() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[0, 0], 0.0), None);
        assert_eq!(quantile(&[0, 0], 1.0), None);
        for level in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert_eq!(quantile(&[1, 1], level), None);
        }
    }

    #[test]
    fn quartiles_of_a_turn() {
        let timed = |half_of_all, q25, median, q75| Some(Timing { half_of_all, q25, median, q75 });
        assert_eq!(timing(&[0, 1, 1, 1, 1], 4), timed(Some(2), 1, 2, 3));
        assert_eq!(timing(&[0, 1, 1, 1, 1], 7), timed(Some(4), 1, 2, 3));
        assert_eq!(timing(&[0, 1, 1, 1, 1], 9), timed(None, 1, 2, 3));
        assert_eq!(timing(&[0, 0, 9], 10), timed(Some(2), 2, 2, 2));
        assert_eq!(timing(&[0, 0], 9), None);
    }
}
