//! Every chart on every kind of summary: well-formed, within the sheet, nothing on top of anything, the same bytes again.

use super::drawing::{Area, Drawing, SIZE_SMALL, Shape, Words};
use super::*;
use crate::results::summary::{Share, Summary};

fn drawings(summary: &Summary) -> Vec<Drawing> {
    let mut drawings = vec![outcomes::draw(summary), cumulative::draw(summary)];
    drawings.extend(rungs::draw(summary));
    drawings.extend(summary.metrics.iter().map(|metric| metric::draw(summary, metric).unwrap()));
    drawings.extend(triggers::draw(summary));
    drawings
}

fn words(drawing: &Drawing) -> Vec<&Words> {
    let shapes = drawing.shapes.iter();
    shapes.filter_map(|shape| if let Shape::Words(words) = shape { Some(words) } else { None }).collect()
}

fn corners(shape: &Shape) -> Vec<(f64, f64)> {
    let of = |area: Area| vec![(area.left, area.top), (area.right, area.bottom)];
    match shape {
        Shape::Line { points, .. } | Shape::Polygon { points, .. } => points.clone(),
        Shape::Block { area, .. } => of(*area),
        Shape::Dot { at, .. } => vec![*at],
        Shape::Words(words) => of(words.bounds()),
    }
}

fn overlap(one: Area, other: Area) -> bool {
    let air = 2.0;
    one.left < other.right + air && other.left < one.right + air && one.top < other.bottom && other.top < one.bottom
}

/// What every chart has to hold to.
fn check(summary: &Summary) {
    for drawing in drawings(summary) {
        let title = &drawing.title;
        for shape in &drawing.shapes {
            for (x, y) in corners(shape) {
                let inside = (0.0..=drawing.width).contains(&x) && (0.0..=drawing.height).contains(&y);
                assert!(inside, "{title}: {shape:?} is off the sheet");
            }
        }
        let words = words(&drawing);
        for (index, one) in words.iter().enumerate() {
            assert!(one.size >= SIZE_SMALL, "{title}: {one:?} is small");
            for other in &words[..index] {
                assert!(!overlap(one.bounds(), other.bounds()), "{title}: {one:?} over {other:?}");
            }
        }
    }
    let charts = all(summary).unwrap();
    for chart in &charts {
        sample::check_xml(&chart.svg);
        assert!(!chart.svg.contains("NaN") && !chart.svg.contains("inf"), "{}", chart.name);
        assert!(chart.svg.contains("viewBox"), "{}", chart.name);
    }
    assert_eq!(charts, all(&summary.clone()).unwrap());
}

#[test]
fn a_realistic_run() {
    let summary = sample::realistic();
    check(&summary);
    let charts = all(&summary).unwrap();
    let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_str()).collect();
    let metrics = ["metric_peninsula_tension", "metric_shells", "metric_trade"];
    assert_eq!(names, [&["outcomes", "cumulative", "rungs"][..], &metrics, &["triggers"]].concat());
}

#[test]
fn a_rare_outcome_is_written_out() {
    let summary = sample::realistic();
    for drawing in [outcomes::draw(&summary), cumulative::draw(&summary)] {
        assert!(words(&drawing).iter().any(|words| words.text == "0.031\u{a0}%"), "{}", drawing.title);
    }
    assert!(words(&outcomes::draw(&summary)).iter().any(|words| words.text == "(31)"));
}

#[test]
fn one_turn_or_none() {
    check(&sample::bare(0));
    check(&sample::bare(1));
    assert_eq!(all(&sample::bare(1)).unwrap().len(), 2);
    let mut summary = sample::bare(0);
    summary.calendar.clear();
    check(&summary);
}

#[test]
fn nothing_at_all() {
    let mut summary = sample::bare(1);
    summary.run.replications = 0;
    summary.outcomes[0].by_turn = vec![0, 0];
    summary.outcomes[0].share = Share { count: 0, share: 0.0, low: 0.0, high: 1.0 };
    check(&summary);
    summary.outcomes.clear();
    check(&summary);
}

#[test]
fn very_long_words() {
    check(&sample::wordy());
}

#[test]
fn metrics_that_do_not_move_or_are_extreme() {
    for value in [0.0, 5.0, -3.2, 1e-9, -1e12, 123_456.789, 1e15, 1e-310, -9.9e299] {
        let mut summary = sample::realistic();
        summary.metrics = vec![sample::constant(value)];
        check(&summary);
        summary.metrics[0].by_turn.truncate(1);
        summary.calendar.truncate(1);
        check(&summary);
        summary.metrics[0].by_turn.clear();
        check(&summary);
    }
}

#[test]
fn a_metric_that_is_not_finite_is_an_error() {
    let mut summary = sample::realistic();
    summary.metrics[1].by_turn[3].q95 = f64::NAN;
    let error = all(&summary).unwrap_err();
    assert_eq!(error.to_string(), "metric `shells` has a value that is not finite, or too large to draw");
}

#[test]
fn many_outcomes_triggers_and_turns() {
    let mut summary = sample::realistic();
    summary.outcomes = (0..20).map(|index| summary.outcomes[index % 5].clone()).collect();
    summary.events = (0..120).map(|index| summary.events[index % 40].clone()).collect();
    summary.calendar = (0..=600).map(|turn| format!("turn {turn}")).collect();
    check(&summary);
}

#[test]
fn counts_that_do_not_match_the_calendar() {
    let mut summary = sample::realistic();
    summary.calendar.truncate(6);
    check(&summary);
    summary.outcomes[0].by_turn.clear();
    summary.events[0].by_turn.clear();
    if let Some(ladder) = &mut summary.ladder {
        ladder.by_turn.truncate(2);
        ladder.peak.clear();
    }
    check(&summary);
}

#[test]
fn names_are_fit_for_files() {
    let mut summary = sample::realistic();
    summary.metrics[0].id = "../a b.c".to_string();
    assert_eq!(all(&summary).unwrap()[3].name, "metric____a_b_c");
}
