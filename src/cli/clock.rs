//! The only clock of the program: for progress, checkpoints and the dates in manifests. No result hangs on it.

use escalate::runs::spec::Clock;
use std::time::Duration;

/// Since when.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::disallowed_types)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    #[allow(clippy::disallowed_methods, clippy::disallowed_types)]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }
}

impl Clock for Stopwatch {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn now(&self) -> String {
        jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}
