//! Tests of Sobol's indices on functions whose indices are known, with and without luck.

use super::*;
use std::f64::consts::PI;

/// A function of the unit cube, its first-order and its total indices.
struct Known {
    name: &'static str,
    function: fn(&[f64]) -> f64,
    first: Vec<f64>,
    total: Vec<f64>,
}

fn ishigami(x: &[f64]) -> f64 {
    let [a, b, c] = [x[0], x[1], x[2]].map(|u| PI * (2.0 * u - 1.0));
    libm::sin(a) + 7.0 * libm::sin(b) * libm::sin(b) + 0.1 * c * c * c * c * libm::sin(a)
}

/// Sobol's g with the coefficients 0, 1, 4.5, 9.
fn g(x: &[f64]) -> f64 {
    let terms = x.iter().zip([0.0, 1.0, 4.5, 9.0]).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a));
    terms.product()
}

fn known() -> Vec<Known> {
    let parts = [0.0, 1.0, 4.5, 9.0].map(|a: f64| 1.0 / 3.0 / ((1.0 + a) * (1.0 + a)));
    let all: f64 = parts.iter().map(|part| 1.0 + part).product::<f64>() - 1.0;
    let total = |part: f64| part * ((all + 1.0) / (1.0 + part)) / all;
    vec![
        Known {
            name: "ishigami",
            function: ishigami,
            first: vec![0.313_905, 0.442_411, 0.0],
            total: vec![0.557_589, 0.442_411, 0.243_684],
        },
        Known { name: "g", function: g, first: parts.map(|it| it / all).to_vec(), total: parts.map(total).to_vec() },
        Known {
            name: "additive",
            function: |x| 3.0 * x[0] + x[1] + 0.0 * x[2],
            first: vec![0.9, 0.1, 0.0],
            total: vec![0.9, 0.1, 0.0],
        },
        // An and of two halves: variance 3/16, of each alone 1/16.
        Known {
            name: "boolean",
            function: |x| f64::from(u8::from(x[0] > 0.5 && x[1] > 0.5)),
            first: vec![1.0 / 3.0; 2],
            total: vec![2.0 / 3.0; 2],
        },
    ]
}

/// The answers of so many random groups, with luck of this variance on every point.
fn answers(known: &Known, seed: u64, groups: usize, luck: f64) -> Vec<f64> {
    let factors = known.first.len();
    let mut sampler = Sampler::new(seed, "test/groups");
    let mut found = Vec::new();
    for _ in 0..groups {
        let mut both = vec![0.0; 2 * factors];
        both.fill_with(|| sampler.unit());
        let (a, b) = both.split_at(factors);
        for place in 0..factors + 2 {
            let mut point = if place == factors + 1 { b.to_vec() } else { a.to_vec() };
            if (1..=factors).contains(&place) {
                point[place - 1] = b[place - 1];
            }
            let noise = libm::sqrt(12.0 * luck) * (sampler.unit() - 0.5);
            found.push((known.function)(&point) + noise);
        }
    }
    found
}

/// How many of the intervals of so many seeds hold the truth, in per cent, by factor: first-order, then total.
fn coverage(known: &Known, seeds: u64, groups: usize, luck: f64) -> Vec<[f64; 2]> {
    let factors = known.first.len();
    let mut held = vec![[0.0; 2]; factors];
    for seed in 0..seeds {
        let answers = answers(known, seed, groups, luck);
        let mut sampler = Sampler::new(seed, "test/bootstrap");
        let found = Groups::new(factors, &answers).of_random(luck, &mut sampler, 199);
        for (factor, indices) in found.iter().enumerate() {
            let truth = [known.first[factor], known.total[factor]];
            for (which, estimate) in [indices.first, indices.total].iter().enumerate() {
                let slack = 1e-5;
                let holds =
                    estimate.interval.low - slack <= truth[which] && truth[which] <= estimate.interval.high + slack;
                held[factor][which] += if holds { 100.0 / seeds as f64 } else { 0.0 };
            }
        }
    }
    held
}

#[test]
fn known_indices_are_found() {
    for known in known() {
        let factors = known.first.len();
        let answers = answers(&known, 1, 20_000, 0.0);
        let all: Vec<usize> = (0..20_000).collect();
        let found = Groups::new(factors, &answers).estimates(0.0, &all);
        for factor in 0..factors {
            assert!((found[2 * factor] - known.first[factor]).abs() < 0.03, "{} {found:?}", known.name);
            assert!((found[2 * factor + 1] - known.total[factor]).abs() < 0.03, "{} {found:?}", known.name);
        }
    }
}

#[test]
fn intervals_hold_the_truth() {
    let ishigami = &known()[0];
    for luck in [0.0, 5.0] {
        let held = coverage(ishigami, 40, 150, luck);
        assert!(held.iter().flatten().all(|&held| held >= 82.5), "{luck}: {held:?}");
    }
}

/// The whole table: `cargo test --release -- --ignored --nocapture in_200_seeds`.
#[test]
#[ignore = "minutes in a release build"]
fn intervals_hold_the_truth_in_200_seeds() {
    for known in known() {
        let answers = answers(&known, 1, 2_000, 0.0);
        let spread = Groups::new(known.first.len(), &answers).variance(0.0).between;
        for luck in [0.0, 0.3 * spread] {
            let held = coverage(&known, 200, 500, luck);
            println!("{} luck {luck:.3}: {held:?}", known.name);
            for (factor, held) in held.iter().enumerate() {
                let is_exact = known.total[factor] == 0.0 && luck == 0.0;
                assert!(is_exact || held.iter().all(|held| (90.0..=99.0).contains(held)), "{}: {held:?}", known.name);
            }
        }
    }
}

#[test]
fn luck_is_taken_off() {
    let additive = &known()[2];
    let luck = 0.8;
    let answers = answers(additive, 3, 20_000, luck);
    let all: Vec<usize> = (0..20_000).collect();
    let groups = Groups::new(3, &answers);
    let (with, without) = (groups.estimates(0.0, &all), groups.estimates(luck, &all));
    assert!(with[5] > 0.4 && without[5].abs() < 0.03, "{with:?} {without:?}");
    assert!((groups.variance(luck).between - 10.0 / 12.0).abs() < 0.03);
    assert!(groups.estimates(5.0, &all).iter().all(|it| it.is_nan()));
}

#[test]
fn lost_points_are_left_out_and_counted() {
    let additive = &known()[2];
    let mut answers = answers(additive, 3, 1_000, 0.0);
    answers[2] = f64::NAN;
    answers[5] = f64::NAN;
    let groups = Groups::new(3, &answers);
    let found = groups.of_random(0.0, &mut Sampler::new(1, "test/lost"), 99);
    assert_eq!(found.iter().map(|it| it.groups).collect::<Vec<_>>(), [999, 998, 999]);
    assert!((found[0].first.value - 0.9).abs() < 0.1);
}

#[test]
fn scrambles_have_t() {
    let ishigami = &known()[0];
    let all: Vec<Vec<f64>> = (0..8).map(|seed| answers(ishigami, seed, 1_000, 0.0)).collect();
    let groups: Vec<Groups<'_>> = all.iter().map(|answers| Groups::new(3, answers)).collect();
    let found = of_scrambles(&groups, 0.0);
    for (indices, truth) in found.iter().zip([0.313_905, 0.442_411, 0.0]) {
        assert_eq!(indices.groups, 8_000);
        assert!((indices.first.value - truth).abs() < 0.05);
        assert!(indices.first.interval.low < truth && truth < indices.first.interval.high);
    }
    assert!(of_scrambles(&[], 0.0).is_empty());
}
