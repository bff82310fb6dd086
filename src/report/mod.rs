//! Results as files in memory: tables, charts, JSON, chains, and rows that are written to whatever is handed in.
//!
//! - [`files`]: the files of a batch, of an exact solution, of an estimate
//! - [`charts`]: drawings as SVG; `tables`: what a summary says, as CSV
//! - [`rows`]: one row a replication, as CSV or Parquet
//! - [`drn()`], [`prism()`]: an explicit chain in the languages of model checkers

mod batch;
pub mod charts;
mod drn;
mod estimate;
mod exact;
pub mod files;
mod prism;
pub mod rows;
mod tables;
mod unbounded;

pub use batch::batch;
pub use drn::drn;
pub use estimate::estimate;
pub use exact::exact;
pub use files::{CHARTS, Files, SUMMARY, TABLES, json};
pub use prism::prism;
pub use unbounded::unbounded;
