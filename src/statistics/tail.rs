//! Quantiles and tails of the normal, Student's and the binomial distribution, at any error and any size.

use crate::draws::continuous::normal;

/// The degrees of freedom from which Student's quantile is taken from its expansion about the normal one.
const LARGE: f64 = 100_000.0;

/// The z beyond which, on either side of 0, a standard normal number lies with the probability `error` (0 < `error` < 1).
pub fn normal_quantile(error: f64) -> f64 {
    -normal(error / 2.0, 0.0, 1.0)
}

/// The probability that a standard normal number is above `z`.
pub fn normal_above(z: f64) -> f64 {
    libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2) / 2.0
}

/// The t beyond which, on either side of 0, Student's t with so many degrees of freedom lies with the probability `error`.
///
/// Above 100,000 degrees of freedom it is the expansion z + (z³ + z) / (4 ν), whose error is below 1e-8 there.
/// Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.1 and 26.7.5.
pub fn student_quantile(error: f64, freedom: f64) -> f64 {
    let z = normal_quantile(error);
    if freedom > LARGE {
        return z + (z * z * z + z) / (4.0 * freedom);
    }
    let outside = |t: f64| incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + t * t));
    let (mut low, mut high) = (0.0, z);
    while outside(high) > error && high < 1e300 {
        (low, high) = (high, high * 2.0);
    }
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        *(if outside(middle) > error { &mut low } else { &mut high }) = middle;
    }
}

/// The probability of at least `count` of `n` if each comes with the probability `p`.
pub fn binomial_at_least(count: u64, n: u64, p: f64) -> f64 {
    match count {
        0 => 1.0,
        count if count > n => 0.0,
        count => incomplete_beta(count as f64, (n - count + 1) as f64, p),
    }
}

/// The regularised incomplete beta function I_x(a, b) for positive a and b, by its continued fraction.
///
/// W. J. Lentz, "Generating Bessel functions in Mie scattering calculations using continued fractions", Applied Optics 15
/// (1976), 668-671, on Abramowitz and Stegun 26.5.8; for x above the mean, from the other side.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    let front =
        libm::exp(libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x));
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    }
}

/// The continued fraction of the incomplete beta function; it converges in some √max(a, b) steps.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const STEPS: u32 = 20_000;
    let away = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut above = 1.0;
    let mut below = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut value = below;
    for step in 1..=STEPS {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for part in [even, odd] {
            below = 1.0 / away(1.0 + part * below);
            above = away(1.0 + part / above);
            change = above * below;
            value *= change;
        }
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::student::t_95;
    use crate::statistics::wilson::Z_95;

    #[test]
    fn quantiles_agree_with_those_at_95() {
        assert!((normal_quantile(0.05) - Z_95).abs() < 1e-15);
        for freedom in [1, 2, 3, 7, 29, 120, 5_000] {
            let found = student_quantile(0.05, f64::from(freedom));
            assert!((found - t_95(freedom)).abs() < 1e-9, "{freedom}: {found}");
        }
    }

    /// From tables: t at 0.995 with 10 degrees of freedom, t at 0.9995 with 5, z at 0.99995.
    #[test]
    fn quantiles_are_those_of_the_tables() {
        assert!((student_quantile(0.01, 10.0) - 3.169_272_67).abs() < 1e-7);
        assert!((student_quantile(0.001, 5.0) - 6.868_826_63).abs() < 1e-7);
        assert!((normal_quantile(0.0001) - 3.890_591_886).abs() < 1e-8);
        assert!((normal_above(1.644_853_626_951_472_6) - 0.05).abs() < 1e-15);
    }

    #[test]
    fn the_expansion_joins_the_quantile() {
        let (below, above) = (student_quantile(0.002, LARGE), student_quantile(0.002, LARGE * (1.0 + 1e-9)));
        assert!((below - above).abs() < 2e-8, "{below} {above}");
    }

    #[test]
    fn binomial_tails_are_sums() {
        let (n, p) = (20_u64, 0.3);
        let mut term = libm::pow(1.0 - p, n as f64);
        let mut below = 0.0;
        for count in 0..=n {
            assert!((binomial_at_least(count, n, p) - (1.0 - below)).abs() < 1e-13, "{count}");
            below += term;
            term *= (n - count) as f64 / (count + 1) as f64 * p / (1.0 - p);
        }
        assert_eq!((binomial_at_least(0, 5, 0.1), binomial_at_least(6, 5, 0.1)), (1.0, 0.0));
    }
}
