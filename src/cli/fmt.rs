//! `escalate fmt`: scenario files in one layout, with comments and meaning as they were.

use super::ending::{Done, ExitStatus, Stop};
use super::load::{count, load_clean_quietly};
use super::terminal::{err, out, say, tell};
use clap::Args;
use escalate::error::Error;
use escalate::{compile, runs};
use similar::TextDiff;
use std::path::{Path, PathBuf};

/// Lay out scenario files: spaces and blank lines, in expressions too
#[derive(Debug, Args)]
#[command(
    after_help = "Lines are broken where their author broke them; comments keep their column. A file is written \
                        only if it means the same as before.\n\n\
                        Exit status: 0 if all is well, 1 if a file has errors or, with --check or --diff, is not laid \
                        out so, 2 if one could not be read or written."
)]
pub struct Fmt {
    /// Scenario files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Write nothing, and name the files that are not laid out so
    #[arg(long)]
    check: bool,
    /// Write nothing, and show what would change
    #[arg(long)]
    diff: bool,
}

impl Fmt {
    pub fn execute(&self) -> Done {
        let (mut worst, mut changed) = (ExitStatus::Success, 0);
        for path in &self.files {
            match self.file(path) {
                Ok(true) => changed += 1,
                Ok(false) => {}
                Err(stop) => worst = worst.max(tell(&stop)),
            }
        }
        let files = count(changed, "file");
        if !self.check && !self.diff {
            say(&format!("{files} changed\n"));
        } else if changed > 0 {
            err(&format!("{files} to be changed by `escalate fmt`\n"));
            worst = worst.max(ExitStatus::Findings);
        }
        Ok(worst)
    }

    /// Whether the file changes, or would.
    fn file(&self, path: &Path) -> Result<bool, Stop> {
        let loaded = load_clean_quietly(path)?;
        let trouble = |error: Error| Stop::trouble(format_args!("{}: {error}; it is left as it is", path.display()));
        let formatted = compile::format(&loaded.source).map_err(trouble)?;
        if formatted == loaded.source {
            return Ok(false);
        }
        let name = path.display().to_string();
        if self.diff {
            let diff = TextDiff::from_lines(&loaded.source, &formatted);
            out(&diff.unified_diff().context_radius(1).header(&name, &name).to_string());
        } else {
            out(&format!("{name}\n"));
        }
        if !self.check && !self.diff {
            runs::put(path, formatted.as_bytes()).map_err(trouble)?;
        }
        Ok(true)
    }
}
