//! The columns that runs produce: plain data, written by the engine's watchers, read by statistics and files.

mod summary;

pub use summary::*;
