//! Exact solutions: known answers to twelve digits, batches within sampling error, and what is forgotten changes nothing.

mod common;
#[path = "reference/generate.rs"]
mod generate;
#[path = "reference/phrase.rs"]
mod phrase;
#[path = "reference/print.rs"]
mod print;

use common::textbook::{What, outcome, textbook};
use escalate::compile::compile;
use escalate::exact::{Masses, Request, Trouble, Wanted, chain, solve};
use escalate::model::Model;
use escalate::questions::exactly;
use escalate::report;
use escalate::results::chain::Chain;
use escalate::results::exact::Exact;
use escalate::results::tally::Tally;
use generate::{Plan, plans};
use num_rational::BigRational;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use std::sync::atomic::AtomicBool;

static GO_ON: AtomicBool = AtomicBool::new(false);

const ALL: Wanted = Wanted { milestones: true, rungs: true, scores: true };

fn exact(model: &Model) -> Result<Exact, Trouble> {
    exactly::solve(model, &Request { wanted: ALL, ..Request::new(&GO_ON) }, false)
}

/// Everything that was found, under a name for each number.
fn numbers(turns: &[Masses]) -> Vec<(String, f64)> {
    let mut all = Vec::new();
    for (turn, masses) in turns.iter().enumerate() {
        let lists = [
            ("ended", &masses.ended),
            ("passed", &masses.passed),
            ("fired", &masses.fired),
            ("rungs", &masses.rungs),
            ("peak", &masses.peak),
        ];
        for (name, list) in lists {
            all.extend(list.iter().enumerate().map(|(i, mass)| (format!("{turn} {name} {i}"), mass.value())));
        }
        for (cause, mass) in &masses.failed {
            all.push((format!("{turn} failed {cause:?}"), mass.value()));
        }
        for spread in masses.metrics.iter().chain(&masses.metrics_ended).chain(&masses.scores) {
            all.push((format!("{turn} spread"), spread.mass.value()));
            let mean = spread.mean_and_sd().map_or(0.0, |[mean, _]| mean);
            all.push((format!("{turn} mean"), mean / (1.0 + mean.abs())));
            all.extend(spread.bins.iter().map(|(bin, (_, mass))| (format!("{turn} bin {bin:?}"), mass.value())));
        }
    }
    all
}

#[test]
fn every_textbook_value_is_met() {
    let mut met = 0;
    for book in &textbook() {
        for variant in book.variants() {
            let model = book.model(&variant);
            let found = match exact(&model) {
                Ok(found) => found,
                Err(Trouble::Obstacles(_)) => continue,
                Err(trouble) => panic!("{}: {trouble}", book.path.display()),
            };
            assert!(found.excess.abs() < 1e-14, "{} {variant}: {:e}", book.path.display(), found.excess);
            for known in book.known.iter().filter(|known| known.variant == variant) {
                let value = match &known.what {
                    What::Outcome(id) => found.outcomes[outcome(&model, id)].probability,
                    What::Mean(id) => {
                        let metric = found.metrics.iter().find(|metric| metric.id == *id).expect("a metric");
                        metric.by_turn.last().expect("a turn").1.mean
                    }
                };
                let room = known.within + 1e-9 * known.value;
                let (name, id) = (book.path.display(), &known.what);
                assert!((value - known.value).abs() <= room, "{name} {variant} {id:?}: {value}, known {}", known.value);
                met += 1;
            }
        }
    }
    assert!(met >= 30, "only {met} known values");
}

/// The first number in which counts differ from probabilities by more than chance and the rounding of rare counts allow.
fn beyond_chance(model: &Model, found: &Exact, tally: &Tally) -> Option<String> {
    let n = tally.replications as f64;
    let check = |what: String, p: f64, count: u64| {
        let room = 5.0 * libm::sqrt(n * p * (1.0 - p).max(0.0)) + 5.0;
        ((count as f64 - n * p).abs() > room).then(|| format!("{what}: exact {p}, {count} of {n}"))
    };
    let mut all = Vec::new();
    for (outcome, counts) in found.outcomes.iter().zip(&tally.outcomes) {
        all.push(check(outcome.id.clone(), outcome.probability, counts.iter().sum()));
        for (turn, (p, count)) in outcome.by_turn.iter().zip(counts).enumerate() {
            all.push(check(format!("{} in {turn}", outcome.id), *p, *count));
        }
    }
    all.push(check("failed".to_owned(), found.failed.probability, tally.failed.iter().sum()));
    for (milestone, counts) in found.milestones.iter().zip(&tally.milestones) {
        all.push(check(milestone.id.clone(), milestone.probability, counts.iter().sum()));
    }
    for (event, counts) in found.events.iter().zip(&tally.events) {
        for (turn, (p, count)) in event.by_turn.iter().zip(&counts.by_turn).enumerate() {
            all.push(check(format!("{} in {turn}", event.id), *p, *count));
        }
        if let Some(p) = event.probability {
            all.push(check(format!("{} at all", event.id), p, counts.first_by_turn.iter().sum()));
        }
    }
    if let Some(ladder) = &found.ladder {
        let rungs = ladder.by_turn.iter().flatten().zip(tally.rungs.iter().flatten());
        rungs.enumerate().for_each(|(index, (p, count))| all.push(check(format!("rung {index}"), *p, *count)));
        let peaks = ladder.peak.iter().zip(&tally.peak);
        peaks.enumerate().for_each(|(index, (p, count))| all.push(check(format!("peak {index}"), *p, *count)));
    }
    if found.failed.probability == 0.0 {
        for ((metric, counts), labels) in model.metrics.iter().zip(&tally.metrics).zip(&found.metrics) {
            for (count, (_, distribution)) in counts.iter().zip(&labels.by_turn) {
                let room = 5.0 * distribution.sd / libm::sqrt(n) + 5.0 * (metric.range.high - metric.range.low) / n;
                let Some([mean, _]) = count.mean_and_sd() else { continue };
                let exact = distribution.mean;
                let off = (mean - exact).abs() > room + 1e-9 * exact.abs();
                all.push(off.then(|| format!("{}: exact mean {exact}, of {n} {mean}", labels.id)));
            }
        }
    }
    all.into_iter().flatten().next()
}

#[test]
fn batches_of_shipped_scenarios_are_within_sampling_error() {
    for path in ["scenarios/tutorial.toml", "scenarios/brinkmanship.toml", "scenarios/textbook/pipeline.toml"] {
        let mut scenario = common::read(&common::text(path));
        scenario.header.set_turns(if path.contains("tutorial") { 8 } else { 12 });
        let model = compile(&scenario, None).expect("checked");
        let found = exact(&model).expect("a solution");
        assert_eq!(beyond_chance(&model, &found, &common::run(&model, 3, 0, 20_000, 0)), None, "{path}");
    }
}

/// A plan whose draws have few outcomes, and whose turns are few.
fn followable(mut plan: Plan) -> String {
    plan.turns = plan.turns.min(3);
    plan.drawn.iter_mut().for_each(|draw| draw.distribution = 0);
    let text = plan.to_string();
    let text = text.replace("uniform(", "min(").replace("normal(", "max(").replace("triangular(", "max(");
    text.replace("poisson(", "abs(")
}

#[test]
fn what_is_forgotten_changes_no_probability() {
    const CASES: u32 = 40;
    let solved = std::cell::Cell::new(0);
    let config = Config { cases: CASES, failure_persistence: None, max_global_rejects: 4_000, ..Config::default() };
    let result = TestRunner::new(config).run(&plans(), |plan| {
        let text = followable(plan);
        let (scenario, findings) = escalate::scenario::read(text.as_bytes());
        let scenario = scenario.filter(|_| findings.is_empty()).ok_or_else(|| TestCaseError::reject("no scenario"))?;
        let model = compile(&scenario, None).map_err(|_| TestCaseError::reject("no model"))?;
        let turns = |forget: bool, states_max: usize| {
            let mut turns = Vec::new();
            let request = Request { wanted: ALL, forget, states_max, ..Request::new(&GO_ON) };
            solve(&model, &request, |turn| turns.push(turn.masses.clone())).map(|_| turns)
        };
        let (Ok(short), Ok(long)) = (turns(true, 3_000), turns(false, 20_000)) else {
            return Err(TestCaseError::reject("too many states"));
        };
        let (short, long) = (numbers(&short), numbers(&long));
        prop_eq(&text, &short, &long)?;
        let found = exact(&model).expect("solved before");
        if found.excess.abs() > 1e-14 {
            return Err(TestCaseError::fail(format!("{text}\nexcess {:e}", found.excess)));
        }
        let tally = common::run(&model, 11, 0, 2_048, 1);
        if let Some(difference) = beyond_chance(&model, &found, &tally) {
            return Err(TestCaseError::fail(format!("{text}\n{difference}")));
        }
        solved.set(solved.get() + 1);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert_eq!(solved.get(), CASES);
}

fn prop_eq(text: &str, short: &[(String, f64)], long: &[(String, f64)]) -> Result<(), TestCaseError> {
    let differs = |(a, b): (&(String, f64), &(String, f64))| a.0 != b.0 || (a.1 - b.1).abs() > 1e-13;
    let found = short.iter().zip(long).find(|pair| differs(*pair));
    match found {
        None if short.len() == long.len() => Ok(()),
        found => Err(TestCaseError::fail(format!("{text}\nforgetting, else not: {found:?}"))),
    }
}

/// The tutorial with so many turns.
fn tutorial(turns: u32) -> Model {
    let mut scenario = common::read(&common::text("scenarios/tutorial.toml"));
    scenario.header.set_turns(turns);
    compile(&scenario, None).expect("checked")
}

#[test]
fn threads_change_no_byte() {
    // Enough states for chunks and parts of the table on several threads.
    let model = tutorial(10);
    let bytes = |threads: usize| {
        let request = Request { threads, ..Request::new(&GO_ON) };
        let found = exactly::solve(&model, &request, false).expect("a solution");
        assert!(found.most_states > 20_000, "only {} states", found.most_states);
        serde_json::to_vec(&found).expect("JSON")
    };
    assert_eq!(bytes(1), bytes(3));
}

#[test]
fn pruned_probabilities_are_bounds_that_hold() {
    let model = tutorial(8);
    let whole = exact(&model).expect("a solution");
    let request = Request { prune: 1e-5, ..Request::new(&GO_ON) };
    let pruned = exactly::solve(&model, &request, false).expect("a solution");
    assert!(pruned.slack > 1e-4 && pruned.slack < 0.1, "{}", pruned.slack);
    assert!(pruned.most_states < whole.most_states && pruned.excess.abs() < 1e-14);
    for (narrow, wide) in whole.outcomes.iter().zip(&pruned.outcomes) {
        assert!(wide.probability <= narrow.probability && narrow.probability <= wide.probability + pruned.slack);
    }
    for (narrow, wide) in whole.milestones.iter().zip(&pruned.milestones) {
        assert!(wide.probability <= narrow.probability && narrow.probability <= wide.probability + pruned.slack);
    }
}

#[test]
fn a_chain_runs_on_until_little_is_undecided() {
    let mut scenario = common::read(&common::text("scenarios/textbook/gamblers_ruin.toml"));
    scenario.header.set_turns(10_000);
    let model = compile(&scenario, None).expect("checked");
    let request = Request { until_undecided: Some(1e-13), ..Request::new(&GO_ON) };
    let found = exactly::solve(&model, &request, false).expect("a solution");
    assert!(found.last_turn > 500 && found.last_turn < 1_000, "{}", found.last_turn);
    assert!(found.slack < 1e-13 && found.under_way.last() == Some(&found.slack));
    let (rich, r) = (found.outcomes[0].probability, 10.0_f64 / 9.0);
    let formula = (libm::pow(r, 4.0) - 1.0) / (libm::pow(r, 10.0) - 1.0);
    assert!((rich - formula).abs() < 2e-13, "{rich} {formula}");
}

#[test]
fn whether_triggers_fire_at_all_is_found_by_a_pass_for_each() {
    let model = tutorial(6);
    let found = exactly::solve(&model, &Request::new(&GO_ON), true).expect("a solution");
    assert!(found.events.iter().all(|event| event.probability.is_some()));
    let tally = common::run(&model, 5, 0, 20_000, 0);
    assert_eq!(beyond_chance(&model, &found, &tally), None);
    let first: f64 = found.events[0].first_by_turn.as_ref().expect("asked for").iter().sum();
    assert!((first - found.events[0].probability.expect("asked for")).abs() < 1e-14);
}

#[test]
fn what_is_in_the_way_is_named() {
    let trouble = exactly::solve(&tutorial(10), &Request { states_max: 1_000, ..Request::new(&GO_ON) }, false);
    let text = trouble.expect_err("too many states").to_string();
    assert!(
        text.starts_with("turn ") && text.contains(": more than 1000 states; those with the most values: "),
        "{text}"
    );
    assert!(text.contains("tension (") && text.contains("count(borland_patrols) ("), "{text}");
    let book = textbook().into_iter().find(|book| book.path.ends_with("succession.toml")).expect("in the box");
    let Err(Trouble::Obstacles(obstacles)) = exact(&book.model("base")) else { panic!("drawn from a continuum") };
    assert_eq!(obstacles[0].to_string(), "parameters/chance: a draw of `uniform`");
}

/// The probabilities of the endings, by going through the chain in the order of its states.
fn endings(chain: &Chain) -> Vec<f64> {
    let mut masses = vec![0.0; chain.states.len()];
    masses[0] = 1.0;
    let is_ending = |state: usize| chain.endings.iter().any(|(_, ending)| *ending == state);
    for (index, state) in chain.states.iter().enumerate() {
        let all: BigRational = state.next.iter().map(|(_, p)| p).sum();
        assert_eq!(all.to_string(), "1", "state {index}");
        if !is_ending(index) {
            for (next, p) in &state.next {
                assert!(*next > index || is_ending(*next));
                masses[*next] +=
                    masses[index] * p.to_string().split_once('/').map_or(1.0, |(a, b)| number(a) / number(b));
            }
        }
    }
    chain.endings.iter().map(|(_, ending)| masses[*ending]).collect()
}

fn number(digits: &str) -> f64 {
    digits.parse().expect("a number")
}

#[test]
fn explicit_chains_have_the_same_endings() {
    let tutorial = tutorial(5);
    let books = textbook();
    let small = books.iter().filter(|book| !book.path.ends_with("herman_ring.toml")).map(|book| book.model("base"));
    for model in small.chain([tutorial]) {
        let Ok(chain) = chain(&model, 100_000) else { continue };
        let found = exact(&model).expect("a solution");
        let ours = found.outcomes.iter().map(|outcome| outcome.probability).chain([found.failed.probability]);
        for ((ours, theirs), (label, _)) in ours.zip(endings(&chain)).zip(&chain.endings) {
            assert!((ours - theirs).abs() < 1e-12, "{} {label}: {ours} {theirs}", model.labels.scenario);
        }
    }
}

#[test]
fn a_chain_is_written_in_two_formats() {
    let text = "language = 1\nscenario = { id = 'coin', turns = 2 }\nladder = { rungs = ['calm', 'war'] }
        triggers = [{ id = 'war', rung = 'war', chance = 0.25 }]
        outcomes = [{ id = 'war', when = 'fired(war)' }, { id = 'peace' }]";
    let chain = chain(&common::model(text), 100).expect("a chain");
    let drn = report::drn(&chain);
    let (head, states) = drn.split_once("@model\n").expect("a model");
    assert!(head.contains("@type: DTMC") && head.contains("@nr_states\n5\n"), "{head}");
    let next = ["1 : 1/4\n\t\t4 : 3/4", "1 : 1", "2 : 1", "3 : 1", "1 : 1/4\n\t\t2 : 3/4"];
    let labels = [" init", " outcome_war", " outcome_peace", " failed", ""];
    let state = |(index, (next, label))| format!("state {index}{label}\n\taction 0\n\t\t{next}\n");
    assert_eq!(states, next.iter().zip(labels).enumerate().map(state).collect::<String>());
    let prism = report::prism(&chain);
    assert!(prism.contains("  [] s=4 -> 0.25 : (s'=1) + 0.75 : (s'=2);\n"), "{prism}");
    assert!(prism.contains("label \"outcome_war\" = s=1;\n"), "{prism}");
}
