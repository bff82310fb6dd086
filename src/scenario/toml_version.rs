//! Finds syntax of TOML 1.1 that readers of TOML 1.0 refuse.

use crate::diagnostic::{Code, Diagnostic, Span};

pub(super) fn finding(span: Span, what: &str, instead: &str) -> Diagnostic {
    Diagnostic::new(Code::TomlVersion, span, format!("{what} is TOML 1.1, which other readers of the file refuse"))
        .hint(instead)
}

const ONE_LINE: &str = "write a table in braces on one line, or give it a header of its own: `[table.name]`";

/// All places of a well-formed document that are not TOML 1.0, times without seconds apart.
pub(super) fn only_in_1_1(source: &str) -> Vec<Diagnostic> {
    let mut scan = Scan { bytes: source.as_bytes(), at: 0, open: Vec::new(), comma: None, findings: Vec::new() };
    while scan.at < scan.bytes.len() {
        scan.step();
    }
    scan.findings
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The brackets that are open, outermost first, and whether something was found between them: once is enough.
    open: Vec<(u8, bool)>,
    /// Where the last comma stands, if nothing but space has come since.
    comma: Option<usize>,
    findings: Vec<Diagnostic>,
}

impl Scan<'_> {
    fn step(&mut self) {
        let byte = self.bytes[self.at];
        let in_table = self.open.last().is_some_and(|(bracket, _)| *bracket == b'{');
        match byte {
            b'"' | b'\'' => return self.string(byte),
            b'#' => {
                if in_table {
                    self.find_once(self.at, "a comment in a table in braces");
                }
                while self.at < self.bytes.len() && self.bytes[self.at] != b'\n' {
                    self.at += 1;
                }
                return;
            }
            b'\r' | b'\n' if in_table => self.find_once(self.at, "a line break in a table in braces"),
            b'{' | b'[' => self.open.push((byte, false)),
            b'}' => {
                if let (true, Some(comma)) = (in_table, self.comma) {
                    self.find_once(comma, "a comma at the end of a table in braces");
                }
                self.open.pop();
            }
            b']' => {
                self.open.pop();
            }
            _ => {}
        }
        if byte == b',' {
            self.comma = Some(self.at);
        } else if !byte.is_ascii_whitespace() {
            self.comma = None;
        }
        self.at += 1;
    }

    fn string(&mut self, quote: u8) {
        self.comma = None;
        let long = self.bytes[self.at..].starts_with(&[quote; 3]);
        let length = if long { 3 } else { 1 };
        self.at += length;
        while self.at < self.bytes.len() && !self.bytes[self.at..].starts_with(&[quote; 3][..length]) {
            if quote == b'"' && self.bytes[self.at] == b'\\' {
                if let Some(letter @ (b'e' | b'x')) = self.bytes.get(self.at + 1) {
                    let what = format!("the escape `\\{}`", char::from(*letter));
                    let span = Span::new(self.at, self.at + 2);
                    self.findings.push(finding(span, &what, "write the character itself, or `\\u` and four digits"));
                }
                self.at += 1;
            }
            self.at += 1;
        }
        self.at += length;
        // A long string may end in up to two quotes of its own.
        while long && self.at < self.bytes.len() && self.bytes[self.at] == quote {
            self.at += 1;
        }
    }

    fn find_once(&mut self, at: usize, what: &str) {
        if let Some((_, found @ false)) = self.open.last_mut() {
            *found = true;
            self.findings.push(finding(Span::new(at, at + 1), what, ONE_LINE));
        }
    }
}
