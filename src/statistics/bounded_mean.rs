//! The interval of a mean of bounded values, at all numbers of values at once, and a function of their counts alone.
//!
//! Against each mean m there is a bet that is fair if m is true: it multiplies what it has by 1 + λ (x − m). What the
//! best λ in hindsight would have won is at most √(π (n + 1/2)) times what a universal portfolio wins, and that reaches
//! 1/error with a probability of at most `error`, at whatever n (Ville's inequality). So the interval is of all m with
//!
//! ```text
//! max over λ of Σ ln(1 + λ (x − m)) < ln(1/error) + ln(π (n + 1/2)) / 2
//! ```
//!
//! F. Orabona, K.-S. Jun, "Tight concentrations and confidence sequences from the regret of universal portfolio", IEEE
//! Transactions on Information Theory 70 (2024); T. M. Cover, E. Ordentlich, "Universal portfolios with side
//! information", IEEE Transactions on Information Theory 42 (1996), for the factor. The order of values does not matter.

use super::wilson::Interval;

/// Values that are known to lie between two ends, and how many they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    pub low: f64,
    pub high: f64,
    pub count: u64,
}

/// The interval of the mean of independent values between two finite bounds, right with a probability of at least
/// 1 − `error` at all numbers of values together. No values leave all that the bounds allow.
///
/// Each value is taken to lie at the end of its group that widens the interval.
pub fn mean_interval(groups: &[Group], [least, most]: [f64; 2], error: f64) -> Interval {
    let n: u64 = groups.iter().map(|group| group.count).sum();
    // Distances from a bound, in parts of what lies between both: so ends near a bound keep all digits.
    let width = most - least;
    if n == 0 || width.is_nan() || width <= 0.0 {
        return Interval { low: least, high: most };
    }
    let limit = libm::log(std::f64::consts::PI * (n as f64 + 0.5)) / 2.0 - libm::log(error);
    let part = |distance: f64| (distance / width).clamp(0.0, 1.0);
    let above: Vec<(f64, f64)> = groups.iter().map(|it| (part(it.low - least), it.count as f64)).collect();
    let below: Vec<(f64, f64)> = groups.iter().map(|it| (part(most - it.high), it.count as f64)).collect();
    Interval { low: least + width * low_end(&above, limit), high: most - width * low_end(&below, limit) }
}

/// The lowest mean in [0, 1] that values in [0, 1] leave possible.
fn low_end(values: &[(f64, f64)], limit: f64) -> f64 {
    let n: f64 = values.iter().map(|(_, count)| count).sum();
    let mean = values.iter().map(|(value, count)| value * count).sum::<f64>() / n;
    let (mut out, mut within) = (0.0, mean);
    loop {
        let middle = out + (within - out) / 2.0;
        if middle <= out || middle >= within || within - out <= 1e-12 * within {
            return out;
        }
        *(if most_won(values, middle) >= limit { &mut out } else { &mut within }) = middle;
    }
}

/// The most that a bet on more than `mean` would have won, as a logarithm: λ is t / `mean` with t from 0 to 1.
fn most_won(values: &[(f64, f64)], mean: f64) -> f64 {
    let slope = |t: f64| values.iter().map(|(x, count)| count * (x - mean) / (mean + t * (x - mean))).sum::<f64>();
    let won = |t: f64| values.iter().map(|(x, count)| count * libm::log1p(t * (x - mean) / mean)).sum::<f64>();
    let lowest = values.iter().map(|(x, _)| *x).fold(1.0, f64::min);
    if lowest > 0.0 && slope(1.0) >= 0.0 {
        return won(1.0);
    }
    // The sum is concave, so its slope falls through 0 once. Whatever t is found wins no more than the best does.
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        *(if slope(middle) >= 0.0 { &mut low } else { &mut high }) = middle;
    }
    won(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(value: f64, count: u64) -> Group {
        Group { low: value, high: value, count }
    }

    /// Of yes and no, the best bet is on the share itself: n times the divergence of Kullback and Leibler.
    #[test]
    fn of_yes_and_no_it_is_the_interval_of_the_divergence() {
        for (count, n) in [(0_u64, 100_u64), (3, 1_000), (50, 100), (100, 100), (7, 10_000_000)] {
            let found = mean_interval(&[at(1.0, count), at(0.0, n - count)], [0.0, 1.0], 4e-5);
            let share = count as f64 / n as f64;
            let times = |a: f64, b: f64| if a == 0.0 { 0.0 } else { a * libm::log(a / b) };
            let divergence = |m: f64| n as f64 * (times(share, m) + times(1.0 - share, 1.0 - m));
            let limit = libm::log(std::f64::consts::PI * (n as f64 + 0.5)) / 2.0 - libm::log(4e-5);
            for end in [found.low, found.high].into_iter().filter(|end| (1e-300..1.0).contains(end)) {
                assert!((divergence(end) - limit).abs() < 1e-4 * limit, "{count}/{n}: {found:?}");
            }
            assert!(found.low <= share && share <= found.high);
            assert!((count > 0 || found.low == 0.0) && (count < n || found.high == 1.0));
        }
    }

    #[test]
    fn a_sample_without_variance_leaves_a_width() {
        let found = mean_interval(&[at(0.0, 10_000)], [0.0, 1.0], 4e-5);
        assert!(found.low == 0.0 && found.high > 1e-5 && found.high < 3e-3, "{found:?}");
        let found = mean_interval(&[at(12.5, 10_000)], [10.0, 15.0], 4e-5);
        assert!(found.low < 12.5 && found.high > 12.5);
        assert_eq!(mean_interval(&[], [1.0, 2.0], 0.1), Interval { low: 1.0, high: 2.0 });
        assert_eq!(mean_interval(&[at(3.0, 9)], [3.0, 3.0], 0.1), Interval { low: 3.0, high: 3.0 });
    }

    #[test]
    fn groups_only_widen_it() {
        let exact = mean_interval(&[at(0.2, 500), at(0.7, 500)], [0.0, 1.0], 0.01);
        let wide = [Group { low: 0.19, high: 0.2, count: 500 }, Group { low: 0.7, high: 0.71, count: 500 }];
        let wide = mean_interval(&wide, [0.0, 1.0], 0.01);
        assert!(wide.low < exact.low && wide.high > exact.high);
    }

    /// With an error of 0.2, of 400 samples looked at after every tenth value at most some 80 may lose the mean.
    #[test]
    fn it_holds_at_all_looks_together() {
        let mut state = 7_u64;
        let mut bits = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb) >> 11
        };
        let mut lost = [0; 2];
        for _ in 0..400 {
            let mut shares = [[0_u64; 2]; 2];
            let mut is_lost = [false; 2];
            for _ in 0..30 {
                for _ in 0..10 {
                    let u = bits() as f64 / (1_u64 << 53) as f64;
                    shares[0][usize::from(u < 0.05)] += 1;
                    shares[1][usize::from(u >= 0.5)] += 1;
                }
                for (index, truth) in [0.05, 0.5].into_iter().enumerate() {
                    let [no, yes] = shares[index];
                    let found = mean_interval(&[at(0.0, no), at(1.0, yes)], [0.0, 1.0], 0.2);
                    is_lost[index] |= truth < found.low || truth > found.high;
                }
            }
            lost[0] += u32::from(is_lost[0]);
            lost[1] += u32::from(is_lost[1]);
        }
        assert!(lost.into_iter().all(|lost| lost < 100), "{lost:?} of 400");
    }
}
