//! `escalate completions`: what a shell needs to complete commands and options.

use super::arguments;
use super::ending::{Done, ExitStatus};
use super::terminal::out;
use clap::Args;
use clap_complete::Shell;

/// Print the completions of a shell
#[derive(Debug, Args)]
#[command(
    after_help = "For bash, say: escalate completions bash > ~/.local/share/bash-completion/completions/escalate"
)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub fn execute(&self) -> Done {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut arguments(), "escalate", &mut text);
        out(&String::from_utf8_lossy(&text));
        Ok(ExitStatus::Success)
    }
}
