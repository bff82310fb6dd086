//! The layout of a file: its spaces and blank lines in one form, its lines, comments and values as they were written.

use crate::diagnostic::Span;
use std::collections::BTreeMap;
use toml_parser::Source;
use toml_parser::lexer::{Token, TokenKind};

/// How far what stands in brackets of an earlier line is moved in.
const INDENT: usize = 2;

/// A document in one layout, with other texts for the tokens of some spans. What is no TOML gives no TOML.
pub fn laid_out(source: &str, texts: &BTreeMap<Span, String>) -> String {
    let mut page = Page { source, texts, text: String::new(), open: Vec::new(), lines: 0, blank: false, comment: None };
    let mut line: Vec<Token> = Vec::new();
    for token in Source::new(source).lex() {
        match token.kind() {
            TokenKind::Newline | TokenKind::Eof => {
                page.line(&line);
                line.clear();
            }
            _ => line.push(token),
        }
    }
    page.text
}

/// All that a document says, piece by piece, without the spaces between.
pub fn pieces(source: &str) -> impl Iterator<Item = &str> {
    let tokens = Source::new(source).lex();
    let said =
        tokens.filter(|token| !matches!(token.kind(), TokenKind::Whitespace | TokenKind::Newline | TokenKind::Eof));
    said.filter_map(|token| source.get(token.span().start()..token.span().end()))
}

/// What has been written so far.
struct Page<'a> {
    source: &'a str,
    texts: &'a BTreeMap<Span, String>,
    text: String,
    /// The line in which each bracket that is open was opened.
    open: Vec<usize>,
    lines: usize,
    /// Whether a blank line is due before the next.
    blank: bool,
    /// Where the comment of the line before stood, and where it stands.
    comment: Option<(usize, usize)>,
}

impl Page<'_> {
    fn line(&mut self, tokens: &[Token]) {
        let said: Vec<&Token> = tokens.iter().filter(|token| token.kind() != TokenKind::Whitespace).collect();
        let Some(first) = said.first() else {
            self.blank = !self.text.is_empty();
            self.comment = None;
            return;
        };
        if std::mem::take(&mut self.blank) {
            self.text.push('\n');
        }
        self.lines += 1;
        let is_header = self.open.is_empty() && first.kind() == TokenKind::LeftSquareBracket;
        let (comment, said) = match said.split_last() {
            Some((last, rest)) if last.kind() == TokenKind::Comment => (Some(*last), rest),
            _ => (None, said.as_slice()),
        };
        let content = self.content(tokens, said, is_header);
        let place = comment.map(|comment| (self.column(tokens, comment), self.place(tokens, comment, &content)));
        let mut line = content;
        if let (Some(comment), Some((_, place))) = (comment, place) {
            line.push_str(&" ".repeat(place.saturating_sub(width(&line))));
            line.push_str(self.raw(comment).trim_end());
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
        self.comment = place;
    }

    /// The line without its comment, moved in as far as its brackets say.
    fn content(&mut self, tokens: &[Token], said: &[&Token], is_header: bool) -> String {
        let closing =
            |token: &&&Token| matches!(token.kind(), TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket);
        let leading = said.iter().take_while(closing).count();
        let mut outer = self.open[..self.open.len().saturating_sub(leading)].to_vec();
        outer.dedup();
        let mut content = " ".repeat(INDENT * outer.len());
        let mut before: Option<&Token> = None;
        for token in said {
            if let Some(before) = before
                && !is_header
                && is_apart(before, token, tokens)
            {
                content.push(' ');
            }
            let span = token.span();
            match self.texts.get(&Span::new(span.start(), span.end())) {
                Some(text) => content.push_str(text),
                None => content.push_str(self.raw(token)),
            }
            match token.kind() {
                TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => self.open.push(self.lines),
                TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => drop(self.open.pop()),
                _ => {}
            }
            before = Some(token);
        }
        content
    }

    /// Where a comment goes: to the column that it had, unless the line has grown longer; one alone on its line goes
    /// with the comment above it, if it stood below that, and else with its neighbours.
    fn place(&self, tokens: &[Token], comment: &Token, content: &str) -> usize {
        let column = self.column(tokens, comment);
        let is_alone = content.trim().is_empty();
        match self.comment {
            Some((was, is)) if is_alone && was == column => is,
            _ if is_alone => width(content),
            _ => column.max(width(content) + 1),
        }
    }

    /// The column at which a token of a line stands in the file.
    fn column(&self, line: &[Token], token: &Token) -> usize {
        let before = line.iter().take_while(|it| it.span().start() < token.span().start());
        // A string over several lines begins elsewhere: only its last line counts.
        before.fold(0, |column, it| match self.raw(it).rsplit_once('\n') {
            Some((_, last)) => width(last),
            None => column + width(self.raw(it)),
        })
    }

    fn raw(&self, token: &Token) -> &str {
        self.source.get(token.span().start()..token.span().end()).unwrap_or_default()
    }
}

/// The columns of the last line of a text.
fn width(text: &str) -> usize {
    text.rsplit('\n').next().unwrap_or_default().chars().count()
}

/// Whether a space stands between two neighbours on a line.
fn is_apart(before: &Token, token: &Token, line: &[Token]) -> bool {
    use TokenKind::*;
    match (before.kind(), token.kind()) {
        (LeftCurlyBracket, RightCurlyBracket) | (_, Comma | Dot) | (Dot | LeftSquareBracket, _) => false,
        (_, RightSquareBracket) => false,
        (Comma | Equals | LeftCurlyBracket, _) | (_, Equals | RightCurlyBracket) => true,
        // A date and its time stand apart, if they do.
        _ => line.iter().any(|it| it.kind() == Whitespace && it.span().start() == before.span().end()),
    }
}
