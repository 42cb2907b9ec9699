//! A key as it is written in a path, as the values that rows have.

use rusqlite::types::Value;

use super::ProofError;
use super::answer::ProvedTable;
use crate::key::key_parts;
use crate::table::{ColumnType, NAN, Storage};

/// The values of the key that `text` is: of one column as it stands, of several with commas between them.
/// Numbers and booleans are read as answers write them. Errors: [`ProofError::NoKey`], [`ProofError::Key`].
pub fn typed_key(table: &ProvedTable, text: &str) -> Result<Vec<Value>, ProofError> {
    let wrong = || ProofError::Key(text.to_owned());
    let columns = table.key_columns().ok_or_else(wrong)?;
    let parts = match columns.len() {
        0 => return Err(ProofError::NoKey),
        1 => vec![text.to_owned()],
        _ => key_parts(text),
    };
    if parts.len() != columns.len() {
        return Err(wrong());
    }
    let values = columns.iter().zip(parts).map(|(column, part)| value(table.columns[*column].1, part));
    values.collect::<Option<_>>().ok_or_else(wrong)
}

fn value(of: ColumnType, text: String) -> Option<Value> {
    Some(match of.storage() {
        Storage::Integer => Value::Integer(text.parse().ok()?),
        Storage::Boolean => Value::Integer(text.parse::<bool>().ok()?.into()),
        Storage::Real => match text.parse::<f64>().ok()? {
            number if number.is_nan() => Value::Text(NAN.to_owned()),
            number => Value::Real(number + 0.0), // -0.0 is not stored
        },
        Storage::Text | Storage::Json => Value::Text(text),
    })
}
