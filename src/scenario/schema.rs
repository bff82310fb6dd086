//! The grammar as a JSON Schema (draft-07), for editors.

use super::grammar::{ROOT, Shape, Table};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The schema of a scenario file, as pretty-printed JSON.
pub fn schema() -> String {
    let mut tables = Tables::default();
    let mut root = Map::new();
    root.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    root.insert("title".to_owned(), json!("escalate scenario"));
    if let Value::Object(table) = tables.table(&ROOT) {
        root.extend(table);
    }
    let definitions = tables.definitions();
    root.insert("definitions".to_owned(), Value::Object(definitions));
    let mut text = serde_json::to_string_pretty(&Value::Object(root)).unwrap_or_default();
    text.push('\n');
    text
}

/// The tables met on the way, each defined once.
#[derive(Default)]
struct Tables {
    seen: BTreeSet<&'static str>,
    waiting: Vec<&'static Table>,
}

const NAME: &str = "^[a-z][a-z0-9_]{0,63}$";

impl Tables {
    fn definitions(&mut self) -> Map<String, Value> {
        let mut definitions = Map::new();
        while let Some(table) = self.waiting.pop() {
            let definition = self.table(table);
            definitions.insert(slug(table), definition);
        }
        definitions
    }

    fn table(&mut self, table: &'static Table) -> Value {
        let mut properties = Map::new();
        for key in table.keys() {
            let mut property = self.shape(&key.shape);
            if let Value::Object(object) = &mut property {
                // Beside a `$ref`, draft-07 ignores everything else.
                if !object.contains_key("$ref") {
                    object.insert("description".to_owned(), json!(key.about));
                }
            }
            properties.insert(key.name.to_owned(), property);
        }
        let required: Vec<&str> = table.keys().filter(|key| key.required).map(|key| key.name).collect();
        json!({
            "type": "object",
            "description": table.name,
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }

    fn shape(&mut self, shape: &'static Shape) -> Value {
        match shape {
            Shape::Text | Shape::Name => json!({"type": "string"}),
            Shape::Id => json!({"type": "string", "pattern": NAME}),
            Shape::Effect => json!({"type": "string", "pattern": "="}),
            Shape::Word(words) => json!({"type": "string", "enum": words}),
            Shape::Flag => json!({"type": "boolean"}),
            Shape::Integer => json!({"type": "integer"}),
            Shape::Number => json!({"type": "number"}),
            Shape::Formula => json!({"type": ["number", "string"]}),
            Shape::Condition => json!({"type": ["boolean", "string"]}),
            // Readers of TOML hand a date over as a string, or as a value of their own.
            Shape::Date => json!({}),
            Shape::List(item) => json!({"type": "array", "items": self.shape(item)}),
            Shape::Few(item, least, usize::MAX) => {
                json!({"type": "array", "items": self.shape(item), "minItems": least})
            }
            Shape::Few(item, least, most) => {
                json!({"type": "array", "items": self.shape(item), "minItems": least, "maxItems": most})
            }
            Shape::Map(item) => json!({
                "type": "object",
                "propertyNames": {"pattern": NAME},
                "additionalProperties": self.shape(item),
            }),
            Shape::Cells(item) => json!({"type": "object", "additionalProperties": self.shape(item)}),
            Shape::Either(shapes) => json!({"anyOf": shapes.iter().map(|it| self.shape(it)).collect::<Vec<_>>()}),
            Shape::Table(table) => {
                if self.seen.insert(table.name) {
                    self.waiting.push(table);
                }
                json!({"$ref": format!("#/definitions/{}", slug(table))})
            }
        }
    }
}

/// `a trigger` as `trigger`.
fn slug(table: &Table) -> String {
    let name = table.name;
    let name = ["a ", "an ", "the "].iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name);
    name.replace(' ', "_")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_beside_the_docs_is_this_one() {
        let kept = include_str!("../../docs/scenario.schema.json");
        assert_eq!(super::schema(), kept, "run `escalate schema > docs/scenario.schema.json`");
    }
}
