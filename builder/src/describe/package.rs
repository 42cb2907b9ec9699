//! A dataset's Data Package again: the descriptor that it came from, with its tables as the API
//! writes them, so that `frictionless` and similar tools read the release as they would the source.

use catalog::{Entry, Table};
use serde_json::{Value, json};

/// What a descriptor says of the file that a table was read from, and no longer holds.
const OF_THE_FILE: [&str; 6] = ["bytes", "compression", "data", "dialect", "hash", "innerpath"];

/// How a field's cells were written; here they are written as the standard's defaults are.
const OF_THE_CELLS: [&str; 10] = [
    "bareNumber",
    "categoriesOrdered",
    "decimalChar",
    "delimiter",
    "falseValues",
    "format",
    "groupChar",
    "itemType",
    "missingValues",
    "trueValues",
];

/// Constraints that compare values. In a form that the cells no longer have they are left out: the data
/// keeps them.
const OF_VALUES: [&str; 5] = ["enum", "exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum"];

/// The descriptor. Paths are relative to it: `/-/datapackage/<table>.csv`. Errors: a descriptor in
/// the catalog is not JSON.
pub(super) fn document<'a>(
    about: &str,
    tables: impl Iterator<Item = &'a Entry<Table>>,
) -> serde_json::Result<String> {
    let mut package = object(about)?;
    let resources = tables.map(resource).collect::<serde_json::Result<Vec<_>>>()?;
    package["resources"] = resources.into();
    serde_json::to_string_pretty(&package)
}

fn resource(Entry { entry: table, about }: &Entry<Table>) -> serde_json::Result<Value> {
    let mut resource = object(about)?;
    if let Some(members) = resource.as_object_mut() {
        members.retain(|name, _| !OF_THE_FILE.contains(&name.as_str()));
    }
    let mut path = String::new();
    catalog::percent_encode(&table.name, &mut path);
    resource["name"] = json!(table.name);
    resource["type"] = json!("table");
    resource["path"] = json!(format!("{path}.csv"));
    resource["format"] = json!("csv");
    resource["mediatype"] = json!("text/csv");
    resource["encoding"] = json!("utf-8");
    if !resource["schema"].is_object() {
        resource["schema"] = schema(table);
    }
    let schema = &mut resource["schema"];
    schema["missingValues"] = json!([""]);
    for field in schema.get_mut("fields").and_then(Value::as_array_mut).into_iter().flatten() {
        self::field(field);
    }
    Ok(resource)
}

/// A descriptor's members; what is not an object has none.
fn object(about: &str) -> serde_json::Result<Value> {
    let about: Value = serde_json::from_str(about)?;
    Ok(if about.is_object() { about } else { json!({}) })
}

/// The schema of a table whose descriptor has none itself.
fn schema(table: &Table) -> Value {
    let field = |column: &catalog::Column| json!({"name": column.name, "type": column.column_type, "constraints": {"required": column.required}});
    let fields: Vec<_> = table.schema.columns.iter().map(field).collect();
    json!({"fields": fields, "primaryKey": table.schema.primary_key})
}

fn field(field: &mut Value) {
    let of = field.get("type").and_then(Value::as_str).unwrap_or("any").to_owned();
    // A string's format says what it holds, not how it is written, and so does that of geography.
    let kept = if matches!(of.as_str(), "string" | "geojson") { "format" } else { "" };
    let is_object = field.get("format").is_some_and(|format| format == "object");
    let Some(members) = field.as_object_mut() else { return };
    let mut otherwise = matches!(of.as_str(), "list" | "geopoint");
    members.retain(|name, _| {
        let goes = name != kept && OF_THE_CELLS.contains(&name.as_str());
        otherwise |= goes && !matches!(name.as_str(), "categoriesOrdered" | "missingValues");
        !goes
    });
    if otherwise && let Some(constraints) = members.get_mut("constraints").and_then(Value::as_object_mut) {
        constraints.retain(|name, limit| !OF_VALUES.contains(&name.as_str()) || !has_text(limit));
    }
    match of.as_str() {
        // Shown as JSON.
        "list" => field["type"] = json!("array"),
        "geopoint" => field["format"] = json!(if is_object { "object" } else { "array" }),
        _ => {}
    }
}

/// Whether a limit is given as text, which is in the form that the cells were in.
fn has_text(limit: &Value) -> bool {
    limit.is_string() || limit.as_array().is_some_and(|values| values.iter().any(Value::is_string))
}
