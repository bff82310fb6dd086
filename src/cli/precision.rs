//! `escalate batch --until`: replications until a precision is reached.

use super::clock::Stopwatch;
use super::ending::{ExitStatus, Stop};
use super::figures::grouped;
use super::terminal::{self, STOP, remark};
use clap::Args;
use escalate::batch::{self, Batch, REPLICATIONS_MAX};
use escalate::diagnostic::render;
use escalate::error::Error;
use escalate::model::Model;
use escalate::questions::precision::{AT_MOST, FIRST_LOOK, Until};
use escalate::runs::spec::Clock;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

#[derive(Debug, Args)]
pub struct PrecisionOptions {
    /// Run until this precision is reached, as "half_width(war) < 0.001 and relative_error(talks) < 0.1"
    #[arg(long, value_name = "PRECISION", conflicts_with = "replications")]
    until: Option<String>,
    /// With --until: how many replications at most
    #[arg(long, value_name = "N", requires = "until", default_value_t = AT_MOST, value_parser = clap::value_parser!(u64).range(1..REPLICATIONS_MAX))]
    at_most: u64,
}

impl PrecisionOptions {
    /// The precision that is asked for, of a model.
    pub fn check(&self, model: &Model) -> Result<Option<Until>, Stop> {
        let Some(text) = &self.until else { return Ok(None) };
        Until::read(text, model).map(Some).map_err(|error| {
            let text = render(&[error], "--until", text, terminal::style_of_stderr());
            Stop { status: ExitStatus::Trouble, text }
        })
    }

    /// How many replications at most.
    pub fn at_most(&self) -> u64 {
        self.at_most
    }

    /// Says from a pilot what it will take; the pilot's replications are the first of the run, and run again.
    pub fn expected(&self, model: &Model, name: &str, until: &Until, seed: u64, threads: usize) -> Result<u64, Error> {
        let (done, start) = (AtomicU64::new(0), Stopwatch::start());
        let replications = FIRST_LOOK.min(self.at_most);
        let pilot = batch::run(model, &Batch { seed, first: 0, replications, threads, done: &done, stop: &STOP })?;
        let expected = until.expected(&pilot, self.at_most);
        let most = expected.unwrap_or(self.at_most);
        let time = start.elapsed().mul_f64(most as f64 / pilot.replications.max(1) as f64);
        let what = match expected {
            Some(n) => format!("about {} replications", grouped(n)),
            None => format!("more than the {} of --at-most, where it will end", grouped(self.at_most)),
        };
        let pilot = grouped(pilot.replications);
        remark(format_args!("{name}: a pilot of {pilot} replications says: {what}, {}", roughly(time)));
        Ok(most)
    }
}

/// `2 s`, `5 min`, `3 h`, rounded up.
fn roughly(time: Duration) -> String {
    match time.as_secs_f64().ceil() {
        seconds if seconds < 120.0 => format!("some {seconds} s"),
        seconds if seconds < 7_200.0 => format!("some {} min", (seconds / 60.0).ceil()),
        seconds => format!("some {} h", (seconds / 3_600.0).ceil()),
    }
}
