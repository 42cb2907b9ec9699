//! Columns, keys, constraints and metadata of a table in two releases.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use catalog::{ColumnChange, ForeignKey, Schema, Table};
use serde_json::{Map, Value};

use super::rule::{Cause, Rule};

/// What only says where the data is and how it is read: the rows show whether that matters.
const OF_THE_FILE: [&str; 15] = [
    "$schema",
    "profile",
    "name",
    "path",
    "bytes",
    "size",
    "hash",
    "dialect",
    "encoding",
    "compression",
    "format",
    "mediatype",
    "mimetype",
    "type",
    "schema",
];
const OF_THE_CELL: [&str; 14] = [
    "name",
    "type",
    "format",
    "constraints",
    "categories",
    "missingValues",
    "decimalChar",
    "groupChar",
    "bareNumber",
    "trueValues",
    "falseValues",
    "delimiter",
    "itemType",
    "$schema",
];
const OF_THE_SCHEMA: [&str; 8] = [
    "$schema",
    "fields",
    "primaryKey",
    "uniqueKeys",
    "foreignKeys",
    "missingValues",
    "fieldsMatch",
    "profile",
];

/// What differs in columns and keys, for the change feed.
pub(crate) fn columns(old: &Schema, new: &Schema) -> Vec<ColumnChange> {
    let find = |schema: &'_ Schema, name: &str| {
        schema.columns.iter().find(|column| column.name == name).map(|column| column.column_type)
    };
    let mut changes = vec![];
    for column in &old.columns {
        match find(new, &column.name) {
            None => changes
                .push(ColumnChange::Removed { column: column.name.clone(), column_type: column.column_type }),
            Some(other) if other != column.column_type => changes.push(ColumnChange::Retyped {
                column: column.name.clone(),
                old: column.column_type,
                new: other,
            }),
            Some(_) => {}
        }
    }
    for column in new.columns.iter().filter(|column| find(old, &column.name).is_none()) {
        changes.push(ColumnChange::Added { column: column.name.clone(), column_type: column.column_type });
    }
    if is_reordered(old, new) {
        changes.push(ColumnChange::Reordered);
    }
    changes
}

fn is_reordered(old: &Schema, new: &Schema) -> bool {
    let shared = |of: &Schema, other: &Schema| -> Vec<String> {
        let names = of.columns.iter().map(|column| column.name.clone());
        names.filter(|name| other.columns.iter().any(|column| column.name == *name)).collect()
    };
    shared(old, new) != shared(new, old)
}

/// What differs in a table apart from its rows. `old_about` and `new_about` are its resource
/// descriptors.
pub(super) fn compare(old: &Table, new: &Table, old_about: &Value, new_about: &Value) -> Vec<Cause> {
    let mut causes = vec![];
    compare_columns(&old.schema, &new.schema, &mut causes);
    compare_keys(&old.schema, &new.schema, &mut causes);
    for column in &new.schema.columns {
        if let (Some(old), Some(new)) = (field(old_about, &column.name), field(new_about, &column.name)) {
            compare_fields(&column.name, old, new, &mut causes);
        }
    }
    metadata("", old_about, new_about, &OF_THE_FILE, &mut causes);
    if let (Some(old), Some(new)) = (old_about.get("schema"), new_about.get("schema")) {
        metadata("schema: ", old, new, &OF_THE_SCHEMA, &mut causes);
    }
    causes
}

/// Names each property that is not the same, except those of `apart`.
pub(super) fn metadata(owner: &str, old: &Value, new: &Value, apart: &[&str], causes: &mut Vec<Cause>) {
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else { return };
    for name in names(old, new) {
        if !apart.contains(&name) && old.get(name) != new.get(name) {
            let what = match (old.get(name), new.get(name)) {
                (None, _) => "was added",
                (_, None) => "was removed",
                _ => "changed",
            };
            causes.push(Rule::MetadataChanged.cause(format!("{owner}`{name}` {what}")));
        }
    }
}

fn names<'a>(old: &'a Map<String, Value>, new: &'a Map<String, Value>) -> BTreeSet<&'a str> {
    old.keys().chain(new.keys()).map(String::as_str).collect()
}

fn compare_columns(old: &Schema, new: &Schema, causes: &mut Vec<Cause>) {
    let last_old = new.columns.iter().rposition(|column| old.columns.iter().any(|o| o.name == column.name));
    for change in columns(old, new) {
        causes.push(match change {
            ColumnChange::Removed { column, .. } => {
                Rule::ColumnRemoved.cause(format!("column `{column}` was removed"))
            }
            ColumnChange::Retyped { column, old, new } => Rule::ColumnRetyped.cause(format!(
                "column `{column}` changed from type {} to {}",
                old.name(),
                new.name()
            )),
            ColumnChange::Reordered => Rule::ColumnsReordered.cause("the order of the columns changed"),
            ColumnChange::Added { column, column_type } => {
                let place = new.columns.iter().position(|other| other.name == column);
                let required = new.columns.iter().any(|other| other.name == column && other.required);
                let name = column_type.name();
                if required {
                    Rule::ColumnInserted
                        .cause(format!("column `{column}` ({name}) was added and is required"))
                } else if place < last_old {
                    Rule::ColumnInserted.cause(format!("column `{column}` ({name}) was added before others"))
                } else {
                    Rule::ColumnAppended.cause(format!("column `{column}` ({name}) was added at the end"))
                }
            }
        });
    }
    for column in &new.columns {
        let Some(before) = old.columns.iter().find(|other| other.name == column.name) else { continue };
        let name = &column.name;
        match (before.required, column.required) {
            (false, true) => {
                causes.push(Rule::ConstraintTightened.cause(format!("column `{name}` is now required")));
            }
            (true, false) => {
                causes.push(Rule::ConstraintLoosened.cause(format!("column `{name}` is no longer required")));
            }
            _ => {}
        }
    }
}

fn compare_keys(old: &Schema, new: &Schema, causes: &mut Vec<Cause>) {
    if old.primary_key != new.primary_key {
        causes.push(Rule::KeyChanged.cause(match (&old.primary_key[..], &new.primary_key[..]) {
            (old, []) => format!("the primary key ({}) was removed", list(old)),
            ([], new) => format!("the primary key ({}) was added", list(new)),
            (old, new) => format!("the primary key changed from ({}) to ({})", list(old), list(new)),
        }));
    }
    let sorted = |key: &Vec<String>| {
        let mut key = key.clone();
        key.sort();
        key
    };
    let has = |schema: &Schema, key: &Vec<String>| {
        schema.unique_keys.iter().chain([&schema.primary_key]).any(|other| sorted(other) == sorted(key))
    };
    for key in new.unique_keys.iter().filter(|key| !has(old, key)) {
        causes.push(Rule::UniqueKeyAdded.cause(format!("the unique key ({}) was added", list(key))));
    }
    for key in old.unique_keys.iter().filter(|key| !has(new, key)) {
        causes.push(Rule::UniqueKeyRemoved.cause(format!("the unique key ({}) was removed", list(key))));
    }
    for key in &new.foreign_keys {
        if old.foreign_keys.contains(key) {
            continue;
        }
        let text = format!("the foreign key ({}) refers to `{}`", list(&key.columns), key.table);
        causes.push(match old.foreign_keys.iter().find(|other| other.columns == key.columns) {
            Some(other) if (&other.table, &other.references) == (&key.table, &key.references) => {
                let named = |key: &ForeignKey| match &key.name {
                    Some(name) => format!("the name `{name}`"),
                    None => "no name".to_owned(),
                };
                let columns = list(&key.columns);
                Rule::ReferenceChanged.cause(format!(
                    "the foreign key ({columns}) has {}, it had {}",
                    named(key),
                    named(other)
                ))
            }
            Some(other) => {
                let other = format!("`{}` ({})", other.table, list(&other.references));
                Rule::ReferenceChanged.cause(format!("{text} ({}), it was {other}", list(&key.references)))
            }
            None => Rule::ForeignKeyAdded.cause(format!(
                "the foreign key ({}) to `{}` was added",
                list(&key.columns),
                key.table
            )),
        });
    }
    for key in &old.foreign_keys {
        if !new.foreign_keys.iter().any(|other| other.columns == key.columns) {
            let text = format!("the foreign key ({}) to `{}` was removed", list(&key.columns), key.table);
            causes.push(Rule::ForeignKeyRemoved.cause(text));
        }
    }
}

fn list(columns: &[String]) -> String {
    columns.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", ")
}

/// A field's descriptor, where the resource's descriptor holds it.
fn field<'a>(about: &'a Value, name: &str) -> Option<&'a Value> {
    let fields = about.get("schema")?.get("fields")?.as_array()?;
    fields.iter().find(|field| field.get("name").and_then(Value::as_str) == Some(name))
}

fn compare_fields(name: &str, old: &Value, new: &Value, causes: &mut Vec<Cause>) {
    let format = |field: &Value| {
        let format = field.get("format").and_then(Value::as_str).unwrap_or("default");
        let items = field.get("itemType").and_then(Value::as_str).unwrap_or("string");
        (format.to_owned(), items.to_owned())
    };
    let ((old_format, old_items), (new_format, new_items)) = (format(old), format(new));
    if old_format != new_format {
        let text = format!("column `{name}`: the format changed from {old_format} to {new_format}");
        causes.push(Rule::ColumnReformatted.cause(text));
    }
    if old_items != new_items {
        let text = format!("column `{name}`: the item type changed from {old_items} to {new_items}");
        causes.push(Rule::ColumnRetyped.cause(text));
    }
    let empty = Map::new();
    let constraints = |field: &'_ Value| -> Map<String, Value> {
        let mut all = field.get("constraints").and_then(Value::as_object).unwrap_or(&empty).clone();
        if let Some(categories) = field.get("categories") {
            all.insert("categories".to_owned(), values(categories));
        }
        all.retain(|name, _| !matches!(name.as_str(), "required" | "unique")); // the catalog has these
        all
    };
    let (before, after) = (constraints(old), constraints(new));
    for constraint in names(&before, &after) {
        let (rule, text) = match (before.get(constraint), after.get(constraint)) {
            (Some(old), Some(new)) if old == new => continue,
            (Some(old), Some(new)) => {
                let rule = if tightens(constraint, old, new) {
                    Rule::ConstraintTightened
                } else {
                    Rule::ConstraintLoosened
                };
                (rule, format!("changed from {old} to {new}"))
            }
            (None, Some(new)) => (Rule::ConstraintTightened, format!("{new} was added")),
            (Some(old), _) => (Rule::ConstraintLoosened, format!("{old} was removed")),
            (None, None) => continue,
        };
        causes.push(rule.cause(format!("column `{name}`: `{constraint}` {text}")));
    }
    metadata(&format!("column `{name}`: "), old, new, &OF_THE_CELL, causes);
}

/// The values of `categories`, which may have labels beside them.
fn values(categories: &Value) -> Value {
    let Some(items) = categories.as_array() else { return categories.clone() };
    items.iter().map(|item| item.get("value").unwrap_or(item).clone()).collect()
}

/// Whether a value that passed may now fail. Where that is unknown (two patterns), it may.
fn tightens(constraint: &str, old: &Value, new: &Value) -> bool {
    match constraint {
        "minLength" | "minimum" | "exclusiveMinimum" => compare_bounds(old, new) != Some(Ordering::Greater),
        "maxLength" | "maximum" | "exclusiveMaximum" => compare_bounds(old, new) != Some(Ordering::Less),
        "enum" | "categories" => match (old.as_array(), new.as_array()) {
            (Some(old), Some(new)) => !old.iter().all(|value| new.contains(value)),
            _ => true,
        },
        _ => true,
    }
}

/// Numbers as numbers; dates, times etc., which are texts of one length, as texts.
fn compare_bounds(old: &Value, new: &Value) -> Option<Ordering> {
    let number = |value: &Value| match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    match (number(old), number(new)) {
        (Some(old), Some(new)) => old.partial_cmp(&new),
        _ => match (old.as_str(), new.as_str()) {
            (Some(old), Some(new)) if old.len() == new.len() => Some(old.cmp(new)),
            _ => None,
        },
    }
}
