//! The JSON Schema of a row, as the API shows it.

use catalog::{Column, ColumnType, Table};
use serde_json::{Value, json};

use super::document::Object;

/// The schema of a table's rows as a document of its own. `about` is the resource descriptor.
pub(super) fn document(table: &Table, about: &Value) -> Object {
    let mut url = String::from("/-/schema/");
    crate::request::encode(&table.name, &mut url);
    let mut document = Object::new()
        .with("$schema", "https://json-schema.org/draft/2020-12/schema")
        .with("$id", url)
        .with("title", about.get("title").cloned().unwrap_or_else(|| table.name.as_str().into()));
    document.extend(row(table, about));
    document.with("required", required(table)).with("additionalProperties", json!(false))
}

/// The schema of a table's rows, as far as their columns are selected.
pub(super) fn row(table: &Table, about: &Value) -> Object {
    let properties = table.schema.columns.iter().fold(Object::new(), |properties, column| {
        properties.with(column.name.as_str(), property(table, column, descriptor(about, &column.name)))
    });
    Object::new().with_any_of(about, "description").with("type", "object").with("properties", properties)
}

/// The names of all columns: a row that is not selected from has them all.
pub(super) fn required(table: &Table) -> Vec<&str> {
    table.schema.columns.iter().map(|column| column.name.as_str()).collect()
}

/// The field of that name in a resource descriptor.
pub(super) fn descriptor<'a>(about: &'a Value, name: &str) -> &'a Value {
    let fields = about.pointer("/schema/fields").and_then(Value::as_array);
    fields
        .and_then(|fields| fields.iter().find(|field| field.get("name").is_some_and(|known| known == name)))
        .unwrap_or(&Value::Null)
}

fn property(table: &Table, column: &Column, field: &Value) -> Object {
    let of = column.column_type;
    let nullable = is_nullable(table, column);
    let mut property = Object::new().with_any_of(field, "title").with_any_of(field, "description");
    let names = types(table, column);
    match (names, nullable) {
        ([], _) => {}
        ([name], false) => property = property.with("type", *name),
        (names, false) => property = property.with("type", names.to_vec()),
        (names, true) => property = property.with("type", [names, &["null"]].concat()),
    }
    if let Some(format) = format(of, field) {
        property = property.with("format", format);
    }
    if of == ColumnType::List && !names.is_empty() {
        let items = field.get("itemType").and_then(Value::as_str).unwrap_or("string");
        let items = ColumnType::ALL.into_iter().find(|known| known.name() == items);
        if let Some(&[name]) = items.map(types_of) {
            property = property.with("items", Object::new().with("type", name));
        }
    }
    constraints(property, table, column, field.get("constraints").unwrap_or(&Value::Null))
        .with_some("examples", field.get("example").map(|example| json!([example])))
}

fn is_nullable(table: &Table, column: &Column) -> bool {
    !column.required && !table.schema.primary_key.contains(&column.name)
}

/// JSON's types for values of a column; none where any may stand there.
pub(super) fn types(table: &Table, column: &Column) -> &'static [&'static str] {
    if table.nan.contains(&column.name) { &["number", "string"] } else { types_of(column.column_type) }
}

fn types_of(of: ColumnType) -> &'static [&'static str] {
    match of {
        ColumnType::Integer | ColumnType::Year => &["integer"],
        // An infinity is a string, which no column that is read by programs should hold: to say so
        // of every number would spoil the type of all others. Of NaN the catalog says where it is.
        ColumnType::Number => &["number"],
        ColumnType::Boolean => &["boolean"],
        ColumnType::Object | ColumnType::Geojson => &["object"],
        ColumnType::Array | ColumnType::List => &["array"],
        ColumnType::Geopoint => &["array", "object"],
        ColumnType::String
        | ColumnType::Datetime
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::Yearmonth
        | ColumnType::Duration => &["string"],
        ColumnType::Any => &[],
    }
}

/// `date-time` and `time` of JSON Schema have a zone always; ours need none.
fn format(of: ColumnType, field: &Value) -> Option<&'static str> {
    match of {
        ColumnType::Integer | ColumnType::Year => Some("int64"),
        ColumnType::Number => Some("double"),
        ColumnType::Date => Some("date"),
        ColumnType::Duration => Some("duration"),
        ColumnType::String => match field.get("format").and_then(Value::as_str)? {
            "email" => Some("email"),
            "uri" => Some("uri"),
            "uuid" => Some("uuid"),
            _ => None,
        },
        _ => None,
    }
}

/// The constraints that mean the same in JSON Schema. What the data was checked with holds of
/// every row.
fn constraints(mut property: Object, table: &Table, column: &Column, constraints: &Value) -> Object {
    let of = column.column_type;
    let numeric = matches!(of, ColumnType::Integer | ColumnType::Number | ColumnType::Year);
    let is_list = matches!(of, ColumnType::Array | ColumnType::List);
    let lengths = match of {
        ColumnType::String => ["minLength", "maxLength"],
        _ => ["minItems", "maxItems"],
    };
    for (name, ours) in ["minLength", "maxLength"].into_iter().zip(lengths) {
        if let Some(length) = constraints.get(name).filter(|_| is_list || of == ColumnType::String) {
            property = property.with(ours, length.clone());
        }
    }
    for (name, ours) in [
        ("minimum", "minimum"),
        ("maximum", "maximum"),
        ("exclusiveMinimum", "exclusiveMinimum"),
        ("exclusiveMaximum", "exclusiveMaximum"),
    ] {
        if let Some(bound) = constraints.get(name).filter(|_| numeric).and_then(number) {
            property = property.with(ours, bound);
        }
    }
    if let Some(pattern) = constraints.get("pattern").and_then(Value::as_str)
        && of == ColumnType::String
        && is_ecma(pattern)
    {
        // XML Schema's patterns are of the whole value.
        property = property.with("pattern", format!("^(?:{pattern})$"));
    }
    if let Some(values) = constraints.get("enum").and_then(Value::as_array)
        && (numeric || of == ColumnType::String)
    {
        let values = values.iter().filter(|value| !value.is_null());
        let listed: Option<Vec<_>> = match numeric {
            true => values.map(|value| number(value).or_else(|| word(value))).collect(),
            false => Some(values.cloned().collect()),
        };
        // A value in a form of the field's own is left to the builder: a list without it would be wrong.
        if let Some(mut listed) = listed {
            if is_nullable(table, column) {
                listed.push(Value::Null);
            }
            property = property.with("enum", listed);
        }
    }
    property
}

/// A number, also where the descriptor has it as text: both are allowed there.
fn number(value: &Value) -> Option<Value> {
    match value {
        Value::Number(_) => Some(value.clone()),
        Value::String(text) => serde_json::from_str(text).ok().filter(Value::is_number),
        _ => None,
    }
}

/// A number that is no number of JSON, as it is shown.
fn word(value: &Value) -> Option<Value> {
    let text = value.as_str()?.to_ascii_lowercase();
    Some(match text.as_str() {
        "nan" => catalog::NAN.into(),
        "inf" | "+inf" => "Infinity".into(),
        "-inf" => "-Infinity".into(),
        _ => return None,
    })
}

/// Whether a pattern of XML Schema means the same in ECMA-262: it has none of the escapes for
/// names and no subtraction.
fn is_ecma(pattern: &str) -> bool {
    !["\\i", "\\I", "\\c", "\\C", "\\p", "\\P", "-[", "^", "$"].iter().any(|own| pattern.contains(own))
}
