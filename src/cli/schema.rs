//! `escalate schema`: the JSON Schema of scenario files.

use super::ending::{Done, ExitStatus};
use super::terminal::out;
use clap::Args;

/// Print the JSON Schema (draft-07) of scenario files, for editors
#[derive(Debug, Args)]
pub struct Schema {}

impl Schema {
    pub fn execute(&self) -> Done {
        out(&escalate::scenario::schema());
        Ok(ExitStatus::Success)
    }
}
