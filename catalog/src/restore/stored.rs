//! A value of the change feed, as the column that it was in stores it.

use rusqlite::types::{Value, ValueRef};

use super::RestoreError;
use crate::json::{is_document, write_document, write_json};
use crate::table::{Column, ColumnType, NAN, Storage};

/// What `json` is in `column`. Errors: the column can't hold it, so the feed is damaged.
pub(super) fn stored(json: &str, column: &Column) -> Result<Value, RestoreError> {
    let damaged = || RestoreError::Damaged(format!("it has {json} in column {:?}", column.name));
    let text = || serde_json::from_str::<String>(json).map_err(|_| damaged());
    if json == "null" {
        return Ok(Value::Null);
    }
    Ok(match column.column_type.storage() {
        Storage::Integer => Value::Integer(json.parse().map_err(|_| damaged())?),
        Storage::Boolean => match json {
            "true" => Value::Integer(1),
            "false" => Value::Integer(0),
            _ => return Err(damaged()),
        },
        Storage::Real if json.starts_with('"') => match text()?.as_str() {
            NAN => Value::Text(NAN.to_owned()),
            "Infinity" => Value::Real(f64::INFINITY),
            "-Infinity" => Value::Real(f64::NEG_INFINITY),
            _ => return Err(damaged()),
        },
        Storage::Real => Value::Real(json.parse().map_err(|_| damaged())?),
        Storage::Text if json.starts_with('"') => Value::Text(text()?),
        // A document in a column of any type.
        Storage::Text | Storage::Json => Value::Text(json.to_owned()),
    })
}

/// A value of the column `from` as the column `to` stores it: the feed lists no change where both are the same JSON.
pub fn converted(value: ValueRef<'_>, from: &Column, to: &Column) -> Result<Value, RestoreError> {
    if from.column_type.storage() == to.column_type.storage() {
        return Value::try_from(value).map_err(unfit);
    }
    let mut json = vec![];
    match value {
        ValueRef::Text(text) if from.column_type == ColumnType::Any && is_document(text) => {
            write_document(text, &mut json);
        }
        value => write_json(value, from.column_type.storage(), &mut json).map_err(unfit)?,
    }
    stored(&String::from_utf8(json).map_err(unfit)?, to)
}

fn unfit(error: impl ToString) -> RestoreError {
    RestoreError::Damaged(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_stored_as_they_were() {
        let column = |column_type| Column { name: "c".into(), column_type, required: false };
        for (of, json, value) in [
            (ColumnType::Integer, "-7", Value::Integer(-7)),
            (ColumnType::Boolean, "true", Value::Integer(1)),
            (ColumnType::Number, "1", Value::Real(1.0)),
            (ColumnType::Number, "1e+300", Value::Real(1e300)),
            (ColumnType::Number, "\"NaN\"", Value::Text("NaN".into())),
            (ColumnType::Number, "\"-Infinity\"", Value::Real(f64::NEG_INFINITY)),
            (ColumnType::String, "\"a\\n\\u0001\"", Value::Text("a\n\u{1}".into())),
            (ColumnType::Any, "[1, 2]", Value::Text("[1, 2]".into())),
            (ColumnType::Object, "{\"a\": 1.0}", Value::Text("{\"a\": 1.0}".into())),
            (ColumnType::Date, "null", Value::Null),
        ] {
            assert_eq!(stored(json, &column(of)).unwrap(), value, "{json}");
        }
        assert!(stored("1.5", &column(ColumnType::Integer)).is_err());
        assert!(stored("\"x\"", &column(ColumnType::Number)).is_err());
        let whole = converted(ValueRef::Real(1.0), &column(ColumnType::Number), &column(ColumnType::Integer));
        assert_eq!(whole.unwrap(), Value::Integer(1));
    }
}
