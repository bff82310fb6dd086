//! An interval for a share that holds however often one looks and whenever one stops: a confidence sequence.
//!
//! For a share p, the evidence against p after k of n is the ratio of two probabilities of what was seen: under a
//! mixture of shares, and under p. The mixture is a Beta distribution with a = c·p + 1/2 and b = c·(1 - p) + 1/2:
//!
//! `M(k, n; p) = B(a + k, b + n - k) / B(a, b) / (p^k (1 - p)^(n - k))`
//!
//! If p is the share, M is a martingale that begins at 1; by Ville's inequality it is ever above 20 with a probability
//! of at most 1/20. The interval holds every p with M below 20: with a probability of at least 95 % it holds the share
//! at all n at once. Nothing is approximated, but for the last digits of `libm::lgamma`.
//!
//! H. Robbins, "Statistical methods related to the law of the iterated logarithm", Annals of Mathematical Statistics
//! 41 (1970), pp. 1397-1409; S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, "Time-uniform, nonparametric,
//! nonasymptotic confidence sequences", Annals of Statistics 49 (2021), pp. 1055-1080, who centre the mixture at the
//! share that is tested and show how its weight c chooses where the interval is narrowest.

use super::wilson::Interval;

/// The weight of the mixture, c, in replications: the interval is narrowest, beside one for a single look, at about
/// ten times as many.
pub const WEIGHT: f64 = 16_384.0;

/// The error that is allowed, over all looks together.
pub const ALPHA: f64 = 0.05;

/// The natural logarithm of the evidence against the share `p`, 0 < p < 1, after `count` of `n`.
///
/// Its error is that of `lgamma` at n: about 1e-9 at a million, 1e-6 at a billion.
pub fn log_evidence(count: u64, n: u64, p: f64) -> f64 {
    let (k, misses) = (count.min(n) as f64, n.saturating_sub(count) as f64);
    let a = WEIGHT * p + 0.5;
    let b = WEIGHT * (1.0 - p) + 0.5;
    let mixed = rising(a, k) + rising(b, misses) - rising(WEIGHT + 1.0, k + misses);
    mixed - times(k, libm::log(p)) - times(misses, libm::log1p(-p))
}

/// The logarithm of a (a + 1) … (a + k - 1).
fn rising(a: f64, k: f64) -> f64 {
    libm::lgamma(a + k) - libm::lgamma(a)
}

/// A product in which nothing times minus infinity is nothing.
fn times(count: f64, log: f64) -> f64 {
    if count == 0.0 { 0.0 } else { count * log }
}

/// The interval of `count` out of `n` at 95 %, at all n at once.
///
/// The low end is exactly 0 at `count` 0, the high end exactly 1 at `count` `n`; nothing seen says nothing: (0, 1).
/// A count above `n` is taken as `n`. The evidence is convex in p, since its derivative is a sum of terms
/// `1/(p + (i + 1/2)/c) - 1/p`, which rise with p, and their mirror images; and at the share seen it is below 1. So on
/// either side there is one end, which bisection finds to the last digit, and the share seen is always within.
///
/// ```
/// use escalate::statistics::sequence::sequence_95;
/// use escalate::statistics::wilson::wilson_95;
///
/// // Looking as often as one likes costs width.
/// let (often, once) = (sequence_95(100, 1_000), wilson_95(100, 1_000));
/// assert!(often.high - often.low > once.high - once.low);
/// ```
pub fn sequence_95(count: u64, n: u64) -> Interval {
    if n == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let share = count.min(n) as f64 / n as f64;
    let is_out = |p: f64| log_evidence(count, n, p) >= -libm::log(ALPHA);
    Interval {
        low: if count == 0 { 0.0 } else { end(share, 0.0, is_out) },
        high: if count >= n { 1.0 } else { end(share, 1.0, is_out) },
    }
}

/// Where one comes out on the way from within to the edge: the last that is out.
fn end(within: f64, edge: f64, is_out: impl Fn(f64) -> bool) -> f64 {
    let (mut within, mut out) = (within, edge);
    loop {
        let middle = within + (out - within) / 2.0;
        if middle == within || middle == out {
            return out;
        }
        *(if is_out(middle) { &mut out } else { &mut within }) = middle;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ends worked out apart from this code, with 40 decimal digits.
    const KNOWN: [(u64, u64, f64, f64); 12] = [
        (0, 64, 0.0, 0.9612493211604349),
        (0, 100_000, 0.0, 5.857407420504575e-5),
        (1, 10_000, 7.66753425994654e-7, 0.0016809504596893038),
        (7, 1_000, 0.0003147976014898509, 0.10606532807519832),
        (4_096, 8_192, 0.4758222220267167, 0.5241777779732834),
        (1_000, 100_000, 0.009074836749517572, 0.0109898806081656),
        (31, 100_000, 0.00017159808994844167, 0.0005143412778680693),
        (50, 1_000_000, 3.074816950443836e-5, 7.616916737928792e-5),
        (500_000, 1_000_000, 0.49839649803243846, 0.5016035019675615),
        (99_999, 100_000, 0.9999171637451997, 0.9999999187422164),
        (123_456_789, 1_000_000_000, 0.12341388827110501, 0.12349969826945607),
        (8_192, 8_192, 0.9979387090358769, 1.0),
    ];

    #[test]
    fn known_intervals() {
        for (count, n, low, high) in KNOWN {
            let found = sequence_95(count, n);
            // The evidence is known to some 1e-15 of n ln n: that moves an end by a small part of the width.
            let near = 1e-6 * (high - low);
            assert!((found.low - low).abs() <= near, "{count}/{n}: low {}", found.low);
            assert!((found.high - high).abs() <= near, "{count}/{n}: high {}", found.high);
        }
    }

    #[test]
    fn known_evidence() {
        let known = [
            (3, 10, 0.5, 0.00018291003347469743),
            (0, 1_000, 0.01, 0.26658280992633654),
            (5_200, 10_000, 0.5, 2.794036380130086),
            (10, 100_000, 0.0003, 6.3410989246080955),
        ];
        for (count, n, p, evidence) in known {
            assert!((log_evidence(count, n, p) - evidence).abs() < 1e-9, "{}", log_evidence(count, n, p));
        }
    }

    /// Over all that can be seen, M has the mean 1 under p: exactly what makes it a martingale's value.
    #[test]
    fn the_evidence_has_the_mean_one() {
        for n in [1_u64, 7, 40] {
            for p in [0.5, 0.1, 0.003] {
                let ways = |k: u64| {
                    libm::lgamma(n as f64 + 1.0) - libm::lgamma(k as f64 + 1.0) - libm::lgamma((n - k) as f64 + 1.0)
                };
                let chance = |k: u64| ways(k) + k as f64 * libm::log(p) + (n - k) as f64 * libm::log1p(-p);
                let mean: f64 = (0..=n).map(|k| libm::exp(chance(k) + log_evidence(k, n, p))).sum();
                assert!((mean - 1.0).abs() < 1e-9, "{n} {p}: {mean}");
            }
        }
    }

    #[test]
    fn holds_the_share_and_mirrors_and_is_wider_than_for_one_look() {
        assert_eq!(sequence_95(0, 0), Interval { low: 0.0, high: 1.0 });
        assert_eq!(sequence_95(9, 8), sequence_95(8, 8));
        for n in [1_u64, 2, 64, 8_192, 1_000_000] {
            for count in [0, 1, n / 100, n / 3, n / 2, n - n / 3, n] {
                let share = count as f64 / n as f64;
                let (here, there) = (sequence_95(count, n), sequence_95(n - count, n));
                assert!(0.0 <= here.low && here.low <= share && share <= here.high && here.high <= 1.0);
                assert!((here.low - (1.0 - there.high)).abs() < 1e-9, "{count}/{n}");
                let one_look = crate::statistics::wilson::wilson_95(count, n);
                assert!(here.high - here.low > one_look.high - one_look.low, "{count}/{n}");
            }
        }
    }
}
