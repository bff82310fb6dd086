//! Tests of paired differences of shares: known values, and coverage summed exactly or simulated.

use super::*;
use crate::draws::counting::binomial;
use crate::statistics::sampler::Sampler;
use crate::statistics::sequence::sequence_95;

fn flips(pairs: u64, gained: u64, lost: u64) -> Flips {
    Flips { pairs, both: 0, gained, lost }
}

fn holds(interval: Interval, truth: f64) -> bool {
    interval.low <= truth && truth <= interval.high
}

/// Chances of a flip either way: the course gains with the first, loses with the second.
type Chances = (f64, f64);

/// Flips of two courses with the shares `p` and `q` whose outcomes have this correlation.
fn chances(p: f64, q: f64, correlation: f64) -> Chances {
    let both = p * q + correlation * libm::sqrt(p * (1.0 - p) * q * (1.0 - q));
    ((q - both).max(0.0), (p - both).max(0.0))
}

/// The coverage of the paired interval, summed over all counts that matter.
fn coverage(n: u64, (a, b): Chances, error: f64) -> f64 {
    let real = n as f64;
    let most = |p: f64| (p * real + 9.0 * libm::sqrt(p * real) + if p > 0.0 { 14.0 } else { 0.0 }) as u64;
    let mut held = 0.0;
    for gained in 0..=most(a) {
        for lost in 0..=most(b) {
            if holds(flips(n, gained, lost).paired(error), a - b) {
                held += probability(real, gained as f64, lost as f64, (a, b));
            }
        }
    }
    held
}

/// The probability of these counts among `n` pairs.
fn probability(n: f64, gained: f64, lost: f64, (a, b): Chances) -> f64 {
    let times = |count: f64, p: f64| if count == 0.0 { 0.0 } else { count * libm::log(p) };
    let ways = libm::lgamma(n + 1.0)
        - libm::lgamma(gained + 1.0)
        - libm::lgamma(lost + 1.0)
        - libm::lgamma(n - gained - lost + 1.0);
    libm::exp(ways + times(gained, a) + times(lost, b) + (n - gained - lost) * libm::log1p(-a - b))
}

/// Counts of flips of `n` pairs, drawn.
fn drawn(sampler: &mut Sampler, n: u64, (a, b): Chances) -> Flips {
    let gained = binomial(sampler.unit(), n as f64, a);
    let lost = binomial(sampler.unit(), n as f64 - gained, b / (1.0 - a));
    flips(n, gained as u64, lost as u64)
}

/// Every pair of courses for which the intervals are held to their coverage: equal shares and unequal ones.
fn cells() -> Vec<(u64, Chances)> {
    let mut cells = Vec::new();
    for n in [10_000, 100_000] {
        for p in [0.5, 0.01, 0.0005] {
            for correlation in [0.0, 0.5, 0.9, 0.99, 0.999] {
                for ratio in [1.0, 1.1, 1.5] {
                    cells.push((n, chances(p, p * ratio, correlation)));
                }
            }
            // One way only: everything that the reference has the course has, and a little more.
            cells.extend([0.001, 0.01, 0.2].map(|more| (n, (p * more, 0.0))));
        }
    }
    cells
}

#[track_caller]
fn judge(covered: f64, n: u64, (a, b): Chances) {
    let expected = (a.min(b)) * n as f64;
    assert!(covered >= 0.93, "{n} pairs, {a:e} and {b:e}: {covered}");
    assert!(covered <= 0.98 || expected < 5.0, "{n} pairs, {a:e} and {b:e}: {covered}");
}

#[test]
fn few_flips_are_covered() {
    for (n, (a, b)) in cells() {
        if (a + b) * (n as f64) < 60.0 {
            judge(coverage(n, (a, b), 0.05), n, (a, b));
        }
    }
    for expected in [(0.0, 0.0), (0.2, 0.0), (1.0, 0.0), (3.0, 0.1), (5.0, 5.0), (8.0, 0.0), (8.0, 2.0), (12.0, 30.0)] {
        let chances = (expected.0 / 10_000.0, expected.1 / 10_000.0);
        judge(coverage(10_000, chances, 0.05), 10_000, chances);
    }
}

#[test]
fn several_courses_are_covered_together() {
    for courses in [2, 6] {
        for expected in [(0.5, 0.5), (6.0, 0.0), (10.0, 10.0)] {
            let each = coverage(10_000, (expected.0 / 10_000.0, expected.1 / 10_000.0), shared_error(courses));
            let together = libm::pow(each, courses as f64);
            assert!(together >= 0.94, "{courses} courses, {expected:?}: {together}");
        }
    }
}

/// The whole table, drawn: `cargo test --release -- --ignored many_flips`.
#[test]
#[ignore = "minutes in a release build"]
fn many_flips_are_covered() {
    const DRAWN: u32 = 10_000;
    let mut sampler = Sampler::new(1, "test/coverage");
    let (mut least, mut most): (f64, f64) = (1.0, 0.0);
    for (n, chances) in cells() {
        let held = |sampler: &mut Sampler, courses: usize| {
            let truth = chances.0 - chances.1;
            let all = |sampler: &mut Sampler| {
                (0..courses).all(|_| holds(drawn(sampler, n, chances).paired(shared_error(courses)), truth))
            };
            f64::from((0..DRAWN).filter(|_| all(sampler)).count() as u32) / f64::from(DRAWN)
        };
        let covered = held(&mut sampler, 1);
        judge(covered, n, chances);
        least = least.min(covered);
        if chances.0.min(chances.1) * n as f64 >= 5.0 {
            most = most.max(covered);
        }
        let together = held(&mut sampler, 6);
        assert!(together >= 0.94, "{n} pairs, {chances:?}: six together {together}");
    }
    println!("least {least}, most where five flips each way are expected {most}");
}

/// Worked out apart from this code.
#[test]
fn known_intervals() {
    let found = flips(1_000, 30, 10).paired(0.05);
    let (p, q) = (0.03, 0.01);
    let (gained, lost) =
        (crate::statistics::wilson::wilson_95(30, 1_000), crate::statistics::wilson::wilson_95(10, 1_000));
    let r = -libm::sqrt(p * q / ((1.0 - p) * (1.0 - q)));
    let (e, f) = (p - gained.low, lost.high - q);
    assert!((found.low - (0.02 - libm::sqrt(e * e + f * f - 2.0 * r * e * f))).abs() < 1e-15);
    assert!((flips(1_000, 30, 10).difference() - 0.02).abs() < 1e-15);
}

#[test]
fn the_edges_say_what_they_must() {
    let none = flips(10_000, 0, 0).paired(0.05);
    assert!(none.low < 0.0 && (none.low + none.high).abs() < 1e-18 && none.high < 4e-4);
    assert_eq!(Flips::default().difference(), 0.0);
    assert_eq!(Flips::default().paired(0.05), Interval { low: -1.0, high: 1.0 });
    assert_eq!(Flips::default().sequence(0.05), Interval { low: -1.0, high: 1.0 });
    let all = flips(50, 50, 0).paired(0.05);
    assert!(all.high == 1.0 && all.low > 0.8);
}

#[test]
fn pairing_narrows_what_is_paired() {
    let paired = Flips { pairs: 10_000, both: 4_900, gained: 100, lost: 90 };
    let (with, without) = (paired.paired(0.05), paired.unpaired(0.05));
    assert!((with.high - with.low) * 5.0 < without.high - without.low);
    assert!(holds(with, paired.difference()) && holds(without, paired.difference()));
    let shared = paired.paired(shared_error(7));
    assert!(shared.low < with.low && with.high < shared.high);
}

#[test]
fn a_sequence_is_made_of_two() {
    assert_eq!(sequence(31, 100_000, 0.05), sequence_95(31, 100_000));
    let found = flips(100_000, 500, 400);
    let (looks, once) = (found.sequence(0.05), found.paired(0.05));
    assert!(looks.low < once.low && once.high < looks.high);
    assert!(holds(looks, found.difference()));
}
