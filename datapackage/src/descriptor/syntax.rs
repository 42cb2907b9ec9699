//! A descriptor's bytes -> a tree, with findings where they are not one.

use std::collections::HashMap;

use super::document::{self, Data, Node};
use super::section::FileFindings;
use crate::finding::Code;

/// A descriptor's bytes as a tree.
pub(super) fn parse(below: &str, bytes: &[u8], report: &mut FileFindings<'_>) -> Option<Node> {
    let text = match std::str::from_utf8(bytes) {
        // RFC 8259, section 8.1: a reader may ignore a byte order mark.
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
            report.error(line as u64, Code::InvalidDescriptor, "not UTF-8");
            return None;
        }
    };
    let (parsed, format) = match below.ends_with(".json") {
        true => (document::parse_json(text), "JSON"),
        false => (document::parse_yaml(text), "YAML"),
    };
    match parsed {
        Ok(node) => {
            duplicate_properties(&node, report);
            Some(node)
        }
        Err(error) => {
            report.error(error.line, Code::InvalidDescriptor, format!("not {format}: {}", error.message));
            None
        }
    }
}

fn duplicate_properties(node: &Node, report: &mut FileFindings<'_>) {
    match &node.data {
        Data::Array(items) => items.iter().for_each(|item| duplicate_properties(item, report)),
        Data::Object(properties) => {
            let mut seen = HashMap::new();
            for property in properties {
                if let Some(line) = seen.insert(property.name.as_str(), property.line) {
                    let message = format!("`{}` is already given on line {line}", property.name);
                    report.error(property.line, Code::DuplicateProperty, message);
                }
                duplicate_properties(&property.value, report);
            }
        }
        _ => {}
    }
}
