//! The file as a TOML document: a tree of values with spans, and nothing that only TOML 1.1 knows.

use super::limits::{FILE_BYTES_MAX, INTEGER_MAX, NESTING_MAX};
use super::text::Text;
use super::toml_version;
use super::written::Name;
use crate::diagnostic::{Code, Diagnostic, Span};
use toml::de::{DeTable, DeValue};

/// A value of the document.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub value: Value,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(Text),
    Integer(i64),
    Number(f64),
    Flag(bool),
    Date(String),
    List(Vec<Node>),
    /// Entries in the order of their keys' names.
    Table(Vec<(Name, Node)>),
}

impl Node {
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(name, _)| name.text == key).map(|(_, node)| node)
    }

    pub fn entries(&self) -> &[(Name, Node)] {
        match &self.value {
            Value::Table(entries) => entries,
            _ => &[],
        }
    }

    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// What TOML calls the type of the value.
    pub fn type_name(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "a string",
            Value::Integer(_) => "an integer",
            Value::Number(_) => "a number",
            Value::Flag(_) => "true or false",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// Reads the document; with a syntax error there is no tree.
pub(super) fn parse(source: &str, findings: &mut Vec<Diagnostic>) -> Option<Node> {
    if source.len() > FILE_BYTES_MAX {
        let message = format!("a scenario file may have {FILE_BYTES_MAX} bytes, this one has {}", source.len());
        findings.push(Diagnostic::new(Code::FileTooLarge, Span::new(0, 0), message));
        return None;
    }
    let (document, errors) = DeTable::parse_recoverable(source);
    if !errors.is_empty() {
        let found: Vec<Diagnostic> = errors.iter().map(syntax).collect();
        findings.extend(first_of_sections(source, found));
        return None;
    }
    findings.extend(toml_version::only_in_1_1(source));
    let mut reader = Reader { source, findings };
    let entries = reader.table(document.get_ref(), 0)?;
    Some(Node { value: Value::Table(entries), span: Span::new(0, 0) })
}

fn syntax(error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let message = error.message().lines().next().unwrap_or("this is not TOML").to_owned();
    let hint = HINTS.iter().find(|(part, _)| message.contains(part)).map(|(_, hint)| *hint);
    let finding = Diagnostic::new(Code::TomlSyntax, span.into(), message);
    hint.map_or(finding.clone(), |hint| finding.hint(hint))
}

/// What to do about some messages of the TOML reader, by a part of them.
const HINTS: &[(&str, &str)] = &[
    (DUPLICATE, "TOML takes a key once in a table, and a header once in a file; `[[…]]` repeats"),
    ("must be quoted", "names and expressions stand in quotes: `when = \"turn > 3\"`"),
    ("invalid basic string", "a string ends on the line where it begins: close its quotes"),
];

const DUPLICATE: &str = "duplicate key";

/// What follows an error up to the next header is mostly its consequence; so is what follows an error in a header.
fn first_of_sections(source: &str, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by_key(|finding| finding.span);
    let mut reached: Option<usize> = None;
    found.retain(|finding| {
        let line = source.get(..finding.span.start).map_or(0, |before| before.rfind('\n').map_or(0, |at| at + 1));
        let is_header = source[line..].starts_with('[');
        let header = if is_header { line } else { source[..line].rfind("\n[").map_or(0, |at| at + 1) };
        let is_new = reached.is_none_or(|reached| header > reached && !is_header);
        reached = Some(header.max(reached.unwrap_or(0)));
        is_new || finding.message.contains(DUPLICATE)
    });
    found
}

struct Reader<'a> {
    source: &'a str,
    findings: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn table(&mut self, table: &DeTable<'_>, depth: usize) -> Option<Vec<(Name, Node)>> {
        let mut entries = Vec::new();
        for (key, value) in table {
            let name = Name::new(key.get_ref().as_ref(), key.span().into());
            if let Some(node) = self.value(value.get_ref(), value.span().into(), depth + 1) {
                entries.push((name, node));
            }
        }
        Some(entries)
    }

    fn value(&mut self, value: &DeValue<'_>, span: Span, depth: usize) -> Option<Node> {
        if depth > NESTING_MAX {
            let message = format!("values may be nested {NESTING_MAX} deep");
            self.findings.push(Diagnostic::new(Code::LimitExceeded, span, message));
            return None;
        }
        let value = match value {
            DeValue::String(text) => Value::Text(Text::new(text.to_string(), span, self.source)),
            DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
                Ok(value) if value.unsigned_abs() <= INTEGER_MAX => Value::Integer(value),
                _ => self.refuse(span, "this integer is too large: numbers hold integers exactly up to 2^53"),
            },
            DeValue::Float(float) => match float.as_str().parse::<f64>() {
                Ok(value) if value.is_finite() => Value::Number(value),
                _ => self.refuse(span, "a number must be finite here"),
            },
            DeValue::Boolean(value) => Value::Flag(*value),
            DeValue::Datetime(date) => {
                if date.time.is_some_and(|time| time.second.is_none()) {
                    self.findings.push(toml_version::finding(
                        span,
                        "a time without seconds",
                        "a scenario starts on a day: leave the time out",
                    ));
                }
                Value::Date(date.to_string())
            }
            DeValue::Array(items) => Value::List(
                items.iter().filter_map(|item| self.value(item.get_ref(), item.span().into(), depth + 1)).collect(),
            ),
            DeValue::Table(table) => Value::Table(self.table(table, depth)?),
        };
        Some(Node { value, span })
    }

    /// Refuses a number, and takes another for it, so that what reads it still finds one.
    fn refuse(&mut self, span: Span, message: &str) -> Value {
        self.findings.push(Diagnostic::new(Code::BadValue, span, message));
        Value::Integer(0)
    }
}
