//! A field's constraints and categories (Table Schema v2, "Field Constraints", `categories`).
//! Whether they fit the field's type is for `cell` to say.

use serde_json::Value;

use super::document::{Data, Node};
use super::section::{FileFindings, Section, suggestion};
use crate::finding::Code;
use crate::schema::Constraints;

const NAMES: [&str; 11] = [
    "required",
    "unique",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "jsonSchema",
    "pattern",
    "enum",
];

pub(super) fn read(section: &Section<'_>, report: &mut FileFindings<'_>) -> Constraints {
    if let Data::Object(properties) = &section.node.data {
        for property in properties.iter().filter(|property| !NAMES.contains(&property.name.as_str())) {
            let message = format!("{}: there is no constraint `{}`", section.owner, property.name);
            let help = suggestion(&property.name, NAMES);
            report.error_with_help(property.line, Code::InvalidConstraint, message, help);
        }
    }
    let value = |name| section.get(name).and_then(json);
    let json_schema = value("jsonSchema").filter(|schema| {
        if let (false, Some(node)) = (schema.is_object(), section.get("jsonSchema")) {
            section.wrong("jsonSchema", node, "an object", report);
        }
        schema.is_object()
    });
    Constraints {
        min_length: section.integer("minLength", 0, report),
        max_length: section.integer("maxLength", 0, report),
        minimum: value("minimum"),
        maximum: value("maximum"),
        exclusive_minimum: value("exclusiveMinimum"),
        exclusive_maximum: value("exclusiveMaximum"),
        pattern: section.string("pattern", report).map(str::to_owned),
        enumeration: enumeration(section, report),
        json_schema,
        categories: None,
    }
}

fn enumeration(section: &Section<'_>, report: &mut FileFindings<'_>) -> Option<Vec<Value>> {
    let items = section.array("enum", report)?;
    if items.is_empty() {
        let line = section.get("enum").map_or(section.node.line, |node| node.line);
        section.error(line, Code::InvalidConstraint, "`enum` is empty, so no value is allowed", report);
        return None;
    }
    Some(items.iter().filter_map(json).collect())
}

/// The values of a field's `categories`.
pub(super) fn categories(section: &Section<'_>, report: &mut FileFindings<'_>) -> Option<Vec<Value>> {
    section.boolean("categoriesOrdered", report);
    let items = section.array("categories", report)?;
    let mut values: Vec<Value> = Vec::new();
    for item in items {
        let value = match &item.data {
            Data::Object(_) => item.get("value"),
            _ => Some(item),
        };
        let Some(value) = value.and_then(json).filter(|value| value.is_string() || value.is_number()) else {
            let message = "`categories` must contain strings or integers, or objects with such a `value`";
            section.error(item.line, Code::InvalidProperty, message, report);
            continue;
        };
        if values.contains(&value) {
            section.error(
                item.line,
                Code::InvalidProperty,
                &format!("`categories` contains {value} twice"),
                report,
            );
            continue;
        }
        values.push(value);
    }
    Some(values)
}

/// A node as a value. It has been JSON before, or a part of YAML that JSON can say.
fn json(node: &Node) -> Option<Value> {
    serde_json::from_str(&node.to_json()).ok()
}
