//! Commands: one file each; what they share stands in `load`, `terminal` and `figures`.

mod agree;
mod batch;
mod check;
mod chronicle;
mod clock;
mod compare;
mod completions;
mod diff;
mod ending;
mod exact;
mod export;
mod figures;
mod fmt;
mod load;
mod man;
mod memory;
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
mod unbounded;
mod verify;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use ending::Done;
use std::process::ExitCode;
use terminal::{Colour, Terminal};

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

/// Declares the commands, in groups as `--help` lists them: a new one costs a line here.
macro_rules! commands {
    ($($heading:literal: $($variant:ident($module:ident)),+;)+) => {
        #[derive(Debug, Subcommand)]
        enum Command {
            $($($variant($module::$variant),)+)+
        }

        /// The names of the commands, by group.
        const GROUPS: &[(&str, &[&str])] = &[$(($heading, &[$(stringify!($module)),+])),+];

        fn execute(command: &Command) -> Done {
            match command {
                $($(Command::$variant(command) => command.execute(),)+)+
            }
        }
    };
}

commands! {
    "Write scenarios": New(new), Check(check), Fmt(fmt), Diff(diff), Test(test), Schema(schema);
    "Run them": Run(run), Batch(batch), Exact(exact), Rare(rare), Agree(agree);
    "Keep and share results": Verify(verify), Replay(replay), Export(export), Selftest(selftest);
    "Set up": Completions(completions), Man(man);
}

/// Reads the arguments and does what they say.
pub fn main() -> ExitCode {
    let colour = Colour::asked_for(std::env::args().skip(1));
    let matches = arguments().color(colour.of_help()).get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    terminal::set(arguments.terminal);
    let status = execute(&arguments.command).unwrap_or_else(|stop| terminal::tell(&stop));
    ExitCode::from(status.code())
}

/// All commands with their options, for those who describe them.
fn arguments() -> clap::Command {
    let command = Arguments::command();
    let help = help(&command);
    command.help_template(help)
}

/// How wide the list of commands may be.
const WIDTH: usize = 100;

/// The help of the whole program, with the commands in their groups.
fn help(command: &clap::Command) -> String {
    let (header, literal) = (*command.get_styles().get_header(), *command.get_styles().get_literal());
    let commands: Vec<&clap::Command> = command.get_subcommands().collect();
    let widest = commands.iter().map(|it| it.get_name().len()).max().unwrap_or(0);
    let mut text = String::from("{about-with-newline}\n{usage-heading} {usage}\n");
    for (heading, names) in GROUPS {
        text.push_str(&format!("\n{header}{heading}:{header:#}\n"));
        for command in commands.iter().filter(|it| names.contains(&it.get_name())) {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            let name = format!("{literal}{}{literal:#}", command.get_name());
            let mut lead = format!("  {name}{}", " ".repeat(widest - command.get_name().len()));
            let mut left = 0;
            for word in about.split_whitespace() {
                if left < word.len() + 1 {
                    let start = std::mem::replace(&mut lead, format!("\n{}", " ".repeat(widest + 2)));
                    text.push_str(&format!("{start} "));
                    left = WIDTH - widest - 3;
                }
                text.push_str(&format!(" {word}"));
                left = left.saturating_sub(word.len() + 1);
            }
            text.push('\n');
        }
    }
    text.push_str(&format!("\n{header}Options:{header:#}\n{{options}}{{after-help}}"));
    text
}
