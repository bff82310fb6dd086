//! The Wilson score interval for a share of replications.
//!
//! E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
//! Journal of the American Statistical Association 22 (1927), pp. 209-212.
//! Unlike the textbook interval it keeps its coverage where outcomes are rare, and never leaves [0, 1].

/// The standard normal quantile at 0.975: a two-sided interval at 95 %.
pub const Z_95: f64 = 1.959963984540054;

/// A lower and an upper end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// The Wilson interval of `count` out of `n` at the normal quantile `z`.
///
/// The low end is exactly 0 at `count` 0, the high end exactly 1 at `count` `n`; nothing seen (`n` 0) says nothing: (0, 1).
/// A count above `n` is taken as `n`.
pub fn wilson(count: u64, n: u64, z: f64) -> Interval {
    if n == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let (k, n_real) = (count.min(n) as f64, n as f64);
    let share = k / n_real;
    let z_squared = z * z;
    let scale = 1.0 / (n_real + z_squared);
    let centre = (k + z_squared / 2.0) * scale;
    let half = z * libm::sqrt(k * (1.0 - share) + z_squared / 4.0) * scale;
    Interval {
        low: if count == 0 { 0.0 } else { (centre - half).clamp(0.0, share) },
        high: if count >= n { 1.0 } else { (centre + half).clamp(share, 1.0) },
    }
}

/// The Wilson interval at 95 %.
///
/// ```
/// use escalate::statistics::wilson::wilson_95;
///
/// let interval = wilson_95(10, 100);
/// assert!((interval.low - 0.0552).abs() < 1e-4 && (interval.high - 0.1744).abs() < 1e-4);
/// // Nothing seen in a thousand is not nothing.
/// assert!(wilson_95(0, 1_000).high > 0.003);
/// ```
pub fn wilson_95(count: u64, n: u64) -> Interval {
    wilson(count, n, Z_95)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ends worked out apart from this code, with 40 decimal digits.
    const KNOWN: [(u64, u64, f64, f64); 7] = [
        (10, 100, 0.05522913706067509, 0.17436566150491345),
        (0, 10, 0.0, 0.2775327998628892),
        (10, 10, 0.7224672001371107, 1.0),
        (1, 10_000, 1.7652673601122302e-05, 0.0005662688974013381),
        (31, 100_000, 0.0002184119423508069, 0.0004399773541024312),
        (5_000, 10_000, 0.49020206181540477, 0.5097979381845952),
        (9_999, 10_000, 0.9994337311025987, 0.9999823473263989),
    ];

    #[test]
    fn known_intervals() {
        for (count, n, low, high) in KNOWN {
            let found = wilson_95(count, n);
            assert!((found.low - low).abs() < 1e-15, "{count}/{n}: low {}", found.low);
            assert!((found.high - high).abs() < 1e-15, "{count}/{n}: high {}", found.high);
        }
    }

    #[test]
    fn edges_are_exact() {
        for n in [1, 7, 100, 1_000_000_007] {
            assert_eq!(wilson_95(0, n).low, 0.0);
            assert_eq!(wilson_95(n, n).high, 1.0);
        }
        assert_eq!(wilson_95(0, 0), Interval { low: 0.0, high: 1.0 });
        assert_eq!(wilson_95(9, 8), wilson_95(8, 8));
    }

    #[test]
    fn holds_the_share_and_mirrors() {
        for n in [1_u64, 2, 10, 999] {
            for count in 0..=n {
                let share = count as f64 / n as f64;
                let (here, there) = (wilson_95(count, n), wilson_95(n - count, n));
                assert!(0.0 <= here.low && here.low <= share && share <= here.high && here.high <= 1.0);
                assert!((here.low - (1.0 - there.high)).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn a_zero_quantile_leaves_the_share() {
        let found = wilson(3, 4, 0.0);
        assert_eq!((found.low, found.high), (0.75, 0.75));
    }
}
