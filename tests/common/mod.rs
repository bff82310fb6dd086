//! What several test files need: scenarios from text and from disk, small batches.

#![allow(dead_code)]

pub mod textbook;

use escalate::batch::{self, Batch};
use escalate::compile;
use escalate::diagnostic::{self, Diagnostic, Style};
use escalate::model::Model;
use escalate::results::tally::Tally;
use escalate::scenario::{self, Scenario};
use std::path::{Path, PathBuf};

/// The folder of the crate.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the crate.
#[track_caller]
pub fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All shipped scenarios, in order of their paths.
pub fn shipped() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        let entries = std::fs::read_dir(folder).expect("a folder of scenarios");
        for entry in entries.map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                walk(&entry, found);
            } else if entry.extension().is_some_and(|extension| extension == "toml") {
                found.push(entry);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join("scenarios"), &mut found);
    found.retain(|path| std::fs::read_to_string(path).is_ok_and(|text| text.contains("language = 1")));
    found.sort();
    found
}

/// A scenario that must have no errors.
#[track_caller]
pub fn read(text: &str) -> Scenario {
    let (scenario, mut findings) = scenario::read(text.as_bytes());
    let scenario = scenario.expect("TOML");
    if findings.is_empty() {
        findings = compile::check(&scenario);
    }
    let errors: Vec<Diagnostic> = findings.into_iter().filter(Diagnostic::is_error).collect();
    assert!(errors.is_empty(), "{}", diagnostic::render(&errors, "scenario", text, Style::Plain));
    scenario
}

/// The model of a scenario as written.
#[track_caller]
pub fn model(text: &str) -> Model {
    compile::compile(&read(text), None).expect("checked")
}

/// A batch on so many threads.
pub fn run(model: &Model, seed: u64, first: u64, replications: u64, threads: usize) -> Tally {
    let (done, stop) = Default::default();
    batch::run(model, &Batch { seed, first, replications, threads, done: &done, stop: &stop }).expect("threads")
}

/// A stock that is drawn down by chance and may not go below 0.
pub const FAILING: &str = r#"
language = 1
scenario = { id = "failing", title = "A stock that runs out", turns = 8, evidence = "C: invented" }
state.stock = { initial = 4, max = 9, integer = true }
triggers = [{ id = "leak", chance = 0.5, then = ["stock -= 1"] }]
metrics = [{ id = "stock_left", value = "stock" }]
outcomes = [{ id = "unhurt", when = "turn == 4 and stock == 4" }, { id = "end" }]
"#;
