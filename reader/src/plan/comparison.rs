//! What values are compared by. Filters, orders, groups, the least and the greatest, and the
//! pages of an order all ask here, for a value in a row and for one in a request alike: what `eq`
//! finds is one group, and groups come in the order of rows.

use catalog::ColumnType;
use rusqlite::types::Value;

use super::{datetime, document};

/// What values of a type are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// Themselves, by SQLite's rules.
    Stored,
    /// The point in time that the text stands for.
    Instant,
    /// The JSON that the text is, as PostgreSQL's `jsonb`.
    Json,
    /// The same, as PostgreSQL's arrays: element by element.
    Elements,
    /// The JSON where the text is an array or object; otherwise the text.
    AnyJson,
}

impl Comparison {
    /// What tells whether two values of the type are the same.
    pub(crate) fn equality(of: ColumnType) -> Self {
        match of {
            ColumnType::Datetime => Self::Instant,
            ColumnType::Array | ColumnType::List => Self::Elements,
            ColumnType::Object | ColumnType::Geopoint | ColumnType::Geojson => Self::Json,
            ColumnType::Any => Self::AnyJson,
            // Dates, times, years and months have one spelling each in a release.
            ColumnType::String
            | ColumnType::Number
            | ColumnType::Integer
            | ColumnType::Boolean
            | ColumnType::Date
            | ColumnType::Time
            | ColumnType::Year
            | ColumnType::Yearmonth
            | ColumnType::Duration => Self::Stored,
        }
    }

    /// What tells which of two values comes first. `any`, the type of columns that are given none,
    /// is ordered as text: such columns may be keys, and only then is their index of use.
    pub(crate) fn order(of: ColumnType) -> Self {
        match Self::equality(of) {
            Self::AnyJson => Self::Stored,
            comparison => comparison,
        }
    }

    /// The function, of SQLite or of ours, that makes the key of a value; `None` where it is its own.
    pub(crate) fn function(self) -> Option<&'static str> {
        match self {
            Self::Stored => None,
            Self::Instant => Some("instant"),
            Self::Json => Some("json"),
            Self::Elements => Some("elements"),
            Self::AnyJson => Some("any_json"),
        }
    }

    /// The key of a text: SQLite compares keys as the values they are of are to be compared.
    pub(crate) fn key(self, text: &str) -> Value {
        match self {
            Self::Stored => Value::Text(text.to_owned()),
            // What is no instant is not in a release.
            Self::Instant => datetime::sortable(text).map_or(Value::Null, Value::Text),
            Self::Json => Value::Blob(document::key(&document::read(text), false)),
            Self::Elements => Value::Blob(document::key(&document::read(text), true)),
            Self::AnyJson => match document::of_any(text) {
                Some(json) => Value::Blob(document::key(&json, false)),
                None => Value::Text(text.to_owned()),
            },
        }
    }

    /// The comparisons that have a function.
    pub(crate) const KEYED: [Self; 4] = [Self::Instant, Self::Json, Self::Elements, Self::AnyJson];
}
