//! Tests of thresholds: known roots, several crossings, open ends, whole factors, and coverage over seeds.

use super::*;
use crate::statistics::sampler::Sampler;
use crate::statistics::wilson::wilson_95;
use std::convert::Infallible;

fn search_for(low: f64, high: f64, target: f64) -> Search {
    Search { low, high, target, is_whole: false, halvings: 16 }
}

/// Finds the crossings of a share that is known with this half-width.
fn known(search: &Search, half: f64, share: impl Fn(f64) -> f64) -> Found {
    let answer = |&x: &f64| {
        let share = share(x);
        Answer { share, interval: Interval { low: share - half, high: share + half } }
    };
    super::search(search, |values| Ok::<_, Infallible>(values.iter().map(answer).collect())).unwrap()
}

#[test]
fn a_line_crosses_once() {
    let found = known(&search_for(0.0, 1.0, 0.3), 0.05, |x| x);
    let [one] = found.crossings[..] else { panic!("{:?}", found.crossings) };
    assert!((one.low - 0.25).abs() < 1e-5 && (one.high - 0.35).abs() < 1e-5, "{one:?}");
    assert!(one.low <= 0.25 && one.high >= 0.35);
    assert!((one.at.unwrap() - 0.3).abs() < 1e-5 && one.rises == Some(true));
    assert!(!one.is_open_below && !one.is_open_above);
    assert!(found.asked.len() < GRID + 3 * 17, "{}", found.asked.len());
}

#[test]
fn all_crossings_are_listed() {
    let found = known(&search_for(0.0, 1.0, 0.5), 0.01, |x| 0.5 + 0.4 * libm::sin(9.0 * x + 0.5));
    let roots: Vec<f64> = found.crossings.iter().filter_map(|it| it.at).collect();
    assert_eq!(found.crossings.iter().map(|it| it.rises).collect::<Vec<_>>(), [Some(false), Some(true), Some(false)]);
    for (root, pi) in roots.iter().zip([1.0, 2.0, 3.0]) {
        assert!((root - (pi * std::f64::consts::PI - 0.5) / 9.0).abs() < 1e-5, "{root}");
    }
}

#[test]
fn open_ends_and_touches_are_told() {
    let open = known(&search_for(0.0, 1.0, 0.95), 0.1, |x| x).crossings;
    assert!(open.len() == 1 && open[0].is_open_above && !open[0].is_open_below && open[0].rises.is_none());
    let everywhere = known(&search_for(0.0, 1.0, 0.5), 1.0, |_| 0.4).crossings;
    assert!(everywhere[0].is_open_above && everywhere[0].is_open_below && everywhere[0].at.is_none());
    assert!(known(&search_for(0.0, 1.0, 0.5), 0.01, |_| 0.4).crossings.is_empty());
    let touch = known(&search_for(-1.0, 1.0, 0.01), 0.02, |x| x * x + 0.02).crossings;
    assert!(touch.len() == 1 && touch[0].rises.is_none() && touch[0].at.is_none());
}

#[test]
fn whole_factors_stay_whole() {
    let search = Search { is_whole: true, ..search_for(0.0, 1_000.0, 0.4005) };
    let found = known(&search, 0.0101, |x| x / 1_000.0);
    assert!(found.asked.iter().all(|(value, _)| value.fract() == 0.0));
    let [one] = found.crossings[..] else { panic!() };
    assert_eq!((one.low, one.high, one.at), (391.0, 410.0, Some(401.0)));
    let jump = known(&search, 0.0001, |x| if x < 77.0 { 0.1 } else { 0.9 });
    let [one] = jump.crossings[..] else { panic!() };
    assert_eq!((one.low, one.high, one.at, one.rises), (76.0, 77.0, Some(77.0), Some(true)));
    let narrow = known(&Search { is_whole: true, ..search_for(1.0, 3.0, 0.5) }, 0.1, |x| x / 4.0);
    assert_eq!(narrow.asked.len(), 3);
}

#[test]
fn no_range_has_no_crossing() {
    assert!(known(&search_for(1.0, 0.0, 0.5), 0.1, |x| x).asked.is_empty());
    assert_eq!(known(&search_for(1.0, 1.0, 0.5), 0.1, |x| x).asked.len(), 1);
}

/// Common luck: the event comes in a replication where its number is below the chance, here x², at the same numbers for all x.
#[test]
fn the_band_holds_the_root_in_95_of_100_seeds() {
    for target in [0.3, 0.01] {
        let root = libm::sqrt(target);
        let held = (0..200).filter(|&seed| {
            let mut sampler = Sampler::new(seed, "test/threshold");
            let mut luck: Vec<f64> = (0..2_000).map(|_| sampler.unit()).collect();
            luck.sort_by(f64::total_cmp);
            let answer = |&x: &f64| {
                let count = luck.partition_point(|&u| u < x * x) as u64;
                Answer { share: count as f64 / 2_000.0, interval: wilson_95(count, 2_000) }
            };
            let ask = |values: &[f64]| Ok::<_, Infallible>(values.iter().map(answer).collect());
            let found = super::search(&search_for(0.0, 1.0, target), ask).unwrap();
            found.crossings.iter().any(|it| it.low <= root && root <= it.high)
        });
        let held = held.count();
        assert!((182..=199).contains(&held), "{target}: {held}");
    }
}
