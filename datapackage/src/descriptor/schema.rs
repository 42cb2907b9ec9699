//! A resource's schema (Table Schema v2, "Schema").

use std::collections::HashMap;

use catalog::ColumnType;

use super::field;
use super::keys::{self, Reference};
use super::missing_values::missing_values;
use super::part::Part;
use super::section::{FileFindings, Section, confusing_names, similar_field, suggestion};
use crate::finding::Code;
use crate::schema::{Field, FieldsMatch};

/// SQLite's own limit (SQLITE_MAX_COLUMN).
const MAX_FIELDS: usize = 2000;

/// A row of more columns can be read only in parts, which a request must name.
const SELECTABLE: usize = 1000;

/// A schema, without its foreign keys.
#[derive(Debug)]
pub(super) struct Schema {
    /// The file that contains it, below the datasets directory.
    pub(super) path: String,
    pub(super) fields_match: FieldsMatch,
    pub(super) fields: Vec<Field>,
    pub(super) primary_key: Vec<String>,
    pub(super) unique_keys: Vec<Vec<String>>,
    pub(super) label: Option<String>,
}

/// Reads a schema; `None`, with findings, where its columns aren't known.
pub(super) fn read(
    part: &Part,
    resource: &Section<'_>,
    null_sequence: Option<&str>,
    report: &mut FileFindings<'_>,
) -> Option<(Schema, Vec<Reference>)> {
    let report = &mut FileFindings { path: part.finding_path.clone(), findings: report.findings };
    let section = &Section::new(&part.node, resource.owner.clone());
    let fields_match = fields_match(section, report);
    let missing = missing_values(section, report).unwrap_or_else(|| vec![String::new()]);
    if section.get("fields").is_none() {
        section.error(part.node.line, Code::MissingProperty, "schema: `fields` is missing", report);
        return None;
    }
    let nodes = section.array("fields", report)?;
    if nodes.is_empty() {
        let line = section.get("fields").map_or(part.node.line, |node| node.line);
        section.error(line, Code::MissingProperty, "schema: `fields` is empty", report);
        return None;
    }
    if nodes.len() > MAX_FIELDS {
        let line = section.get("fields").map_or(part.node.line, |node| node.line);
        let message = format!("{} fields, at most {MAX_FIELDS} are allowed", nodes.len());
        section.error(line, Code::TooManyFields, &message, report);
        return None;
    }
    if nodes.len() > SELECTABLE {
        let line = section.get("fields").map_or(part.node.line, |node| node.line);
        let message = format!(
            "{}: {} fields: a request that names no columns is an error beyond {SELECTABLE}",
            section.owner,
            nodes.len()
        );
        let help = "clients must name columns with `select`; or split the table".to_owned();
        report.warning(line, Code::TooManyFields, message, help);
    }
    let mut fields = Vec::new();
    let mut unique_keys: Vec<Vec<String>> = Vec::new();
    let mut usable = true;
    for (number, node) in nodes.iter().enumerate() {
        match field::read(node, number + 1, &resource.owner, &missing, null_sequence, report) {
            Some((field, unique)) => {
                if unique {
                    unique_keys.push(vec![field.name.clone()]);
                }
                fields.push(field);
            }
            None => usable = false,
        }
    }
    // Cells are found by their column's place, so a field that is left out would shift the rest.
    if !usable {
        return None;
    }
    usable &= names_differ(section, &fields, report);
    usable &= rowid_is_free(section, &fields, report);
    if !usable {
        return None;
    }
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    for (field, message) in confusing_names("field", &names) {
        let message = format!("{}: {message}", section.owner);
        report.warning(fields[field].line, Code::ConfusingName, message, None);
    }
    let primary_key = keys::primary(section, &fields, report);
    for field in fields.iter_mut().filter(|field| primary_key.contains(&field.name)) {
        field.required = true;
    }
    for key in keys::unique(section, &fields, report) {
        if !unique_keys.contains(&key) {
            unique_keys.push(key);
        }
    }
    unique_keys.retain(|key| *key != primary_key);
    let references = keys::foreign(section, &part.finding_path, &fields, report);
    let label = label(section, &fields, report);
    let path = part.below.clone();
    Some((Schema { path, fields_match, fields, primary_key, unique_keys, label }, references))
}

/// The field by which pages name a row. The standard has none.
fn label(section: &Section<'_>, fields: &[Field], report: &mut FileFindings<'_>) -> Option<String> {
    let name = section.string("labelField", report)?;
    let line = section.get("labelField").map_or(section.node.line, |node| node.line);
    match fields.iter().find(|field| field.name == name) {
        Some(field) if field.field_type == ColumnType::String => Some(name.to_owned()),
        Some(field) => {
            let message =
                format!("`labelField` is for fields of type string, not {}", field.field_type.name());
            section.error(line, Code::InvalidProperty, &message, report);
            None
        }
        None => {
            let message = format!("{}: `labelField`: there is no field `{name}`", section.owner);
            report.error_with_help(line, Code::UnknownField, message, similar_field(name, fields));
            None
        }
    }
}

/// v2.0 wrote it as a string in its text and as an array of one string in its JSON Schema.
fn fields_match(section: &Section<'_>, report: &mut FileFindings<'_>) -> FieldsMatch {
    const NAMES: [&str; 5] = ["exact", "equal", "subset", "superset", "partial"];
    let Some(values) = section.strings("fieldsMatch", report) else { return FieldsMatch::default() };
    let line = section.get("fieldsMatch").map_or(section.node.line, |node| node.line);
    let [(value, _)] = values.as_slice() else {
        section.error(line, Code::InvalidProperty, "`fieldsMatch` must be one string", report);
        return FieldsMatch::default();
    };
    match value.as_str() {
        "exact" => FieldsMatch::Exact,
        "equal" => FieldsMatch::Equal,
        "subset" => FieldsMatch::Subset,
        "superset" => FieldsMatch::Superset,
        "partial" => FieldsMatch::Partial,
        other => {
            let message = format!("{}: `fieldsMatch` \"{other}\" does not exist", section.owner);
            report.error_with_help(line, Code::InvalidProperty, message, suggestion(other, NAMES));
            FieldsMatch::default()
        }
    }
}

fn names_differ(section: &Section<'_>, fields: &[Field], report: &mut FileFindings<'_>) -> bool {
    let mut seen: HashMap<String, &Field> = HashMap::new();
    let mut differ = true;
    for field in fields {
        // SQLite ignores the case of ASCII letters in names; other letters differ.
        let first = *seen.entry(field.name.to_ascii_lowercase()).or_insert(field);
        if std::ptr::eq(first, field) {
            continue;
        }
        let message = if first.name == field.name {
            format!("field `{}` is already declared on line {}", field.name, first.line)
        } else {
            format!(
                "field `{}` differs only in case from `{}` on line {}",
                field.name, first.name, first.line
            )
        };
        section.error(field.line, Code::DuplicateField, &message, report);
        differ = false;
    }
    differ
}

/// SQLite's row number, by which the default order goes, must be left one of its names.
fn rowid_is_free(section: &Section<'_>, fields: &[Field], report: &mut FileFindings<'_>) -> bool {
    const NAMES: [&str; 3] = ["rowid", "_rowid_", "oid"];
    let taken = |name: &str| fields.iter().rev().find(|field| field.name.eq_ignore_ascii_case(name));
    let Some(last) = NAMES.into_iter().map(taken).collect::<Option<Vec<_>>>() else { return true };
    let line = last.iter().map(|field| field.line).max().unwrap_or(section.node.line);
    let message = "fields `rowid`, `_rowid_` and `oid` can't all be used: SQLite needs one of the names";
    section.error(line, Code::InvalidFieldName, message, report);
    false
}
