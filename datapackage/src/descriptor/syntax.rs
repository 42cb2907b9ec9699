//! A descriptor's bytes -> a tree, with findings where they are not one.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::document::{self, Data, Node};
use super::section::FileFindings;
use crate::finding::Code;

/// A larger descriptor is refused before it is read. One with 2,000 described fields has half a MiB.
pub const MAX_BYTES: u64 = 16 << 20;

/// The bytes of a descriptor, or of a file that it consists of; `None`, with a finding, where it is too large.
pub(super) fn read(file: &Path, report: &mut FileFindings<'_>) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let file = File::open(file)?;
    let size = file.metadata()?.len();
    // It may grow, and some files have no size.
    if size <= MAX_BYTES && file.take(MAX_BYTES + 1).read_to_end(&mut bytes)? as u64 <= MAX_BYTES {
        return Ok(Some(bytes));
    }
    let message = format!("file has {} bytes, at most {MAX_BYTES} are allowed", size.max(bytes.len() as u64));
    report.error(1, Code::InvalidDescriptor, message);
    Ok(None)
}

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
