//! datapackage.json, .yaml or .yml -> typed schema (Data Package v2, v1 read too).
//!
//! Everything a descriptor says is either taken into these types, kept in `about` as
//! documentation, or named in a finding. Deliberately absent: opening the CSV files (`table`) and
//! what a cell's text means (`cell`).

mod constraints;
mod dialect;
mod document;
mod field;
mod files;
mod keys;
mod load;
mod options;
mod package;
mod references;
mod resource;
mod schema;
mod section;
pub(crate) mod version;

use std::path::PathBuf;

use catalog::{ColumnType, ForeignKey};

pub(crate) use document::write_string as write_json_string;
pub(crate) use load::DESCRIPTORS;
pub use load::{LoadError, load};

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
    /// References; `table` is the resource's own name in a self-reference.
    pub foreign_keys: Vec<ForeignKey>,
}

/// One CSV file of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Where it lies.
    pub file: PathBuf,
    /// Its path below the datasets directory, with `/` between the parts.
    pub path: String,
    /// Whether it is compressed with gzip.
    pub gzip: bool,
    /// `bytes`: its size as it lies there, where the descriptor gives one.
    pub bytes: Option<u64>,
    /// `hash`, of the file as it lies there.
    pub hash: Option<Hash>,
}

/// A file's hash as its descriptor gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hash {
    /// How it was made.
    pub algorithm: HashAlgorithm,
    /// Lower-case hex, of the algorithm's length.
    pub digest: String,
}

/// The algorithms of `hash` (Data Resource, "hash").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // their names are what they are
pub enum HashAlgorithm {
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

/// How a CSV file is to be read (Table Dialect v2). `nullSequence` is not here: it is one more
/// missing value of every field.
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
    /// `headerRows`: the numbers of the rows that name the columns, from 1, ascending; `[1]`
    /// where not given. Without meaning where `header` is false.
    pub header_rows: Vec<u64>,
    /// `headerJoin`: what stands between the parts of a name from several rows.
    pub header_join: String,
    /// `commentRows`: the numbers of rows that are no data, from 1, ascending.
    pub comment_rows: Vec<u64>,
    /// `commentChar`: rows that begin with this are no data. Never empty.
    pub comment_char: Option<String>,
    /// `lineTerminator`: the byte that ends a row; `None` for any of LF, CRLF and CR.
    pub line_terminator: Option<u8>,
    /// `skipInitialSpace`
    pub skip_initial_space: bool,
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

/// One field of a Table Schema.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The line of the field in the file that holds the schema, from 1.
    pub line: u64,
    /// Its type.
    pub field_type: ColumnType,
    /// Its format, as given; `None` also for `default`.
    pub format: Option<String>,
    /// `constraints.required`, or part of the primary key.
    pub required: bool,
    /// The cells that mean "no value": the field's own, or the schema's, or `[""]`; and the
    /// dialect's `nullSequence`.
    pub missing_values: Vec<String>,
    /// The properties that only some types have.
    pub options: Options,
    /// What its values must be, beyond their type.
    pub constraints: Constraints,
}

/// The properties of a field that change how its cells are read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// number: `decimalChar`, where it is not `.`
    pub decimal_char: Option<String>,
    /// number, integer: `groupChar`
    pub group_char: Option<String>,
    /// number, integer: `bareNumber` is false.
    pub strip_non_numeric: bool,
    /// boolean: `trueValues`
    pub true_values: Option<Vec<String>>,
    /// boolean: `falseValues`
    pub false_values: Option<Vec<String>>,
    /// list: `delimiter`, where it is not `,`
    pub delimiter: Option<String>,
    /// list: `itemType`, where it is not string.
    pub item_type: Option<ColumnType>,
}

/// The constraints of a field that concern one value by itself; `required` is in [`Field`],
/// `unique` among the table's keys. Values are as given, in JSON.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Constraints {
    /// `minLength`
    pub min_length: Option<u64>,
    /// `maxLength`
    pub max_length: Option<u64>,
    /// `minimum`
    pub minimum: Option<serde_json::Value>,
    /// `maximum`
    pub maximum: Option<serde_json::Value>,
    /// `exclusiveMinimum`
    pub exclusive_minimum: Option<serde_json::Value>,
    /// `exclusiveMaximum`
    pub exclusive_maximum: Option<serde_json::Value>,
    /// `pattern`, an XML Schema regular expression.
    pub pattern: Option<String>,
    /// `enum`
    pub enumeration: Option<Vec<serde_json::Value>>,
    /// `jsonSchema`
    pub json_schema: Option<serde_json::Value>,
    /// The field's `categories`, their values.
    pub categories: Option<Vec<serde_json::Value>>,
}

impl Default for Dialect {
    /// The standard's defaults: RFC 4180 with a header row.
    fn default() -> Self {
        Self {
            delimiter: b',',
            quote: Some(b'"'),
            double_quote: true,
            escape: None,
            header: true,
            header_rows: vec![1],
            header_join: " ".to_owned(),
            comment_rows: Vec::new(),
            comment_char: None,
            line_terminator: None,
            skip_initial_space: false,
        }
    }
}

impl DataFile {
    /// A file of which no descriptor says anything: what ends in `.gz` is compressed.
    pub(crate) fn plain(file: &std::path::Path) -> Self {
        let gzip = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
        Self { file: file.to_owned(), path: String::new(), gzip, bytes: None, hash: None }
    }
}

impl Field {
    /// A field of a type, with the standard's defaults for everything else.
    pub fn new(name: impl Into<String>, field_type: ColumnType) -> Self {
        Self {
            name: name.into(),
            line: 1,
            field_type,
            format: None,
            required: false,
            missing_values: vec![String::new()],
            options: Options::default(),
            constraints: Constraints::default(),
        }
    }
}
