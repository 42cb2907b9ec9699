//! One field of a Table Schema.

use catalog::{ColumnType, Language};

use super::Constraints;

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
    /// `searchable`: its words are indexed, in this language.
    pub searchable: Option<Language>,
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
            searchable: None,
        }
    }
}
