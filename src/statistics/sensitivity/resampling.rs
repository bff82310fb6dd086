//! Intervals of estimates that have no formula: by bootstrap where points are random, by t over independent scrambles.

use super::super::sampler::Sampler;
use super::super::student::mean_and_error;
use super::super::tail::student_quantile;
use super::super::wilson::Interval;

/// An estimate and its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub interval: Interval,
}

impl Estimate {
    /// Whether the interval lies above 0; otherwise the estimate cannot be told from nothing.
    pub fn is_above_zero(&self) -> bool {
        self.interval.low > 0.0
    }
}

/// Estimates with intervals at 95 % by bootstrap over `n` independent items.
///
/// `statistic` gives the estimates of a choice of items, the same number each time. Each interval is that of the middle
/// 95 % of the resampled estimates, moved so that their mean is the estimate: resampling repeats items, and statistics
/// that compare within small groups are off by that. B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993),
/// chapters 10 and 13. Estimates that are no number in a resample are left out there.
pub fn bootstrap(
    sampler: &mut Sampler,
    n: usize,
    resamples: usize,
    mut statistic: impl FnMut(&[usize]) -> Vec<f64>,
) -> Vec<Estimate> {
    let mut picks: Vec<usize> = (0..n).collect();
    let values = statistic(&picks);
    let mut resampled = vec![Vec::with_capacity(resamples); values.len()];
    for _ in 0..resamples {
        sampler.resample(n, &mut picks);
        for (all, value) in resampled.iter_mut().zip(statistic(&picks)) {
            if value.is_finite() {
                all.push(value);
            }
        }
    }
    values.iter().zip(resampled).map(|(&value, all)| Estimate { value, interval: middle_95(value, all) }).collect()
}

/// The middle 95 % of some numbers, moved to have their mean at `value`; unbounded for fewer than forty.
fn middle_95(value: f64, mut all: Vec<f64>) -> Interval {
    if all.len() < 40 {
        return Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
    }
    all.sort_by(f64::total_cmp);
    let moved = value - all.iter().sum::<f64>() / all.len() as f64;
    let tail = (0.025 * (all.len() + 1) as f64) as usize;
    Interval { low: all[tail - 1] + moved, high: all[all.len() - tail] + moved }
}

/// Estimates with intervals at 95 % by t over independent repetitions, such as the scrambles of Sobol points: a row a
/// repetition, a column an estimate. At least eight repetitions make a usable interval; fewer than two make none.
pub fn over_repetitions(rows: &[Vec<f64>]) -> Vec<Estimate> {
    let columns = rows.first().map_or(0, Vec::len);
    let t = student_quantile(0.05, rows.len().saturating_sub(1).max(1) as f64);
    (0..columns)
        .map(|column| {
            let values: Vec<f64> = rows.iter().filter_map(|row| row.get(column)).copied().collect();
            let (value, error) = mean_and_error(&values);
            Estimate { value, interval: Interval { low: value - t * error, high: value + t * error } }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bootstrap_of_a_mean_is_its_interval() {
        let mut sampler = Sampler::new(1, "test/bootstrap");
        let values: Vec<f64> = (0..400).map(|_| sampler.unit()).collect();
        let mean = |picks: &[usize]| vec![picks.iter().map(|&pick| values[pick]).sum::<f64>() / picks.len() as f64];
        let found = bootstrap(&mut sampler, 400, 999, mean)[0];
        let (value, error) = mean_and_error(&values);
        assert!((found.value - value).abs() < 1e-12);
        for (end, z) in [(found.interval.low, -1.96), (found.interval.high, 1.96)] {
            assert!((end - (value + z * error)).abs() < 0.3 * error);
        }
        assert!(found.is_above_zero());
    }

    #[test]
    fn repetitions_have_t() {
        let found = over_repetitions(&[vec![1.0, 5.0], vec![3.0, 5.0]]);
        assert!((found[0].interval.high - (2.0 + 12.706_204_736)).abs() < 1e-6);
        assert_eq!(found[1], Estimate { value: 5.0, interval: Interval { low: 5.0, high: 5.0 } });
        assert_eq!(over_repetitions(&[vec![1.0]])[0].interval.high, f64::INFINITY);
    }
}
