//! What a table's descriptor says of its columns.

use serde_json::Value;

use super::text::member;

/// The fields of a descriptor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'v>(&'v [Value]);

impl<'v> Fields<'v> {
    /// Of the descriptor of a resource.
    pub(crate) fn of(about: &'v Value) -> Self {
        let fields = about.get("schema").and_then(|schema| schema.get("fields")).and_then(Value::as_array);
        Self(fields.map_or(&[], Vec::as_slice))
    }

    /// The field of that name.
    pub(super) fn get(self, name: &str) -> Option<&'v Value> {
        self.0.iter().find(|field| field.get("name").and_then(Value::as_str) == Some(name))
    }

    /// What a column is called for people.
    pub(super) fn title<'n>(self, name: &'n str) -> &'n str
    where
        'v: 'n,
    {
        self.get(name).and_then(|field| member(field, "title")).unwrap_or(name)
    }

    pub(super) fn description(self, name: &str) -> Option<&'v str> {
        self.get(name).and_then(|field| member(field, "description"))
    }

    /// Whether the column's values are addresses.
    pub(super) fn is_uri(self, name: &str) -> bool {
        self.get(name).and_then(|field| member(field, "format")) == Some("uri")
    }
}
