//! Golden scenarios, in the program itself, and what must come of them on every machine.

mod pinned;

use crate::batch::{self, Batch};
use crate::chronicle::replay;
use crate::compile::compile;
use crate::error::Error;
use crate::model::Model;
use crate::provenance::{digest, hex};
use crate::questions::summarise::{Request, summarise};
use crate::scenario;
use std::ops::ControlFlow;
use std::path::Path;

/// The scenarios: their results are pinned, so their files are never changed.
const SCENARIOS: [(&str, &str); 3] = [
    ("language", include_str!("language.toml")),
    ("numbers", include_str!("numbers.toml")),
    ("tutorial", include_str!("tutorial.toml")),
];

/// Replications of each run: some blocks, and a part of one.
const REPLICATIONS: u64 = 2_000;

/// Seeds and first replications: near ones, and the farthest there are.
const RUNS: [(u64, u64); 2] = [(1, 0), (u64::MAX, batch::REPLICATIONS_MAX - REPLICATIONS)];

/// What came of one run of a golden scenario, as BLAKE3 digests in hexadecimal, beside what must come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Scenario, variant, seed: `numbers [base], seed 1`.
    pub run: String,
    /// What was looked at: `scenario`, `counts`, `rows`, `chronicle`.
    pub what: &'static str,
    pub found: String,
    /// None if nothing is pinned for this.
    pub pinned: Option<&'static str>,
}

impl Check {
    pub fn is_right(&self) -> bool {
        self.pinned == Some(&*self.found)
    }
}

/// Runs all golden scenarios with all their variants.
///
/// # Errors
/// A scenario cannot be run, or the machine gives no threads.
pub fn checks(threads: usize) -> Result<Vec<Check>, Error> {
    let mut checks = Vec::new();
    for (name, text) in SCENARIOS {
        let (scenario, findings) = scenario::read(text.as_bytes());
        let scenario =
            scenario.filter(|_| findings.is_empty()).ok_or_else(|| Error::Request(format!("{name} cannot be read")))?;
        for variant in std::iter::once(None).chain(scenario.variants.iter().map(Some)) {
            let model =
                compile(&scenario, variant).map_err(|_| Error::Request(format!("{name} cannot be compiled")))?;
            for (seed, first) in RUNS {
                let run = format!("{name} [{}], seed {seed}", model.labels.variant);
                for (what, found) in found(&model, seed, first, threads)? {
                    let pin = pinned::PINNED.iter().find(|(at, which, _)| *at == run && *which == what);
                    checks.push(Check { run: run.clone(), what, found, pinned: pin.map(|(_, _, digest)| *digest) });
                }
            }
        }
    }
    Ok(checks)
}

fn found(model: &Model, seed: u64, first: u64, threads: usize) -> Result<[(&'static str, String); 4], Error> {
    let (done, stop) = Default::default();
    let batch = Batch { seed, first, replications: REPLICATIONS, threads, done: &done, stop: &stop };
    let (mut tally, mut rows) = (batch::empty(model), batch::columns(model));
    batch::waves(model, &batch, true, &mut |wave| {
        tally.merge(&wave.tally);
        wave.rows.into_iter().for_each(|part| rows.append(part));
        ControlFlow::Continue(())
    })?;
    let summary = summarise(model, &tally, &Request { seed, first, replications: REPLICATIONS });
    let json = |value: serde_json::Result<Vec<u8>>| {
        value.map(|bytes| hex(&digest(&bytes))).map_err(Error::format(Path::new("golden")))
    };
    Ok([
        ("scenario", hex(&model.hash)),
        ("counts", json(serde_json::to_vec(&summary))?),
        ("rows", json(serde_json::to_vec(&rows))?),
        ("chronicle", json(serde_json::to_vec(&replay(model, seed, first + 777)))?),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_scenarios_come_out_as_pinned() {
        let checks = checks(2).expect("they run");
        assert_eq!(checks.len(), pinned::PINNED.len());
        for check in checks.iter().filter(|check| !check.is_right()) {
            println!("    (\"{}\", \"{}\", \"{}\"),", check.run, check.what, check.found);
        }
        assert!(checks.iter().all(Check::is_right), "the pins that are wrong are printed above");
    }
}
