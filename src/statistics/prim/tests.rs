//! Tests of PRIM: a box of known volume, shares and labels, ties, significance and resampling.

use super::*;

/// Random points in three factors; the answer is high where factor 0 is above 0.6 and factor 1 below 0.5: a fifth of all.
fn cases(seed: u64, n: usize, answer: impl Fn(bool, &mut Sampler) -> f64) -> (Vec<Vec<f64>>, Vec<f64>) {
    let mut sampler = Sampler::new(seed, "test/prim");
    let mut factors = vec![Vec::new(); 3];
    let mut answers = Vec::new();
    for _ in 0..n {
        let x = [0; 3].map(|_| sampler.unit());
        factors.iter_mut().zip(x).for_each(|(all, x)| all.push(x));
        answers.push(answer(x[0] > 0.6 && x[1] < 0.5, &mut sampler));
    }
    (factors, answers)
}

/// The share among 300 replications of an event with this chance.
fn share(sampler: &mut Sampler, chance: f64) -> f64 {
    crate::draws::counting::binomial(sampler.unit(), 300.0, chance) / 300.0
}

fn densest(boxes: &[Candidate]) -> &Candidate {
    boxes.iter().max_by(|a, b| a.score.density.total_cmp(&b.score.density)).unwrap()
}

#[test]
fn labels_give_the_box() {
    let (factors, answers) = cases(1, 2_000, |inside, _| f64::from(u8::from(inside)));
    let all = Cases { factors: &factors, answers: &answers };
    let boxes = trajectory(&all, &Settings::default());
    let found = boxes.iter().find(|it| it.score.density > 0.99).unwrap();
    assert!(found.score.coverage > 0.9, "{:?}", found.score);
    assert!((found.bounds.bound(0, End::Low).unwrap() - 0.6).abs() < 0.03);
    assert!((found.bounds.bound(1, End::High).unwrap() - 0.5).abs() < 0.03);
    assert_eq!((found.bounds.restricted(), found.bounds.bound(2, End::Low)), (2, None));
    assert!((boxes[0].score.mass, boxes[0].score.coverage) == (1.0, 1.0));
    assert!(boxes.windows(2).all(|pair| pair[0].score.density <= pair[1].score.density));
}

#[test]
fn shares_with_luck_give_the_box() {
    let (factors, answers) = cases(2, 1_000, |inside, sampler| share(sampler, if inside { 0.03 } else { 0.01 }));
    let all = Cases { factors: &factors, answers: &answers };
    let boxes = trajectory(&all, &Settings { mass: 0.15, ..Settings::default() });
    let found = densest(&boxes);
    assert!((found.bounds.bound(0, End::Low).unwrap() - 0.6).abs() < 0.06, "{found:?}");
    assert!((found.bounds.bound(1, End::High).unwrap() - 0.5).abs() < 0.06, "{found:?}");
    // On points that were not used for it, the two bounds stand and the density is what it is.
    let (factors, answers) = cases(3, 1_000, |inside, sampler| share(sampler, if inside { 0.03 } else { 0.01 }));
    let held_out = Cases { factors: &factors, answers: &answers };
    let score = found.bounds.score(&held_out);
    assert!((score.density - 0.029).abs() < 0.0015, "{score:?}");
    for it in found.bounds.significance(&held_out) {
        let is_true = matches!((it.factor, it.end), (0, End::Low) | (1, End::High));
        assert!(if is_true { it.quasi_p < 1e-6 } else { it.quasi_p > 0.01 }, "{it:?}");
    }
}

#[test]
fn only_what_matters_comes_again() {
    let (factors, answers) = cases(4, 600, |inside, sampler| share(sampler, if inside { 0.2 } else { 0.1 }));
    let all = Cases { factors: &factors, answers: &answers };
    let settings = Settings { mass: 0.15, ..Settings::default() };
    let chosen = densest(&trajectory(&all, &settings)).score;
    let again = reproducibility(&all, &settings, &chosen, &mut Sampler::new(1, "test/again"), 10);
    assert!(again[0].iter().chain(&again[1]).all(|&part| part > 0.85), "{again:?}");
    assert!(again[2].iter().all(|&part| part < 0.85), "{again:?}");
}

#[test]
fn quasi_p_values_are_binomial_for_labels() {
    let factors = vec![(0..10).map(f64::from).collect::<Vec<_>>()];
    let answers = [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0];
    let cases = Cases { factors: &factors, answers: &answers };
    let bounds = Bounds::all(1).with(0, End::Low, Some(6.5));
    let [one] = bounds.significance(&cases)[..] else { panic!() };
    assert!((one.quasi_p - 0.4 * 0.4 * 0.4).abs() < 1e-12, "{one:?}");
    assert_eq!(bounds.score(&cases), Score { points: 3, mass: 0.3, coverage: 0.75, density: 1.0 });
}

#[test]
fn cuts_lie_between_different_numbers() {
    assert_eq!(cut(&[0.0, 1.0, 2.0, 3.0], 0.05), Some(0.5));
    assert_eq!(cut(&[0.0, 0.0, 0.0, 3.0], 0.05), Some(1.5));
    assert_eq!(cut(&[0.0, 3.0, 3.0, 3.0], 0.95), Some(1.5));
    assert_eq!((cut(&[2.0, 2.0], 0.05), cut(&[2.0], 0.95), cut(&[], 0.5)), (None, None, None));
}

#[test]
fn nothing_to_find_stays_whole() {
    let factors = vec![vec![1.0, 2.0, 3.0]];
    let cases = Cases { factors: &factors, answers: &[0.2, 0.2, 0.2] };
    assert_eq!(trajectory(&cases, &Settings::default()).len(), 1);
    let none = Cases { factors: &factors, answers: &[] };
    assert_eq!(trajectory(&none, &Settings::default()).len(), 1);
}
