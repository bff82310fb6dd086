//! What the terminal can do: colours, progress, the interrupt key.

use escalate::diagnostic::Style;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

fn wants_colour(is_terminal: bool) -> bool {
    is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

pub fn style_of_stderr() -> Style {
    if wants_colour(std::io::stderr().is_terminal()) { Style::Colour } else { Style::Plain }
}

/// Text in bold, where the output is a terminal.
pub fn bold(text: &str) -> String {
    if wants_colour(std::io::stdout().is_terminal()) { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

/// Prints to standard output. Whoever has stopped reading, as `head` does, has seen enough: the program ends.
pub fn out(text: &str) {
    let mut stdout = std::io::stdout().lock();
    if stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).is_err() {
        std::process::exit(i32::from(super::SUCCESS));
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

/// A bar on standard error while replications run, if that is a terminal.
pub fn with_progress<T: Send>(name: &str, total: u64, done: &AtomicU64, work: impl FnOnce() -> T + Send) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let style = "{msg} {wide_bar} {human_pos}/{human_len} replications, {per_sec}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    bar.set_message(name.to_owned());
    let finished = AtomicBool::new(false);
    let result = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !finished.load(Ordering::Relaxed) {
                bar.set_position(done.load(Ordering::Relaxed));
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        let result = work();
        finished.store(true, Ordering::Relaxed);
        result
    });
    bar.finish_and_clear();
    result
}
