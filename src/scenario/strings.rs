//! Where the expressions of a file stand.

use super::dom::{self, Node, Value};
use super::grammar::{ROOT, Shape, Table};
use crate::diagnostic::Span;

/// The spans of all strings of a document that hold an expression or an effect, quotes included, and whether it is an
/// effect. A claim is an expression.
pub fn expressions(source: &str) -> Vec<(Span, bool)> {
    let mut found = Vec::new();
    if let Some(document) = dom::parse(source, &mut Vec::new()) {
        of_table(&document, &ROOT, &mut found);
    }
    found
}

fn of_table(node: &Node, table: &'static Table, found: &mut Vec<(Span, bool)>) {
    for (name, value) in node.entries() {
        match table.key(&name.text) {
            // A claim is text to the grammar: what it may hold is said by the compiler.
            Some(key) if key.name == "claim" => of_value(value, &Shape::Formula, found),
            Some(key) => of_value(value, &key.shape, found),
            None => {}
        }
    }
}

fn of_value(node: &Node, shape: &'static Shape, found: &mut Vec<(Span, bool)>) {
    match (shape, &node.value) {
        (Shape::Formula | Shape::Condition, Value::Text(text)) => found.push((text.span, false)),
        (Shape::Effect, Value::Text(text)) => found.push((text.span, true)),
        (Shape::List(item) | Shape::Few(item, ..), _) => {
            node.items().iter().for_each(|node| of_value(node, item, found))
        }
        (Shape::Table(table), _) => of_table(node, table, found),
        (Shape::Map(item) | Shape::Cells(item), _) => {
            node.entries().iter().for_each(|(_, node)| of_value(node, item, found));
        }
        (Shape::Either(shapes), _) => {
            let fitting = shapes.iter().find(|shape| super::shape::fits(node, shape));
            fitting.into_iter().for_each(|shape| of_value(node, shape, found));
        }
        _ => {}
    }
}
