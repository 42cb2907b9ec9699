//! datapackage.json, .yaml or .yml -> typed schema (Data Package v2, v1 read too).

use std::path::PathBuf;

use catalog::{ColumnType, ForeignKey};

/// One Data Package: a directory with a descriptor.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// The package's `name`, or the directory's name where it has none.
    pub name: String,
    /// The package's `version`, as given.
    pub version: Option<String>,
    /// The descriptor's path below the datasets directory, with `/` between the parts.
    pub path: String,
    /// The descriptor as JSON, without `resources`.
    pub about: String,
    /// Its tabular resources, in the descriptor's order.
    pub tables: Vec<Table>,
}

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
    /// The columns, in the descriptor's order.
    pub fields: Vec<Field>,
    /// Field names; empty where there is no primary key.
    pub primary_key: Vec<String>,
    /// Further unique keys; a field's `unique` constraint is one of a single field.
    pub unique_keys: Vec<Vec<String>>,
    /// References; `table` is the resource's own name in a self-reference.
    pub foreign_keys: Vec<ForeignKey>,
}

/// One CSV file of a resource.
#[derive(Debug, Clone)]
pub struct DataFile {
    /// Where it lies.
    pub file: PathBuf,
    /// Its path below the datasets directory, with `/` between the parts.
    pub path: String,
}

/// How a CSV file is to be read (Table Dialect v2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// `delimiter`
    pub delimiter: u8,
    /// `quoteChar`; `None` where quoting is off.
    pub quote: Option<u8>,
    /// `doubleQuote`
    pub double_quote: bool,
    /// `escapeChar`
    pub escape: Option<u8>,
    /// `header`: whether the first row names the columns.
    pub header: bool,
}

/// One field of a Table Schema.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The line of the field in the descriptor, from 1.
    pub line: u64,
    /// Its type.
    pub field_type: ColumnType,
    /// Its format, as given.
    pub format: Option<String>,
    /// `constraints.required`, or part of the primary key.
    pub required: bool,
    /// The cells that mean "no value": the field's own, or the schema's, or `[""]`.
    pub missing_values: Vec<String>,
}
