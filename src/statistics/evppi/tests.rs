//! Tests of the value of knowing: an analytic two-action example, nested means, numbers that are worth nothing.

use super::*;
use crate::draws::continuous::normal;

fn standard(sampler: &mut Sampler) -> f64 {
    normal(sampler.unit(), 0.0, 1.0)
}

/// The second course costs `mean` + `slope` x more than the first, x standard normal, and luck on top.
fn two_actions(seed: u64, n: usize, mean: f64, slope: f64, luck: f64) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut sampler = Sampler::new(seed, "test/evppi");
    let number: Vec<f64> = (0..n).map(|_| standard(&mut sampler)).collect();
    let base: Vec<f64> = (0..n).map(|_| 5.0 + standard(&mut sampler)).collect();
    let other = number.iter().zip(&base).map(|(x, base)| base + mean + slope * x + luck * standard(&mut sampler));
    let other = other.collect();
    (number, vec![base, other])
}

/// The unit normal loss: what knowing d, normal with this mean and deviation, gains over always taking the better.
fn analytic(mean: f64, deviation: f64) -> f64 {
    let z = mean.abs() / deviation;
    let density = libm::exp(-z * z / 2.0) / libm::sqrt(2.0 * std::f64::consts::PI);
    deviation * (density - z * crate::statistics::tail::normal_above(z))
}

#[test]
fn two_actions_have_the_unit_normal_loss() {
    for (mean, slope) in [(0.0, 1.0), (0.5, 1.0), (-1.0, 2.0), (1.0, 0.8)] {
        let (number, severity) = two_actions(1, 2_000, mean, slope, 2.0);
        let found = value_of_knowing(&number, &severity, &mut Sampler::new(1, "test/evppi/b"), 40, 10).unwrap();
        let truth = analytic(mean, slope);
        assert!((found.value - truth).abs() < 3.0 * found.error + 0.02, "{mean} {slope}: {found:?}, {truth}");
        assert!(found.error < 0.1 && found.floor < 0.4 * truth.max(0.05), "{found:?}");
    }
}

#[test]
fn the_error_is_what_seeds_differ_by() {
    let each = |seed| {
        let (number, severity) = two_actions(seed, 400, 0.3, 1.0, 1.0);
        value_of_knowing(&number, &severity, &mut Sampler::new(seed, "test/evppi/b"), 60, 1).unwrap()
    };
    let found: Vec<ValueOfKnowing> = (0..30).map(each).collect();
    let values: Vec<f64> = found.iter().map(|it| it.value).collect();
    let (mean, error) = mean_and_error(&values);
    let seen = error * libm::sqrt(30.0);
    let said = found.iter().map(|it| it.error).sum::<f64>() / 30.0;
    assert!((0.6..1.7).contains(&(said / seen)), "{said} {seen}");
    assert!((mean - analytic(0.3, 1.0)).abs() < 0.03, "{mean}");
}

/// A curve that no line follows, three courses: against the means of the courses at each value, worked out densely.
#[test]
fn curves_are_followed() {
    let costs = |x: f64| [1.0, 1.0 + libm::sin(4.0 * x), 1.2 - x * x];
    let mut sampler = Sampler::new(2, "test/curve");
    let number: Vec<f64> = (0..3_000).map(|_| 2.0 * sampler.unit() - 1.0).collect();
    let mut severity = vec![Vec::new(); 3];
    for &x in &number {
        let shared = standard(&mut sampler);
        severity
            .iter_mut()
            .zip(costs(x))
            .for_each(|(all, cost)| all.push(cost + shared + 0.3 * standard(&mut sampler)));
    }
    let grid: Vec<f64> = (0..10_000).map(|i| (f64::from(i) + 0.5) / 5_000.0 - 1.0).collect();
    let mean = |of: &dyn Fn(f64) -> f64| grid.iter().map(|&x| of(x)).sum::<f64>() / 10_000.0;
    let best = (0..3).map(|course| mean(&|x| costs(x)[course])).fold(f64::INFINITY, f64::min);
    let truth = best - mean(&|x| costs(x).into_iter().fold(f64::INFINITY, f64::min));
    let found = value_of_knowing(&number, &severity, &mut sampler, 30, 5).unwrap();
    assert!((found.value - truth).abs() < 0.03, "{found:?} {truth}");
}

#[test]
fn what_does_not_matter_is_worth_its_floor() {
    let (_, severity) = two_actions(3, 500, 0.05, 1.0, 3.0);
    let (other, _) = two_actions(4, 500, 0.0, 1.0, 1.0);
    let found = value_of_knowing(&other, &severity, &mut Sampler::new(1, "test/nothing"), 20, 40).unwrap();
    assert!(found.value < 4.0 * found.floor + 0.05 && found.floor > 0.0, "{found:?}");
}

#[test]
fn too_little_says_nothing() {
    let mut sampler = Sampler::new(1, "x");
    let (number, severity) = two_actions(1, 40, 0.0, 1.0, 1.0);
    assert!(value_of_knowing(&number, &severity[..1], &mut sampler, 9, 9).is_none());
    assert!(value_of_knowing(&number, &[], &mut sampler, 9, 9).is_none());
    assert!(value_of_knowing(&number[..20], &severity, &mut sampler, 9, 9).is_none());
    // A number with two values is a line, one with one value is worth nothing.
    let two: Vec<f64> = number.iter().map(|x| f64::from(u8::from(*x > 0.0))).collect();
    assert!(value_of_knowing(&two, &severity, &mut sampler, 9, 9).unwrap().value > 0.1);
    assert_eq!(value_of_knowing(&[1.0; 40], &severity, &mut sampler, 9, 9).unwrap().value, 0.0);
}
