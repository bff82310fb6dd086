//! Tests of paired means: merging, known values, and coverage where few pairs differ.

use super::*;
use crate::draws::counting::poisson;
use crate::statistics::sampler::Sampler;

fn counted(reach: f64, pairs: u64, some: &[(f64, u64)]) -> (Differences, Reach) {
    let reach = Reach::new(reach);
    let mut differences = Differences::default();
    let mut left = pairs;
    for &(difference, count) in some {
        differences.add(&reach, difference, count);
        left -= count;
    }
    differences.add(&reach, 0.0, left);
    (differences, reach)
}

#[test]
fn parts_merge_to_the_whole_in_any_order() {
    let reach = Reach::new(8.0);
    let mut sampler = Sampler::new(3, "test/merge");
    let all: Vec<f64> =
        (0..2_000).map(|_| if sampler.below(12) == 0 { 8.0 * sampler.unit() - 4.0 } else { 0.0 }).collect();
    let count = |values: &[f64]| {
        let mut found = Differences::default();
        values.iter().for_each(|&value| found.add(&reach, value, 1));
        found
    };
    let whole = count(&all);
    for size in [1, 7, 300, 1_999] {
        let mut merged = Differences::default();
        for part in all.chunks(size).rev() {
            merged.merge(&count(part));
        }
        assert_eq!(merged, whole);
    }
    let mean = all.iter().sum::<f64>() / 2_000.0;
    assert!((whole.mean(&reach) - mean).abs() < 1e-13);
}

#[test]
fn many_differing_pairs_have_the_paired_t() {
    let (differences, reach) = counted(10.0, 1_000, &[(2.0, 150), (-1.0, 50)]);
    let (mean, n) = (0.25, 1_000.0);
    let variance = (150.0 * 4.0 + 50.0 - n * mean * mean) / (n - 1.0);
    let half = student_quantile(0.05, n - 1.0) * libm::sqrt(variance / n);
    let found = differences.interval(&reach, 0.05);
    assert!((found.low - (mean - half)).abs() < 1e-12 && (found.high - (mean + half)).abs() < 1e-12);
}

#[test]
fn one_size_of_difference_is_a_share() {
    let (differences, reach) = counted(3.0, 10_000, &[(3.0, 12), (-3.0, 5)]);
    let shares = crate::statistics::paired::Flips { pairs: 10_000, both: 0, gained: 12, lost: 5 }.paired(0.05);
    let found = differences.counted(&reach, 0.05);
    assert!((found.low - 3.0 * shares.low).abs() < 1e-12 && (found.high - 3.0 * shares.high).abs() < 1e-12);
}

#[test]
fn nothing_different_is_zero_with_a_width() {
    let (differences, reach) = counted(5.0, 10_000, &[]);
    let found = differences.interval(&reach, 0.05);
    assert_eq!(differences.mean(&reach), 0.0);
    assert!(found.low < 0.0 && found.high == -found.low && found.high < 0.003);
}

#[test]
fn what_is_no_difference_is_left_out() {
    let reach = Reach::new(1.0);
    let mut differences = Differences::default();
    for odd in [f64::NAN, f64::INFINITY, -1.5] {
        differences.add(&reach, odd, 2);
    }
    assert_eq!((differences.failed, differences.pairs()), (6, 0));
    assert_eq!(differences.interval(&reach, 0.05), Interval { low: -1.0, high: 1.0 });
    assert_eq!(Reach::new(f64::NAN), Reach::new(0.0));
}

/// How often the interval holds the mean if the sizes come so many times in 10,000 pairs, and how wide it is on average.
fn coverage(sizes: &[f64], expected: f64, drawn: u32, path: &str) -> f64 {
    let mut sampler = Sampler::new(1, path);
    let each = expected / sizes.len() as f64;
    let truth = sizes.iter().map(|size| size * each / 10_000.0).sum();
    let held = (0..drawn).filter(|_| {
        let some: Vec<(f64, u64)> = sizes.iter().map(|&size| (size, poisson(sampler.unit(), each) as u64)).collect();
        let (differences, reach) = counted(10.0, 10_000, &some);
        let found = differences.interval(&reach, 0.05);
        found.low <= truth && truth <= found.high
    });
    held.count() as f64 / f64::from(drawn)
}

/// Severities of a ladder of outcomes, differences of one sign, and a metric whose differences are all different.
#[test]
fn few_differing_pairs_are_covered() {
    let many: Vec<f64> = (0..40).map(|i| f64::from(i) / 10.0 - 1.95).collect();
    let ladder = [1.0, 1.0, 2.0, 3.0, 9.0, -1.0, -1.0, -2.0, -7.0];
    for (name, sizes) in [("one", &[1.0][..]), ("signs", &[1.0, -1.0]), ("ladder", &ladder), ("metric", &many)] {
        for expected in [1.0, 3.0, 10.0, 30.0, 80.0, 300.0] {
            let found = coverage(sizes, expected, 500, name);
            assert!(found >= 0.92, "{name}, {expected} differing pairs expected: {found}");
        }
    }
}

#[test]
fn unpaired_means_have_welch() {
    let margin = |counts: &[(f64, u64)]| Margin::of_counts(counts.iter().copied());
    let (course, reference) = (margin(&[(0.0, 50), (2.0, 50), (f64::NAN, 3)]), margin(&[(0.0, 60), (2.0, 40)]));
    assert_eq!((course.count, course.mean, course.sd), (100, 1.0, 1.0));
    let found = unpaired(&course, &reference, 0.05);
    let half = student_quantile(0.05, 197.917) * libm::sqrt((1.0 + 0.96) / 99.0);
    assert!((found.high - (0.2 + half)).abs() < 1e-4 && (found.low - (0.2 - half)).abs() < 1e-4, "{found:?}");
    assert_eq!(unpaired(&margin(&[(1.0, 1)]), &reference, 0.05).high, f64::INFINITY);
    assert_eq!(unpaired(&margin(&[(1.0, 9)]), &margin(&[(3.0, 9)]), 0.05), Interval { low: -2.0, high: -2.0 });
}
