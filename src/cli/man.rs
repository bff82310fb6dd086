//! `escalate man`: the manual pages of all commands.

use super::arguments;
use super::ending::{Done, ExitStatus, Stop};
use super::terminal::{out, remark};
use clap::Args;
use std::path::{Path, PathBuf};

/// Print the manual page, or write those of all commands into a folder
#[derive(Debug, Args)]
pub struct Man {
    /// The folder, made if it is not there
    folder: Option<PathBuf>,
}

impl Man {
    pub fn execute(&self) -> Done {
        match &self.folder {
            Some(folder) => {
                write(folder).map_err(|error| Stop::trouble(format_args!("{}: {error}", folder.display())))?
            }
            None => print().map_err(Stop::trouble)?,
        }
        Ok(ExitStatus::Success)
    }
}

fn print() -> std::io::Result<()> {
    let mut page = Vec::new();
    clap_mangen::Man::new(arguments()).render(&mut page)?;
    out(&String::from_utf8_lossy(&page));
    Ok(())
}

fn write(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(arguments(), folder)?;
    remark(format_args!(
        "Pages in {}: `man -l {}` shows the first",
        folder.display(),
        folder.join("escalate.1").display()
    ));
    Ok(())
}
