//! One tabular resource.

use catalog::ForeignKey;

use super::{DataFile, Dialect, Field};

/// One tabular resource.
#[derive(Debug, Clone)]
pub struct Table {
    /// The resource's `name`.
    pub name: String,
    /// The line of the resource in the descriptor, from 1.
    pub line: u64,
    /// The resource's descriptor as JSON.
    pub about: String,
    /// The files that its rows come from, in order.
    pub files: Vec<DataFile>,
    /// How the files are to be read.
    pub dialect: Dialect,
    /// The files' character encoding (`encoding`); UTF-8 where none is given.
    pub encoding: &'static encoding_rs::Encoding,
    /// The file that holds the schema, below the datasets directory: the descriptor itself, or
    /// the file that `schema` names.
    pub schema_path: String,
    /// How the header and the fields must agree.
    pub fields_match: FieldsMatch,
    /// The columns, in the descriptor's order.
    pub fields: Vec<Field>,
    /// Field names; empty where there is no primary key.
    pub primary_key: Vec<String>,
    /// Further unique keys; a field's `unique` constraint is one of a single field.
    pub unique_keys: Vec<Vec<String>>,
    /// `labelField`, a property of ours: the field that says in words which row it is.
    pub label: Option<String>,
    /// References; `table` is the resource's own name in a self-reference.
    pub foreign_keys: Vec<ForeignKey>,
}

/// How a file's header and the schema's fields must agree (Table Schema, `fieldsMatch`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldsMatch {
    /// The same fields in the same order.
    #[default]
    Exact,
    /// The same fields in any order.
    Equal,
    /// The file has all fields, and may have more.
    Subset,
    /// The file has no other fields, and may have fewer.
    Superset,
    /// The file has at least one of the fields.
    Partial,
}

impl FieldsMatch {
    /// Whether a file may have columns that the schema does not have.
    pub fn allows_more(self) -> bool {
        matches!(self, Self::Subset | Self::Partial)
    }

    /// Whether a file may lack fields of the schema.
    pub fn allows_fewer(self) -> bool {
        matches!(self, Self::Superset | Self::Partial)
    }
}
