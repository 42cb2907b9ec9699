//! `missingValues` (Table Schema v2, "Missing Values").

use super::document::{Data, Node};
use super::section::{FileFindings, Section};
use crate::finding::Code;

/// `missingValues` of a schema or a field; `None` where it is not given.
pub(super) fn missing_values(section: &Section<'_>, report: &mut FileFindings<'_>) -> Option<Vec<String>> {
    let items = section.array("missingValues", report)?;
    let mut values: Vec<String> = Vec::new();
    for item in items {
        let value = match &item.data {
            Data::String(text) => Some(text.as_str()),
            Data::Object(_) => item.get("value").and_then(Node::as_str),
            _ => None,
        };
        let Some(value) = value else {
            let message = "`missingValues` must contain strings, or objects with a string `value`";
            section.error(item.line, Code::InvalidProperty, message, report);
            continue;
        };
        if values.iter().any(|other| other == value) {
            let message = format!("`missingValues` has \"{}\" twice", value.escape_debug());
            section.error(item.line, Code::InvalidProperty, &message, report);
            continue;
        }
        values.push(value.to_owned());
    }
    Some(values)
}
