//! `escalate selftest`: whether this machine gives the results that every machine must give.

use super::ending::{Done, ExitStatus};
use super::terminal::out;
use clap::Args;
use escalate::questions::golden::{Check, checks};
use escalate::runs::manifest::Engine;

/// Run golden scenarios that are part of the program, and compare their results with those of every other machine
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 if all is the same, 1 if something differs, 2 if it could not be run.")]
pub struct Selftest {
    /// Threads; 0 for as many as there are processors
    #[arg(long, default_value_t = 0, value_parser = super::memory::threads)]
    threads: usize,
}

impl Selftest {
    pub fn execute(&self) -> Done {
        let checks = checks(self.threads)?;
        let engine = Engine::own();
        out(&format!("{}, {}, {}\n", engine.short(), engine.target, engine.toolchain));
        let wrong: Vec<&Check> = checks.iter().filter(|check| !check.is_right()).collect();
        for Check { run, what, found, pinned } in wrong.iter().copied() {
            let pinned = pinned.unwrap_or("nothing is pinned");
            out(&format!("differs: {run}: {what}\n  found  {found}\n  pinned {pinned}\n"));
        }
        if wrong.is_empty() {
            out(&format!("{} results of golden scenarios are those of every other machine\n", checks.len()));
            Ok(ExitStatus::Success)
        } else {
            out(&format!(
                "{} of {} results differ: do not use this build on this machine, and report the lines above\n",
                wrong.len(),
                checks.len()
            ));
            Ok(ExitStatus::Findings)
        }
    }
}
