//! What the terminal can do and how much is to be said there: colours, progress, remarks, the interrupt key.

use super::ending::{ExitStatus, Stop};
use clap::{Args, ColorChoice, ValueEnum};
use escalate::diagnostic::Style;
use escalate::runs::spec::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Options that every command takes.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Terminal {
    /// Say only what is wrong, and what was asked for: no progress, no remarks
    #[arg(long, short, global = true, conflicts_with = "verbose", help_heading = "Options of every command")]
    pub quiet: bool,
    /// Say more: warnings in full
    #[arg(long, short, global = true, help_heading = "Options of every command")]
    pub verbose: bool,
    /// When to use colours; `auto` is on a terminal, unless the variable NO_COLOR is set
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        help_heading = "Options of every command"
    )]
    pub color: Colour,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    #[default]
    Auto,
    Always,
    Never,
}

impl Colour {
    /// What the arguments say of colours, before they are read in earnest: help and errors of arguments have some too.
    pub fn asked_for(arguments: impl Iterator<Item = String>) -> Self {
        let mut found = Self::Auto;
        let mut arguments = arguments.take_while(|argument| argument != "--").peekable();
        while let Some(argument) = arguments.next() {
            let value = match argument.strip_prefix("--color") {
                Some("") => arguments.peek().map(String::as_str),
                Some(rest) => rest.strip_prefix('='),
                None => None,
            };
            found = value.and_then(|value| Self::from_str(value, false).ok()).unwrap_or(found);
        }
        found
    }

    pub fn of_help(self) -> ColorChoice {
        match self {
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
            Self::Auto if no_colour() => ColorChoice::Never,
            Self::Auto => ColorChoice::Auto,
        }
    }
}

static TERMINAL: OnceLock<Terminal> = OnceLock::new();

/// Called once, before a command is executed.
pub fn set(terminal: Terminal) {
    TERMINAL.get_or_init(|| terminal);
}

fn terminal() -> Terminal {
    TERMINAL.get().copied().unwrap_or_default()
}

pub fn is_quiet() -> bool {
    terminal().quiet
}

pub fn is_verbose() -> bool {
    terminal().verbose
}

fn no_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

fn wants_colour(is_terminal: bool) -> bool {
    match terminal().color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => is_terminal && !no_colour() && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}

pub fn style_of_stderr() -> Style {
    if wants_colour(std::io::stderr().is_terminal()) { Style::Colour } else { Style::Plain }
}

/// Text in bold, where the output is a terminal.
pub fn bold(text: &str) -> String {
    if wants_colour(std::io::stdout().is_terminal()) { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

/// Says on standard error what nobody needs to know, unless quiet is wanted.
pub fn remark(text: impl Display) {
    if !is_quiet() {
        err(&format!("{text}\n"));
    }
}

/// Says something on standard error.
pub fn err(text: &str) {
    eprint!("{text}");
}

/// Says why something goes no further, and gives the status that it ends with.
pub fn tell(stop: &Stop) -> ExitStatus {
    err(&stop.text);
    stop.status
}

/// Prints to standard output. Whoever has stopped reading, as `head` does, has seen enough: the program ends.
pub fn out(text: &str) {
    let mut stdout = std::io::stdout().lock();
    if stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).is_err() {
        std::process::exit(i32::from(ExitStatus::Success.code()));
    }
}

/// Prints to standard output what is left out when quiet is wanted.
pub fn say(text: &str) {
    if !is_quiet() {
        out(text);
    }
}

/// Set by the interrupt key.
pub static STOP: AtomicBool = AtomicBool::new(false);

/// The first interrupt asks for a clean end, the second ends at once.
pub fn catch_interrupt() {
    // A handler that cannot be set leaves the key as it was: it ends the program.
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
}

/// Shows a bar on standard error while there is work to do, if that is a terminal; `what` names what is counted.
pub fn with_progress<T>(name: &str, what: &str, progress: &Progress, work: impl FnOnce() -> T) -> T {
    if is_quiet() || !std::io::stderr().is_terminal() {
        return work();
    }
    let finished = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| show(name, what, progress, &finished));
        let result = work();
        finished.store(true, Ordering::Relaxed);
        result
    })
}

/// Draws the bar from the moment on in which it is known how much there is to do.
fn show(name: &str, what: &str, progress: &Progress, finished: &AtomicBool) {
    let mut bar: Option<ProgressBar> = None;
    while !finished.load(Ordering::Relaxed) {
        let total = progress.total.load(Ordering::Relaxed);
        if total > 0 {
            let bar = bar.get_or_insert_with(|| {
                let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
                let style =
                    format!("{{msg}} {{wide_bar}} {{human_pos}}/{{human_len}} {what}, {{per_sec}}, {{eta}} left");
                if let Ok(style) = ProgressStyle::with_template(&style) {
                    bar.set_style(style);
                }
                bar.with_message(name.to_owned())
            });
            bar.set_length(total);
            bar.set_position(progress.done.load(Ordering::Relaxed));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}
