//! Replications until a precision is reached: where it stops, and that the intervals are as good as they say.

mod common;
#[path = "../examples/coverage/measure.rs"]
#[allow(dead_code)]
mod measure;

use escalate::model::Model;
use escalate::questions::precision::{FIRST_LOOK, Search, Until, looks, run, summarise};
use escalate::results::summary::Summary;

/// One draw: it comes in one of ten.
const COIN: &str = r#"
    language = 1
    scenario = { id = "coin", turns = 1, evidence = "C: a coin" }
    triggers = [{ id = "heads", chance = 0.1 }, { id = "edge", when = "turn < 1" }]
    milestones = [{ id = "seen", when = "fired(heads)" }, { id = "tails", when = "not fired(heads)" }]
    outcomes = [{ id = "heads", when = "fired(heads)" }, { id = "stood", when = "fired(edge)" }, { id = "tails" }]
"#;

fn search(model: &Model, until: &str, at_most: u64, seed: u64, threads: usize) -> Summary {
    let until = Until::read(until, model).expect("a precision");
    let (done, stop) = Default::default();
    let search = Search { until: &until, at_most, seed, threads, done: &done, stop: &stop };
    let (tally, found) = run(model, &search).expect("threads");
    summarise(model, &tally, seed, found)
}

#[test]
fn the_schedule_grows_by_an_eighth_and_ends_at_most() {
    let looks: Vec<u64> = looks(1_000_000).collect();
    assert_eq!(looks[..4], [FIRST_LOOK, 9_216, 10_368, 11_712]);
    assert_eq!(looks.last(), Some(&1_000_000));
    assert!(looks.windows(2).all(|pair| pair[0] < pair[1] && pair[1] <= pair[0] + pair[0] / 8 + 64));
    assert!(looks[..looks.len() - 1].iter().all(|look| look.is_multiple_of(64)));
    assert_eq!(all_looks(100), [100]);
    assert_eq!(all_looks(FIRST_LOOK), [FIRST_LOOK]);
}

fn all_looks(at_most: u64) -> Vec<u64> {
    looks(at_most).collect()
}

#[test]
fn it_stops_when_every_goal_is_met_and_not_before() {
    let model = common::model(COIN);
    let summary =
        search(&model, "half_width(heads)<0.004 and relative_error( milestones.tails )<=.01", 1_000_000, 1, 0);
    let precision = summary.run.precision.as_ref().expect("a precision");
    assert_eq!(precision.until, "half_width(heads) < 0.004 and relative_error(milestones.tails) <= 0.01");
    assert!(precision.reached && !summary.run.interrupted);
    let taken: Vec<u64> = looks(precision.at_most).take(precision.looks as usize).collect();
    assert_eq!(taken.last(), Some(&summary.run.replications));
    let heads = summary.outcomes[0].share;
    assert!((heads.high - heads.low) / 2.0 < 0.004);
    // At the look before, it was not so: the share is that of the first replications of the same seed.
    let before = search(&model, "half_width(heads) < 1e-9", taken[taken.len() - 2], 1, 0);
    let heads = before.outcomes[0].share;
    assert!((heads.high - heads.low) / 2.0 >= 0.004);
    assert!(!before.run.precision.as_ref().expect("a precision").reached && !before.run.interrupted);
}

#[test]
fn threads_change_nothing_and_the_request_is_in_the_run_hash() {
    let model = common::model(COIN);
    let one = search(&model, "relative_error(seen) < 0.1", 1_000_000, 3, 1);
    let json = |summary: &Summary| serde_json::to_string(summary).expect("JSON");
    assert_eq!(json(&one), json(&search(&model, "relative_error( seen )<0.10", 1_000_000, 3, 3)));
    let hashes = [
        one.run.run_hash,
        search(&model, "relative_error(seen) < 0.11", 1_000_000, 3, 0).run.run_hash,
        search(&model, "relative_error(seen) < 0.1", 999_999, 3, 0).run.run_hash,
        escalate::questions::summarise::run_hash(&model, 3, 0, one.run.replications),
    ];
    assert!((1..4).all(|i| (0..i).all(|j| hashes[i] != hashes[j])), "{hashes:?}");
}

#[test]
fn what_was_never_seen_has_no_relative_precision() {
    let summary = search(&common::model(COIN), "relative_error(stood) < 0.5", 20_000, 1, 0);
    assert!(!summary.run.precision.expect("a precision").reached);
    assert_eq!((summary.run.replications, summary.outcomes[1].share.low), (20_000, 0.0));
}

#[test]
fn what_is_asked_wrongly_is_told() {
    let model = common::model(COIN);
    let told = |text: &str| {
        let error = Until::read(text, &model).expect_err("no precision");
        let hint = error.hint.map_or_else(String::new, |hint| format!("; {hint}"));
        format!("{}..{} {}{hint}", error.span.start, error.span.end, error.message)
    };
    let all = [
        "half_width(heds) < 0.1",
        "half_with(heads) < 0.1",
        "half_width(heads) > 0.1",
        "half_width(heads) < 0.1 or half_width(seen) < 0.1",
        "half_width(heads) < 0",
        "half_width(heads) < seen",
        "half_width(heads, seen) < 0.1",
        "half_width(tails) < 0.1",
        "half_width(heads",
    ];
    insta::assert_snapshot!(all.map(told).join("\n"), @"
    11..15 there is no outcome or milestone `heds`; did you mean `heads`?
    0..16 on the left stands `half_width(x)` or `relative_error(x)`, where x is an outcome or a milestone; did you mean `half_width`?
    0..23 a precision is asked for as `half_width(x) < 0.001`, several joined by `and`
    0..49 a precision is asked for as `half_width(x) < 0.001`, several joined by `and`
    20..21 a precision is more than 0: no number of replications reaches 0
    20..24 on the right stands a number
    0..23 on the left stands `half_width(x)` or `relative_error(x)`, where x is an outcome or a milestone
    11..16 `tails` is an outcome and a milestone; write `outcomes.tails` or `milestones.tails`
    16..16 expected `)`, found the end
    ");
}

/// The interval at the moment of stopping holds the share in at least 95 of 100 batches, through the engine.
#[test]
fn the_interval_at_the_stop_holds_the_share() {
    let model = common::model(COIN);
    let held = (0..200).filter(|seed| {
        let share = search(&model, "half_width(heads) < 0.009", 100_000, *seed, 0).outcomes[0].share;
        (share.low..=share.high).contains(&0.1)
    });
    let held = held.count();
    assert!(held >= 190, "{held} of 200");
}

/// Also if one looks after every replication. `cargo run --release --example coverage` does it with more.
#[test]
fn the_share_is_never_lost_in_95_of_100_batches() {
    for p in [0.5, 0.1, 0.01] {
        let lost = measure::watch(p, 20_000, 400);
        assert!(lost.sequence <= 20, "{p}: {} of 400", lost.sequence);
        assert!(lost.at_looks <= lost.sequence, "{p}");
    }
    let lost = measure::watch(0.5, 20_000, 400);
    assert!(lost.wilson > 20, "looking again and again is what Wilson's interval does not allow: {}", lost.wilson);
}

#[test]
fn the_page_shows_the_coverage_of_wilson() {
    let page = common::text("docs/statistics.md");
    for n in [100, 1_000, 10_000] {
        let row = measure::wilson_row(n);
        assert!(page.contains(&row), "docs/statistics.md lacks\n{row}");
    }
}
