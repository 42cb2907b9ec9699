//! The columns of one row as values in memory, for a page that looks at them more than once.

use rusqlite::types::{Value, ValueRef};

use super::json;
use crate::error::Error;
use crate::pages::Shown;
use crate::query::Row;
use crate::sql::Kind;

/// A column's value, and how it turns into JSON.
#[derive(Debug, Clone)]
pub(crate) struct Cell(pub(crate) Value, pub(crate) Kind);

impl Cell {
    /// The value as pages show it. Errors: the file has a value that is not text.
    pub(crate) fn shown(&self) -> Result<Shown, Error> {
        Shown::of(ValueRef::from(&self.0), self.1)
    }
}

/// A value of SQLite as JSON. Errors: the file has a value that is not text.
pub(crate) fn value_json(value: ValueRef<'_>, kind: Kind) -> Result<String, Error> {
    let mut out = vec![];
    json::value(value, kind, false, &mut out)?;
    String::from_utf8(out).map_err(Error::release)
}

/// The columns of one row, as they were kept.
pub(crate) fn kept(values: Vec<Value>, kinds: &[Kind]) -> Vec<Cell> {
    values.into_iter().zip(kinds).map(|(value, kind)| Cell(value, *kind)).collect()
}

/// The columns of one row, wherever it was found.
pub(crate) fn columns(row: Row<'_>, kinds: &[Kind]) -> Result<Vec<Cell>, Error> {
    let cell = |(index, kind): (usize, &Kind)| Ok(Cell(owned(row.get(index)?), *kind));
    kinds.iter().enumerate().map(cell).collect()
}

/// The same value, kept.
pub(crate) fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(blob) => Value::Blob(blob.to_vec()),
    }
}
