//! A property of a resource that may be in a separate file: its dialect, its schema
//! (Data Resource v2, "dialect", "schema").

use super::document::{Data, MAX_DEPTH, Node};
use super::root::Root;
use super::section::{FileFindings, Section};
use super::{files, syntax};
use crate::finding::Code;

/// A property of a resource that is an object, in place or in a separate file.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) node: Node,
    /// The file that contains it, below the datasets directory.
    pub(super) below: String,
    /// The file that contains it, as findings name it.
    pub(super) finding_path: String,
    /// What it is, for messages.
    pub(super) owner: String,
}

impl Part {
    pub(super) fn absent(section: &Section<'_>, below: &str, report: &FileFindings<'_>) -> Self {
        Self {
            node: Node { line: section.node.line, data: Data::Object(Vec::new()) },
            below: below.to_owned(),
            finding_path: report.path.clone(),
            owner: section.owner.clone(),
        }
    }
}

/// Reads the property `name`; `None`, with findings, where it can't be used.
pub(super) fn read(
    root: &Root<'_>,
    below: &str,
    section: &Section<'_>,
    name: &str,
    report: &mut FileFindings<'_>,
) -> Option<Part> {
    let node = section.get(name)?;
    match &node.data {
        Data::Object(_) => Some(Part {
            node: node.clone(),
            below: below.to_owned(),
            finding_path: report.path.clone(),
            owner: section.owner.clone(),
        }),
        Data::String(path) => {
            let file = files::locate(root, below, &section.owner, name, path, node.line, report)?;
            let mut of_file = FileFindings { path: root.finding_path(&file.path), findings: report.findings };
            let bytes = match syntax::read(&file.file, &mut of_file) {
                Ok(bytes) => bytes?,
                Err(error) => {
                    let message = format!("{}: `{name}`: \"{path}\" can't be read: {error}", section.owner);
                    report.error(node.line, Code::MissingFile, message);
                    return None;
                }
            };
            let mut report = FileFindings { path: root.finding_path(&file.path), findings: report.findings };
            let node = syntax::parse(&file.path, &bytes, &mut report)?;
            if !matches!(node.data, Data::Object(_)) {
                let message = format!("a {name} must be an object, not {}", node.kind());
                report.error(node.line, Code::InvalidDescriptor, message);
                return None;
            }
            // A release has it one level down, in the resource's descriptor.
            if node.depth() >= MAX_DEPTH {
                report.error(node.line, Code::InvalidDescriptor, format!("a {name} is nested too deeply"));
                return None;
            }
            let finding_path = report.path;
            Some(Part { node, below: file.path, finding_path, owner: section.owner.clone() })
        }
        _ => {
            section.wrong(name, node, "an object or a path (a string)", report);
            None
        }
    }
}
