//! All findings in one text, as an error that shows the lines they speak of.

use super::finding::Diagnostic;
use super::render::{Style, render};
use std::fmt;

/// The findings in one text, with the text: all that is needed to show the lines that they speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    pub findings: Vec<Diagnostic>,
    /// The name of the file, or of the argument, that the text is from.
    pub name: String,
    pub source: String,
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render(&self.findings, &self.name, &self.source, Style::Plain))
    }
}

impl std::error::Error for Diagnostics {}
