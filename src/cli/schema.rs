//! `escalate schema`: the JSON Schema of scenario files.

use super::SUCCESS;
use super::terminal::out;
use clap::Args;

/// Print the JSON Schema (draft-07) of scenario files, for editors
#[derive(Debug, Args)]
pub struct Schema {}

impl Schema {
    pub fn execute(&self) -> u8 {
        out(&escalate::scenario::schema());
        SUCCESS
    }
}
