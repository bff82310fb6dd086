//! Without a horizon: closed forms, chains that never decide, clocks that end and clocks that do not.

mod common;

use escalate::compile;
use escalate::exact::{Request, Trouble, unbounded};
use escalate::results::unbounded::Unbounded;
use escalate::scenario::Scenario;
use std::sync::atomic::AtomicBool;

fn solved(mut scenario: Scenario, variant: Option<&str>) -> Result<Unbounded, Trouble> {
    scenario.header.set_turns(10_000);
    let variant = variant.and_then(|variant| scenario.variant(variant));
    let model = compile::compile(&scenario, variant).expect("a clean scenario");
    let stop = AtomicBool::new(false);
    unbounded(&model, &Request { states_max: 100_000, ..Request::new(&stop) })
}

#[track_caller]
fn named(name: &str, variant: Option<&str>) -> Unbounded {
    solved(common::read(&common::text(&format!("scenarios/textbook/{name}.toml"))), variant).expect("solved")
}

#[track_caller]
fn text(text: &str) -> Unbounded {
    solved(common::read(text), None).expect("solved")
}

/// The bounds hold a number, and lie no further apart than a part of it.
#[track_caller]
fn holds(low: f64, high: f64, truth: f64, width: f64) {
    let slack = 4.0 * f64::EPSILON * truth;
    assert!(low <= truth + slack && truth <= high + slack, "{low} to {high}, not {truth}");
    assert!(high - low <= width * truth, "{low} to {high} around {truth}");
}

#[track_caller]
fn outcome(found: &Unbounded, id: &str, truth: f64) {
    let outcome = found.outcomes.iter().find(|outcome| outcome.id == id).expect("an outcome");
    holds(outcome.low, outcome.high, truth, 1e-14);
}

#[track_caller]
fn turns(found: &Unbounded, truth: f64) {
    let turns = found.turns.expect("a finite number of turns");
    holds(turns.low, turns.high, truth, 1e-14);
}

#[test]
fn the_gambler_is_ruined_as_the_closed_form_says() {
    // W. Feller, An Introduction to Probability Theory and Its Applications I, XIV.2 and XIV.3; p is the binary64 of 18/38.
    let p: f64 = 0.47368421052631576;
    let r = (1.0 - p) / p;
    let rich = (1.0 - libm::pow(r, 4.0)) / (1.0 - libm::pow(r, 10.0));
    let found = named("gamblers_ruin", None);
    outcome(&found, "rich", rich);
    outcome(&found, "ruined", 1.0 - rich);
    let mean = 4.0 / (1.0 - 2.0 * p) - 10.0 / (1.0 - 2.0 * p) * rich;
    let found_turns = found.turns.expect("finite");
    assert!((found_turns.low - mean).abs() < 1e-11 * mean, "{found_turns:?} {mean}");
    assert_eq!((found.never.low, found.never.high), (0.0, 0.0));
    let fair = named("gamblers_ruin", Some("fair"));
    outcome(&fair, "rich", 0.4);
    turns(&fair, 24.0);
}

#[test]
fn textbook_times_are_found() {
    // 6 (1 + 1/2 + ... + 1/6) purchases; 11/3 tosses; 4 a b c / N steps.
    turns(&named("coupon_collector", None), 14.7);
    let die = named("knuth_yao_die", None);
    turns(&die, 11.0 / 3.0);
    (1..=6).for_each(|face| outcome(&die, &die.outcomes[face - 1].id.clone(), 1.0 / 6.0));
    let herman = named("herman_ring", None);
    turns(&herman, 12.0);
    assert_eq!((herman.outcomes[0].low, herman.outcomes[0].high), (1.0, 1.0));
}

/// A walk on 0 to `top`, from the middle, with the chance to go up given.
fn walk(top: u32, up: &str) -> String {
    format!(
        r#"
language = 1
scenario = {{ id = "walk", turns = 100, evidence = "C: a walk" }}
state.at = {{ initial = {}, min = 0, max = {top}, integer = true }}
triggers = [{{ id = "step", options = [
    {{ id = "up", weight = {up}, then = ["at += 1"] }},
    {{ id = "down", weight = "1 - {up}", then = ["at -= 1"] }} ] }}]
outcomes = [{{ id = "top", when = "at == {top}" }}, {{ id = "bottom", when = "at == 0" }}, {{ id = "open" }}]
"#,
        top / 2
    )
}

#[test]
fn slow_walks_are_bounded_tightly() {
    // A fair walk over 1,000 steps takes 500 * 500 turns; against the stream it takes (r^n - 1) / ... turns.
    let fair = text(&walk(1_000, "0.5"));
    outcome(&fair, "top", 0.5);
    turns(&fair, 250_000.0);
    // Up with 1/4: the top has 1 / (1 + 3^20) from the middle of 40, about 2.9e-10.
    let against = text(&walk(40, "0.25"));
    outcome(&against, "top", 1.0 / (1.0 + libm::pow(3.0_f64, 20.0)));
    turns(&against, 40.0 * (1.0 - 2.0 / (1.0 + libm::pow(3.0_f64, 20.0))));
}

#[test]
fn metastable_chains_keep_their_time() {
    // Falls back to 0 unless ten successes of 1/10 follow one another: (10^11 - 10) / 9 turns in the mean.
    let text_of = r#"
language = 1
scenario = { id = "streak", turns = 100, evidence = "C: a streak" }
state.run = { initial = 0, max = 10, integer = true }
triggers = [{ id = "try", options = [
    { id = "hit", weight = 1, then = ["run += 1"] }, { id = "miss", weight = 9, then = ["run = 0"] } ] }]
outcomes = [{ id = "done", when = "run == 10" }, { id = "open" }]
"#;
    let found = text(text_of);
    let turns = found.turns.expect("finite");
    let tenth = 0.1_f64;
    let mean = (libm::pow(tenth, -10.0) - 1.0) / (1.0 - tenth);
    assert!((turns.low / mean - 1.0).abs() < 1e-9 && turns.high / turns.low - 1.0 < 1e-14, "{turns:?} {mean}");
    assert_eq!((found.outcomes[0].low, found.outcomes[0].high), (1.0, 1.0));
}

#[test]
fn what_may_never_be_decided_is_said() {
    let found = text(
        r#"
language = 1
scenario = { id = "trap", turns = 100, evidence = "C: a trap" }
state.stuck = false
state.out = false
triggers = [{ id = "leave", when = "not stuck", options = [
    { id = "stay", weight = 2 }, { id = "out", weight = 1, then = ["out = true"] },
    { id = "stick", weight = 1, then = ["stuck = true"] } ] }]
outcomes = [{ id = "away", when = "out" }, { id = "open" }]
"#,
    );
    outcome(&found, "away", 0.5);
    holds(found.never.low, found.never.high, 0.5, 1e-14);
    assert_eq!(found.turns, None);
}

#[test]
fn delays_cooldowns_and_ages_make_finite_chains() {
    // A shot in every third turn hits with 1/4 and lands two turns later; three cooldown turns are ages, not turns.
    let found = text(
        r#"
language = 1
scenario = { id = "shots", turns = 100, evidence = "C: shots" }
state.hit = false
triggers = [{ id = "shot", cooldown = 2, options = [
    { id = "miss", weight = 3 }, { id = "strike", weight = 1, delay = 2, then = ["hit = true"] } ] }]
outcomes = [{ id = "struck", when = "hit" }, { id = "open" }]
"#,
    );
    // Shots in turns 1, 4, 7, ...; the first strike is shot k with (3/4)^(k-1) / 4, and lands in turn 3 k - 2 + 2.
    turns(&found, 12.0);
    assert_eq!((found.outcomes[0].low, found.outcomes[0].high), (1.0, 1.0));
    assert!(found.states < 40, "{}", found.states);
}

#[test]
fn what_the_turn_decides_for_a_while_is_followed_until_then() {
    let timed = |when: &str| {
        format!(
            r#"
language = 1
scenario = {{ id = "timed", turns = 100, evidence = "C: timed" }}
state.over = false
triggers = [{{ id = "end", when = "{when}", chance = 0.5, then = ["over = true"] }}]
outcomes = [{{ id = "over", when = "over" }}, {{ id = "open" }}]
"#
        )
    };
    let found = text(&timed("turn > 7"));
    turns(&found, 9.0);
    assert_eq!(found.alike_from, 9);
    let refused = solved(common::read(&timed("turn % 7 == 0")), None).expect_err("a week never ends");
    assert!(matches!(&refused, Trouble::Clock(places) if places == &["`end`"]), "{refused}");
}

#[test]
fn failures_are_endings() {
    // Half of what is not over fails: a stock of 1 may lose 1 with 1/2, then a second with 1/2.
    let found = text(
        r#"
language = 1
scenario = { id = "leak", turns = 100, evidence = "C: a leak" }
state.stock = { initial = 1, max = 9, integer = true }
triggers = [{ id = "leak", chance = 0.5, then = ["stock -= 1"] }, { id = "gain", chance = 0.25, then = ["stock = 9"] }]
outcomes = [{ id = "full", when = "stock == 9" }, { id = "open" }]
"#,
    );
    // From 1: leaks (1/2) or not, then gains (1/4); so from 1: f1 = 3/8 f0 + 3/8 f1, and f0 = 1/2 + 1/2 (3/4) f0.
    let f0 = 0.8;
    let f1 = 0.375 * f0 / 0.625;
    holds(found.failed.low, found.failed.high, f1, 1e-14);
    outcome(&found, "full", 1.0 - f1);
}
