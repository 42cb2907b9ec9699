//! Values that break a constraint.

use catalog::ColumnType;
use datapackage::cell::Value;
use datapackage::schema::{Constraints, Field, Options};
use serde_json::json;

use crate::{field, read};

/// Whether a cell of a type keeps the constraints.
fn kept(
    column_type: ColumnType,
    format: Option<&str>,
    constraints: Constraints,
    cell: &str,
) -> Result<(), String> {
    read(&Field { constraints, ..field(column_type, format) }, cell).map(|_| ())
}

fn broken(message: &str) -> Result<(), String> {
    Err(format!("[constraint-error] {message}"))
}

#[test]
fn lengths() {
    let length = |min_length, max_length| Constraints { min_length, max_length, ..Constraints::default() };
    use ColumnType::*;
    for (column_type, constraints, cell, outcome) in [
        (String, length(Some(2), Some(3)), "äöü", Ok(())),
        (String, length(Some(5), None), "plum", broken("\"plum\" has 4 characters, the minLength is 5")),
        (
            String,
            length(None, Some(5)),
            "grapefruit",
            broken("\"grapefruit\" has 10 characters, the maxLength is 5"),
        ),
        (String, length(Some(5), None), "", Ok(())),
        (Array, length(Some(2), None), "[[1,2]]", broken("\"[[1,2]]\" has 1 items, the minLength is 2")),
        (
            Object,
            length(None, Some(1)),
            "{\"a\":1,\"b\":2}",
            broken("\"{\"a\":1,\"b\":2}\" has 2 properties, the maxLength is 1"),
        ),
        (List, length(None, Some(2)), "a,b,c", broken("\"a,b,c\" has 3 items, the maxLength is 2")),
    ] {
        assert_eq!(kept(column_type, None, constraints, cell), outcome);
    }
}

#[test]
fn bounds() {
    use ColumnType::*;
    let minimum = |value| Constraints { minimum: Some(value), ..Constraints::default() };
    let maximum = |value| Constraints { maximum: Some(value), ..Constraints::default() };
    let above = |value| Constraints { exclusive_minimum: Some(value), ..Constraints::default() };
    let below = |value| Constraints { exclusive_maximum: Some(value), ..Constraints::default() };
    for (column_type, format, constraints, cell, outcome) in [
        (Integer, None, minimum(json!(100)), "100", Ok(())),
        (Integer, None, minimum(json!(100)), "50", broken("\"50\" is below the minimum 100")),
        (Integer, None, minimum(json!("100")), "50", broken("\"50\" is below the minimum \"100\"")),
        (Integer, None, maximum(json!(100)), "150", broken("\"150\" is above the maximum 100")),
        (Integer, None, above(json!(0)), "0", broken("\"0\" is not above the exclusiveMinimum 0")),
        (Integer, None, below(json!(150)), "150", broken("\"150\" is not below the exclusiveMaximum 150")),
        (Number, None, maximum(json!(0.1)), "0.1", Ok(())),
        (Number, None, maximum(json!(1)), "1.5", broken("\"1.5\" is above the maximum 1")),
        // NaN is greater than any other number.
        (Number, None, maximum(json!(1)), "NaN", broken("\"NaN\" is above the maximum 1")),
        (Number, None, maximum(json!("INF")), "nan", broken("\"nan\" is above the maximum \"INF\"")),
        (
            Number,
            None,
            below(json!("NaN")),
            "NaN",
            broken("\"NaN\" is not below the exclusiveMaximum \"NaN\""),
        ),
        (Number, None, maximum(json!("NaN")), "NaN", Ok(())),
        (Number, None, minimum(json!(1)), "NaN", Ok(())),
        (
            Date,
            None,
            minimum(json!("2024-01-02")),
            "2024-01-01",
            broken("\"2024-01-01\" is below the minimum \"2024-01-02\""),
        ),
        (Date, Some("%d/%m/%Y"), minimum(json!("02/01/2024")), "01/02/2024", Ok(())),
        (
            Date,
            Some("%d/%m/%Y"),
            minimum(json!("02/01/2024")),
            "01/01/2024",
            broken("\"01/01/2024\" is below the minimum \"02/01/2024\""),
        ),
        (
            Time,
            None,
            maximum(json!("12:00:00")),
            "12:00:01",
            broken("\"12:00:01\" is above the maximum \"12:00:00\""),
        ),
        (Datetime, None, maximum(json!("2024-01-01T12:00:00Z")), "2024-01-01T13:00:00+02:00", Ok(())),
        (
            Datetime,
            None,
            maximum(json!("2024-01-01T12:00:00Z")),
            "2024-01-01T12:00:00.5Z",
            broken("\"2024-01-01T12:00:00.5Z\" is above the maximum \"2024-01-01T12:00:00Z\""),
        ),
        (Datetime, None, maximum(json!("2024-02-29T23:00:00-01:00")), "2024-03-01T00:00:00", Ok(())),
        (Duration, None, maximum(json!("P1M")), "P27D", Ok(())),
        (Duration, None, maximum(json!("P1M")), "P30D", broken("\"P30D\" is above the maximum \"P1M\"")),
        (Year, None, minimum(json!(2000)), "1999", broken("\"1999\" is below the minimum 2000")),
        (
            Yearmonth,
            None,
            minimum(json!("2024-02")),
            "2024-01",
            broken("\"2024-01\" is below the minimum \"2024-02\""),
        ),
        (Integer, None, minimum(json!(100)), "", Ok(())),
    ] {
        assert_eq!(kept(column_type, format, constraints, cell), outcome, "{cell}");
    }
}

#[test]
fn pattern_is_about_the_whole_value() {
    let pattern = |pattern: &str| Constraints { pattern: Some(pattern.to_owned()), ..Constraints::default() };
    assert_eq!(kept(ColumnType::String, None, pattern("a.*"), "apple"), Ok(()));
    assert_eq!(
        kept(ColumnType::String, None, pattern("^a.*$"), "orange"),
        broken("\"orange\" does not match the pattern \"^a.*$\"")
    );
    assert!(kept(ColumnType::String, None, pattern("app"), "apple").is_err());
}

#[test]
fn enumerations() {
    let values = |values: serde_json::Value| Constraints {
        enumeration: values.as_array().cloned(),
        ..Constraints::default()
    };
    use ColumnType::*;
    for (column_type, given, cell, outcome) in [
        (String, json!(["apple", "plum"]), "plum", Ok(())),
        (
            String,
            json!(["apple", "plum"]),
            "Plum",
            broken("\"Plum\" is not in `enum`; help: did you mean \"plum\"?"),
        ),
        (String, json!(["apple"]), "orange", broken("\"orange\" is not in `enum`; help: allowed: \"apple\"")),
        (Integer, json!([1, "2"]), "+2", Ok(())),
        (Integer, json!([1, 2]), "7777", broken("\"7777\" is not in `enum`; help: allowed: 1, 2")),
        (Number, json!([0, 1.5]), "-0.0", Ok(())),
        (Number, json!(["1.50"]), "1.5", Ok(())),
        (Boolean, json!([true]), "0", broken("\"0\" is not in `enum`; help: allowed: true")),
        (
            Date,
            json!(["2024-01-01"]),
            "2024-01-02",
            broken("\"2024-01-02\" is not in `enum`; help: did you mean \"2024-01-01\"?"),
        ),
        (Object, json!([{"a": 1, "b": 2}]), "{\"b\": 2, \"a\": 1}", Ok(())),
        (Array, json!(["[1, 2]"]), "[1,2]", Ok(())),
        (Array, json!([[1, 2]]), "[2,1]", broken("\"[2,1]\" is not in `enum`; help: allowed: [1,2]")),
        (String, json!(["a"]), "", Ok(())),
    ] {
        assert_eq!(kept(column_type, None, values(given), cell), outcome, "{cell}");
    }
}

#[test]
fn categories() {
    let field = Field {
        constraints: Constraints { categories: Some(vec![json!(0), json!(1)]), ..Constraints::default() },
        ..Field::new("f", ColumnType::Integer)
    };
    assert_eq!(read(&field, "1"), Ok(Value::Integer(1)));
    assert_eq!(
        read(&field, "12"),
        Err("[constraint-error] \"12\" is not in `categories`; help: did you mean 1?".to_owned())
    );
}

#[test]
fn values_are_compared_and_not_their_texts() {
    let field = Field {
        options: Options { group_char: Some(",".to_owned()), ..Options::default() },
        constraints: Constraints { maximum: Some(json!("1,000")), ..Constraints::default() },
        ..Field::new("f", ColumnType::Integer)
    };
    assert_eq!(read(&field, "999"), Ok(Value::Integer(999)));
    assert_eq!(
        read(&field, "1,001"),
        Err("[constraint-error] \"1,001\" is above the maximum \"1,000\"".to_owned())
    );
}

#[cfg(feature = "json-schema")]
#[test]
fn json_schemas() {
    let schema =
        json!({"type": "object", "properties": {"value": {"type": "integer"}}, "required": ["value"]});
    let constraints = || Constraints { json_schema: Some(schema.clone()), ..Constraints::default() };
    assert_eq!(kept(ColumnType::Object, None, constraints(), "{\"value\": 100}"), Ok(()));
    assert_eq!(
        kept(ColumnType::Object, None, constraints(), "{\"value\": \"bad\"}"),
        broken(
            "\"{\"value\": \"bad\"}\" does not match `jsonSchema`: at '/value': want integer, but got string"
        )
    );
    assert_eq!(
        kept(ColumnType::Object, None, constraints(), "{}"),
        broken("\"{}\" does not match `jsonSchema`: at '': missing properties 'value'")
    );
}
