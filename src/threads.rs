//! The threads that work is divided among: one place starts them, for every way to answer a question.

use std::fmt;

/// A pool of threads. Results never depend on how many there are.
pub struct Threads(rayon::ThreadPool);

/// The machine gives no threads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadsError {
    why: String,
}

impl Threads {
    /// Starts so many threads; 0 for as many as there are processors.
    ///
    /// # Errors
    /// The machine gives no threads.
    pub fn start(number: usize) -> Result<Self, ThreadsError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(number).build();
        pool.map(Self).map_err(|error| ThreadsError { why: error.to_string() })
    }

    /// Does work on these threads and waits for it; parallel iterators within are divided among them.
    pub fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.0.install(work)
    }
}

impl fmt::Display for ThreadsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no threads could be started: {}", self.why)
    }
}

impl std::error::Error for ThreadsError {}
