//! `escalate check`: what is wrong with scenario files, and what is probably not meant.

use super::ending::{Done, ExitStatus};
use super::load::{Loaded, count, load};
use super::terminal::{err, is_quiet, out, tell};
use clap::{Args, ValueEnum};
use escalate::diagnostic::{Diagnostic, position};
use serde_json::json;
use std::path::PathBuf;

/// Check scenario files: every error and warning at once, each with its place
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 clean, 1 with findings, 2 if a file could not be read.")]
pub struct Check {
    /// Scenario files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How to print the findings
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// With the lines they speak of
    Text,
    /// As a JSON array, one object a finding
    Json,
}

impl Check {
    pub fn execute(&self) -> Done {
        let loaded: Vec<Option<Loaded>> =
            self.files.iter().map(|path| load(path).map_err(|stop| tell(&stop)).ok()).collect();
        let found = loaded.iter().flatten();
        match self.format {
            Format::Text => found.clone().for_each(print),
            Format::Json => {
                let all: Vec<serde_json::Value> = found.clone().flat_map(as_json).collect();
                out(&format!("{}\n", serde_json::to_string_pretty(&all).unwrap_or_default()));
            }
        }
        Ok(if loaded.iter().any(Option::is_none) {
            ExitStatus::Trouble
        } else if found.clone().any(|loaded| !loaded.findings.is_empty()) {
            ExitStatus::Findings
        } else {
            ExitStatus::Success
        })
    }
}

fn print(loaded: &Loaded) {
    err(&loaded.render(&loaded.findings));
    if is_quiet() && loaded.findings.is_empty() {
        return;
    }
    let errors = loaded.findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = loaded.findings.len() - errors;
    let verdict = match (errors, warnings) {
        (0, 0) => "clean".to_owned(),
        (0, warnings) => count(warnings, "warning"),
        (errors, 0) => count(errors, "error"),
        (errors, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    };
    out(&format!("{}: {verdict}\n", loaded.path.display()));
}

fn as_json(loaded: &Loaded) -> Vec<serde_json::Value> {
    let place = |finding: &Diagnostic| {
        let (start, end) = (position(&loaded.source, finding.span.start), position(&loaded.source, finding.span.end));
        json!({
            "file": loaded.path.display().to_string(),
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
            "severity": finding.severity,
            "code": finding.code,
            "message": finding.message,
            "label": finding.label,
            "hint": finding.hint,
        })
    };
    loaded.findings.iter().map(place).collect()
}
