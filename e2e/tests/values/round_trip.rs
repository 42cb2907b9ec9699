//! Properties: whatever stands in the cells of a table, the reader answers with the same values,
//! for the table and for each row by its key; and its CSV is the same table once more.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::release::{Release, csv};

/// A cell, and the value that it stands for.
type Cell = (String, Value);

const SCHEMA: &str = r#"{"fields": [
    {"name": "id", "type": "integer"},
    {"name": "string", "type": "string"},
    {"name": "number", "type": "number"},
    {"name": "infinite", "type": "number"},
    {"name": "grouped", "type": "number", "decimalChar": ",", "groupChar": "."},
    {"name": "integer", "type": "integer"},
    {"name": "boolean", "type": "boolean"},
    {"name": "object", "type": "object"},
    {"name": "array", "type": "array"},
    {"name": "list", "type": "list", "delimiter": ";"},
    {"name": "integers", "type": "list", "itemType": "integer"},
    {"name": "datetime", "type": "datetime"},
    {"name": "date", "type": "date"},
    {"name": "pattern", "type": "date", "format": "%d.%m.%Y"},
    {"name": "time", "type": "time"},
    {"name": "year", "type": "year"},
    {"name": "yearmonth", "type": "yearmonth"},
    {"name": "duration", "type": "duration"},
    {"name": "geopoint", "type": "geopoint"},
    {"name": "geojson", "type": "geojson"},
    {"name": "any", "type": "any"}
], "primaryKey": "id"}"#;

/// The schema of the reader's CSV: values in their types' default forms, JSON in cells.
fn schema_of_csv() -> String {
    SCHEMA
        .replace(r#"number", "decimalChar": ",", "groupChar": ".""#, "number\"")
        .replace(r#""list", "delimiter": ";""#, r#""array""#)
        .replace(r#""list", "itemType": "integer""#, r#""array""#)
        .replace(r#""date", "format": "%d.%m.%Y""#, r#""date""#)
        .replace(r#""geopoint"}"#, r#""geopoint", "format": "array"}"#)
}

proptest! {
    // A case is a release, with its files synced to disk.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn values_come_back(
        ids in prop::collection::hash_set(any::<i64>(), 1..12),
        rows in prop::collection::vec(row(), 12),
    ) {
        let names: Vec<String> = serde_json::from_str::<Value>(SCHEMA).unwrap()["fields"]
            .as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap().to_owned()).collect();
        let rows: Vec<Vec<Cell>> = ids
            .into_iter()
            .zip(rows)
            .map(|(id, row)| [(id.to_string(), json!(id))].into_iter().chain(row).collect())
            .collect();
        let header = names.iter().map(String::as_str).collect();
        let lines = rows.iter().map(|row| row.iter().map(|(cell, _)| cell.as_str()).collect());
        let release = Release::new(SCHEMA, &csv([header].into_iter().chain(lines)));
        let expected: Vec<Value> = rows
            .iter()
            .map(|row| names.iter().cloned().zip(row.iter().map(|(_, value)| value.clone())).collect())
            .collect();
        let found: Vec<Value> = serde_json::from_str(&release.get("/t")).unwrap();
        prop_assert_eq!(&found, &expected);
        let again = Release::new(&schema_of_csv(), &release.get_as("/t", "text/csv"));
        prop_assert_eq!(again.get("/t"), release.get("/t"));
        for row in expected {
            let found: Value = serde_json::from_str(&release.get(&format!("/t/{}", row["id"]))).unwrap();
            prop_assert_eq!(found, row);
        }
    }
}

/// A cell for every field but the key; now and then an empty one.
fn row() -> impl Strategy<Value = Vec<Cell>> {
    let cells: Vec<BoxedStrategy<Cell>> = vec![
        text(),
        number(),
        prop::sample::select(vec![
            ("INF", "Infinity"),
            ("-INF", "-Infinity"),
            ("NaN", "NaN"),
            ("nan", "NaN"),
        ])
        .prop_map(|(cell, value)| (cell.to_owned(), json!(value)))
        .boxed(),
        grouped(),
        any::<i64>().prop_map(|value| (format!("{value:+}"), json!(value))).boxed(),
        prop::sample::select(vec![("true", true), ("1", true), ("False", false), ("0", false)])
            .prop_map(|(cell, value)| (cell.to_owned(), json!(value)))
            .boxed(),
        document(true),
        document(false),
        prop::collection::vec("[^;]{0,6}", 2..5).prop_map(|items| (items.join(";"), json!(items))).boxed(),
        prop::collection::vec(any::<i64>(), 1..5).prop_map(integers).boxed(),
        (date(), time(), prop::sample::select(vec!["", "Z", "+05:30"]))
            .prop_map(|(date, time, zone)| same(format!("{date}T{time}{zone}")))
            .boxed(),
        date().prop_map(same).boxed(),
        date()
            .prop_map(|date| {
                let (year, month, day) = (&date[..4], &date[5..7], &date[8..]);
                (format!("{day}.{month}.{year}"), json!(date))
            })
            .boxed(),
        time().prop_map(same).boxed(),
        (1000..=9999_u16).prop_map(|year| (year.to_string(), json!(year))).boxed(),
        date().prop_map(|date| same(date[..7].to_owned())).boxed(),
        (0..99_u8, 1..99_u8, 0..99_u8)
            .prop_map(|(years, days, hours)| same(format!("P{years}Y{days}DT{hours}H")))
            .boxed(),
        point().prop_map(|(lon, lat)| (format!("{lon}, {lat}"), json!([lon, lat]))).boxed(),
        point()
            .prop_map(|(lon, lat)| json!({ "type": "Point", "coordinates": [lon, lat] }))
            .prop_map(|point| (format!("{point:#}"), point))
            .boxed(),
        text(),
    ];
    let or_none =
        |cell: BoxedStrategy<Cell>| prop_oneof![1 => Just((String::new(), Value::Null)), 9 => cell].boxed();
    cells.into_iter().map(or_none).collect::<Vec<_>>()
}

fn same(text: String) -> Cell {
    (text.clone(), Value::String(text))
}

/// Any text; the empty one is no value.
fn text() -> BoxedStrategy<Cell> {
    prop_oneof![any::<String>(), "[\"',;\r\n\t \\\\a-c]{1,20}"]
        .prop_filter("a value", |text| !text.is_empty())
        .prop_map(same)
        .boxed()
}

fn number() -> BoxedStrategy<Cell> {
    any::<f64>()
        .prop_filter("finite", |value| value.is_finite())
        .prop_flat_map(|value| {
            prop::sample::select(vec![value.to_string(), format!("{value:e}"), format!("{value:E}")])
                .prop_map(move |cell| (cell, shown(value)))
        })
        .boxed()
}

/// A double as the reader shows it: whole numbers without a fraction, zero without a sign.
fn shown(value: f64) -> Value {
    let text = json!(value + 0.0).to_string();
    serde_json::from_str(text.strip_suffix(".0").unwrap_or(&text)).unwrap()
}

/// Thousands in groups, a decimal comma.
fn grouped() -> BoxedStrategy<Cell> {
    (0..1_000_000_u32, 1..100_u32)
        .prop_map(|(thousands, hundredths)| {
            let cell = format!("{}.{:03},{hundredths:02}", thousands / 1000, thousands % 1000);
            let value: f64 = format!("{thousands}.{hundredths:02}").parse().unwrap();
            (cell, shown(value))
        })
        .boxed()
}

fn integers(items: Vec<i64>) -> Cell {
    let cell = items.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    (cell, json!(items))
}

/// A JSON object or array, with blanks.
fn document(object: bool) -> BoxedStrategy<Cell> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let inner = leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|properties| properties.into_iter().collect()),
        ]
    });
    let document: BoxedStrategy<Value> = if object {
        prop::collection::vec((any::<String>(), inner), 0..4)
            .prop_map(|properties| properties.into_iter().collect())
            .boxed()
    } else {
        prop::collection::vec(inner, 0..4).prop_map(Value::from).boxed()
    };
    document.prop_map(|document| (format!("{document:#}"), document)).boxed()
}

fn date() -> impl Strategy<Value = String> {
    (1..=9999_u16, 1..=12_u8, 1..=28_u8)
        .prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
}

fn time() -> impl Strategy<Value = String> {
    (0..24_u8, 0..60_u8, 0..60_u8)
        .prop_map(|(hour, minute, second)| format!("{hour:02}:{minute:02}:{second:02}"))
}

/// Degrees with a fraction.
fn point() -> impl Strategy<Value = (f64, f64)> {
    (-1799..1800_i32, -899..900_i32)
        .prop_map(|(lon, lat)| (f64::from(lon) + 0.5, f64::from(lat) + 0.5))
        .prop_map(|(lon, lat)| (lon / 10.0, lat / 10.0))
}
