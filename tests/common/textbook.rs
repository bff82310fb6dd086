//! The known values of the textbook scenarios, read from the tables in their comments.

#![allow(dead_code)]

use super::{read, root};
use escalate::compile;
use escalate::model::Model;
use escalate::scenario::Scenario;
use std::path::{Path, PathBuf};

/// A probability or a mean that is known, and how close to it a finite number of turns comes.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    pub variant: String,
    pub what: What,
    pub value: f64,
    pub within: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// The share of an outcome.
    Outcome(String),
    /// The mean of a metric in the last turn.
    Mean(String),
}

/// A textbook scenario and what is known of it.
pub struct Textbook {
    pub path: PathBuf,
    pub scenario: Scenario,
    pub known: Vec<Known>,
}

impl Textbook {
    /// The model of a variant; `base` is the scenario as written.
    #[track_caller]
    pub fn model(&self, variant: &str) -> Model {
        let found = self.scenario.variant(variant);
        assert!(found.is_some() || variant == "base", "{}: no variant {variant}", self.path.display());
        compile::compile(&self.scenario, found).expect("a clean scenario")
    }

    /// The variants of which something is known, each once.
    pub fn variants(&self) -> Vec<String> {
        let mut variants: Vec<String> = self.known.iter().map(|known| known.variant.clone()).collect();
        variants.dedup();
        variants.sort();
        variants.dedup();
        variants
    }
}

/// The index of an outcome of a model.
#[track_caller]
pub fn outcome(model: &Model, id: &str) -> usize {
    model.labels.outcomes.iter().position(|outcome| outcome.id == id).unwrap_or_else(|| panic!("no outcome {id}"))
}

/// All of them, in order of their names.
pub fn textbook() -> Vec<Textbook> {
    let folder = root().join("scenarios/textbook");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    paths.iter().map(|path| one(path)).collect()
}

/// One of them, by its name without `.toml`.
#[track_caller]
pub fn named(name: &str) -> Textbook {
    one(&root().join(format!("scenarios/textbook/{name}.toml")))
}

fn one(path: &Path) -> Textbook {
    let text = std::fs::read_to_string(path).expect("a scenario");
    let known = known(&text).unwrap_or_else(|row| panic!("{}: cannot be read: {row}", path.display()));
    Textbook { path: path.to_owned(), scenario: read(&text), known }
}

/// The rows of the tables `# | variant | outcome | probability | within |` and `# | variant | metric | mean | within |`.
fn known(text: &str) -> Result<Vec<Known>, String> {
    let mut is_mean = false;
    let mut found = Vec::new();
    for row in text.lines().filter_map(|line| line.strip_prefix("# |")) {
        let cells: Vec<&str> = row.trim().trim_end_matches('|').split('|').map(str::trim).collect();
        let [variant, id, value, within] = cells[..] else { return Err(row.to_owned()) };
        if variant == "variant" {
            is_mean = id == "metric";
        } else if !variant.starts_with("--") {
            let number = |text: &str| text.parse::<f64>().map_err(|_| row.to_owned());
            let what = if is_mean { What::Mean(id.to_owned()) } else { What::Outcome(id.to_owned()) };
            found.push(Known { variant: variant.to_owned(), what, value: number(value)?, within: number(within)? });
        }
    }
    Ok(found)
}
