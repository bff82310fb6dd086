//! Commands: one file each; what they share stands in `load`, `terminal` and `figures`.

mod batch;
mod check;
mod chronicle;
mod compare;
mod figures;
mod load;
mod report;
mod run;
mod schema;
mod terminal;
mod test;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Everything was done and nothing was found.
pub const SUCCESS: u8 = 0;
/// Findings in a scenario, an expectation that does not hold, replications that failed to start.
pub const FINDINGS: u8 = 1;
/// The command could not do its work: a file that cannot be read, a folder that cannot be written.
pub const TROUBLE: u8 = 2;

/// Escalation simulation: a crisis in a TOML file, run turn by turn, with a reason for every number.
#[derive(Debug, Parser)]
#[command(name = "escalate", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Check),
    Run(run::Run),
    Batch(batch::Batch),
    Test(test::Test),
    Schema(schema::Schema),
}

/// Reads the arguments and does what they say.
pub fn main() -> ExitCode {
    let code = match Arguments::parse().command {
        Command::Check(command) => command.execute(),
        Command::Run(command) => command.execute(),
        Command::Batch(command) => command.execute(),
        Command::Test(command) => command.execute(),
        Command::Schema(command) => command.execute(),
    };
    ExitCode::from(code)
}
