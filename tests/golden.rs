//! Counts stay what they were: digests of whole tallies, pinned when the engine was plain and slow.
//!
//! A digest changes only together with a version (semantics or draws), never because the engine got faster. With the
//! environment variable `GOLDEN_WRITE`, the test writes the file anew.

mod common;

use common::{read, root, run, shipped, text};
use escalate::compile::{BASE, compare, compile};
use escalate::provenance::{digest, hex};
use escalate::results::tally::Tally;

/// Scenarios in the box whose meaning is settled, and generated ones in which a little of everything happens.
const SCENARIOS: &[&str] = &["scenarios/tutorial.toml", "scenarios/brinkmanship.toml", "scenarios/cuba_1962.toml"];
const PLANS: usize = 8;

/// Seed and replications: blocks are cut at both ends.
const RUNS: &[(u64, u64, u64)] = &[(20, 41, 1_000), (u64::MAX, (1 << 40) + 7, 100)];

/// All that a tally counts, field by field, so that a new field moves no digest.
fn counts(tally: &Tally) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        tally.replications,
        tally.outcomes,
        tally.failed,
        tally.failures,
        tally.milestones,
        tally.events,
        tally.metrics,
        tally.rungs,
        tally.peak,
        tally.scores,
        tally.saturations,
        tally.clamped,
        tally.claims
    )
}

/// A line for each variant: the file, the variant, what it means, what was counted.
fn lines(path: &str) -> Vec<String> {
    let scenario = read(&text(path));
    let variants = std::iter::once(None).chain(scenario.variants.iter().map(Some));
    let line = |variant| {
        let model = compile(&scenario, variant).expect("checked");
        let all: Vec<String> = RUNS.iter().map(|(seed, first, n)| counts(&run(&model, *seed, *first, *n, 1))).collect();
        let (meaning, counted) = (hex(&model.hash), hex(&digest(all.join("\n").as_bytes())));
        format!("{path} {} {} {}", model.labels.variant, &meaning[..16], &counted[..32])
    };
    variants.map(line).collect()
}

#[test]
fn counts_are_what_they_were() {
    let plans = (1..=PLANS).map(|number| format!("tests/golden/plan_{number}.toml"));
    let found: Vec<String> =
        SCENARIOS.iter().map(|path| (*path).to_owned()).chain(plans).flat_map(|path| lines(&path)).collect();
    if std::env::var_os("GOLDEN_WRITE").is_some() {
        std::fs::write(root().join("tests/golden/digests.txt"), found.join("\n") + "\n").expect("a file");
    }
    let pinned = text("tests/golden/digests.txt");
    for (found, pinned) in found.iter().zip(pinned.lines()) {
        assert_eq!(found, pinned, "file, variant, scenario hash, counts");
    }
    assert_eq!(found.len(), pinned.lines().count());
}

/// The file, the variant and what it means: whoever kept a hash of a scenario finds it again.
#[test]
fn meanings_are_what_they_were() {
    let mut found = String::new();
    for path in shipped() {
        let name = path.strip_prefix(root()).expect("a path below the root").to_string_lossy().replace('\\', "/");
        let scenario = read(&std::fs::read_to_string(&path).expect("a file"));
        for variant in std::iter::once(None).chain(scenario.variants.iter().map(Some)) {
            let id = variant.map_or(BASE, |variant| &variant.id.text);
            let same = compare((&scenario, variant), (&scenario, variant)).expect("it resolves");
            found += &format!("{name} {id} {}\n", same.hashes[0]);
        }
    }
    assert_eq!(found, text("tests/golden/meanings.txt"));
}
