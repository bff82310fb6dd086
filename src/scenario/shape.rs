//! Holds a document against the grammar: unknown and missing keys, values of the wrong type, bad names.

use super::dom::{Node, Value};
use super::grammar::{ROOT, Shape, Table};
use super::names::is_reserved;
use super::written::Name;
use crate::diagnostic::{Code, Diagnostic, Span};

/// All that is wrong with the shape of the document.
pub(super) fn check(document: &Node, findings: &mut Vec<Diagnostic>) {
    let mut checker = Checker { findings };
    checker.table(document, &ROOT, &[], Span::new(0, 0));
}

struct Checker<'a> {
    findings: &'a mut Vec<Diagnostic>,
}

impl Checker<'_> {
    fn table(&mut self, node: &Node, table: &'static Table, above: &[&'static Table], at: Span) {
        let mut within = above.to_vec();
        within.push(table);
        for (name, value) in node.entries() {
            match table.key(&name.text) {
                Some(key) => self.value(value, &key.shape, key.name, &within, name.span),
                None => self.unknown(name, table, above),
            }
        }
        for key in table.keys().filter(|key| key.required && node.get(key.name).is_none()) {
            let message = format!("{} needs the key `{}`", table.name, key.name);
            self.findings
                .push(Diagnostic::new(Code::MissingKey, at, message).hint(format!("`{}`: {}", key.name, key.about)));
        }
    }

    fn unknown(&mut self, name: &Name, table: &'static Table, above: &[&'static Table]) {
        if let Some(owner) = above.iter().rev().find(|owner| owner.key(&name.text).is_some()) {
            let message = format!("`{}` is a key of {}, and stands under {} here", name.text, owner.name, table.name);
            let hint = match std::ptr::eq(*owner, &ROOT) {
                true => "move it to the top of the file: in TOML a header holds until the next",
                false => "move it above the header of the table it stands under: in TOML a header holds until the next",
            };
            self.findings.push(Diagnostic::new(Code::MisplacedKey, name.span, message).hint(hint));
            return;
        }
        let message = format!("{} has no key `{}`", table.name, name.text);
        let known: Vec<&str> = table.keys().map(|key| key.name).collect();
        let error = Diagnostic::new(Code::UnknownKey, name.span, message);
        let error = error.did_you_mean(&name.text, known.iter().copied());
        let list = format!("it has {}", known.join(", "));
        self.findings.push(if error.hint.is_none() { error.hint(list) } else { error });
    }

    fn value(&mut self, node: &Node, shape: &'static Shape, key: &str, above: &[&'static Table], at: Span) {
        if !fits(node, shape) {
            let message = format!("`{key}` takes {}, not {}", takes(shape), node.type_name());
            let finding = Diagnostic::new(Code::WrongType, node.span, message);
            let hint = match (shape, &node.value) {
                (Shape::Map(_), Value::List(_)) => Some(format!("write `[{key}.name]`, in single brackets")),
                (Shape::List(Shape::Table(_)) | Shape::Few(Shape::Table(_), ..), Value::Table(_)) => {
                    Some(format!("write `[[{key}]]`, in double brackets"))
                }
                (Shape::List(_) | Shape::Few(..), Value::Text(_)) => Some("put it in brackets: `[\"…\"]`".to_owned()),
                _ => None,
            };
            self.findings.push(hint.map_or(finding.clone(), |hint| finding.hint(hint)));
            return;
        }
        match shape {
            Shape::Word(words) => self.word(node, words, key),
            Shape::List(item) => {
                for node in node.items() {
                    // An item that is a table of an array of tables has the place of its header.
                    self.value(node, item, key, above, node.span);
                }
            }
            Shape::Few(item, least, most) => {
                self.number_of_items(node, *least, *most, key);
                for node in node.items() {
                    self.value(node, item, key, above, node.span);
                }
            }
            Shape::Table(table) => self.table(node, table, above, at),
            Shape::Map(item) => {
                for (name, value) in node.entries() {
                    self.name(name);
                    self.value(value, item, &name.text, above, name.span);
                }
            }
            Shape::Cells(item) => {
                for (name, value) in node.entries() {
                    self.value(value, item, &name.text, above, name.span);
                }
            }
            Shape::Either(shapes) => {
                if let Some(shape) = shapes.iter().find(|shape| fits(node, shape)) {
                    self.value(node, shape, key, above, at);
                }
            }
            Shape::Id => {
                if let Value::Text(text) = &node.value {
                    self.name(&Name::new(text.value.clone(), node.span));
                }
            }
            Shape::Text | Shape::Name | Shape::Flag | Shape::Integer | Shape::Number => {}
            Shape::Formula | Shape::Condition | Shape::Effect | Shape::Date => {}
        }
    }

    fn number_of_items(&mut self, node: &Node, least: usize, most: usize, key: &str) {
        let found = node.items().len();
        if (least..=most).contains(&found) {
            return;
        }
        let takes = match (least, most) {
            (1, usize::MAX) => "at least one item".to_owned(),
            (_, usize::MAX) => format!("at least {least} items"),
            (_, _) if least == most => format!("{least} items"),
            _ => format!("{least} to {most} items"),
        };
        let message = format!("`{key}` takes {takes}, not {found}");
        self.findings.push(Diagnostic::new(Code::BadValue, node.span, message));
    }

    fn word(&mut self, node: &Node, words: &'static [&'static str], key: &str) {
        let Value::Text(text) = &node.value else { return };
        if words.contains(&text.value.as_str()) {
            return;
        }
        let list = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let error = Diagnostic::new(Code::BadValue, node.span, format!("`{key}` cannot be `{}`", text.value))
            .label(format!("one of {list}"))
            .did_you_mean(&text.value, words.iter().copied());
        self.findings.push(error);
    }

    /// Names that are declared: snake_case, and no word of the language.
    fn name(&mut self, name: &Name) {
        let text = &name.text;
        let error = |message: String| Diagnostic::new(Code::BadName, name.span, message);
        let first_is_letter = text.starts_with(|c: char| c.is_ascii_lowercase());
        if text.contains('-') {
            let hint = format!("write `{}`: in an expression a hyphen is a minus", text.replace('-', "_"));
            self.findings.push(error(format!("the name `{text}` has a hyphen")).hint(hint));
        } else if !first_is_letter || !text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
            let hint = "a name begins with a letter and has small letters, digits and `_`";
            self.findings.push(error(format!("the name `{text}` is not snake_case")).hint(hint));
        } else if is_reserved(text) {
            let hint = "the words of operators, functions and what expressions can ask for are no names";
            self.findings.push(error(format!("the name `{text}` has a meaning of its own in the language")).hint(hint));
        } else if text.len() > 64 {
            self.findings.push(error(format!("a name may have 64 characters, this one has {}", text.len())));
        }
    }
}

pub(super) fn fits(node: &Node, shape: &Shape) -> bool {
    match (shape, &node.value) {
        (Shape::Text | Shape::Id | Shape::Name | Shape::Word(_) | Shape::Effect, Value::Text(_))
        | (Shape::Formula, Value::Text(_) | Value::Integer(_) | Value::Number(_))
        | (Shape::Condition, Value::Text(_) | Value::Flag(_))
        | (Shape::Flag, Value::Flag(_))
        | (Shape::Integer, Value::Integer(_))
        | (Shape::Number, Value::Integer(_) | Value::Number(_))
        | (Shape::Date, Value::Date(_))
        | (Shape::List(_) | Shape::Few(..), Value::List(_))
        | (Shape::Table(_) | Shape::Map(_) | Shape::Cells(_), Value::Table(_)) => true,
        (Shape::Either(shapes), _) => shapes.iter().any(|shape| fits(node, shape)),
        _ => false,
    }
}

/// What a shape is called in messages.
fn takes(shape: &Shape) -> String {
    match shape {
        Shape::Text => "a string".to_owned(),
        Shape::Id | Shape::Name => "a name in a string".to_owned(),
        Shape::Word(words) => format!("one of {}", words.join(", ")),
        Shape::Flag => "true or false".to_owned(),
        Shape::Integer => "an integer".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::Formula => "a number or an expression in a string".to_owned(),
        Shape::Condition => "an expression in a string, true or false".to_owned(),
        Shape::Effect => "an effect in a string".to_owned(),
        Shape::Date => "a date".to_owned(),
        Shape::List(item) | Shape::Few(item, ..) => match **item {
            Shape::Table(table) => format!("a list of tables, each {}", table.name),
            ref item => format!("a list, each item {}", takes(item)),
        },
        Shape::Table(table) => format!("the table of {}", table.name),
        Shape::Map(_) | Shape::Cells(_) => "a table from names to values".to_owned(),
        Shape::Either(shapes) => shapes.iter().map(takes).collect::<Vec<_>>().join(", or "),
    }
}
