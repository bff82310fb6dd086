//! The run that is asked for, and the means by which it is carried out.

use super::manifest::{Attempt, Engine, MANIFEST_VERSION, Manifest, Status};
use crate::diagnostic::Span;
use crate::model::Model;
use crate::provenance::{self, FORMAT_VERSION, SEMANTICS_VERSION};
use crate::questions::precision::{self, Until};
use crate::questions::summarise::run_hash;
use crate::report::rows::Format;
use crate::scenario::{Scenario, Variant};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

/// What is run: all that decides its results, and the names that its files bear.
#[derive(Clone)]
pub struct RunSpec {
    /// The bytes of the scenario file as it was read, and the name under which.
    pub scenario: Arc<[u8]>,
    pub source: String,
    pub model: Arc<Model>,
    /// Parameters as resolved for the variant: a number, or the distribution from which each replication draws.
    pub parameters: BTreeMap<String, String>,
    pub seed: u64,
    /// How many replications; at most, if a precision is to be reached.
    pub replications: u64,
    pub until: Option<Until>,
    pub rows: Option<Format>,
}

/// How it is run: nothing in it decides a result, but where one is stopped early.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// Threads; 0 for as many as there are processors.
    pub threads: usize,
    /// Time between checkpoints; later ones are further apart.
    pub checkpoint: Duration,
    /// Whether a wave with a failed replication is the last.
    pub fail_fast: bool,
    /// The command line, for the manifest.
    pub command: &'a [String],
    pub clock: &'a dyn Clock,
    pub progress: &'a Progress,
    /// Set from outside to end early.
    pub stop: &'a AtomicBool,
}

/// The time, which only the program that calls knows: for checkpoints, and for the dates in manifests.
pub trait Clock: Sync {
    /// How long the clock has been running.
    fn elapsed(&self) -> Duration;
    /// Date and time in UTC, to the second, as RFC 3339 writes it.
    fn now(&self) -> String;
}

/// How far a run has come, for those who show it.
#[derive(Debug, Default)]
pub struct Progress {
    pub done: AtomicU64,
    /// How much there is to do, as far as is known; 0 as long as nothing has begun.
    pub total: AtomicU64,
}

impl RunSpec {
    pub fn run_hash(&self) -> String {
        let hash = run_hash(&self.model, self.seed, 0, self.replications);
        match &self.until {
            None => hash,
            Some(until) => precision::run_hash(&hash, &until.text(), self.replications),
        }
    }

    pub fn name(&self) -> String {
        format!("{} [{}]", self.model.labels.scenario, self.model.labels.variant)
    }

    /// The manifest of a run that has not begun.
    pub fn manifest(&self) -> Manifest {
        let labels = &self.model.labels;
        let mut manifest = Manifest {
            manifest_version: MANIFEST_VERSION,
            citation: String::new(),
            run_hash: self.run_hash(),
            results_hash: None,
            engine: Engine::own(),
            semantics_version: SEMANTICS_VERSION,
            format_version: FORMAT_VERSION,
            scenario: labels.scenario.clone(),
            scenario_hash: provenance::hex(&self.model.hash),
            scenario_source: self.source.clone(),
            variant: labels.variant.clone(),
            parameters: self.parameters.clone(),
            seed: self.seed,
            first: 0,
            replications: self.replications,
            until: self.until.as_ref().map(Until::text),
            rows: self.rows,
            status: Status::Running,
            done: 0,
            sessions: Vec::new(),
            files: BTreeMap::new(),
        };
        manifest.citation = manifest.cited();
        manifest
    }
}

/// The parameters of a scenario as resolved for a variant; `source` is the text that the scenario was read from.
pub fn parameters(scenario: &Scenario, variant: Option<&Variant>, source: &str) -> BTreeMap<String, String> {
    let resolved = scenario.resolved(variant).ok();
    let parameters = resolved.into_iter().flat_map(|scenario| scenario.parameters);
    let text = |span: Span| source.get(span.start..span.end);
    parameters
        .map(|it| {
            let drawn = it.drawn.as_ref().and_then(|drawn| text(drawn.span()));
            let drawn = drawn.map(|drawn| drawn.trim_matches(['"', '\'']).to_owned());
            (it.id.text, drawn.unwrap_or_else(|| it.value.to_string()))
        })
        .collect()
}

impl Means<'_> {
    pub(super) fn attempt(&self, found: u64) -> Attempt {
        Attempt {
            command: self.command.to_vec(),
            started: self.clock.now(),
            ended: None,
            found,
            threads: self.threads,
            processors: std::thread::available_parallelism().map_or(0, usize::from),
            system: std::env::consts::OS.to_owned(),
            architecture: std::env::consts::ARCH.to_owned(),
        }
    }
}
