//! First-order indices from any points there are: how much the mean answer differs between bins of one factor.
//!
//! E. Plischke, "An effective algorithm for computing global sensitivity indices (EASI)", Reliability Engineering and
//! System Safety 95 (2010), 354-360, and E. Plischke, E. Borgonovo, C. L. Smith, European Journal of Operational Research
//! 226 (2013), 536-550, describe estimates from given data. Here the variance between bins is corrected by what the
//! variance within bins adds to it, as in an analysis of variance, so that a factor without influence has 0 on average,
//! with luck or without.

use super::super::sampler::Sampler;
use super::resampling::{Estimate, bootstrap};

/// The first-order index of one factor, with its interval by bootstrap over points.
///
/// The bins hold equally many points, some √n of them; equal values are never parted. Points without answer are left out;
/// fewer than 16 points say nothing (NaN). `luck` as in [`super`].
pub fn first_order(factor: &[f64], answers: &[f64], luck: f64, sampler: &mut Sampler, resamples: usize) -> Estimate {
    let mut points: Vec<(f64, f64)> =
        factor.iter().zip(answers).map(|(&x, &y)| (x, y)).filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let bins = bins(&points);
    let statistic = |picks: &[usize]| vec![index(&points, &bins, luck, picks)];
    bootstrap(sampler, points.len(), resamples, statistic)[0]
}

/// The bin of each point; points come in the order of the factor.
fn bins(points: &[(f64, f64)]) -> Vec<usize> {
    let count = libm::sqrt(points.len() as f64) as usize;
    let (mut bins, mut bin) = (Vec::with_capacity(points.len()), 0);
    for (at, point) in points.iter().enumerate() {
        let is_new = at > 0 && points[at - 1].0 != point.0;
        if is_new {
            bin = bin.max(at * count / points.len());
        }
        bins.push(bin);
    }
    bins
}

fn index(points: &[(f64, f64)], bins: &[usize], luck: f64, picks: &[usize]) -> f64 {
    let n = picks.len() as f64;
    if picks.len() < 16 {
        return f64::NAN;
    }
    let centre = picks.iter().map(|&pick| points[pick].1).sum::<f64>() / n;
    // Count, sum and sum of squares about the mean, by bin.
    let mut sums = vec![[0.0; 3]; bins.last().map_or(0, |last| last + 1)];
    for &pick in picks {
        let y = points[pick].1 - centre;
        let [count, sum, squares] = &mut sums[bins[pick]];
        (*count, *sum, *squares) = (*count + 1.0, *sum + y, *squares + y * y);
    }
    sums.retain(|[count, ..]| *count > 0.0);
    let between: f64 = sums.iter().map(|[count, sum, _]| sum * sum / count).sum();
    let all: f64 = sums.iter().map(|[.., squares]| squares).sum();
    let groups = sums.len() as f64;
    let within = if n > groups { (all - between) / (n - groups) } else { f64::NAN };
    let explained = (between - (groups - 1.0) * within) / n;
    let spread = all / n - luck;
    if spread > 0.0 { explained / spread } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    /// Ishigami's function of random points, with luck of this variance: the three factors and the answers.
    fn ishigami(seed: u64, n: usize, luck: f64) -> (Vec<Vec<f64>>, Vec<f64>) {
        let mut sampler = Sampler::new(seed, "test/given");
        let mut factors = vec![Vec::new(); 3];
        let mut answers = Vec::new();
        for _ in 0..n {
            let x = [0; 3].map(|_| PI * (2.0 * sampler.unit() - 1.0));
            factors.iter_mut().zip(x).for_each(|(all, x)| all.push(x));
            let s = libm::sin(x[1]);
            let noise = libm::sqrt(12.0 * luck) * (sampler.unit() - 0.5);
            answers.push(libm::sin(x[0]) * (1.0 + 0.1 * x[2] * x[2] * x[2] * x[2]) + 7.0 * s * s + noise);
        }
        (factors, answers)
    }

    #[test]
    fn known_indices_are_held() {
        for luck in [0.0, 6.0] {
            let (mut held, mut mean) = ([0; 3], [0.0; 3]);
            for seed in 0..30 {
                let (factors, answers) = ishigami(seed, 600, luck);
                for (which, truth) in [0.3139, 0.4424, 0.0].into_iter().enumerate() {
                    let mut sampler = Sampler::new(seed, "test/given/bootstrap");
                    let found = first_order(&factors[which], &answers, luck, &mut sampler, 59);
                    mean[which] += found.value / 30.0;
                    held[which] += u32::from(found.interval.low <= truth && truth <= found.interval.high);
                }
            }
            assert!(held.iter().all(|&held| held >= 25), "{luck}: {held:?} {mean:?}");
            assert!(
                (mean[0] - 0.3139).abs() < 0.03 && (mean[1] - 0.4424).abs() < 0.03 && mean[2].abs() < 0.02,
                "{mean:?}"
            );
        }
    }

    #[test]
    fn equal_values_stay_together() {
        let points: Vec<(f64, f64)> = (0..100).map(|i| (f64::from(i / 50), 0.0)).collect();
        assert_eq!(bins(&points).iter().filter(|&&bin| bin == 0).count(), 50);
        let mut sampler = Sampler::new(1, "test/ties");
        let answers: Vec<f64> = (0..100).map(|i| f64::from(i / 50) + 0.1 * f64::from(i % 2)).collect();
        let factor: Vec<f64> = points.iter().map(|point| point.0).collect();
        assert!(first_order(&factor, &answers, 0.0, &mut sampler, 99).value > 0.98);
        assert!(first_order(&[1.0; 9], &[1.0; 9], 0.0, &mut sampler, 99).value.is_nan());
        assert!(first_order(&factor, &[3.0; 100], 0.0, &mut sampler, 99).value.is_nan());
    }
}
