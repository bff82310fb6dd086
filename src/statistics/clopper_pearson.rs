//! The interval of Clopper and Pearson for a share, whose error is never more than is said, for the rarest share too.
//!
//! C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
//! Biometrika 26 (1934), 404-413.

use super::tail::binomial_at_least;
use super::wilson::Interval;

/// The interval of `count` out of `n` that lies wholly above the true share with a probability of at most `error`, and
/// wholly below it with a probability of at most `error`.
///
/// The low end is exactly 0 at `count` 0, the high end exactly 1 at `count` `n`; nothing seen says nothing: (0, 1). A count
/// above `n` is taken as `n`.
pub fn clopper_pearson(count: u64, n: u64, error: f64) -> Interval {
    let count = count.min(n);
    Interval { low: low_end(count, n, error), high: high_end(count, n, error) }
}

/// The share under which so many or more come with the probability `error`.
fn low_end(count: u64, n: u64, error: f64) -> f64 {
    if count == 0 {
        return 0.0;
    }
    last(count as f64 / n as f64, |p| binomial_at_least(count, n, p) <= error)
}

/// The share under which so few or fewer come with the probability `error`.
fn high_end(count: u64, n: u64, error: f64) -> f64 {
    if count == n {
        return 1.0;
    }
    // From the side of what was not seen: its tail is then small itself, and not 1 less something.
    let missed = n - count;
    1.0 - last(missed as f64 / n as f64, |p| binomial_at_least(missed, n, p) <= error)
}

/// The highest p from 0 to `within` at which `is_out` holds, as it does below.
fn last(within: f64, is_out: impl Fn(f64) -> bool) -> f64 {
    let (mut out, mut within) = (0.0, within);
    loop {
        let middle = out + (within - out) / 2.0;
        if middle <= out || middle >= within || within - out <= 1e-13 * within {
            return out;
        }
        *(if is_out(middle) { &mut out } else { &mut within }) = middle;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_nothing_and_of_all_are_known() {
        // 1 - (error)^(1/n), and its mirror image.
        for n in [1_u64, 10, 1_000, 40_960_000] {
            // At 40 million, `lgamma` leaves 3e-7 of the end.
            for error in [0.025, 2.857e-6] {
                let nothing = clopper_pearson(0, n, error);
                let end = -libm::expm1(libm::log(error) / n as f64);
                assert_eq!(nothing.low, 0.0);
                assert!((nothing.high - end).abs() <= 1e-6 * end, "{n}: {} for {end}", nothing.high);
                let all = clopper_pearson(n, n, error);
                assert!(all.high == 1.0 && (1.0 - all.low - end).abs() <= 1e-6 * end + 1e-15);
            }
        }
        assert_eq!(clopper_pearson(0, 0, 0.1), Interval { low: 0.0, high: 1.0 });
        assert_eq!(clopper_pearson(9, 8, 0.1), clopper_pearson(8, 8, 0.1));
    }

    /// 95 % intervals worked out apart from this code, as quantiles of the Beta distribution.
    #[test]
    fn known_intervals() {
        let known = [
            (10, 100, 0.049004689221853866, 0.17622259774017456),
            (1, 10, 0.0025285785444617804, 0.44501611702005285),
            (5, 10, 0.18708602844739777, 0.8129139715526022),
        ];
        for (count, n, low, high) in known {
            let found = clopper_pearson(count, n, 0.025);
            assert!((found.low - low).abs() < 1e-9 && (found.high - high).abs() < 1e-9, "{count}/{n}: {found:?}");
        }
    }
}
