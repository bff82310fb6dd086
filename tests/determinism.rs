//! The same replications give the same results, however they are run.

mod common;

use common::{model, read, run, text};
use escalate::chronicle::replay;
use escalate::compile::compile;
use escalate::questions::summarise::{Request, summarise};
use escalate::results::chronicle::Ending;
use escalate::runs;
use escalate::simd::{self, Instructions};
use std::collections::BTreeMap;
use std::path::Path;

const FLAGSHIP: &str = "scenarios/korea_2024.toml";

#[test]
fn threads_do_not_matter() {
    let model = model(&text(FLAGSHIP));
    let one = run(&model, 7, 0, 3_000, 1);
    for threads in [2, 8] {
        assert_eq!(one, run(&model, 7, 0, 3_000, threads), "{threads} threads");
    }
}

#[test]
fn a_batch_is_the_union_of_its_parts() {
    let model = model(&text(FLAGSHIP));
    let whole = run(&model, 7, 0, 2_000, 2);
    // Parts that cut blocks in two, merged in another order than that of their numbers.
    let mut merged = run(&model, 7, 1_500, 500, 1);
    for (first, count) in [(0, 1), (1, 129), (130, 1_370)] {
        merged.merge(&run(&model, 7, first, count, 1));
    }
    assert_eq!(whole, merged);
}

#[test]
fn one_replication_alone_is_the_same_as_in_a_batch() {
    let model = model(&text(FLAGSHIP));
    let whole = run(&model, 3, 60, 70, 1);
    let mut merged = run(&model, 3, 60, 1, 1);
    for replication in 61..130 {
        merged.merge(&run(&model, 3, replication, 1, 1));
    }
    assert_eq!(whole, merged);
}

#[test]
fn a_chronicle_tells_what_the_batch_counts() {
    let model = model(&text(FLAGSHIP));
    let batch = run(&model, 5, 0, 200, 1);
    let mut outcomes: BTreeMap<(String, u32), u64> = BTreeMap::new();
    for replication in 0..200 {
        let Ending::Outcome { id, turn, .. } = replay(&model, 5, replication).ending else { panic!("a failure") };
        *outcomes.entry((id, turn)).or_default() += 1;
    }
    let mut counted = BTreeMap::new();
    for (label, by_turn) in model.labels.outcomes.iter().zip(&batch.outcomes) {
        for (turn, count) in by_turn.iter().enumerate().filter(|(_, count)| **count > 0) {
            counted.insert((label.id.clone(), turn as u32), *count);
        }
    }
    assert_eq!(outcomes, counted);
}

#[test]
fn far_replications_are_as_good_as_near_ones() {
    let model = model(&text("scenarios/tutorial.toml"));
    let far = (1 << 47) + 11;
    assert_eq!(run(&model, 1, far, 100, 1), run(&model, 1, far, 100, 2));
}

#[test]
fn seeds_matter() {
    let model = model(&text("scenarios/tutorial.toml"));
    assert_ne!(run(&model, 1, 0, 1_000, 1), run(&model, 2, 0, 1_000, 1));
}

/// All files below a folder, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
    found
}

#[test]
fn every_file_has_the_same_bytes() {
    let scenario = read(&text(FLAGSHIP));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("determinism");
    let _ = std::fs::remove_dir_all(&folder);
    for variant in [None, scenario.variants.first()] {
        let model = compile(&scenario, variant).expect("checked");
        let mut written = Vec::new();
        for threads in [1, 2, 8] {
            let tally = run(&model, 9, 0, 1_000, threads);
            let summary = summarise(&model, &tally, &Request { seed: 9, first: 0, replications: 1_000 });
            let folder = folder.join(format!("{}-{threads}", model.labels.variant));
            runs::write(&folder, &summary).expect("written");
            written.push(files(&folder));
        }
        assert!(written[0].len() > 15, "{:?}", written[0].keys());
        assert_eq!(written[0], written[1]);
        assert_eq!(written[0], written[2]);
    }
}

#[test]
fn equal_meaning_has_an_equal_hash() {
    let plain = text("scenarios/tutorial.toml");
    let model_of = |text: &str| model(text).hash;
    let hash = model_of(&plain);
    let retitled = plain.replace("Two neighbours and an island", "Another title");
    assert_ne!(retitled, plain);
    assert_eq!(model_of(&retitled), hash, "titles mean nothing");
    let spaced = plain.replace("boldness * (1.2 - arland.credibility)", "boldness*(1.2-arland.credibility)");
    assert_ne!(spaced, plain);
    assert_eq!(model_of(&spaced), hash, "spaces mean nothing");
    let changed = plain.replace("1.2 - arland", "1.3 - arland");
    assert_ne!(changed, plain);
    assert_ne!(model_of(&changed), hash, "numbers do");
}

/// Other tests of this file may run with other instructions meanwhile: they hold either way.
#[test]
fn wide_instructions_do_not_matter() {
    for path in ["scenarios/tutorial.toml", "scenarios/cuba_1962.toml", "tests/golden/plan_3.toml", FLAGSHIP] {
        let model = model(&text(path));
        let [portable, avx2, avx512] = Instructions::ALL.map(|instructions| {
            simd::limit(instructions);
            run(&model, 11, 30, 700, 1)
        });
        assert_eq!(portable, avx2, "{path}");
        assert_eq!(portable, avx512, "{path}");
    }
}

#[test]
fn a_chance_is_counted_once_however_it_is_written() {
    let chances = [
        "0.25",
        "0.05 + 0.1 * a",
        "0.1 * a + 0.05",
        "0.05 + 0.1 * a + 0.1 * b + 0.1 * c + 0.1 * d",
        "0.05 + 0.1 * a + 0.1 * b + 0.1 * c + 0.1 * d + 0.1 * e",
        "0.1 * a + 0.1 * b + 0.1 * c + 0.1 * d + 0.1 * e + 0.05",
        "a - b",
        "a * b",
    ];
    let mut text = String::from("language = 1\n[scenario]\nid = \"chances\"\nturns = 6\n[state]\n");
    text.extend(["a", "b", "c", "d", "e"].map(|number| format!("{number} = 0.5\n")));
    for (index, chance) in chances.iter().enumerate() {
        text += &format!("[[triggers]]\nid = \"t{index}\"\nchance = \"{chance}\"\nthen = [\"a += 0.01\"]\n");
    }
    text += "[[outcomes]]\nid = \"end\"\n";
    let tally = run(&model(&text), 1, 0, 100, 1);
    for (counts, chance) in tally.clamped.iter().zip(chances) {
        assert_eq!(counts[2], 600, "{chance}");
    }
    assert_eq!(tally.clamped.len(), chances.len());
}

#[test]
fn a_number_follows_another_however_it_is_written() {
    let tally = run(
        &model(
            r#"
            language = 1
            [scenario]
            id = "followers"
            turns = 12
            [state]
            x = 0.5
            a = { initial = 0.5, min = 0.1, max = 1 }
            b = { initial = 0.5, min = 0.1, max = 1 }
            c = 0.5
            d = 0.5
            [[triggers]]
            id = "up"
            chance = 0.4
            then = ["x += 0.125"]
            [[triggers]]
            id = "down"
            chance = 0.4
            then = ["x -= 0.125"]
            [[triggers]]
            id = "follow"
            chance = 0.7
            then = [
                "a = max(a, x)", "b = if x > b then x else b",
                "c = min(x, c)", "d = if x < d then x else d",
            ]
            [[metrics]]
            id = "a"
            value = "a"
            [[metrics]]
            id = "b"
            value = "b"
            [[metrics]]
            id = "c"
            value = "c"
            [[metrics]]
            id = "d"
            value = "d"
            [[outcomes]]
            id = "end"
            "#,
        ),
        1,
        0,
        1_000,
        1,
    );
    let [a, b, c, d] = &tally.metrics[..] else { panic!("four metrics") };
    assert_eq!((a, c), (b, d));
    assert_ne!(a, c);
    let [a, b, c, d, ..] = tally.saturations[..] else { panic!("five variables") };
    assert_eq!((a, c), (b, d));
    assert!(a[2] > 0);
}
