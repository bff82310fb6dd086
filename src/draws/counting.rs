//! Whole-number distributions: one integer of a range, and Poisson and binomial by weights relative to the mode.
//!
//! No transcendental function is used and nothing underflows. An argument outside its domain gives none or NaN.

/// The largest mean of a Poisson distribution.
pub const MEAN_MAX: f64 = 1e6;

/// The largest number of trials of a binomial distribution.
pub const TRIALS_MAX: f64 = 1e9;

/// The largest variance, n · p · (1 - p), of a binomial distribution; it limits the work, about 20 standard deviations.
pub const VARIANCE_MAX: f64 = 1e6;

/// Weights below 2^-70 of the mode's are left out.
const WEIGHT_MIN: f64 = 1.0 / (1_u128 << 70) as f64;

/// An integer from `low` to `high`, all equally likely: low + ⌊U · (high - low + 1) / 2^64⌋; none if low > high.
pub fn uniform_integer(bits: u64, low: i64, high: i64) -> Option<i64> {
    if low > high {
        return None;
    }
    let count = (i128::from(high) - i128::from(low) + 1) as u128; // at most 2^64, and U below it
    let steps = (u128::from(bits) * count) >> 64;
    Some((i128::from(low) + steps as i128) as i64)
}

/// The Poisson distribution with a mean from 0 to [`MEAN_MAX`], inverted at v in (0, 1).
pub fn poisson(v: f64, mean: f64) -> f64 {
    poisson_weights(mean).map_or(f64::NAN, |weights| weights.value(v))
}

/// The number of successes in n trials (a whole number to [`TRIALS_MAX`]) of chance p, inverted at v in (0, 1).
pub fn binomial(v: f64, n: f64, p: f64) -> f64 {
    binomial_weights(n, p).map_or(f64::NAN, |weights| weights.value(v))
}

/// The weights of the Poisson distribution; mode ⌊mean⌋, w(k + 1) = w(k) · (mean / (k + 1)), w(k - 1) = w(k) · (k / mean).
pub fn poisson_weights(mean: f64) -> Option<Weights> {
    let mut weights = Weights::default();
    weights.poisson(mean).then_some(weights)
}

/// The weights of the binomial distribution; mode min(n, ⌊(n + 1) · p⌋) and, with odds = p / (1 - p),
/// w(k + 1) = w(k) · ((n - k) · odds / (k + 1)), w(k - 1) = w(k) · (k / ((n - k + 1) · odds)).
pub fn binomial_weights(n: f64, p: f64) -> Option<Weights> {
    let mut weights = Weights::default();
    weights.binomial(n, p).then_some(weights)
}

/// A distribution over consecutive whole numbers as weights relative to the mode, whose weight is 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weights {
    first: u64,
    weights: Vec<f64>,
    cumulative: Vec<f64>,
}

impl Weights {
    /// Makes these the weights of a Poisson distribution, in the room they have; false outside its domain.
    pub fn poisson(&mut self, mean: f64) -> bool {
        let fits = (0.0..=MEAN_MAX).contains(&mean);
        if fits {
            self.around(mean as u64, u64::MAX, |k| mean / (k + 1.0), |k| k / mean);
        }
        fits
    }

    /// Makes these the weights of a binomial distribution, in the room they have; false outside its domain.
    pub fn binomial(&mut self, n: f64, p: f64) -> bool {
        let counts = (0.0..=TRIALS_MAX).contains(&n) && libm::floor(n) == n;
        let fits = counts && (0.0..=1.0).contains(&p) && n * p * (1.0 - p) <= VARIANCE_MAX;
        if fits {
            let (last, odds) = (n as u64, p / (1.0 - p));
            let mode = last.min(((n + 1.0) * p) as u64);
            self.around(mode, last, |k| (n - k) * odds / (k + 1.0), |k| k / ((n - k + 1.0) * odds));
        }
        fits
    }

    /// Walks down and up from the mode, `down(k)` and `up(k)` being the ratios of the weights of k - 1 and k + 1 to that
    /// of k, until a weight is below [`WEIGHT_MIN`] or the support (0 to `last`) ends.
    fn around(&mut self, mode: u64, last: u64, up: impl Fn(f64) -> f64, down: impl Fn(f64) -> f64) {
        let Self { first, weights, cumulative } = self;
        weights.clear();
        walk((1..=mode).rev(), down, weights);
        *first = mode - weights.len() as u64;
        weights.reverse();
        weights.push(1.0);
        walk(mode..last, up, weights);
        cumulative.clear();
        let sum = |total: &mut f64, weight: &f64| {
            *total += weight;
            Some(*total)
        };
        cumulative.extend(weights.iter().scan(0.0, sum));
    }

    /// The smallest value with a weight.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The weights of `first()`, `first() + 1` and so on; divided by `total()` they are probabilities.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The sum of the weights, added up from the smallest value.
    pub fn total(&self) -> f64 {
        self.cumulative.last().copied().unwrap_or(0.0)
    }

    /// The first value whose cumulative weight, summed from the smallest, exceeds v · total; NaN unless 0 < v < 1.
    pub fn value(&self, v: f64) -> f64 {
        if !(0.0 < v && v < 1.0) {
            return f64::NAN;
        }
        let aim = v * self.total();
        (self.first + self.cumulative.partition_point(|&sum| sum <= aim) as u64) as f64
    }
}

/// Adds the weights that follow the mode's, as ratio after ratio is multiplied in.
fn walk(steps: impl Iterator<Item = u64>, ratio: impl Fn(f64) -> f64, weights: &mut Vec<f64>) {
    let mut weight = 1.0;
    for k in steps {
        weight *= ratio(k as f64);
        if weight < WEIGHT_MIN || weight.is_nan() {
            break;
        }
        weights.push(weight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probabilities(weights: &Weights) -> impl Iterator<Item = (f64, f64)> {
        let values = (weights.first..).map(|k| k as f64);
        values.zip(weights.weights().iter().map(|w| w / weights.total()))
    }

    #[test]
    fn poisson_weights_equal_the_closed_form() {
        for mean in [0.0, 1e-300, 0.01, 0.5, 1.0, 3.7, 40.0, 1234.5, 1e6] {
            let weights = poisson_weights(mean).unwrap();
            for (k, p) in probabilities(&weights) {
                let closed =
                    libm::exp(if k == 0.0 { -mean } else { k * libm::log(mean) - mean - libm::lgamma(k + 1.0) });
                assert!((p - closed).abs() <= 1e-8 * closed + 1e-20, "mean {mean}, k {k}: {p:e} {closed:e}");
            }
            assert!(weights.weights().len() as f64 <= 25.0 * libm::sqrt(mean) + 25.0, "mean {mean}");
        }
    }

    #[test]
    fn binomial_weights_equal_the_closed_form() {
        let log_choose = |n: f64, k: f64| libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
        for (n, p) in [(1.0, 0.3), (10.0, 0.5), (50.0, 0.02), (200.0, 0.97), (1e5, 0.4), (1e9, 1e-9)] {
            let weights = binomial_weights(n, p).unwrap();
            for (k, chance) in probabilities(&weights) {
                let closed = libm::exp(log_choose(n, k) + k * libm::log(p) + (n - k) * libm::log1p(-p));
                assert!((chance - closed).abs() <= 1e-5 * closed, "n {n}, p {p}, k {k}: {chance:e} {closed:e}");
            }
            let variance = n * p * (1.0 - p);
            assert!(weights.weights().len() as f64 <= 25.0 * libm::sqrt(variance) + 25.0, "n {n}, p {p}");
        }
    }

    #[test]
    fn small_binomials_are_exact() {
        let weights = binomial_weights(4.0, 0.5).unwrap();
        assert_eq!((weights.first(), weights.total()), (0, 16.0 / 6.0));
        let sixteenths: Vec<f64> = weights.weights().iter().map(|w| libm::round(w * 6.0 * 1e9) / 1e9).collect();
        assert_eq!(sixteenths, [1.0, 4.0, 6.0, 4.0, 1.0]);
    }

    #[test]
    fn certain_distributions_have_one_value() {
        for v in [1e-16, 0.5, 1.0 - 1e-16] {
            assert_eq!(poisson(v, 0.0), 0.0);
            assert_eq!((binomial(v, 0.0, 0.4), binomial(v, 9.0, 0.0), binomial(v, 9.0, 1.0)), (0.0, 0.0, 9.0));
        }
        assert_eq!(binomial_weights(1e9, 1.0).unwrap().weights(), [1.0]);
    }

    #[test]
    fn values_rise_with_v_and_reach_both_ends() {
        let (least, most) = (1.0 / (1_u64 << 53) as f64, 1.0 - 1.0 / (1_u64 << 53) as f64);
        for weights in [poisson_weights(1e6), poisson_weights(2.5), binomial_weights(60.0, 0.2)].map(Option::unwrap) {
            let values: Vec<f64> = (1..1000).map(|i| weights.value(f64::from(i) / 1000.0)).collect();
            assert!(values.is_sorted());
            let last = (weights.first() + weights.weights().len() as u64 - 1) as f64;
            assert!(
                weights.value(least) <= values[0] && values[998] <= weights.value(most) && weights.value(most) <= last
            );
        }
    }

    #[test]
    fn integers_fill_their_range_evenly() {
        assert_eq!(uniform_integer(0, 2, 5), Some(2));
        assert_eq!(uniform_integer((1 << 62) - 1, 2, 5), Some(2));
        assert_eq!(uniform_integer(1 << 62, 2, 5), Some(3));
        assert_eq!(uniform_integer(u64::MAX, 2, 5), Some(5));
        assert_eq!(uniform_integer(u64::MAX, -3, -3), Some(-3));
        assert_eq!(uniform_integer(0, i64::MIN, i64::MAX), Some(i64::MIN));
        assert_eq!(uniform_integer(u64::MAX, i64::MIN, i64::MAX), Some(i64::MAX));
        assert_eq!(uniform_integer(7, 1, 0), None);
    }

    #[test]
    fn outside_the_domain_is_nan() {
        for mean in [-1.0, f64::NAN, f64::INFINITY, MEAN_MAX * 1.01] {
            assert!(poisson(0.5, mean).is_nan(), "{mean}");
        }
        let bad_trials = [-1.0, 2.5, f64::NAN, f64::INFINITY, TRIALS_MAX + 1.0, TRIALS_MAX];
        assert!(bad_trials.iter().all(|&n| binomial(0.5, n, 0.5).is_nan()), "the last by its variance");
        assert!([-0.1, 1.1, f64::NAN].iter().all(|&p| binomial(0.5, 10.0, p).is_nan()));
        assert!([0.0, 1.0, -0.1, f64::NAN].iter().all(|&v| poisson(v, 2.0).is_nan() && binomial(v, 9.0, 0.5).is_nan()));
    }
}
