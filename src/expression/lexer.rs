//! Text to tokens.

use crate::diagnostic::{Code, Diagnostic, Span};
use std::borrow::Cow;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Token<'t> {
    pub kind: TokenKind<'t>,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum TokenKind<'t> {
    Number(f64, bool),
    /// A name, perhaps dotted; words of the language included.
    Word(&'t str),
    /// An operator or a bracket.
    Sign(&'static str),
    End,
}

impl TokenKind<'_> {
    pub(super) fn describe(&self) -> String {
        match self {
            TokenKind::Number(value, _) => format!("the number {value}"),
            TokenKind::Word(word) => format!("`{word}`"),
            TokenKind::Sign(sign) => format!("`{sign}`"),
            TokenKind::End => "the end".to_owned(),
        }
    }
}

/// Longer signs first, so that the first that fits is the right one.
const SIGNS: &[&str] =
    &["==", "!=", "<=", ">=", "+=", "-=", "*=", "<", ">", "=", "+", "-", "*", "/", "%", "^", "(", ")", ","];

/// Signs that neither a longer one nor one of another language begins with.
const ALONE: &[&str] = &["(", ")", ",", "^", "%"];

/// What people write who come from other languages, with what to write here.
const FOREIGN: &[(&str, &str)] = &[
    ("&&", "write `and`"),
    ("&", "write `and`"),
    ("||", "write `or`"),
    ("|", "write `or`"),
    ("!", "write `not`"),
    ("=>", "write `>=`"),
    ("=<", "write `<=`"),
    ("<>", "write `!=`"),
    (":=", "write `=`"),
    ("≤", "write `<=`"),
    ("≥", "write `>=`"),
    ("≠", "write `!=`"),
    ("×", "write `*`"),
    ("−", "write `-`, the hyphen of the keyboard"),
    ("–", "write `-`, the hyphen of the keyboard"),
    ("“", "names and enum values stand without quotes"),
    ("/=", "write `x = x / y`"),
    ("**", "write `^` for a power"),
    ("\"", "names and enum values stand without quotes"),
    ("'", "names and enum values stand without quotes"),
    ("[", "expressions have no brackets of this kind"),
    ("{", "expressions have no braces; write `if c then a else b`"),
    ("?", "write `if c then a else b`"),
    (";", "write each effect as its own string in the list"),
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Diagnostic> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (kind, length) = token(text, at)?;
        tokens.push(Token { kind, span: Span::new(at, at + length) });
        at += length;
    }
    let end = text.trim_end().len();
    tokens.push(Token { kind: TokenKind::End, span: Span::new(end, end) });
    Ok(tokens)
}

fn token(text: &str, at: usize) -> Result<(TokenKind<'_>, usize), Diagnostic> {
    let rest = &text[at..];
    let first = rest.as_bytes()[0];
    if first.is_ascii_digit() || (first == b'.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
        return number(rest, at);
    }
    if first.is_ascii_alphabetic() || first == b'_' {
        let length = word_length(rest);
        return Ok((TokenKind::Word(&rest[..length]), length));
    }
    if let Some(sign) = ALONE.iter().find(|sign| first == sign.as_bytes()[0]) {
        return Ok((TokenKind::Sign(sign), 1));
    }
    for (foreign, hint) in FOREIGN {
        if rest.starts_with(foreign) && !rest.starts_with("!=") {
            let span = Span::new(at, at + foreign.len());
            let message = format!("`{foreign}` is not part of an expression");
            return Err(Diagnostic::new(Code::Syntax, span, message).hint(*hint));
        }
    }
    if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        return Ok((TokenKind::Sign(sign), sign.len()));
    }
    let character = rest.chars().next().unwrap_or(' ');
    let span = Span::new(at, at + character.len_utf8());
    Err(Diagnostic::new(Code::Syntax, span, format!("`{character}` is not part of an expression")))
}

fn word_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let is_letter = |i: usize| bytes.get(i).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let mut length = 0;
    while is_letter(length) || (length > 0 && bytes.get(length) == Some(&b'.') && is_letter(length + 1)) {
        length += 1;
    }
    length
}

fn number(rest: &str, at: usize) -> Result<(TokenKind<'_>, usize), Diagnostic> {
    let bytes = rest.as_bytes();
    let digits = |mut i: usize| {
        while bytes.get(i).is_some_and(|b| b.is_ascii_digit() || *b == b'_') {
            i += 1;
        }
        i
    };
    let mut length = digits(0);
    let mut integer = true;
    if bytes.get(length) == Some(&b'.') {
        integer = false;
        length = digits(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let end = digits(length + 1 + sign);
        if end > length + 1 + sign {
            integer = false;
            length = end;
        }
    }
    let span = Span::new(at, at + length);
    let after = bytes.get(length);
    if after.is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_' || *b == b'.') {
        return Err(Diagnostic::new(Code::Syntax, Span::new(at, at + length + 1), "a number runs into a letter")
            .hint("write `*` between a number and a name"));
    }
    let written = &rest[..length];
    let digits = if written.contains('_') { Cow::Owned(written.replace('_', "")) } else { Cow::Borrowed(written) };
    match digits.parse::<f64>() {
        Ok(value) if integer && !is_exact(&digits) => {
            let message =
                format!("this integer is too large, and would be {value}: numbers hold integers exactly up to 2^53");
            Err(Diagnostic::new(Code::Syntax, span, message))
        }
        Ok(value) if value.is_finite() => Ok((TokenKind::Number(value, integer), length)),
        _ => Err(Diagnostic::new(Code::Syntax, span, "this number is too large")),
    }
}

/// Whether the digits of an integer are those of a number that holds all integers up to it.
fn is_exact(digits: &str) -> bool {
    digits.parse::<u64>().is_ok_and(|integer| integer <= 1 << 53)
}
