//! Splitting: unbiased, with intervals that hold, the same bytes on any number of threads, and honest where it climbs badly.

mod common;

use common::textbook::named;
use escalate::chronicle::replay_line;
use escalate::compile::{Toward, compile_toward};
use escalate::draws::copy_of;
use escalate::model::{Climb, Model};
use escalate::rare::{Request, estimate};
use escalate::results::chronicle::{Ending, Entry};
use escalate::results::estimate::Estimate;
use escalate::scenario::Scenario;

fn toward(scenario: &Scenario, variant: &str, outcome: &str) -> (Model, Climb) {
    let goal = Toward::Outcome(outcome.to_owned());
    compile_toward(scenario, scenario.variant(variant), &goal).expect("a clean scenario")
}

fn asked(model: &Model, climb: &Climb, seed: u64, repetitions: u64, effort: u64, threads: usize) -> Estimate {
    let (done, stop) = Default::default();
    estimate(model, climb, &Request { seed, repetitions, effort, threads, done: &done, stop: &stop })
        .expect("within limits")
}

/// Mean of the estimates of some seeds, its standard error, and how many intervals hold the truth.
fn several(model: &Model, climb: &Climb, truth: f64, seeds: u64, repetitions: u64, effort: u64) -> (f64, f64, usize) {
    let found: Vec<Estimate> = (1..=seeds).map(|seed| asked(model, climb, seed, repetitions, effort, 0)).collect();
    let n = found.len() as f64;
    let mean = found.iter().map(|it| it.probability).sum::<f64>() / n;
    let squares: f64 = found.iter().map(|it| (it.probability - mean) * (it.probability - mean)).sum();
    let held = found.iter().filter(|it| it.low <= truth && truth <= it.high).count();
    (mean, libm::sqrt(squares / (n - 1.0) / n), held)
}

/// The probability to reach the top of the ladder from rung 1, by its transition matrix.
fn top_by_matrix(up: f64, rungs: usize, turns: u32) -> f64 {
    let mut at = vec![0.0; rungs + 1];
    at[1] = 1.0;
    for _ in 0..turns {
        let mut next = vec![0.0; rungs + 1];
        (next[0], next[rungs]) = (at[0], at[rungs]);
        for rung in 1..rungs {
            next[rung + 1] += at[rung] * up;
            next[rung - 1] += at[rung] * (1.0 - up);
        }
        at = next;
    }
    at[rungs]
}

#[test]
fn rare_tops_are_estimated_without_bias_and_intervals_hold_them() {
    let book = named("rare_ladder");
    for (variant, up) in [("base", 0.1822), ("billionth", 0.0919), ("trillionth", 0.0447)] {
        let truth = top_by_matrix(up, 10, 100);
        let (model, climb) = toward(&book.scenario, variant, "top");
        let (mean, error, held) = several(&model, &climb, truth, 24, 12, 192);
        assert!((mean - truth).abs() < 3.5 * error, "{variant}: {mean} against {truth}, standard error {error}");
        assert!(error < 0.1 * truth, "{variant}: standard error {error} of {truth}");
        // Of 24 at 95 %: fewer than 19 come once in a thousand times.
        assert!(held >= 19, "{variant}: {held} of 24 intervals hold the truth");
    }
}

/// Climbs a rung a turn, and now and then jumps over three: levels are entered together.
const JUMPS: &str = r#"
language = 1
[scenario]
id = "jumps"
turns = 12
evidence = "A: made for this test"
[state]
level = { initial = 0, min = 0, max = 8, integer = true, overflow = "saturate" }
[[triggers]]
id = "moves"
[[triggers.options]]
id = "falls"
weight = 0.89
then = ["level = 0"]
[[triggers.options]]
id = "climbs"
weight = 0.1
then = ["level += 1"]
[[triggers.options]]
id = "jumps"
weight = 0.01
then = ["level += 3"]
[[outcomes]]
id = "top"
when = "level == 8"
importance = "level"
[[outcomes]]
id = "below"
"#;

#[test]
fn a_jump_over_levels_enters_all_of_them() {
    let scenario = common::read(JUMPS);
    let mut at = [0.0; 9];
    at[0] = 1.0;
    for _ in 0..12 {
        let mut next = [0.0; 9];
        next[8] = at[8];
        for level in 0..8 {
            next[0] += 0.89 * at[level];
            next[level + 1] += 0.1 * at[level];
            next[(level + 3).min(8)] += 0.01 * at[level];
        }
        at = next;
    }
    let (model, climb) = toward(&scenario, "base", "top");
    let (mean, error, held) = several(&model, &climb, at[8], 24, 16, 256);
    assert!((mean - at[8]).abs() < 3.5 * error, "{mean} against {}, standard error {error}", at[8]);
    assert!(held >= 18, "{held} of 24");
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let book = named("brp");
    let (model, climb) = toward(&book.scenario, "base", "unknown");
    let one = serde_json::to_string(&asked(&model, &climb, 5, 7, 200, 1)).expect("JSON");
    for threads in [2, 3] {
        assert_eq!(one, serde_json::to_string(&asked(&model, &climb, 5, 7, 200, threads)).expect("JSON"));
    }
    assert_ne!(one, serde_json::to_string(&asked(&model, &climb, 6, 7, 200, 1)).expect("JSON"));
}

#[test]
fn the_way_to_the_goal_can_be_told() {
    let book = named("rare_ladder");
    let (model, climb) = toward(&book.scenario, "trillionth", "top");
    let found = asked(&model, &climb, 3, 4, 256, 0);
    let line = found.witness.expect("a copy reached the goal");
    assert!(line.len() > 3, "{line:?}");
    assert!(line.iter().is_sorted_by_key(|copy| (copy.level, copy.from_turn)));
    for copy in &line {
        let (estimate, level, index) = copy_of(copy.number).expect("a reserved number");
        assert!((1..=4).contains(&estimate) && level == copy.level && index < 256);
    }
    let told = replay_line(&model, 3, &line);
    assert!(matches!(&told.ending, Ending::Outcome { id, .. } if id == "top"), "{:?}", told.ending);
    let splits = told.turns.iter().flat_map(|turn| &turn.entries);
    assert_eq!(splits.filter(|entry| matches!(entry, Entry::Split { .. })).count(), line.len() - 1);
    // Level by level: at the end of the turn in which a copy was split off, its level is reached for the first time.
    for copy in line.iter().skip(1) {
        let (_, level) = &told.turns[copy.from_turn as usize].metrics[0];
        let threshold = found.levels[copy.level as usize - 1].importance.expect("a level");
        assert!(*level >= threshold, "turn {}: {level} below {threshold}", copy.from_turn);
    }
}

#[test]
fn copies_keep_what_was_drawn_once() {
    // P(nine of nine) = 1/10 only if the chance drawn at the start is the same in all copies of a replication.
    let book = named("succession");
    let (model, climb) = toward(&book.scenario, "base", "always");
    let (mean, error, _) = several(&model, &climb, 0.1, 20, 8, 256);
    assert!((mean - 0.1).abs() < 3.5 * error, "{mean}, standard error {error}");
    let found = asked(&model, &climb, 1, 8, 256, 0);
    let told = replay_line(&model, 1, &found.witness.expect("a copy reached the goal"));
    let drawn = told.turns.iter().flat_map(|turn| &turn.entries).filter(|it| matches!(it, Entry::Start { .. }));
    assert_eq!(drawn.count(), 1);
}

#[test]
fn what_is_under_way_is_copied_too() {
    let book = named("pipeline");
    let (model, climb) = toward(&book.scenario, "base", "full");
    let (mean, error, _) = several(&model, &climb, 0.00243, 20, 8, 256);
    assert!((mean - 0.00243).abs() < 3.5 * error, "{mean}, standard error {error}");
}

#[test]
fn a_milestone_can_be_the_goal() {
    let book = named("rare_ladder");
    let scenario = &book.scenario;
    let goal = Toward::Milestone("firebreak_skirmish".to_owned());
    let (model, climb) = compile_toward(scenario, None, &goal).expect("a clean scenario");
    assert!(!climb.written, "{}", climb.text);
    let truth = top_by_matrix(0.1822, 5, 100);
    let (mean, error, _) = several(&model, &climb, truth, 20, 8, 256);
    assert!((mean - truth).abs() < 3.5 * error, "{mean} against {truth}, standard error {error}");
}

#[test]
fn an_importance_that_misses_a_road_is_found_out() {
    // The same two roads, the one that is not climbed wide enough for few copies to show it.
    let text = common::text("scenarios/textbook/two_roads.toml").replace("value = 0.002", "value = 0.03");
    let scenario = common::read(&text);
    let (model, climb) = toward(&scenario, "base", "war");
    assert_eq!(climb.roads_not_seen, ["(count(accident) >= 3)"]);
    let found = asked(&model, &climb, 1, 20, 512, 0);
    let codes: Vec<&str> = found.warnings.iter().map(|warning| warning.code.as_str()).collect();
    assert!(codes.contains(&"road-not-seen") && codes.contains(&"road-not-climbed"), "{codes:?}");
    // It stays unbiased.
    let at_least_three = |p: f64| {
        let q = 1.0 - p;
        1.0 - libm::pow(q, 20.0) - 20.0 * p * libm::pow(q, 19.0) - 190.0 * p * p * libm::pow(q, 18.0)
    };
    let (mean, error, _) = several(&model, &climb, 0.0, 24, 12, 256);
    assert!((mean - at_least_three(0.03)).abs() < 3.5 * error, "{mean}, standard error {error}");
    // With the road it climbs alone there is nothing to find.
    let (model, climb) = toward(&scenario, "one_road", "war");
    let found = asked(&model, &climb, 1, 20, 512, 0);
    assert!(found.warnings.iter().all(|warning| !warning.code.starts_with("road")), "{:?}", found.warnings);
}

#[test]
fn what_is_never_reached_has_an_upper_end() {
    let book = named("rare_ladder");
    let (model, climb) = toward(&book.scenario, "trillionth", "top");
    let found = asked(&model, &climb, 1, 2, 2, 0);
    assert_eq!((found.probability, found.low), (0.0, 0.0));
    assert!(found.high > 1e-12 && found.high <= 1.0, "{}", found.high);
    assert_eq!(found.warnings[0].code, "nothing-reached");
}

#[test]
fn without_levels_it_is_plain_monte_carlo() {
    let book = named("coupon_collector");
    let (model, climb) = toward(&book.scenario, "base", "complete");
    let found = asked(&model, &climb, 1, 20, 512, 0);
    assert!((found.probability - 0.43781568062117904).abs() < 4.0 * found.standard_error);
    assert_eq!(found.levels.len(), 1, "nothing rare, no levels");
}

#[test]
fn derived_importances_follow_the_condition() {
    let derived = |when: &str| {
        let text = JUMPS.replace("when = \"level == 8\"\nimportance = \"level\"", &format!("when = \"{when}\""));
        let (_, climb) = toward(&common::read(&text), "base", "top");
        climb.text
    };
    assert_eq!(derived("level >= 4"), "clamp((1 - ((4 - level) / 4)), 0, 1)");
    assert_eq!(derived("level >= 4 and turn >= 3"), "clamp((1 - ((4 - level) / 4)), 0, 1)");
    assert_eq!(derived("turn == 12"), "0");
    assert_eq!(
        derived("fired(moves.jumps) or level > 4"),
        "max(number(fired(moves.jumps)), clamp((1 - ((4 - level) / 4)), 0, 1))"
    );
    let guarded = JUMPS.replace("id = \"moves\"", "id = \"moves\"\nwhen = \"level < 6\"");
    let guarded = guarded.replace("when = \"level == 8\"\nimportance = \"level\"", "when = \"fired(moves.jumps)\"");
    let (_, climb) = toward(&common::read(&guarded), "base", "top");
    assert_eq!(climb.text, "(if fired(moves.jumps) then 1 else (0.9 * clamp((1 - ((level - 6) / 2)), 0, 1)))");
}

#[test]
fn limits_and_unknown_goals_are_told() {
    let book = named("rare_ladder");
    let (model, climb) = toward(&book.scenario, "base", "top");
    let (done, stop) = Default::default();
    let ask = |repetitions, effort| {
        let request = Request { seed: 1, repetitions, effort, threads: 1, done: &done, stop: &stop };
        estimate(&model, &climb, &request).expect_err("a limit").to_string()
    };
    assert!(ask(1, 64).contains("repetitions must lie between 2 and 65534"), "{}", ask(1, 64));
    assert!(ask(2, 0).contains("copies on a level"));
    assert!(ask(2, 1 << 24).contains("start fewer copies"), "{}", ask(2, 1 << 24));
    let unknown = compile_toward(&book.scenario, None, &Toward::Outcome("bottom".to_owned())).expect_err("no goal");
    assert!(unknown[0].message.contains("no outcome `bottom`"));
}

#[cfg(feature = "cli")]
#[test]
fn the_command_writes_files_and_says_whether_to_trust_them() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("rare");
    let _ = std::fs::remove_dir_all(&folder);
    let run = |file: &str, arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_escalate"));
        command.args(["rare", file, "--repetitions", "10", "--effort", "128", "--out"]).arg(&folder).args(arguments);
        command.current_dir(common::root()).output().expect("the binary runs")
    };
    let ladder = "scenarios/textbook/rare_ladder.toml";
    let told = run(ladder, &["--outcome", "top", "--tell"]);
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    let text = String::from_utf8(told.stdout).expect("UTF-8");
    assert!(text.contains("> level 1: goes on as copy") && text.contains("Ends: top"), "{text}");
    for file in ["estimate.json", "chronicle.json", "tables/levels.csv", "tables/repetitions.csv", "charts/levels.svg"]
    {
        assert!(folder.join(file).is_file(), "{file}");
    }
    let doubted = run("scenarios/textbook/two_roads.toml", &["--outcome", "war"]);
    assert_eq!(doubted.status.code(), Some(1), "{doubted:?}");
    let unknown = run(ladder, &["--outcome", "tip"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("did you mean `top`"), "{unknown:?}");
    let neither = run(ladder, &[]);
    assert_eq!(neither.status.code(), Some(2));
}

/// The scenario of `examples/roads`: a door that opens with this chance in turn 1, and three steps behind it.
fn roads(door: &str, step: &str, importance: &str) -> escalate::scenario::Scenario {
    let text = common::text("examples/roads/roads.toml").replace("@when", "turn == 1");
    common::read(&text.replace("@door", door).replace("@step", step).replace("@importance", importance))
}

#[test]
fn a_road_that_opens_seldom_is_gone_by_force() {
    // Six of twenty provocations, 3.44e-8; or a door of 1e-7, behind which three of twenty steps of 0.17 are 0.67.
    let (door, step) = (1e-7, 0.17_f64);
    let q = 1.0 - step;
    let three = 1.0 - libm::pow(q, 20.0) - 20.0 * step * libm::pow(q, 19.0) - 190.0 * step * step * libm::pow(q, 18.0);
    let six = 3.4364159857557137e-8;
    let truth = six + door * three - six * door * three;
    for importance in ["", "importance = \"count(provocation)\""] {
        let (model, climb) = toward(&roads("1e-7", "0.17", importance), "base", "war");
        let (mean, error, held) = several(&model, &climb, truth, 16, 12, 256);
        assert!((mean - truth).abs() < 3.5 * error, "{mean} against {truth}, standard error {error}");
        assert!(held >= 12, "{held} of 16");
        let found = asked(&model, &climb, 1, 12, 256, 0);
        assert!(found.by_force > 0.4 * found.probability, "{} of {}", found.by_force, found.probability);
        assert!(found.warnings.iter().all(|warning| warning.code == "road-not-seen"), "{:?}", found.warnings);
    }
}

#[test]
fn nothing_is_forced_where_nothing_is_rare() {
    let book = named("rare_ladder");
    let (model, climb) = toward(&book.scenario, "billionth", "top");
    let found = asked(&model, &climb, 1, 12, 256, 0);
    assert_eq!((found.by_force, found.unseen.bound), (0.0, 0.0));
}
