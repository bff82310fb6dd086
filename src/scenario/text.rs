//! A TOML string with the way back from its characters to the file's.

use crate::diagnostic::{Diagnostic, Span};

/// The decoded value of a TOML string, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub value: String,
    /// The string in the file, quotes included.
    pub span: Span,
    places: Places,
}

/// Where the bytes of the value stand in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Places {
    /// One after the other from here.
    From(usize),
    /// One by one: the string has escapes. One entry more than bytes.
    Each(Vec<usize>),
}

impl Text {
    pub fn new(value: String, span: Span, source: &str) -> Self {
        let raw = source.get(span.start..span.end).unwrap_or("");
        let places = places(raw, span.start, &value);
        Self { value, span, places }
    }

    /// A finding about the value, with its places in the file.
    pub fn placed(&self, finding: Diagnostic) -> Diagnostic {
        finding.moved(|span| self.place(span))
    }

    /// The span in the file of a span in the value.
    pub fn place(&self, inner: Span) -> Span {
        match &self.places {
            Places::From(start) => Span::new(start + inner.start, start + inner.end),
            Places::Each(places) => {
                let last = places.len() - 1;
                Span::new(places[inner.start.min(last)], places[inner.end.min(last)])
            }
        }
    }
}

fn places(raw: &str, start: usize, value: &str) -> Places {
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| raw.starts_with(quote)).unwrap_or("");
    let mut at = quote.len();
    if quote.len() == 3 {
        at += raw[at..].starts_with("\r\n").then_some(2).or(raw[at..].starts_with('\n').then_some(1)).unwrap_or(0);
    }
    let end = raw.len().saturating_sub(quote.len()).max(at);
    let body = raw.get(at..end).unwrap_or("");
    if body == value {
        return Places::From(start + at);
    }
    let mut places = escaped(body, start + at);
    places.resize(value.len() + 1, start + end);
    Places::Each(places)
}

/// The places of the bytes of a string body with escapes: every byte of an escaped character stands at its backslash.
fn escaped(body: &str, start: usize) -> Vec<usize> {
    let mut places = Vec::new();
    let mut rest = body.char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        if character == '\r' {
            continue;
        }
        if character != '\\' {
            places.extend((0..character.len_utf8()).map(|byte| start + at + byte));
            continue;
        }
        match rest.next() {
            Some((_, 'u')) => escape(&mut places, &mut rest, body, start + at, 4),
            Some((_, 'U')) => escape(&mut places, &mut rest, body, start + at, 8),
            Some((_, space)) if space.is_whitespace() => while rest.next_if(|(_, c)| c.is_whitespace()).is_some() {},
            Some(_) => places.push(start + at),
            None => {}
        }
    }
    places
}

fn escape(
    places: &mut Vec<usize>,
    rest: &mut std::iter::Peekable<std::str::CharIndices<'_>>,
    body: &str,
    place: usize,
    digits: usize,
) {
    let from = rest.peek().map_or(body.len(), |(at, _)| *at);
    let code = body.get(from..from + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let length = code.and_then(char::from_u32).map_or(1, char::len_utf8);
    places.extend(std::iter::repeat_n(place, length));
    for _ in 0..digits {
        rest.next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn points(source: &str, value: &str, inner: &str, at: usize) {
        let text = Text::new(value.to_owned(), Span::new(0, source.len()), source);
        let start = value.find(inner).expect("part of the value");
        assert_eq!(text.place(Span::new(start, start + inner.len())).start, at);
    }

    #[test]
    fn plain_strings_count_from_the_quote() {
        points("\"a + bc\"", "a + bc", "bc", 5);
        points("'a + bc'", "a + bc", "bc", 5);
        points("\"\"\"\na\n+ bc\"\"\"", "a\n+ bc", "bc", 8);
    }

    #[test]
    fn escapes_are_counted_as_written() {
        points(r#""a\t+ bc""#, "a\t+ bc", "bc", 6);
        points(r#""\u00e9 bc""#, "é bc", "bc", 8);
        points("\"\"\"a \\\n   bc\"\"\"", "a bc", "bc", 10);
    }
}
