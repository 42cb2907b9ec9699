//! The descriptor as it is written.

use serde::Serialize;

use super::column::Column;

/// What goes into it.
pub(super) struct Written<'a> {
    pub(super) table: &'a str,
    pub(super) path: &'a str,
    pub(super) delimiter: u8,
    pub(super) escape: Option<u8>,
    /// The header's row number, where it is left out.
    pub(super) header_row: Option<u64>,
    pub(super) fields: Vec<(&'a String, &'a Column)>,
    pub(super) key: Option<&'a str>,
}

#[derive(Serialize)]
struct Package<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    name: &'a str,
    resources: [Resource<'a>; 1],
}

#[derive(Serialize)]
struct Resource<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dialect: Option<Dialect>,
    schema: Schema<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dialect {
    #[serde(skip_serializing_if = "Option::is_none")]
    delimiter: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    escape_char: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment_rows: Option<[u64; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Schema<'a> {
    fields: Vec<Field<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_key: Option<[&'a str; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Field<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    field_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_values: Option<Vec<&'static str>>,
}

impl Written<'_> {
    /// JSON with two spaces of indentation and a final newline.
    pub(super) fn json(&self) -> String {
        let fields = self.fields.iter().map(|(name, column)| {
            let words = column.missing_values();
            let missing_values = (!words.is_empty()).then(|| [""].into_iter().chain(words).collect());
            Field { name, field_type: column.field_type().name(), missing_values }
        });
        let delimiter = (self.delimiter != b',').then_some(char::from(self.delimiter));
        let escape_char = self.escape.map(char::from);
        let is_usual = delimiter.is_none() && escape_char.is_none() && self.header_row.is_none();
        let dialect = (!is_usual).then(|| Dialect {
            delimiter,
            escape_char,
            header: self.header_row.map(|_| false),
            comment_rows: self.header_row.map(|row| [row]),
        });
        let package = Package {
            schema: "https://datapackage.org/profiles/2.0/datapackage.json",
            name: self.table,
            resources: [Resource {
                name: self.table,
                kind: "table",
                path: self.path,
                dialect,
                schema: Schema { fields: fields.collect(), primary_key: self.key.map(|key| [key]) },
            }],
        };
        serde_json::to_string_pretty(&package).expect("a descriptor has string keys only") + "\n"
    }
}
