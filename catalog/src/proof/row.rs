//! A row between its values and how answers show it.

use std::collections::BTreeMap;

use rusqlite::types::{Value, ValueRef};
use serde_json::value::RawValue;

use crate::json::{write_cell, write_json_string};
use crate::table::{ColumnType, NAN, Storage};

/// A row as other answers show it. `None` where it has a value that the builder does not store.
pub fn row_values(columns: &[(String, ColumnType)], values: &[ValueRef<'_>]) -> Option<Box<RawValue>> {
    let mut json = vec![b'{'];
    for ((name, column_type), value) in columns.iter().zip(values) {
        if json.len() > 1 {
            json.push(b',');
        }
        write_json_string(name, &mut json);
        json.push(b':');
        write_cell(*value, *column_type, &mut json).ok()?;
    }
    json.push(b'}');
    RawValue::from_string(String::from_utf8(json).ok()?).ok()
}

/// The values of a row as answers show it: what [`row_values`] was made from, but for line ends in documents of
/// columns of type any, which no answer has. `None` where the JSON is not such a row.
pub fn row_leaf(columns: &[(String, ColumnType)], json: &[u8]) -> Option<Vec<Value>> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_slice(json).ok()?;
    if members.len() != columns.len() {
        return None;
    }
    columns.iter().map(|(name, of)| value(*of, members.get(name)?.get())).collect()
}

fn value(of: ColumnType, json: &str) -> Option<Value> {
    if json == "null" {
        return Some(Value::Null);
    }
    let text = || serde_json::from_str::<String>(json).ok();
    Some(match of.storage() {
        Storage::Integer => Value::Integer(json.parse().ok()?),
        Storage::Boolean => Value::Integer(json.parse::<bool>().ok()?.into()),
        Storage::Real if json.starts_with('"') => match text()?.as_str() {
            NAN => Value::Text(NAN.to_owned()),
            "Infinity" => Value::Real(f64::INFINITY),
            "-Infinity" => Value::Real(f64::NEG_INFINITY),
            _ => return None,
        },
        Storage::Real => Value::Real(json.parse().ok()?),
        Storage::Json => Value::Text(json.to_owned()),
        Storage::Text if of == ColumnType::Any && !json.starts_with('"') => Value::Text(json.to_owned()),
        Storage::Text => Value::Text(text()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_that_are_shown() {
        let cases: [(ColumnType, Value); 11] = [
            (ColumnType::Integer, Value::Integer(i64::MIN)),
            (ColumnType::Boolean, Value::Integer(1)),
            (ColumnType::Number, Value::Real(100.0)),
            (ColumnType::Number, Value::Real(f64::NEG_INFINITY)),
            (ColumnType::Number, Value::Text("NaN".into())),
            (ColumnType::String, Value::Text("a\"\n\u{1}é".into())),
            (ColumnType::String, Value::Null),
            (ColumnType::Geopoint, Value::Text("[90.50,45.50]".into())),
            (ColumnType::Any, Value::Text("{\"a\": 1.50}".into())),
            (ColumnType::Any, Value::Text("[draft]".into())),
            (ColumnType::Date, Value::Text("2024-01-26".into())),
        ];
        let columns: Vec<_> =
            cases.iter().enumerate().map(|(index, (of, _))| (format!("c\"{index}"), *of)).collect();
        let values: Vec<_> = cases.iter().map(|(_, value)| value.clone()).collect();
        let shown = row_values(&columns, &values.iter().map(ValueRef::from).collect::<Vec<_>>()).unwrap();
        assert_eq!(row_leaf(&columns, shown.get().as_bytes()), Some(values));
        assert_eq!(row_leaf(&columns[..1], shown.get().as_bytes()), None);
        assert_eq!(row_leaf(&columns[..1], b"{\"c\\\"0\":1.5}"), None);
    }
}
