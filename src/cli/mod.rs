//! Commands: one file each; what they share stands in `load`, `terminal` and `figures`.

mod agree;
mod batch;
mod check;
mod chronicle;
mod clock;
mod compare;
mod completions;
mod diff;
mod exact;
mod export;
mod figures;
mod fmt;
mod load;
mod man;
mod new;
mod past;
mod precision;
mod rare;
mod replay;
mod report;
mod run;
mod schema;
mod selftest;
mod terminal;
mod test;
mod verify;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::process::ExitCode;
use terminal::{Colour, Terminal};

/// Everything was done and nothing was found.
pub const SUCCESS: u8 = 0;
/// Errors or warnings in a scenario, an expectation that does not hold, a result that is not what it should be.
pub const FINDINGS: u8 = 1;
/// The command could not do its work: a file that cannot be read, a folder that cannot be written.
pub const TROUBLE: u8 = 2;
/// All was run, and replications have failed: they are counted, and every share is of all replications.
pub const FAILED: u8 = 3;
/// It was interrupted, and can go on.
pub const INTERRUPTED: u8 = 4;

/// The exit code that says more of two: trouble before an interruption, that before failed replications, those before
/// findings.
pub fn worse(one: u8, other: u8) -> u8 {
    const ORDER: [u8; 5] = [TROUBLE, INTERRUPTED, FAILED, FINDINGS, SUCCESS];
    ORDER.into_iter().find(|code| [one, other].contains(code)).unwrap_or(TROUBLE)
}

/// Escalation simulation: a crisis in a TOML file, run turn by turn, with a reason for every number.
#[derive(Debug, Parser)]
#[command(name = "escalate", version, max_term_width = 100)]
#[command(after_help = "Exit status of every command: 0 if all is well; 1 if there is something to look at, such as \
                        an error in a scenario or an expectation that does not hold; 2 if the command could not do \
                        its work, as with wrong arguments or a file that cannot be read or written; 3 if \
                        replications failed; 4 if it was interrupted and can go on.")]
struct Arguments {
    #[command(flatten)]
    terminal: Terminal,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::New),
    Check(check::Check),
    Run(run::Run),
    Batch(batch::Batch),
    Exact(exact::Exact),
    Export(export::Export),
    Rare(rare::Rare),
    Agree(agree::Agree),
    Verify(verify::Verify),
    Replay(replay::Replay),
    Selftest(selftest::Selftest),
    Test(test::Test),
    Fmt(fmt::Fmt),
    Diff(diff::Diff),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Reads the arguments and does what they say.
pub fn main() -> ExitCode {
    let colour = Colour::asked_for(std::env::args().skip(1));
    let matches = arguments().color(colour.of_help()).get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    terminal::set(arguments.terminal);
    ExitCode::from(execute(&arguments.command))
}

/// All commands with their options, for those who describe them.
fn arguments() -> clap::Command {
    Arguments::command()
}

fn execute(command: &Command) -> u8 {
    match command {
        Command::New(command) => command.execute(),
        Command::Check(command) => command.execute(),
        Command::Run(command) => command.execute(),
        Command::Batch(command) => command.execute(),
        Command::Exact(command) => command.execute(),
        Command::Export(command) => command.execute(),
        Command::Rare(command) => command.execute(),
        Command::Agree(command) => command.execute(),
        Command::Verify(command) => command.execute(),
        Command::Replay(command) => command.execute(),
        Command::Selftest(command) => command.execute(),
        Command::Test(command) => command.execute(),
        Command::Fmt(command) => command.execute(),
        Command::Diff(command) => command.execute(),
        Command::Schema(command) => command.execute(),
        Command::Completions(command) => command.execute(),
        Command::Man(command) => command.execute(),
    }
}
