//! The JSON Schema of a table's rows, as the builder stored it.

use serde_json::Value;

use super::document::{Node, Object};

/// The schema of a row that has all columns.
#[derive(Debug)]
pub(crate) struct RowSchema(Object);

impl RowSchema {
    /// Reads the stored document. Errors: it is no JSON object.
    pub(crate) fn parse(document: &str) -> serde_json::Result<Self> {
        match serde_json::from_str(document)? {
            Node::Object(members) => Ok(Self(members)),
            _ => Err(serde::de::Error::custom("a JSON Schema is an object")),
        }
    }

    /// The schema of a row as far as its columns are selected.
    pub(super) fn of_selected(&self) -> Object {
        self.0.only(&["description", "type", "properties"])
    }

    /// JSON's types for values of a column, without null; none where any may stand there.
    pub(super) fn types(&self, column: &str) -> Vec<&str> {
        let Some(Node::Object(properties)) = self.0.get("properties") else { return vec![] };
        let Some(Node::Object(property)) = properties.get(column) else { return vec![] };
        let names = match property.get("type") {
            Some(Node::List(names)) => names.as_slice(),
            Some(name) => std::slice::from_ref(name),
            None => &[],
        };
        let names = names.iter().filter_map(|name| match name {
            Node::Value(Value::String(text)) => Some(text.as_str()),
            _ => None,
        });
        names.filter(|name| *name != "null").collect()
    }
}
