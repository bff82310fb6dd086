//! Student's distribution, and the interval of a mean of positive, skewed numbers.
//!
//! The distribution function for whole degrees of freedom is a finite series: M. Abramowitz, I. Stegun, Handbook of
//! Mathematical Functions (1964), 26.7.3 and 26.7.4.

use super::wilson::Interval;

/// The probability that |t| with so many degrees of freedom, at least 1, stays below `t`.
fn central(t: f64, freedom: u32) -> f64 {
    let angle = libm::atan(t / libm::sqrt(f64::from(freedom)));
    let (sin, cos) = (libm::sin(angle), libm::cos(angle));
    let odd = freedom % 2 == 1;
    // Even: sin (1 + 1/2 cos^2 + (1 3)/(2 4) cos^4 + ...); odd: 2/pi (angle + sin (cos + 2/3 cos^3 + ...)).
    let (mut term, mut sum) = if odd { (cos, 0.0) } else { (1.0, 0.0) };
    let mut k = if odd { 2 } else { 1 };
    let last = freedom.saturating_sub(2);
    while k <= last + 1 {
        sum += term;
        term *= cos * cos * f64::from(k) / f64::from(k + 1);
        k += 2;
    }
    match (freedom, odd) {
        (1, _) => 2.0 / std::f64::consts::PI * angle,
        (_, true) => 2.0 / std::f64::consts::PI * (angle + sin * sum),
        (_, false) => sin * sum,
    }
}

/// The quantile at 0.975: |t| stays below it with probability 0.95.
pub fn t_95(freedom: u32) -> f64 {
    let (mut low, mut high) = (1.0, 16.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if central(middle, freedom.max(1)) < 0.95 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The mean of some numbers and its standard error; the error is infinite for fewer than two.
///
/// ```
/// use escalate::statistics::student::mean_and_error;
///
/// assert_eq!(mean_and_error(&[1.0, 3.0]), (2.0, 1.0));
/// ```
pub fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n.max(1.0);
    if values.len() < 2 {
        return (mean, f64::INFINITY);
    }
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, libm::sqrt(squares / (n - 1.0) / n))
}

/// The 95 % interval of a positive mean of independent numbers that are none below 0, from the mean and its standard
/// error: from mean / C to mean · C with C = exp(t √(ln(1 + (error / mean)²))).
///
/// It takes the sampling distribution of the mean to be lognormal, as fits means of products of positive factors, and so
/// is never below 0 and longer upwards. S. T. Buckland et al., Distance Sampling (1993), 3.6.1, after K. P. Burnham et al.
/// (1987); there with the normal, here with Student's quantile. A mean of 0 says nothing: (0, infinite).
///
/// ```
/// use escalate::statistics::student::lognormal_95;
///
/// let interval = lognormal_95(1e-6, 2e-7, 19);
/// assert!(interval.low > 0.0 && interval.high - 1e-6 > 1e-6 - interval.low);
/// ```
pub fn lognormal_95(mean: f64, error: f64, freedom: u32) -> Interval {
    if !(mean > 0.0 && error.is_finite()) {
        return Interval { low: 0.0, high: f64::INFINITY };
    }
    let ratio = error / mean;
    let factor = libm::exp(t_95(freedom) * libm::sqrt(libm::log1p(ratio * ratio)));
    Interval { low: mean / factor, high: mean * factor }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the tables of the handbook.
    const QUANTILES: [(u32, f64); 7] = [
        (1, 12.706204736),
        (2, 4.302652730),
        (3, 3.182446305),
        (4, 2.776445105),
        (10, 2.228138852),
        (29, 2.045229642),
        (120, 1.979930405),
    ];

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (freedom, quantile) in QUANTILES {
            assert!((t_95(freedom) - quantile).abs() < 1e-8, "{freedom}: {}", t_95(freedom));
        }
    }

    #[test]
    fn a_small_error_gives_the_symmetric_interval() {
        let interval = lognormal_95(1.0, 1e-4, 29);
        assert!((interval.high - 1.0 - 2.045229642e-4).abs() < 1e-7);
        assert!((1.0 - interval.low - 2.045229642e-4).abs() < 1e-7);
    }

    #[test]
    fn means_without_spread_or_size_are_told() {
        assert_eq!(mean_and_error(&[2.0, 4.0]), (3.0, 1.0));
        assert_eq!(mean_and_error(&[2.0]).1, f64::INFINITY);
        assert_eq!(lognormal_95(0.0, 0.0, 9).low, 0.0);
        assert_eq!(lognormal_95(0.5, 0.0, 9), Interval { low: 0.5, high: 0.5 });
    }
}
