//! Common random numbers: what does not hang on a change keeps its draws, decision by decision.

mod common;

use common::{model, text};
use escalate::chronicle::replay;
use escalate::model::Model;
use escalate::results::chronicle::{Chance, Entry};
use std::collections::BTreeMap;

const FLAGSHIP: &str = "scenarios/korea_2024.toml";

/// Every decision of some replications: replication, turn, event and role, with the draw that settled it.
fn draws(model: &Model) -> BTreeMap<(u64, u32, String), u64> {
    let mut draws = BTreeMap::new();
    for replication in 0..12 {
        for turn in replay(model, 11, replication).turns {
            for entry in turn.entries {
                let Entry::Rule(rule) = entry else { continue };
                let mut note = |role: &str, chance: Option<Chance>| {
                    if let Some(draw) = chance.and_then(|chance| chance.draw) {
                        draws.insert((replication, turn.turn, format!("{}/{role}", rule.event)), draw.to_bits());
                    }
                };
                note("chance", rule.chance);
                note("honour", rule.honour);
                for observer in &rule.observers {
                    note(&observer.actor, Some(observer.chance));
                }
            }
        }
    }
    draws
}

/// The decisions that both have, and how many there are in each.
#[track_caller]
fn assert_same_luck(before: &Model, after: &Model) -> (usize, usize, usize) {
    let (before, after) = (draws(before), draws(after));
    let mut shared = 0;
    for (decision, draw) in &before {
        if let Some(other) = after.get(decision) {
            assert_eq!(draw, other, "{decision:?}");
            shared += 1;
        }
    }
    (before.len(), after.len(), shared)
}

/// The flagship with something put before its first trigger.
fn with_first(addition: &str) -> String {
    let flagship = text(FLAGSHIP);
    let first = flagship.find("[[triggers]]").expect("triggers");
    format!("{}{addition}\n\n{}", &flagship[..first], &flagship[first..])
}

const UNRELATED: &str = r#"[[triggers]]
id = "a_comet_is_seen"
chance = 0.5
delay = [1, 4]
observed_by = { us = 0.5, rok = 0.25 }
"#;

#[test]
fn adding_an_unrelated_trigger_moves_no_other_draw() {
    let (before, after) = (model(&text(FLAGSHIP)), model(&with_first(UNRELATED)));
    let (before_count, after_count, shared) = assert_same_luck(&before, &after);
    assert_eq!(before_count, shared, "everything that was decided before is decided still");
    assert!(after_count > before_count, "and the comet draws");
}

#[test]
fn an_unrelated_trigger_changes_no_result() {
    let (before, after) = (model(&text(FLAGSHIP)), model(&with_first(UNRELATED)));
    for replication in 0..12 {
        let without = replay(&before, 11, replication);
        let mut with = replay(&after, 11, replication);
        for turn in &mut with.turns {
            turn.entries.retain(|entry| match entry {
                Entry::Rule(rule) => rule.event != "a_comet_is_seen",
                Entry::Landing { event, .. } => event != "a_comet_is_seen",
                _ => true,
            });
        }
        assert_eq!(without, with, "replication {replication}");
    }
}

#[test]
fn removing_it_again_gives_the_scenario_before() {
    let with = with_first(UNRELATED);
    let without = with.replace(UNRELATED, "");
    assert_eq!(draws(&model(&text(FLAGSHIP))), draws(&model(&without)));
}

#[test]
fn reordering_moves_no_draw() {
    let first = model(&with_first(UNRELATED));
    let last = model(&format!("{}\n{UNRELATED}", text(FLAGSHIP)));
    let (before, after, shared) = assert_same_luck(&first, &last);
    assert_eq!((before, after), (shared, shared));
}

#[test]
fn disabling_leaves_the_draws_of_all_others() {
    let flagship = text(FLAGSHIP);
    let before = model(&flagship);
    let scenario = common::read(&format!("{flagship}\n[variants.no_leaflets_at_all]\ndisable = [\"leaflets\"]\n"));
    let after = escalate::compile::compile(&scenario, scenario.variant("no_leaflets_at_all")).expect("checked");
    let (before_count, _, shared) = assert_same_luck(&before, &after);
    assert!(shared * 10 > before_count * 5, "{shared} of {before_count} decisions are still made");
}

#[test]
fn variants_share_the_luck_of_the_base_case() {
    let scenario = common::read(&text(FLAGSHIP));
    let base = escalate::compile::compile(&scenario, None).expect("checked");
    for variant in &scenario.variants {
        let model = escalate::compile::compile(&scenario, Some(variant)).expect("checked");
        let (_, _, shared) = assert_same_luck(&base, &model);
        assert!(shared > 500, "{}: {shared}", variant.id.text);
    }
}
