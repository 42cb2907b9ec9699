//! The JSON Schema of a row, as the API shows it.

use catalog::{Column, ColumnType, Entry, Table};
use serde::ser::{Serialize, Serializer};
use serde_json::{Value, json};

/// A document; members in the order in which people read them.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct RowSchema<'a> {
    #[serde(rename = "$schema")]
    dialect: &'static str,
    #[serde(rename = "$id")]
    id: String,
    title: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a Value>,
    #[serde(rename = "type")]
    of: &'static str,
    properties: Properties<'a>,
    required: Vec<&'a str>,
    additional_properties: bool,
}

/// By the columns' names, in their order.
struct Properties<'a>(Vec<(&'a str, Property<'a>)>);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, property)| (name, property)))
    }
}

#[derive(Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Property<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a Value>,
    /// One name, or a list of them; none where any value is allowed.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    types: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Value>,
    #[serde(flatten)]
    constraints: Constraints,
    #[serde(skip_serializing_if = "Option::is_none")]
    examples: Option<[&'a Value; 1]>,
}

/// The constraints that mean the same in JSON Schema.
#[derive(Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Constraints {
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_items: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_items: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusive_minimum: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusive_maximum: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
    #[serde(rename = "enum", skip_serializing_if = "Option::is_none")]
    allowed: Option<Vec<Value>>,
}

/// The schema of a table's rows. Errors: the table's descriptor is not JSON.
pub(super) fn document(Entry { entry: table, about }: &Entry<Table>) -> serde_json::Result<String> {
    let about: Value = serde_json::from_str(about)?;
    let mut id = String::from("/-/schema/");
    catalog::percent_encode(&table.name, &mut id);
    let columns = &table.schema.columns;
    let property = |column| property(table, column, field(&about, column));
    serde_json::to_string_pretty(&RowSchema {
        dialect: "https://json-schema.org/draft/2020-12/schema",
        id,
        title: about.get("title").cloned().unwrap_or_else(|| table.name.as_str().into()),
        description: about.get("description"),
        of: "object",
        properties: Properties(
            columns.iter().map(|column| (column.name.as_str(), property(column))).collect(),
        ),
        // A row that is not selected from has all columns.
        required: columns.iter().map(|column| column.name.as_str()).collect(),
        additional_properties: false,
    })
}

/// The field of that column in a resource descriptor.
fn field<'a>(about: &'a Value, column: &Column) -> &'a Value {
    let fields = about.pointer("/schema/fields").and_then(Value::as_array);
    let is_it = |field: &&Value| field.get("name").is_some_and(|name| *name == column.name);
    fields.and_then(|fields| fields.iter().find(is_it)).unwrap_or(&Value::Null)
}

fn property<'a>(table: &Table, column: &Column, field: &'a Value) -> Property<'a> {
    let of = column.column_type;
    let mut names = types(table, column).to_vec();
    let mut items = None;
    if of == ColumnType::List && !names.is_empty() {
        let item = field.get("itemType").and_then(Value::as_str).unwrap_or("string");
        let item = ColumnType::ALL.into_iter().find(|known| known.name() == item);
        if let Some(&[name]) = item.map(types_of) {
            items = Some(json!({"type": name}));
        }
    }
    if !names.is_empty() && is_nullable(table, column) {
        names.push("null");
    }
    Property {
        title: field.get("title"),
        description: field.get("description"),
        types: match names.as_slice() {
            [] => None,
            [name] => Some(json!(name)),
            names => Some(json!(names)),
        },
        format: format(of, field),
        items,
        constraints: constraints(table, column, field.get("constraints").unwrap_or(&Value::Null)),
        examples: field.get("example").map(|example| [example]),
    }
}

fn is_nullable(table: &Table, column: &Column) -> bool {
    !column.required && !table.schema.primary_key.contains(&column.name)
}

/// JSON's types for values of a column; none where any is allowed.
fn types(table: &Table, column: &Column) -> &'static [&'static str] {
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

/// What the data was checked with holds of every row.
fn constraints(table: &Table, column: &Column, given: &Value) -> Constraints {
    let of = column.column_type;
    let numeric = matches!(of, ColumnType::Integer | ColumnType::Number | ColumnType::Year);
    let mut constraints = Constraints::default();
    let length = |name: &str| given.get(name).cloned();
    match of {
        ColumnType::String => {
            (constraints.min_length, constraints.max_length) = (length("minLength"), length("maxLength"));
        }
        ColumnType::Array | ColumnType::List => {
            (constraints.min_items, constraints.max_items) = (length("minLength"), length("maxLength"));
        }
        _ => {}
    }
    if numeric {
        let bound = |name: &str| given.get(name).and_then(number);
        constraints.minimum = bound("minimum");
        constraints.maximum = bound("maximum");
        constraints.exclusive_minimum = bound("exclusiveMinimum");
        constraints.exclusive_maximum = bound("exclusiveMaximum");
    }
    if of == ColumnType::String {
        let pattern = given.get("pattern").and_then(Value::as_str).filter(|pattern| is_ecma(pattern));
        // XML Schema's patterns are of the whole value.
        constraints.pattern = pattern.map(|pattern| format!("^(?:{pattern})$"));
    }
    if let Some(values) = given.get("enum").and_then(Value::as_array)
        && (numeric || of == ColumnType::String)
    {
        let values = values.iter().filter(|value| !value.is_null());
        // A value in the field's own format is left to the builder: a list without it would be wrong.
        constraints.allowed = match numeric {
            true => values.map(|value| number(value).or_else(|| word(value))).collect(),
            false => Some(values.cloned().collect()),
        };
        if let Some(allowed) = constraints.allowed.as_mut().filter(|_| is_nullable(table, column)) {
            allowed.push(Value::Null);
        }
    }
    constraints
}

/// A number, also where the descriptor has it as text: both are allowed there.
fn number(value: &Value) -> Option<Value> {
    match value {
        Value::Number(_) => Some(value.clone()),
        Value::String(text) => serde_json::from_str(text).ok().filter(Value::is_number),
        _ => None,
    }
}

/// A number that JSON does not have, as it is shown.
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
