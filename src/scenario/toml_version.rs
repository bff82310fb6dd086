//! Finds syntax of TOML 1.1 that readers of TOML 1.0 refuse.

use crate::diagnostic::{Code, Diagnostic, Span};

pub(super) fn finding(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(Code::TomlVersion, span, format!("{what} is TOML 1.1, which other readers of the file refuse"))
        .hint("write it as TOML 1.0 does")
}

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
    /// The brackets that are open, outermost first.
    open: Vec<u8>,
    /// Where the last comma stands, if nothing but space has come since.
    comma: Option<usize>,
    findings: Vec<Diagnostic>,
}

impl Scan<'_> {
    fn step(&mut self) {
        let byte = self.bytes[self.at];
        let in_table = self.open.last() == Some(&b'{');
        match byte {
            b'"' | b'\'' => return self.string(byte),
            b'#' => {
                if in_table {
                    self.find(self.at, 1, "a comment in an inline table");
                }
                while self.at < self.bytes.len() && self.bytes[self.at] != b'\n' {
                    self.at += 1;
                }
                return;
            }
            b'\n' if in_table => self.find(self.at, 1, "a line break in an inline table"),
            b'{' | b'[' => self.open.push(byte),
            b'}' => {
                if let (true, Some(comma)) = (in_table, self.comma) {
                    self.find(comma, 1, "a comma at the end of an inline table");
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
                if matches!(self.bytes.get(self.at + 1), Some(b'e' | b'x')) {
                    self.find(self.at, 2, "this escape");
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

    fn find(&mut self, at: usize, length: usize, what: &str) {
        self.findings.push(finding(Span::new(at, at + length), what));
    }
}
