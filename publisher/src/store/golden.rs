//! Golden rows: one row of each table, read from the file itself. Anything that serves the release must
//! answer with the same rows, although it reads them with other code.

use catalog::{ColumnType, Storage, Table, quote};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Map, Number, Value};

use super::record::GoldenRow;

/// The row in the middle of each table, by name.
pub(super) fn golden_rows(connection: &Connection) -> rusqlite::Result<Vec<GoldenRow>> {
    catalog::tables(connection)?.iter().map(|table| golden_row(connection, &table.entry)).collect()
}

fn golden_row(connection: &Connection, table: &Table) -> rusqlite::Result<GoldenRow> {
    let offset = table.rows / 2;
    let columns: Vec<String> = table.schema.columns.iter().map(|column| quote(&column.name)).collect();
    let sql = format!(
        "SELECT {} FROM {} ORDER BY {} LIMIT 1 OFFSET {offset}",
        columns.join(", "),
        quote(&table.name),
        table.rowid().unwrap_or("rowid"),
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut answer = vec![];
    while let Some(row) = rows.next()? {
        let mut object = Map::new();
        for (index, column) in table.schema.columns.iter().enumerate() {
            object.insert(column.name.clone(), value(row.get_ref(index)?, column.column_type)?);
        }
        answer.push(Value::Object(object));
    }
    Ok(GoldenRow { table: table.name.clone(), offset, answer: Value::Array(answer) })
}

fn value(value: ValueRef<'_>, of: ColumnType) -> rusqlite::Result<Value> {
    Ok(match (value, of.storage()) {
        (ValueRef::Null, _) => Value::Null,
        (ValueRef::Integer(truth), Storage::Boolean) => Value::Bool(truth != 0),
        (ValueRef::Integer(number), _) => number.into(),
        (ValueRef::Real(number), _) => match Number::from_f64(number) {
            Some(number) => Value::Number(number),
            None if number > 0.0 => "Infinity".into(),
            None => "-Infinity".into(),
        },
        (ValueRef::Text(json), Storage::Json) => serde_json::from_slice(json).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
        })?,
        // Text, and JSON where it is an array or object.
        (ValueRef::Text(text @ [b'[' | b'{', ..]), _) if of == ColumnType::Any => {
            serde_json::from_slice(text).or_else(|_| value.as_str().map(Value::from))?
        }
        (text, _) => text.as_str()?.into(),
    })
}

/// Whether two JSON values are equal: numbers by value (100 and 100.0 are), objects in any order.
pub fn same_json(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64()
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_json(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same_json(a, b)))
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use catalog::ColumnType;
    use rusqlite::types::ValueRef;
    use serde_json::json;

    use super::{same_json, value};

    #[test]
    fn values_are_as_the_api_shows_them() {
        let text = |text: &'static str, of| value(ValueRef::Text(text.as_bytes()), of).unwrap();
        assert_eq!(text("[1,\n2]", ColumnType::Any), json!([1, 2]));
        assert_eq!(text("{\"a\":null}", ColumnType::Any), json!({"a": null}));
        for plain in ["1", " [1]", "null", "\"a\"", "[draft]"] {
            assert_eq!(text(plain, ColumnType::Any), json!(plain));
        }
        assert_eq!(text("[1]", ColumnType::String), json!("[1]"));
        assert_eq!(text("NaN", ColumnType::Number), json!("NaN"));
        assert_eq!(value(ValueRef::Real(f64::NEG_INFINITY), ColumnType::Number).unwrap(), json!("-Infinity"));
    }

    #[test]
    fn numbers_are_compared_by_value() {
        assert!(same_json(&json!({"a": [100, 0.5]}), &json!({"a": [100.0, 0.5]})));
        assert!(!same_json(&json!(9_007_199_254_740_993_i64), &json!(9_007_199_254_740_992_i64)));
        assert!(!same_json(&json!({"a": 1}), &json!({"b": 1})));
        assert!(!same_json(&json!([1]), &json!([1, 1])));
        assert!(!same_json(&json!("1"), &json!(1)));
    }
}
