//! Findings as text that shows the lines they speak of.

use super::code::Severity;
use super::finding::{Diagnostic, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A place in a file as people name it: line and column from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// The position of a byte offset.
pub fn position(source: &str, offset: usize) -> Position {
    let before = source.get(..offset).unwrap_or(source);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
}

/// Whether the text carries terminal colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    Colour,
}

/// How many findings are shown with their lines; who has more starts with these.
pub const SHOWN_MAX: usize = 100;

/// The findings of one file as text, errors first, in the order of their places.
pub fn render(findings: &[Diagnostic], path: &str, source: &str, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    let mut sorted: Vec<&Diagnostic> = findings.iter().collect();
    sorted.sort_by_key(|finding| (finding.severity, finding.span, finding.code));
    let mut text = String::new();
    for finding in sorted.iter().take(SHOWN_MAX) {
        text.push_str(&renderer.render(&report(finding, path, source)));
        text.push_str("\n\n");
    }
    if let Some(more) = sorted.len().checked_sub(SHOWN_MAX).filter(|more| *more > 0) {
        text.push_str(&format!("… and {more} more\n\n"));
    }
    text
}

fn report<'a>(finding: &'a Diagnostic, path: &'a str, source: &'a str) -> Vec<Group<'a>> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let place = |span: Span| {
        let start = floor_boundary(source, span.start);
        start..floor_boundary(source, span.end).max(start)
    };
    let mut snippet = Snippet::source(source)
        .path(path)
        .annotation(AnnotationKind::Primary.span(place(finding.span)).label(finding.label.as_str()));
    for (span, label) in &finding.related {
        snippet = snippet.annotation(AnnotationKind::Context.span(place(*span)).label(label.as_str()));
    }
    let title = level.primary_title(finding.message.as_str()).id(finding.code.name());
    let mut group = title.element(snippet);
    if let Some(hint) = &finding.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    vec![group]
}

fn floor_boundary(source: &str, offset: usize) -> usize {
    let mut offset = offset.min(source.len());
    while !source.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
