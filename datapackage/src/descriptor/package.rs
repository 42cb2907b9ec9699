//! A package's descriptor -> [`Dataset`] (Data Package v2).

use super::document::{Data, Node};
use super::keys::Reference;
use super::resource;
use super::root::Root;
use super::section::{FileFindings, Section};
use crate::finding::Code;
use crate::schema::Dataset;

/// A dataset whose foreign keys still wait for the other datasets.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) dataset: Dataset,
    /// The line of its name.
    pub(super) line: u64,
    /// The names and lines of all its tables, also of those that can't be used.
    pub(super) declared: Vec<(String, u64)>,
    /// The foreign keys of each of the dataset's tables.
    pub(super) references: Vec<Vec<Reference>>,
}

/// Reads a descriptor; `None`, with findings, where nothing in it can be used.
pub(super) fn read(
    root: &Root<'_>,
    below: &str,
    document: &Node,
    report: &mut FileFindings<'_>,
) -> Option<Package> {
    let section = Section::new(document, "the package");
    if !matches!(document.data, Data::Object(_)) {
        let message = format!("a descriptor must be an object, not {}", document.kind());
        report.error(document.line, Code::InvalidDescriptor, message);
        return None;
    }
    let (name, line) = name(below, &section, report);
    let version = section.string("version", report);
    if let Some(version) = version
        && semver::Version::parse(version).is_err()
        && let Some(node) = section.get("version")
    {
        report.warning(
            node.line,
            Code::InvalidVersion,
            format!("the package: version \"{version}\" is not a semantic version"),
            "use MAJOR.MINOR.PATCH, such as 1.0.0; `builder diff` and `builder bump` need it".to_owned(),
        );
    }
    for text in ["title", "description", "id", "homepage", "image", "created", "$schema", "profile"] {
        section.string(text, report);
    }
    for list in ["licenses", "sources", "contributors", "keywords"] {
        section.array(list, report);
    }
    let mut package = Package {
        dataset: Dataset {
            name,
            version: version.map(str::to_owned),
            path: below.to_owned(),
            about: document.to_json_without(&["resources"]),
            tables: Vec::new(),
        },
        line,
        declared: Vec::new(),
        references: Vec::new(),
    };
    if section.get("resources").is_none() {
        section.error(document.line, Code::MissingProperty, "`resources` is missing", report);
    }
    let resources = section.array("resources", report).unwrap_or_default();
    if let Some(node) = section.get("resources")
        && node.data == Data::Array(Vec::new())
    {
        section.error(node.line, Code::MissingProperty, "`resources` is empty", report);
    }
    for (number, node) in resources.iter().enumerate() {
        let Some(resource) = resource::read(root, below, number + 1, node, report) else { continue };
        package.declared.extend(resource.declared);
        if let Some((table, references)) = resource.table {
            package.dataset.tables.push(table);
            package.references.push(references);
        }
    }
    Some(package)
}

fn name(below: &str, section: &Section<'_>, report: &mut FileFindings<'_>) -> (String, u64) {
    if let Some(name) = section.string("name", report) {
        let line = section.get("name").map_or(section.node.line, |node| node.line);
        if name.is_empty() || name.chars().any(char::is_control) {
            section.error(
                line,
                Code::InvalidProperty,
                "`name` must not be empty or contain control characters",
                report,
            );
        }
        return (name.to_owned(), line);
    }
    let directory = below.rsplit('/').nth(1);
    // A package at the top of the datasets directory has no directory name that does not depend
    // on where the repository was cloned.
    if directory.is_none() && section.get("name").is_none() {
        section.error(section.node.line, Code::MissingProperty, "`name` is missing", report);
    }
    (directory.unwrap_or("datasets").to_owned(), section.node.line)
}
