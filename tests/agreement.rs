//! The judge against scenarios worked out by hand, and the engine against the judge, bit for bit.

mod common;
mod reference;

use escalate::batch::{Batch, run};
use escalate::chronicle::replay;
use escalate::compile::compile;
use escalate::expression::{Mask, lanes};
use escalate::model::Model;
use escalate::results::chronicle::Ending;
use escalate::scenario::{self, Scenario, Variant};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use reference::engine::engine_traces;
use reference::generate::plans;
use reference::{Ended, Trace, replicate};
use std::sync::atomic::{AtomicBool, AtomicU64};

/// Reads a scenario of so many turns, with two actors, a ladder, and one outcome at the end unless it has others.
#[track_caller]
fn small(turns: u32, order: &str, rest: &str) -> Scenario {
    let last = "[[outcomes]]\nid = \"over\"\n";
    let text = format!(
        "language = 1\nscenario = {{ id = \"small\", turns = {turns}, order = \"{order}\" }}\n\
         ladder = {{ rungs = [\"calm\", \"tense\", \"war\"] }}\nactors = {{ us = {{}}, them = {{}} }}\n{rest}\n{last}"
    );
    read(&text)
}

#[track_caller]
fn read(text: &str) -> Scenario {
    let (scenario, findings) = scenario::read(text.as_bytes());
    let errors: Vec<_> = findings.iter().map(|finding| &finding.message).collect();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    scenario.expect("a scenario")
}

#[track_caller]
fn play(turns: u32, rest: &str) -> Trace {
    both(&small(turns, "sequential", rest))
}

/// What the judge says, and the engine too.
#[track_caller]
fn both(scenario: &Scenario) -> Trace {
    let model = model_of(scenario, None).expect("a model");
    let trace = replicate(scenario, 1, 0);
    assert_eq!(difference(&trace, &engine_traces(&model, 1, 0, 1)[0]), None);
    trace
}

/// The turns in which something is in a list of the trace.
fn turns_of(trace: &Trace, list: impl Fn(&reference::TurnTrace) -> &Vec<String>, event: &str) -> Vec<usize> {
    let turns = trace.turns.iter().enumerate();
    turns.flat_map(|(turn, it)| list(it).iter().filter(|id| *id == event).map(move |_| turn)).collect()
}

fn fired(trace: &Trace, event: &str) -> Vec<usize> {
    turns_of(trace, |turn| &turn.fired, event)
}

fn landed(trace: &Trace, event: &str) -> Vec<usize> {
    turns_of(trace, |turn| &turn.landed, event)
}

/// A variable turn by turn.
fn values(trace: &Trace, path: &str) -> Vec<f64> {
    trace.turns.iter().map(|turn| turn.values[path]).collect()
}

#[test]
fn a_cooldown_counts_from_firing() {
    let trace =
        play(8, "triggers = [{ id = 'x', cooldown = 2 }, { id = 'y', when = 'turn > 1', cooldown = 1, limit = 2 }]");
    assert_eq!(fired(&trace, "x"), [1, 4, 7]);
    assert_eq!(fired(&trace, "y"), [2, 4]);
    assert_eq!((trace.ended, trace.end_turn), (Ended::Outcome("over".to_owned()), 8));
}

#[test]
fn commitments_and_conditional_injects_fire_once() {
    let rest = "injects = [{ id = 'a', when = 'turn >= 2' }, { id = 'b', turn = [1, 3] }, { id = 'c', when = true, limit = 2 }]
        triggers = [{ id = 'x', honour = { chance = 0 } }, { id = 'y', limit = 2, honour = { chance = 1 } }]";
    let trace = play(4, rest);
    assert_eq!(["a", "b", "c"].map(|event| fired(&trace, event)), [vec![2], vec![1, 3], vec![1, 2]]);
    assert_eq!([fired(&trace, "x"), fired(&trace, "x.breach"), fired(&trace, "x.honour")], [vec![1], vec![1], vec![]]);
    assert_eq!(trace.turns[1].fired, ["b", "c", "x", "x.breach", "y", "y.honour"]);
    assert_eq!(fired(&trace, "y.honour"), [1, 2]);
}

#[test]
fn a_delay_lands_among_the_arrivals() {
    let rest = "state = { n = { initial = 0, min = 0, max = 99 }, seen = { initial = 0, min = 0, max = 99 } }
        dynamics = [{ id = 'd', then = ['seen = n'] }]
        triggers = [{ id = 'x', when = 'pending(x) == 0', delay = 2, then = ['n += turn'] },
                    { id = 'y', when = 'since_landed(x) == 0', limit = 1, delay = 9 }]";
    let trace = play(5, rest);
    assert_eq!((fired(&trace, "x"), landed(&trace, "x")), (vec![1, 3, 5], vec![3, 5]));
    assert_eq!((fired(&trace, "y"), landed(&trace, "y")), (vec![3], vec![]));
    assert_eq!(values(&trace, "n"), [0.0, 0.0, 0.0, 3.0, 3.0, 8.0]);
    assert_eq!(values(&trace, "seen"), values(&trace, "n"));
}

#[test]
fn landings_in_one_turn_draw_apart() {
    let rest = "state = { a = 0, b = 0 }
        triggers = [{ id = 'x', delay = [1, 3], then = ['b = a', 'a = uniform(0, 1)'] }]";
    let trace = play(30, rest);
    let double = trace.turns.iter().filter(|turn| turn.landed.len() > 1);
    assert!(double.clone().count() > 3 && double.clone().all(|turn| turn.values["a"] != turn.values["b"]));
    assert!(landed(&trace, "x").len() <= fired(&trace, "x").len() && fired(&trace, "x").len() == 30);
}

#[test]
fn the_order_decides_what_triggers_see() {
    let rest = "state = { a = 1, b = 0, c = 0, s = 0 }
        dynamics = [{ id = 'd', then = ['s = a'] }]
        triggers = [{ id = 'swap', then = ['a = b', 'b = a'] }, { id = 'x', when = 'fired(swap)', then = ['c += 0.25'] },
                    { id = 'y', then = ['c += b', 'c *= 0.5'] }]";
    let one = both(&small(2, "sequential", rest));
    let all = both(&small(2, "simultaneous", rest));
    assert_eq!(
        [values(&one, "a"), values(&one, "b"), values(&one, "c")],
        [[1.0, 0.0, 0.0], [0.0; 3], [0.0, 0.125, 0.1875]]
    );
    assert_eq!([values(&all, "a"), values(&all, "b")], [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]);
    assert_eq!(values(&all, "c"), [0.0, 0.0, 0.5]);
    assert_eq!((fired(&one, "x"), fired(&all, "x")), (vec![1, 2], vec![2]));
    assert_eq!([values(&one, "s"), values(&all, "s")], [[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]]);
}

#[test]
fn actor_order_regroups_the_triggers() {
    let rest = "actors = { a = { state = { goods = 1 } }, b = {}, c = {} }\noutcomes = [{ id = 'over' }]
        triggers = [{ id = 'b1', actor = 'b' }, { id = 'c1', actor = 'c' }, { id = 'n' }, { id = 'b2', actor = 'b' },
                    { id = 'a1', from = 'a.goods', to = 'a.goods', amount = 0.5 }]";
    let text = |order| format!("language = 1\nscenario = {{ id = 's', turns = 1, actor_order = [{order}] }}\n{rest}");
    let order = |order| both(&read(&text(order))).turns[1].fired.join(" ");
    assert_eq!(order(""), "b1 c1 n b2 a1");
    assert_eq!(order("'c', 'b', 'a'"), "n c1 b1 b2 a1");
    assert_eq!(order("'a'"), "n a1 b1 c1 b2");
}

#[test]
fn prev_and_each_turn() {
    let rest = "state = { x = { initial = 1, min = 0, max = 99 }, flow = { initial = 0.25, each_turn = true }, old = { initial = 0, min = 0, max = 99 }, was = 0 }
        dynamics = [{ id = 'd', then = ['x *= 2', 'old = prev(x)', 'was = prev(flow)', 'flow += 0.5', 'flow += 0.5'] }]";
    let trace = play(3, rest);
    assert_eq!([values(&trace, "x"), values(&trace, "old")], [[1.0, 2.0, 4.0, 8.0], [0.0, 1.0, 2.0, 4.0]]);
    assert_eq!([values(&trace, "flow"), values(&trace, "was")], [[0.25, 1.0, 1.0, 1.0], [0.0, 0.25, 1.0, 1.0]]);
}

#[test]
fn goods_are_conserved() {
    let rest = "state = { from = 1.0, to = { initial = 0, min = 0, max = 9 }, far = { initial = 0, min = 0, max = 9 } }
        triggers = [{ id = 'send', from = 'from', to = 'to', amount = 0.375, loss = 0.5, transit = 2 },
                    { id = 'gift', to = 'far', amount = 'if turn == 2 then 0 else 1' },
                    { id = 'none', from = 'from', to = 'to', amount = '-1' }]";
    let trace = play(6, rest);
    assert_eq!(fired(&trace, "send"), [1, 2, 3]);
    assert_eq!(landed(&trace, "send"), [3, 4, 5]);
    assert_eq!(values(&trace, "from"), [1.0, 0.625, 0.25, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(values(&trace, "to"), [0.0, 0.0, 0.0, 0.1875, 0.375, 0.5, 0.5]);
    assert_eq!(values(&trace, "far"), [0.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(fired(&trace, "none"), Vec::<usize>::new());
}

#[test]
fn weights_of_zero_choose_nothing() {
    let rest = "state = { w = 0 }
        triggers = [{ id = 'x', options = [{ id = 'a', weight = 'w' }, { id = 'b', weight = '2 * w' }, { id = 'c', weight = 0 }] },
                    { id = 'y', when = 'turn == 2', then = ['w = 1'] }]";
    let trace = play(40, rest);
    assert_eq!(fired(&trace, "x"), Vec::from_iter(3..=40));
    assert_eq!(fired(&trace, "x.c"), Vec::<usize>::new());
    let taken = [fired(&trace, "x.a").len(), fired(&trace, "x.b").len()];
    assert!(taken[0] > 4 && taken[1] > taken[0] && taken[0] + taken[1] == 38, "{taken:?}");
}

#[test]
fn who_saw_what() {
    let rest = "actors = { a = {}, b = {}, c = {} }\noutcomes = [{ id = 'over' }]
        triggers = [{ id = 'open', actor = 'a' }, { id = 'hidden', actor = 'a', observed_by = { b = 0 } },
                    { id = 'seen', actor = 'a', observed_by = { b = 1 }, options = [{ id = 'o' }, { id = 'p', weight = 0 }] },
                    { id = 'after', actor = 'c', observed_by = { b = 'number(landed(after) and observed(c, after))' } }]
        metrics = [{ id = 'q', value = 'number(observed(b, after))' }, { id = 'm', value = 'number(observed(a, hidden)) + 10 * number(observed(b, hidden))' },
                   { id = 'n', value = 'number(observed(b, open)) + 10 * number(observed(b, seen))' },
                   { id = 'o', value = 'number(observed(c, seen)) + 10 * number(observed(b, seen.o)) + since_observed(b, seen)', max = 99 }]";
    let trace = both(&read(&format!("language = 1\nscenario = {{ id = 's', turns = 2 }}\n{rest}")));
    assert_eq!(["m", "n", "o", "q"].map(|metric| trace.turns[2].metrics[metric]), [1.0, 11.0, 10.0, 1.0]);
}

#[test]
fn rungs_last_a_turn_and_peaks_for_ever() {
    let rest = "triggers = [{ id = 'x', actor = 'us', rung = 'war', when = 'turn == 2', options = [{ id = 'o' }, { id = 'p', weight = 0 }] },
                            { id = 'y', actor = 'them', rung = 'tense', when = 'prev(rung) == war and prev(rung(us)) > tense' }]
        milestones = [{ id = 'm', when = 'peak_rung == war and rung < war' }]
        metrics = [{ id = 'k', value = 'peak_rung * 10 + rung(them)' }]";
    let trace = play(4, rest);
    assert_eq!(trace.turns.iter().map(|turn| turn.rung).collect::<Vec<_>>(), [0, 0, 2, 1, 0]);
    assert_eq!(fired(&trace, "y"), [3]);
    assert_eq!(turns_of(&trace, |turn| &turn.milestones, "m"), [3]);
    assert_eq!(trace.turns.iter().map(|turn| turn.metrics["k"]).collect::<Vec<_>>(), [0.0, 0.0, 20.0, 21.0, 20.0]);
}

#[test]
fn bounds_stop_or_fail() {
    let rest = "state = { x = 0.5, n = { initial = 3, min = 0, max = 4, integer = true } }
        triggers = [{ id = 'x1', then = ['x += 9', 'n += 1'] }, { id = 'z' }]";
    let trace = play(5, rest);
    assert_eq!((trace.ended, trace.end_turn), (Ended::Failed("triggers/x1/then".to_owned()), 2));
    assert_eq!(trace.turns[2].fired, ["x1"]);
    assert_eq!(trace.turns[1].values["x"], 1.0);
}

#[test]
fn what_has_no_value_fails_where_it_is_needed() {
    let fails = |trigger: &str| {
        let trace = play(3, &format!("state = {{ x = 0, f = false }}\ntriggers = [{{ id = 'x1', {trigger} }}]"));
        match trace.ended {
            Ended::Failed(path) => path,
            Ended::Outcome(_) => String::new(),
        }
    };
    assert_eq!(fails("when = '1 / x > 0'"), "triggers/x1/when");
    assert_eq!(fails("when = 'x > 0 and 1 / x > 0'"), "");
    assert_eq!(fails("when = 'x == 0 or 1 / x > 0'"), "");
    assert_eq!(fails("chance = 'sqrt(x - 1)'"), "triggers/x1/chance");
    assert_eq!(fails("chance = 'if x > 0 then 1 / x else 1'"), "");
    assert_eq!(fails("then = ['f = 0 % x == 0']"), "triggers/x1/then");
    assert_eq!(fails("then = ['x = min(1, 0 / x)']"), "triggers/x1/then");
    assert_eq!(fails("options = [{ id = 'o' }, { id = 'p', weight = 'x - 1' }]"), "triggers/x1/options/p/weight");
    assert_eq!(fails("options = [{ id = 'o', weight = '-ln(x)' }, { id = 'p' }]"), "triggers/x1/options/o/weight");
    let endless = "options = [{ id = 'o', weight = '10 ^ (308 + x)' }, { id = 'p', weight = '10 ^ (308 + x)' }]";
    assert_eq!(fails(endless), "triggers/x1/options/p/weight");
    assert_eq!(fails("honour = { chance = 'ln(x - 1)' }"), "triggers/x1/honour/chance");
    assert_eq!(fails("to = 'x', amount = '1 / x'"), "triggers/x1/amount");
    assert_eq!(fails("to = 'x', amount = 1, loss = 'x / x'"), "triggers/x1/loss");
    assert_eq!(fails("observed_by = { us = '1 / x' }"), "triggers/x1/observed/us");
}

/// The model of a scenario, or what is wrong with it.
fn model_of(scenario: &Scenario, variant: Option<&Variant>) -> Result<Model, String> {
    compile(scenario, variant).map_err(|findings| findings.iter().map(|it| format!("{}\n", it.message)).collect())
}

/// Where two traces differ, if they do; numbers are compared bit for bit.
fn difference(judge: &Trace, engine: &Trace) -> Option<String> {
    let lines = |trace: &Trace| {
        let mut lines = vec![format!("{:?} in turn {}", trace.ended, trace.end_turn)];
        for (number, turn) in trace.turns.iter().enumerate() {
            let values = turn.values.iter().chain(&turn.metrics);
            lines.push(format!("turn {number}: fired {:?}, landed {:?}", turn.fired, turn.landed));
            lines.push(format!("turn {number}: milestones {:?}, rung {}", turn.milestones, turn.rung));
            lines.extend(values.map(|(id, value)| format!("turn {number}: {id} {value:?} {:016x}", value.to_bits())));
        }
        lines
    };
    let (judge, engine) = (lines(judge), lines(engine));
    let index = (0..judge.len().max(engine.len())).find(|index| judge.get(*index) != engine.get(*index))?;
    Some(format!("judge: {} {:?}\nengine: {} {:?}", judge[0], judge.get(index), engine[0], engine.get(index)))
}

/// Holds some replications of a group, run among those of a mask, against the judge.
fn agree(scenario: &Scenario, model: &Model, group: u64, run: Mask, judged: Mask) -> Result<(), String> {
    let traces = engine_traces(model, 7, group, run);
    for lane in lanes(judged) {
        let replication = 64 * group + lane as u64;
        match difference(&replicate(scenario, 7, replication), &traces[lane]) {
            None => {}
            Some(difference) => return Err(format!("replication {replication}\n{difference}")),
        }
    }
    Ok(())
}

/// Runs a property of scenario and model over generated scenarios; `AGREEMENT_CASES` says over how many.
fn over_plans(cases: u32, property: impl Fn(&Scenario, &Model) -> Result<(), String>) {
    let cases = std::env::var("AGREEMENT_CASES").map_or(cases, |cases| cases.parse().expect("a number"));
    let config = Config { cases, failure_persistence: None, max_global_rejects: 10 + cases / 5, ..Config::default() };
    let result = TestRunner::new(config).run(&plans(), |plan| {
        let text = plan.to_string();
        let scenario = read(&text);
        for variant in [None, scenario.variant("other")] {
            // A constant without a value, or a weight that is always negative, is an error; chance makes a few of them.
            let model = model_of(&scenario, variant).map_err(TestCaseError::reject)?;
            let resolved = scenario.resolved(variant).expect("a variant");
            let result = property(&resolved, &model);
            result.map_err(|error| TestCaseError::fail(format!("{text}\n{}: {error}", model.labels.variant)))?;
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn the_engine_agrees_with_the_judge() {
    const SOME: Mask = 0x8000_0400_0010_0005;
    over_plans(100, |scenario, model| {
        agree(scenario, model, 0, SOME, SOME)?;
        agree(scenario, model, 3, Mask::MAX, SOME)?;
        agree(scenario, model, (1 << 40) / 64, SOME, SOME)
    });
}

#[test]
fn the_engine_agrees_with_the_judge_on_the_scenarios_in_the_box() {
    for path in common::shipped() {
        let (scenario, _) = scenario::read(&std::fs::read(&path).expect("a file"));
        let scenario = scenario.expect("TOML");
        for variant in std::iter::once(None).chain(scenario.variants.iter().map(Some)) {
            let model = model_of(&scenario, variant).expect("a model");
            let resolved = scenario.resolved(variant).expect("a variant");
            for (group, judged) in [(0, 0b1001), (2, 1 << 63), (1 << 34, 1 << 17)] {
                if let Err(difference) = agree(&resolved, &model, group, Mask::MAX, judged) {
                    panic!("{} {:?}: {difference}", path.display(), variant.map(|it| &it.id.text));
                }
            }
        }
    }
}

/// What a tally counts, from the traces of the judge.
fn counted(model: &Model, traces: &[Trace]) -> Vec<(String, Vec<usize>)> {
    let turns = model.turns as usize + 1;
    let count = |name: String, turn_of: &dyn Fn(&Trace) -> Vec<usize>| {
        let mut counts = vec![0; turns];
        traces.iter().flat_map(turn_of).for_each(|turn| counts[turn] += 1);
        (name, counts)
    };
    let mut all = Vec::new();
    for outcome in &model.labels.outcomes {
        let ended = |trace: &Trace| trace.ended == Ended::Outcome(outcome.id.clone());
        all.push(count(outcome.id.clone(), &|it| ended(it).then_some(it.end_turn as usize).into_iter().collect()));
    }
    let failed = |trace: &Trace| matches!(trace.ended, Ended::Failed(_));
    all.push(count("failed".to_owned(), &|it| failed(it).then_some(it.end_turn as usize).into_iter().collect()));
    for event in &model.labels.events {
        all.push(count(event.id.clone(), &|trace| fired(trace, &event.id)));
        all.push(count(event.id.clone(), &|trace| fired(trace, &event.id).into_iter().take(1).collect()));
    }
    for milestone in &model.labels.milestones {
        all.push(count(milestone.id.clone(), &|it| turns_of(it, |turn| &turn.milestones, &milestone.id)));
    }
    for rung in 0..model.labels.rungs.len() {
        let at = |trace: &Trace, turn: usize| trace.turns[turn.min(trace.end_turn as usize)].rung as usize == rung;
        all.push(count(format!("rung {rung}"), &|it| (0..turns).filter(|turn| at(it, *turn)).collect()));
    }
    all
}

#[test]
fn a_batch_counts_what_the_judge_sees() {
    over_plans(12, |scenario, model| {
        let (first, replications) = (41, 90);
        let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let tally = run(model, &Batch { seed: 7, first, replications, threads: 2, done: &done, stop: &stop })
            .map_err(|error| error.to_string())?;
        let traces: Vec<Trace> = (first..first + replications).map(|it| replicate(scenario, 7, it)).collect();
        let rungs = (0..model.labels.rungs.len()).map(|rung| tally.rungs.iter().map(|turn| turn[rung]).collect());
        let counts: Vec<Vec<u64>> = tally
            .outcomes
            .iter()
            .cloned()
            .chain([tally.failed.clone()])
            .chain(tally.events.iter().flat_map(|event| [event.by_turn.clone(), event.first_by_turn.clone()]))
            .chain(tally.milestones.iter().cloned())
            .chain(rungs)
            .collect();
        let judged = counted(model, &traces);
        assert_eq!(judged.len(), counts.len());
        for ((name, judged), counts) in judged.iter().zip(&counts) {
            if !judged.iter().map(|count| *count as u64).eq(counts.iter().copied()) {
                return Err(format!("{name}: judge {judged:?}, batch {counts:?}"));
            }
        }
        for (replication, trace) in (first..first + 3).zip(&traces) {
            let told = match replay(model, 7, replication).ending {
                Ending::Outcome { id, turn, .. } => (Some(id), turn),
                Ending::Failed { turn } => (None, turn),
            };
            let judged = match &trace.ended {
                Ended::Outcome(id) => (Some(id.clone()), trace.end_turn),
                Ended::Failed(_) => (None, trace.end_turn),
            };
            if told != judged {
                return Err(format!("replication {replication}: judge {judged:?}, chronicle {told:?}"));
            }
        }
        Ok(())
    });
}
