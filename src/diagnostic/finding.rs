//! One finding: its code, what is wrong, where, and what to do.

use super::code::{Code, Severity};
use serde::Serialize;

/// A range of byte offsets in a text, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    pub span: Span,
    /// What stands at the span, or what was expected there; may be empty.
    pub label: String,
    /// What to do.
    pub hint: Option<String>,
    /// Other places that belong to the finding.
    pub related: Vec<(Span, String)>,
}

impl Diagnostic {
    /// A finding whose severity is that of its code.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            span,
            label: String::new(),
            hint: None,
            related: Vec::new(),
        }
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a "did you mean" hint, if one of the candidates is close to what was written.
    #[must_use]
    pub fn did_you_mean<'a>(self, written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match closest(written, candidates) {
            Some(candidate) => self.hint(format!("did you mean `{candidate}`?")),
            None => self,
        }
    }

    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// The same finding with its spans moved, from a string inside the file to the file.
    #[must_use]
    pub fn moved(mut self, place: impl Fn(Span) -> Span) -> Self {
        self.span = place(self.span);
        for (span, _) in &mut self.related {
            *span = place(*span);
        }
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The candidate closest to what was written, if it is close enough to be meant.
///
/// ```
/// use escalate::diagnostic::closest;
///
/// assert_eq!(closest("tenson", ["tension", "trust"]), Some("tension"));
/// assert_eq!(closest("xyz", ["tension", "trust"]), None);
/// ```
pub fn closest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = letters(written);
    candidates
        .into_iter()
        // An edit changes the length by one at most, and two letters of the set: most candidates end here, cheaply.
        .filter(|candidate| candidate.len().abs_diff(written.len()) <= 4 * DISTANCE_MAX)
        .filter(|candidate| (letters ^ self::letters(candidate)).count_ones() as usize <= 2 * DISTANCE_MAX)
        .map(|candidate| (strsim::osa_distance(written, candidate), candidate))
        .filter(|&(distance, candidate)| distance * 3 <= candidate.len().max(written.len()) && distance <= DISTANCE_MAX)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many edits apart a name may be from what was written.
const DISTANCE_MAX: usize = 4;

/// The set of bytes of a name, folded into 64 bits.
fn letters(name: &str) -> u64 {
    name.bytes().fold(0, |set, byte| set | 1 << (byte % 64))
}
