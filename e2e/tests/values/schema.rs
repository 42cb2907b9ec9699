//! The JSON Schema of a table, and whether its rows keep it: by a validator that is not ours.

use boon::{Compiler, Schemas};
use serde_json::Value;

use crate::release::{Release, csv};

/// A field, with the cells that it is to take.
pub(crate) const FIELDS: [(&str, [&str; 3]); 33] = [
    (r#"{"name": "id", "type": "integer"}"#, ["-9223372036854775808", "2", "3"]),
    (
        r#"{"name": "plain", "type": "string", "constraints": {"minLength": 1, "maxLength": 3}}"#,
        ["äöü", "a", ""],
    ),
    (
        r#"{"name": "sku", "type": "string", "constraints": {"pattern": "[A-Z]-\\d+", "required": true}}"#,
        ["A-1", "B-22", "C-3"],
    ),
    (r#"{"name": "size", "type": "string", "constraints": {"enum": ["S", "M"]}}"#, ["S", "", "M"]),
    (r#"{"name": "kind", "type": "string", "categories": ["a", "b"]}"#, ["a", "b", ""]),
    (
        r#"{"name": "amount", "type": "number", "constraints": {"minimum": "0.5", "exclusiveMaximum": 10}}"#,
        ["0.5", "9.99", ""],
    ),
    (
        r#"{"name": "count", "type": "integer", "constraints": {"exclusiveMinimum": 0, "maximum": "7"}}"#,
        ["1", "7", ""],
    ),
    (r#"{"name": "measured", "type": "number", "constraints": {"minimum": 0}}"#, ["NaN", "1.5", ""]),
    (
        r#"{"name": "level", "type": "number", "constraints": {"enum": [1, "NaN", "2.5"]}}"#,
        ["nan", "1.0", "2.5"],
    ),
    (
        r#"{"name": "german", "type": "number", "decimalChar": ",", "constraints": {"enum": ["1,5", "2"]}}"#,
        ["1,5", "2", ""],
    ),
    (r#"{"name": "grade", "type": "integer", "constraints": {"enum": ["1", 2, null]}}"#, ["1", "2", ""]),
    (r#"{"name": "flag", "type": "boolean", "constraints": {"enum": [true]}}"#, ["true", "", "1"]),
    (
        r#"{"name": "facts", "type": "object", "constraints": {"minLength": 1}}"#,
        ["{\"a\":1}", "", "{\"b\":{}}"],
    ),
    (
        r#"{"name": "parts", "type": "array", "constraints": {"minLength": 1, "maxLength": 2}}"#,
        ["[1,null]", "", "[[]]"],
    ),
    (r#"{"name": "words", "type": "list", "constraints": {"maxLength": 2}}"#, ["a,b", "a", ""]),
    (r#"{"name": "numbers", "type": "list", "itemType": "number"}"#, ["1,2.5", "1", ""]),
    (r#"{"name": "truths", "type": "list", "itemType": "boolean"}"#, ["true,0", "1", ""]),
    (r#"{"name": "days", "type": "list", "itemType": "date"}"#, ["2024-01-26,2024-01-27", "2024-01-26", ""]),
    (
        r#"{"name": "at", "type": "datetime", "constraints": {"minimum": "2020-01-01T00:00:00Z"}}"#,
        ["2024-01-26T15:00:00", "2024-01-26T15:00:00Z", ""],
    ),
    (r#"{"name": "day", "type": "date", "constraints": {"enum": ["2024-01-26"]}}"#, ["2024-01-26", "", ""]),
    (r#"{"name": "hour", "type": "time"}"#, ["15:00:00", "", ""]),
    (r#"{"name": "year", "type": "year", "constraints": {"minimum": "2000"}}"#, ["2024", "", "2000"]),
    (r#"{"name": "month", "type": "yearmonth"}"#, ["2024-01", "", ""]),
    (r#"{"name": "length", "type": "duration"}"#, ["P1D", "", ""]),
    (r#"{"name": "place", "type": "geopoint"}"#, ["90.5, 45.5", "", ""]),
    (r#"{"name": "area", "type": "geojson"}"#, ["{\"type\":\"Point\",\"coordinates\":[1,2]}", "", ""]),
    (r#"{"name": "most", "type": "number", "constraints": {"maximum": "INF"}}"#, ["INF", "-INF", "1"]),
    (
        r#"{"name": "from", "type": "date", "format": "%d.%m.%Y", "constraints": {"minimum": "01.01.2024"}}"#,
        ["26.01.2024", "", ""],
    ),
    (
        r#"{"name": "sold", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"], "constraints": {"enum": ["yes"]}}"#,
        ["yes", "", ""],
    ),
    (
        r#"{"name": "pair", "type": "list", "itemType": "integer", "delimiter": ";", "constraints": {"enum": ["1;2"]}}"#,
        ["1;2", "", ""],
    ),
    (r#"{"name": "spot", "type": "geopoint", "format": "object"}"#, ["{\"lon\":90,\"lat\":45}", "", ""]),
    (
        r#"{"name": "map", "type": "geojson", "format": "topojson"}"#,
        ["{\"type\":\"Topology\",\"objects\":{},\"arcs\":[]}", "", ""],
    ),
    (r#"{"name": "other", "type": "any"}"#, ["[1]", "x", ""]),
];

/// A table of all these fields.
pub(crate) fn release() -> Release {
    let fields: Vec<&str> = FIELDS.iter().map(|(field, _)| *field).collect();
    let name =
        |field: &str| serde_json::from_str::<Value>(field).unwrap()["name"].as_str().unwrap().to_owned();
    let names: Vec<String> = fields.iter().map(|field| name(field)).collect();
    let header = names.iter().map(String::as_str).collect();
    let rows = (0..3).map(|row| FIELDS.iter().map(|(_, cells)| cells[row]).collect());
    let csv = csv(std::iter::once(header).chain(rows));
    Release::new(&format!(r#"{{"fields": [{}], "primaryKey": "id"}}"#, fields.join(",\n")), &csv)
}

#[test]
fn rows_keep_the_schema() {
    let release = release();
    let schema: Value = serde_json::from_str(&release.get("/-/schema/t")).unwrap();
    let mut compiler = Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource("file:///schema", schema).unwrap();
    let mut schemas = Schemas::new();
    let index = compiler.compile("file:///schema", &mut schemas).unwrap();
    let mut rows: Vec<Value> = serde_json::from_str(&release.get("/t")).unwrap();
    // An infinite number is a string, and the schema does not say so (docs/query.md, "OpenAPI and schemas").
    rows.iter_mut().filter(|row| row["most"].is_string()).for_each(|row| row["most"] = Value::Null);
    assert_eq!(rows.len(), 3);
    for row in &rows {
        schemas.validate(row, index).unwrap_or_else(|error| panic!("{row}: {error:#}"));
    }
    // It says something: a row without a column, and one with a value that the field refuses.
    for (column, value) in [("id", None), ("size", Some("L")), ("measured", Some("-1")), ("sku", Some("a"))] {
        let mut row = rows[0].as_object().unwrap().clone();
        row.remove(column);
        if let Some(value) = value {
            row.insert(column.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| value.into()));
        }
        assert!(schemas.validate(&Value::Object(row), index).is_err(), "{column}: {value:?}");
    }
}

#[test]
fn the_schema_has_what_the_descriptor_says() {
    let schema: Value = serde_json::from_str(&release().get("/-/schema/t")).unwrap();
    for (column, property) in [
        ("sku", r#"{"pattern":"^(?:[A-Z]-\\d+)$","type":"string"}"#),
        ("size", r#"{"enum":["S","M",null],"type":["string","null"]}"#),
        ("amount", r#"{"exclusiveMaximum":10,"format":"double","minimum":0.5,"type":["number","null"]}"#),
        ("measured", r#"{"format":"double","minimum":0,"type":["number","string","null"]}"#),
        ("level", r#"{"enum":[1,"NaN",2.5,null],"format":"double","type":["number","string","null"]}"#),
        ("german", r#"{"format":"double","type":["number","null"]}"#),
        ("grade", r#"{"enum":[1,2,null],"format":"int64","type":["integer","null"]}"#),
    ] {
        assert_eq!(schema["properties"][column].to_string(), property, "{column}");
    }
}
