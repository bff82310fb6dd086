//! `escalate new`: a scenario to start from, with a comment on everything.

use super::ending::{Done, ExitStatus, Stop};
use super::terminal::out;
use clap::Args;
use escalate::error::Error;
use escalate::runs;
use escalate::scenario;
use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The file, with `scenario_id` where the name goes.
const STARTER: &str = include_str!("starter.toml");

/// Write a scenario to start from, with a comment on everything
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 if it is written, 2 if not; a file that is there is left alone.")]
pub struct New {
    /// The file; its name becomes that of the scenario
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,
}

impl New {
    pub fn execute(&self) -> Done {
        let path = self.file.display();
        create(&self.file, starter(&self.file).as_bytes()).map_err(|error| match &error {
            Error::File { error, .. } if error.kind() == ErrorKind::AlreadyExists => Stop::trouble(format_args!(
                "{path}: there is such a file, and it is left as it is; choose another name"
            )),
            _ => error.into(),
        })?;
        out(&format!("{path}: a scenario to start from; `escalate check {path}` says what is wrong with it\n"));
        Ok(ExitStatus::Success)
    }
}

/// Writes a file that is not there yet.
fn create(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    // The name is taken first, so that nobody else's file is overwritten by the renaming.
    let taken = OpenOptions::new().write(true).create_new(true).open(path);
    taken.map_err(Error::file(path))?;
    runs::put(path, bytes).inspect_err(|_| drop(fs::remove_file(path)))
}

/// The starter, named after its file as far as that makes a name.
fn starter(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let name: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let named = |name: &str, file: &str| STARTER.replace("scenario_id", name).replace("FILE", file);
    let wanted = named(name.trim_matches('_'), &path.display().to_string());
    if scenario::read(wanted.as_bytes()).1.is_empty() { wanted } else { named("my_scenario", "FILE") }
}
