//! The manifest of a run: what was asked for, of which program, on which machine, and the digests of what came of it.

use crate::provenance::Build;
use crate::report::rows::Format;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the shape of manifests.
pub const MANIFEST_VERSION: u32 = 1;

/// Everything but `command`, `machine`, `sessions` and the digests is decided before the first replication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub manifest_version: u32,
    /// How to name the run in a text.
    pub citation: String,
    /// BLAKE3 of everything that decides the results asked for, in hexadecimal.
    pub run_hash: String,
    /// The same of the results that are there, if any are: of so many replications as were run.
    pub results_hash: Option<String>,
    pub engine: Engine,
    pub semantics_version: u32,
    pub format_version: u32,
    pub scenario: String,
    /// BLAKE3 of what the scenario means, resolved for the variant.
    pub scenario_hash: String,
    /// The file that was read, as it was named; its bytes are `scenario.toml` beside this.
    pub scenario_source: String,
    /// `base` for the scenario as written.
    pub variant: String,
    /// Parameters as resolved for the variant: a number, or the distribution from which each replication draws.
    pub parameters: BTreeMap<String, String>,
    pub seed: u64,
    /// Replications `first .. first + replications`.
    pub first: u64,
    pub replications: u64,
    /// The precision until which they go on, if one is asked for; `replications` are then the most.
    pub until: Option<String>,
    /// How rows are written, if each replication has one.
    pub rows: Option<Format>,
    pub status: Status,
    /// Of how many replications the files are.
    pub done: u64,
    /// Each time that the run was begun or gone on with, oldest first.
    pub sessions: Vec<Attempt>,
    /// BLAKE3 of the bytes of each file of results, in hexadecimal, by its path in the folder.
    pub files: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Begun; if nobody is at work, it was killed.
    Running,
    /// Ended early: the files are of the first `done` replications.
    Interrupted,
    Finished,
}

/// The program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    pub version: String,
    /// The commit it was built from; `+` behind it if files were changed, none if nobody knows.
    pub commit: Option<String>,
    pub toolchain: String,
    pub target: String,
    pub profile: String,
}

/// One time at work: nothing in it decides a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub command: Vec<String>,
    /// In UTC, as RFC 3339 writes it.
    pub started: String,
    pub ended: Option<String>,
    /// Replications that earlier sessions had left.
    pub found: u64,
    /// Threads that were asked for; 0 for as many as there are processors.
    pub threads: usize,
    pub processors: usize,
    pub system: String,
    pub architecture: String,
}

impl Engine {
    /// This program.
    pub fn own() -> Self {
        let build = Build::own();
        Self {
            version: build.version.to_owned(),
            commit: build.commit.map(str::to_owned),
            toolchain: build.toolchain.to_owned(),
            target: build.target.to_owned(),
            profile: build.profile.to_owned(),
        }
    }

    /// Version and commit in a few words.
    pub fn short(&self) -> String {
        let commit = self.commit.as_ref().map_or_else(String::new, |commit| {
            let changed = if commit.ends_with('+') { " with changes" } else { "" };
            format!(" (commit {}{changed})", commit.get(..12).unwrap_or(commit))
        });
        format!("escalate {}{commit}", self.version)
    }
}

impl Manifest {
    /// How to name the run in a text: program, scenario, seed, replications, hash.
    pub fn cited(&self) -> String {
        let (replications, hash) = match &self.results_hash {
            Some(hash) => (self.done, hash),
            None => (self.replications, &self.run_hash),
        };
        let until = self.until.as_ref().map_or_else(String::new, |until| format!(" until {until}"));
        format!(
            "{}, scenario {} [{}], seed {}, replications {} to {}{until}, semantics {}, run {hash}",
            self.engine.short(),
            self.scenario,
            self.variant,
            self.seed,
            self.first,
            self.first.saturating_add(replications.saturating_sub(1)),
            self.semantics_version,
        )
    }
}
