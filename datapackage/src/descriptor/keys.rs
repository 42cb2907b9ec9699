//! A schema's keys (Table Schema v2, `primaryKey`, `uniqueKeys`, `foreignKeys`).

use super::document::{Data, Node};
use super::section::{FileFindings, Section, similar_field};
use crate::finding::Code;
use crate::schema::Field;

/// A foreign key whose other table is not yet known.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    /// The file that contains it, as findings name it.
    pub(super) finding_path: String,
    pub(super) line: u64,
    /// Its name, a property of ours, and the line of it.
    pub(super) name: Option<(String, u64)>,
    pub(super) columns: Vec<String>,
    /// The name of another dataset (recipe "External foreign keys").
    pub(super) package: Option<String>,
    /// `None`: the table itself.
    pub(super) table: Option<String>,
    pub(super) references: Vec<String>,
}

/// The primary key; empty if the table has no key, or, with a finding, if its key can't be used.
pub(super) fn primary(section: &Section<'_>, fields: &[Field], report: &mut FileFindings<'_>) -> Vec<String> {
    let Some(names) = section.strings("primaryKey", report) else { return Vec::new() };
    // frictionless-py writes `"primaryKey": []` for "none".
    own_fields(section, "primaryKey", names, fields, report).unwrap_or_default()
}

/// The unique keys that can be used.
pub(super) fn unique(
    section: &Section<'_>,
    fields: &[Field],
    report: &mut FileFindings<'_>,
) -> Vec<Vec<String>> {
    let mut keys = Vec::new();
    for item in section.array("uniqueKeys", report).unwrap_or_default() {
        let names = match &item.data {
            Data::Array(items) => items
                .iter()
                .map(|name| Some((name.as_str()?.to_owned(), name.line)))
                .collect::<Option<Vec<_>>>(),
            _ => None,
        };
        match names {
            Some(names) if !names.is_empty() => {
                keys.extend(own_fields(section, "uniqueKeys", names, fields, report));
            }
            _ => {
                let message = "each of `uniqueKeys` must be an array of field names";
                section.error(item.line, Code::InvalidProperty, message, report);
            }
        }
    }
    keys
}

/// The foreign keys whose own side is right.
pub(super) fn foreign(
    section: &Section<'_>,
    finding_path: &str,
    fields: &[Field],
    report: &mut FileFindings<'_>,
) -> Vec<Reference> {
    let mut keys = Vec::new();
    for item in section.array("foreignKeys", report).unwrap_or_default() {
        if !matches!(item.data, Data::Object(_)) {
            let message = format!("each of `foreignKeys` must be an object, not {}", item.kind());
            section.error(item.line, Code::InvalidProperty, &message, report);
            continue;
        }
        keys.extend(one(section, item, finding_path, fields, report));
    }
    keys
}

fn one(
    section: &Section<'_>,
    item: &Node,
    finding_path: &str,
    fields: &[Field],
    report: &mut FileFindings<'_>,
) -> Option<Reference> {
    let key = Section::new(item, format!("{}: foreign key", section.owner));
    let name = name(&key, report);
    let columns = names(&key, report);
    let Some(node) = key.get("reference") else {
        key.error(item.line, Code::MissingProperty, "`reference` is missing", report);
        return None;
    };
    if !matches!(node.data, Data::Object(_)) {
        key.wrong("reference", node, "an object", report);
        return None;
    }
    let reference = Section::new(node, format!("{}: foreign key: reference", section.owner));
    let references = names(&reference, report);
    let table = match reference.get("resource") {
        Some(_) => Some(reference.string("resource", report)?),
        None => None,
    };
    let package = match reference.get("package").or_else(|| key.get("package")) {
        Some(node) => match &node.data {
            Data::String(text) if text.contains("://") => {
                let message =
                    format!("`package` \"{text}\" is not supported: only datasets in the same directory are");
                reference.error(node.line, Code::Unsupported, &message, report);
                return None;
            }
            Data::String(text) => Some(text.clone()),
            _ => {
                reference.wrong("package", node, "a string", report);
                return None;
            }
        },
        None => None,
    };
    let columns = own_fields(section, "foreignKeys", columns?, fields, report)?;
    let references: Vec<String> = references?.into_iter().map(|(name, _)| name).collect();
    if columns.len() != references.len() {
        let message = format!(
            "{} fields refer to {} fields; both must have the same number",
            columns.len(),
            references.len()
        );
        key.error(item.line, Code::InvalidProperty, &message, report);
        return None;
    }
    Some(Reference {
        finding_path: finding_path.to_owned(),
        line: item.line,
        name,
        columns,
        package,
        // v1 wrote "" for the table itself.
        table: table.filter(|table| !table.is_empty()).map(str::to_owned),
        references,
    })
}

/// The name by which requests select the key. The standard has none.
fn name(key: &Section<'_>, report: &mut FileFindings<'_>) -> Option<(String, u64)> {
    let name = key.string("name", report)?;
    let line = key.get("name").map_or(key.node.line, |node| node.line);
    if name.is_empty() || name.chars().any(char::is_control) {
        let message =
            format!("name \"{}\" must not be empty or contain control characters", name.escape_debug());
        key.error(line, Code::InvalidProperty, &message, report);
        return None;
    }
    Some((name.to_owned(), line))
}

/// The names in `fields`, at least one.
fn names(section: &Section<'_>, report: &mut FileFindings<'_>) -> Option<Vec<(String, u64)>> {
    if section.get("fields").is_none() {
        section.error(section.node.line, Code::MissingProperty, "`fields` is missing", report);
        return None;
    }
    let names = section.strings("fields", report)?;
    if names.is_empty() {
        section.error(section.node.line, Code::MissingProperty, "`fields` is empty", report);
        return None;
    }
    Some(names)
}

/// Names of fields of this table, each once; `None`, with findings, where one of them is not.
fn own_fields(
    section: &Section<'_>,
    property: &str,
    names: Vec<(String, u64)>,
    fields: &[Field],
    report: &mut FileFindings<'_>,
) -> Option<Vec<String>> {
    let mut known: Vec<String> = Vec::with_capacity(names.len());
    let mut right = true;
    for (name, line) in names {
        if !fields.iter().any(|field| field.name == name) {
            let message = format!("{}: `{property}`: there is no field `{name}`", section.owner);
            report.error_with_help(line, Code::UnknownField, message, similar_field(&name, fields));
            right = false;
        } else if known.contains(&name) {
            let message = format!("`{property}`: field `{name}` is named twice");
            section.error(line, Code::InvalidProperty, &message, report);
            right = false;
        } else {
            known.push(name);
        }
    }
    right.then_some(known)
}
