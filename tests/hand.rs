//! The programs written by hand, which the benches hold the engine against, agree with it: each judges the other.

#[path = "../benches/hand/mod.rs"]
mod hand;

mod common;

use escalate::results::histogram::{Bin, Content};
use escalate::results::tally::{Tally, ValueCount};
use hand::Totals;
use hand::reference::{Everything, OUTCOMES, TURNS};

/// Replications of the reference model on each side, and of the smaller models.
const N: u64 = 100_000;
const N_SMALLER: u64 = 10_000;

/// The reference model's shares by outcome, as in `OUTCOMES`, from 2 · 10⁸ replications of two older programs.
const SHARES: [f64; 4] = [0.71009, 0.106645, 0.00442, 0.17885];
/// Their mean of the last turn, counted from 0, and of the highest rung at the end of a turn.
const LAST_TURN: f64 = 21.50550;
const HIGHEST_RUNG: f64 = 3.88885;

/// Two shares of n replications each are as near as chance allows.
#[track_caller]
fn agree(what: &str, n: u64, one: u64, other: u64) {
    let variance = share_variance(n, one) + share_variance(n, other);
    near(what, one as f64 / n as f64, other as f64 / n as f64, variance);
}

fn share_variance(n: u64, count: u64) -> f64 {
    let share = count as f64 / n as f64;
    share * (1.0 - share) / n as f64
}

#[track_caller]
fn near(what: &str, one: f64, other: f64, variance: f64) {
    // Four and a half standard errors, and a little for the rounding of published values.
    let most = 4.5 * variance.sqrt() + 2e-5;
    assert!((one - other).abs() <= most, "{what}: {one} and {other}, at most {most} apart");
}

/// Mean and variance of the mean, of counts by value.
fn mean(counts: &[u64]) -> (f64, f64) {
    let total: u64 = counts.iter().sum();
    let moment = |power: i32| -> f64 {
        let terms = counts.iter().enumerate();
        terms.map(|(value, count)| (0..power).fold(*count as f64, |sum, _| sum * value as f64)).sum::<f64>()
            / total as f64
    };
    (moment(1), (moment(2) - moment(1) * moment(1)) / total as f64)
}

/// How many values are each of the numbers of the rungs.
fn by_rung(count: &ValueCount) -> [u64; 11] {
    let mut counts = [0; 11];
    for (_, content, count) in count.histogram.bins() {
        let Content::One(rung) = content else { panic!("a rung is a whole number") };
        counts[rung as usize] += count;
    }
    counts
}

fn engine(n: u64, scenario: &str) -> (escalate::model::Model, Tally) {
    let model = common::model(scenario);
    let tally = common::run(&model, 1, 0, n, 0);
    (model, tally)
}

/// Outcomes, events, and the first metric, if there is one, in the middle and in the last turn.
fn smaller_model_agrees(scenario: &str, by_hand: &Totals) {
    let (model, tally) = engine(N_SMALLER, scenario);
    for (index, count) in by_hand.outcomes.iter().enumerate() {
        agree(&model.labels.outcomes[index].id, N_SMALLER, tally.outcomes[index].iter().sum(), *count);
    }
    for (index, count) in by_hand.events.iter().enumerate() {
        agree(&model.labels.events[index].id, N_SMALLER, tally.events[index].first_by_turn.iter().sum(), *count);
    }
    let turns = model.turns as usize;
    for turn in [turns / 2, turns].into_iter().filter(|_| !tally.metrics.is_empty()) {
        // Bins by hand are whole numbers, or equal parts of what lies from 0 to 1; every 64th edge is one of the engine's too.
        let bins = &by_hand.bins[turn];
        let unit = if model.metrics[0].range.is_whole { 1.0 } else { 1.0 / bins.len() as f64 };
        for edge in (64..bins.len()).step_by(64) {
            let is_below = |(bin, content, _): &(Bin, Content, u64)| content.edges(*bin)[1] < edge as f64 * unit;
            let ours = tally.metrics[0][turn].histogram.bins().filter(is_below).map(|(_, _, count)| count).sum();
            agree(&format!("metric below {edge} in turn {turn}"), N_SMALLER, ours, bins[..edge].iter().sum());
        }
    }
}

#[test]
fn a_crowd_of_rules_agrees() {
    smaller_model_agrees(&hand::crowd::scenario(), &hand::crowd::run(N_SMALLER, 1).totals());
}

#[test]
fn an_arms_race_agrees() {
    smaller_model_agrees(&hand::armament::scenario(), &hand::armament::run(N_SMALLER, 1).totals());
}

#[test]
fn sums_of_pressures_agree() {
    smaller_model_agrees(&hand::pressures::scenario(), &hand::pressures::run(N_SMALLER, 1).totals());
}

#[test]
fn a_crisis_that_spreads_agrees() {
    smaller_model_agrees(&hand::network::scenario(), &hand::network::run(N_SMALLER, 1).totals());
}

#[test]
fn a_long_standoff_agrees() {
    smaller_model_agrees(&hand::standoff::scenario(), &hand::standoff::run(N_SMALLER, 1).totals());
}

#[test]
fn an_epidemic_agrees() {
    smaller_model_agrees(&hand::epidemic::scenario(), &hand::epidemic::run(N_SMALLER, 1).totals());
}

#[test]
fn the_reference_model_is_what_it_was() {
    let by_hand = hand::reference::run::<Everything>(N, 1);
    let (model, tally) = engine(N, &hand::reference::scenario());

    let outcome = |id: &str| model.labels.outcomes.iter().position(|label| label.id == id).expect("an outcome");
    for (index, (id, share)) in OUTCOMES.iter().zip(SHARES).enumerate() {
        let ours: u64 = tally.outcomes[outcome(id)].iter().sum();
        near(id, by_hand.outcome(index) as f64 / N as f64, share, share_variance(N, by_hand.outcome(index)));
        near(id, ours as f64 / N as f64, share, share_variance(N, ours));
    }

    // The engine counts turns from 1.
    let ends = |turn: usize| tally.outcomes.iter().map(|by_turn| by_turn[turn + 1]).sum();
    let ours: Vec<u64> = (0..TURNS).map(ends).collect();
    let theirs: Vec<u64> = (0..TURNS).map(|turn| by_hand.joint.iter().flat_map(|turns| turns[turn]).sum()).collect();
    for (what, counts) in [("last turn", &ours), ("last turn by hand", &theirs)] {
        let (mean, variance) = mean(counts);
        near(what, mean, LAST_TURN, variance);
    }

    let metric = |id: &str| model.labels.metrics.iter().position(|label| label.id == id).expect("a metric");
    let peaks = |rung: usize| by_hand.joint.as_flattened().iter().map(|peaks| peaks[rung]).sum();
    let ours = by_rung(&tally.metrics[metric("peak")][TURNS]);
    let theirs: [u64; 11] = std::array::from_fn(peaks);
    for (what, counts) in [("highest rung", &ours), ("highest rung by hand", &theirs)] {
        let (mean, variance) = mean(counts);
        near(what, mean, HIGHEST_RUNG, variance);
    }

    let levels = &tally.metrics[metric("level")];
    for turn in 0..TURNS {
        for (rung, count) in by_rung(&levels[turn + 1]).iter().enumerate() {
            agree(&format!("rung {rung} in turn {turn}"), N, *count, by_hand.rungs[turn][rung]);
        }
    }

    // From limited_war on, the engine goes on with a turn in which the program by hand has already ended.
    for trigger in 0..20 {
        let label = &model.labels.events[trigger].id;
        let firsts = |by_turn: &[u64]| by_turn.iter().sum::<u64>();
        agree(label, N, firsts(&tally.events[trigger].first_by_turn), firsts(&by_hand.also.first_fired[trigger]));
    }
}
