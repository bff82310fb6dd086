//! Runs in their folders: every byte of a run's folder is read and written here, each file whole or not at all.
//!
//! - [`spec`]: what is run, and by what means; [`session`]: a batch into its folder, with checkpoints, to be gone on with
//! - [`verify`]: what a folder says was run, run again and compared
//! - [`folder`]: whose a folder is and what is in it; [`manifest`]: what was asked for and what came of it
//! - [`shard`]: what came of some of the replications, on the way
//! - [`put()`]: how a file is written; [`compare`]: where two differ

pub mod compare;
mod files;
pub mod folder;
mod hold;
pub mod manifest;
mod owner;
pub mod put;
pub mod session;
pub mod shard;
pub mod spec;
pub mod verify;

pub use files::{Written, read, visit, write};
pub use put::put;
