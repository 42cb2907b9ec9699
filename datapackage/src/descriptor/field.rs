//! A field of a schema (Table Schema v2, "Field").

use catalog::{ColumnType, Language};

use super::document::{Data, Node};
use super::missing_values::missing_values;
use super::section::{FileFindings, Section, suggestion};
use super::{constraints, options};
use crate::cell::Parser;
use crate::finding::Code;
use crate::schema::Field;

/// Reads a field and whether it is `unique`; `None`, with findings, where not even a name can be used.
pub(super) fn read(
    node: &Node,
    number: usize,
    resource: &str,
    missing: &[String],
    null_sequence: Option<&str>,
    report: &mut FileFindings<'_>,
) -> Option<(Field, bool)> {
    let owner = format!("{resource}: field {number}");
    if !matches!(node.data, Data::Object(_)) {
        let message = format!("{owner} must be an object, not {}", node.kind());
        report.error(node.line, Code::InvalidProperty, message);
        return None;
    }
    let unnamed = Section::new(node, owner);
    if unnamed.get("name").is_none() {
        unnamed.error(node.line, Code::MissingProperty, "`name` is missing", report);
        return None;
    }
    let name = unnamed.string("name", report)?;
    if name.is_empty() || name.chars().any(char::is_control) {
        let line = unnamed.get("name").map_or(node.line, |node| node.line);
        let message =
            format!("name \"{}\" must not be empty or contain control characters", name.escape_debug());
        unnamed.error(line, Code::InvalidFieldName, &message, report);
        return None;
    }
    let section = Section::new(node, format!("{resource}: field `{name}`"));
    for text in ["title", "description", "rdfType"] {
        section.string(text, report);
    }
    let mut field = Field::new(name, field_type(&section, report));
    field.line = node.line;
    field.format = format(&section, report);
    field.missing_values = missing_values(&section, report).unwrap_or_else(|| missing.to_vec());
    if let Some(null) = null_sequence
        && !field.missing_values.iter().any(|value| value == null)
    {
        field.missing_values.push(null.to_owned());
    }
    field.options = options::read(&section, field.field_type, report);
    let mut unique = false;
    let constraints = section.get("constraints");
    if let Some(node) = constraints {
        if matches!(node.data, Data::Object(_)) {
            let section = Section::new(node, section.owner.clone());
            field.required = section.boolean("required", report).unwrap_or(false);
            unique = section.boolean("unique", report).unwrap_or(false);
            field.constraints = constraints::read(&section, report);
        } else {
            section.wrong("constraints", node, "an object", report);
        }
    }
    field.constraints.categories = constraints::categories(&section, report);
    field.searchable = searchable(&section, field.field_type, report);
    for refusal in Parser::prepare(&field).1 {
        let inner = constraints.and_then(|node| node.get(refusal.property));
        let line = inner.or_else(|| section.get(refusal.property)).map_or(node.line, |node| node.line);
        let message = format!("{}: {}", section.owner, refusal.message);
        report.error_with_help(line, refusal.code, message, refusal.help);
    }
    Some((field, unique))
}

fn field_type(section: &Section<'_>, report: &mut FileFindings<'_>) -> ColumnType {
    let Some(name) = section.string("type", report) else { return ColumnType::Any };
    if let Some(known) = ColumnType::ALL.into_iter().find(|known| known.name() == name) {
        return known;
    }
    let line = section.get("type").map_or(section.node.line, |node| node.line);
    let message = format!("{}: type `{}` does not exist", section.owner, name.escape_debug());
    let help = suggestion(name, ColumnType::ALL.map(ColumnType::name));
    report.error_with_help(line, Code::UnknownType, message, help);
    ColumnType::Any
}

/// A property of ours, not the standard's: whether the field's words are indexed for the search
/// operators of the API, and in which language. Other types than strings have no words.
fn searchable(
    section: &Section<'_>,
    field_type: ColumnType,
    report: &mut FileFindings<'_>,
) -> Option<Language> {
    let node = section.get("searchable")?;
    let language = match &node.data {
        Data::Bool(true) => Language::Simple,
        Data::Bool(false) => return None,
        Data::String(name) => match Language::named(name) {
            Some(language) => language,
            None => {
                let message = format!(
                    "{}: `searchable`: there is no language \"{}\"",
                    section.owner,
                    name.escape_debug()
                );
                let help = suggestion(name, Language::ALL.map(Language::name));
                report.error_with_help(node.line, Code::InvalidProperty, message, help);
                return None;
            }
        },
        _ => {
            section.wrong("searchable", node, "true, false or the name of a language", report);
            return None;
        }
    };
    if field_type != ColumnType::String {
        let message = format!("`searchable` is for fields of type string, not {}", field_type.name());
        section.error(node.line, Code::InvalidProperty, &message, report);
        return None;
    }
    Some(language)
}

fn format(section: &Section<'_>, report: &mut FileFindings<'_>) -> Option<String> {
    let format = section.string("format", report)?;
    // v0 wrote temporal formats with this prefix.
    let format = format.strip_prefix("fmt:").unwrap_or(format);
    (format != "default").then(|| format.to_owned())
}
