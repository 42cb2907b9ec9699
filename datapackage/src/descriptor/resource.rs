//! A resource's descriptor -> [`Table`] (Data Resource v2).

use super::document::{Data, Node};
use super::keys::Reference;
use super::part::{self, Part};
use super::root::Root;
use super::section::{FileFindings, Section};
use super::{dialect, files, schema};
use crate::finding::Code;
use crate::schema::Table;

/// What a resource declares.
#[derive(Debug)]
pub(super) struct Resource {
    /// The table's name and its line.
    pub(super) declared: Option<(String, u64)>,
    /// The table and its foreign keys; `None`, with findings, where it can't be used.
    pub(super) table: Option<(Table, Vec<Reference>)>,
}

/// Reads one resource; `None`, with a finding, where it is not a table.
pub(super) fn read(
    root: &Root<'_>,
    below: &str,
    number: usize,
    node: &Node,
    report: &mut FileFindings<'_>,
) -> Option<Resource> {
    if !matches!(node.data, Data::Object(_)) {
        let message = format!("resource {number} must be an object, not {}", node.kind());
        report.error(node.line, Code::InvalidProperty, message);
        return None;
    }
    let section = Section::new(node, format!("resource {number}"));
    let name = match section.get("name") {
        Some(_) => section.string("name", report),
        None => {
            section.error(node.line, Code::MissingProperty, "`name` is missing", report);
            None
        }
    };
    let section = match name {
        Some(name) if !name.is_empty() => Section::new(node, format!("resource `{name}`")),
        _ => section,
    };
    let kind = kind(&section, report);
    if kind == ResourceFormat::Other {
        let message = format!("{}: not a table, so it is not published", section.owner);
        report.warning(
            node.line,
            Code::NotTabular,
            message,
            "a CSV file with a `schema` is a table".to_owned(),
        );
        return None;
    }
    if let Some(name) = name {
        check_name(&section, name, report);
    }
    for text in ["title", "description", "mediatype", "$schema", "profile"] {
        section.string(text, report);
    }
    for list in ["sources", "licenses"] {
        section.array(list, report);
    }
    let encoding = encoding(&section, report);
    let files = files::read(root, below, &section, report);
    let dialect_node = part::read(root, below, &section, "dialect", report);
    let dialect = match &dialect_node {
        Some(part) => dialect::read(part, kind == ResourceFormat::Tsv, report),
        None => dialect::read(&Part::absent(&section, below, report), kind == ResourceFormat::Tsv, report),
    };
    let mut about = node.clone();
    let schema = match section.get("schema") {
        Some(_) => part::read(root, below, &section, "schema", report).and_then(|part| {
            let schema = schema::read(&part, &section, dialect.null_sequence.as_deref(), report);
            // Inline, wherever it comes from: readers of a release have no other file.
            about.set("schema", part.node);
            schema
        }),
        None => {
            let message = format!("{}: `schema` is missing", section.owner);
            let help = "describe the columns in `schema`; `builder init FILE.csv` writes one".to_owned();
            report.error_with_help(node.line, Code::MissingSchema, message, help);
            None
        }
    };
    let declared = name.map(|name| (name.to_owned(), node.line));
    let (Some(name), Some(files), Some((schema, references)), Some(encoding)) =
        (name, files, schema, encoding)
    else {
        return Some(Resource { declared, table: None });
    };
    let table = Table {
        name: name.to_owned(),
        line: node.line,
        about: about.to_json(),
        files,
        dialect,
        encoding,
        schema_path: schema.path,
        fields_match: schema.fields_match,
        fields: schema.fields,
        primary_key: schema.primary_key,
        unique_keys: schema.unique_keys,
        label: schema.label,
        foreign_keys: Vec::new(),
    };
    Some(Resource { declared, table: Some((table, references)) })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ResourceFormat {
    Csv,
    Tsv,
    Other,
}

/// Whether a resource is a table, and how its columns are separated.
fn kind(section: &Section<'_>, report: &mut FileFindings<'_>) -> ResourceFormat {
    let text = |name: &str| section.get(name).and_then(Node::as_str).map(str::to_lowercase);
    let path = match section.get("path").map(|node| &node.data) {
        Some(Data::String(path)) => Some(path.to_lowercase()),
        Some(Data::Array(paths)) => paths.first().and_then(Node::as_str).map(str::to_lowercase),
        _ => None,
    };
    let extension = path.as_deref().map(|path| {
        let path = path.strip_suffix(".gz").unwrap_or(path);
        let file = path.rsplit('/').next().unwrap_or(path);
        file.rsplit_once('.').map_or("", |(_, extension)| extension).to_owned()
    });
    let tabular = text("type").as_deref() == Some("table")
        || matches!(
            text("profile").as_deref(),
            Some(
                "tabular-data-resource"
                    | "https://specs.frictionlessdata.io/schemas/tabular-data-resource.json"
            )
        )
        || section.get("schema").is_some();
    let format = section.string("format", report).map(str::to_lowercase);
    let (named, by) = match (&format, text("mediatype"), extension) {
        (Some(format), _, _) => (format.clone(), "format"),
        (None, Some(mediatype), _) if mediatype.starts_with("text/csv") => return ResourceFormat::Csv,
        (None, Some(mediatype), _) if mediatype.starts_with("text/tab-separated-values") => {
            return ResourceFormat::Tsv;
        }
        (None, _, Some(extension)) => (extension, "path"),
        (None, _, None) => (String::new(), "path"),
    };
    match (named.as_str(), tabular) {
        ("csv", _) => ResourceFormat::Csv,
        ("tsv" | "tab", _) => ResourceFormat::Tsv,
        ("" | "txt" | "dat", true) => ResourceFormat::Csv,
        (_, true) => {
            let line = section.get(by).map_or(section.node.line, |node| node.line);
            let message = format!("tables in format \"{named}\" are not supported, only csv and tsv");
            section.error(line, Code::Unsupported, &message, report);
            ResourceFormat::Csv
        }
        (_, false) => ResourceFormat::Other,
    }
}

fn check_name(section: &Section<'_>, name: &str, report: &mut FileFindings<'_>) {
    let lower = name.to_ascii_lowercase();
    let reserved = catalog::RESERVED_PREFIXES.into_iter().find(|prefix| lower.starts_with(prefix));
    let reason = if name.is_empty() {
        "is empty".to_owned()
    } else if name == "-" {
        "is reserved".to_owned()
    } else if let Some(prefix) = reserved {
        format!("starts with `{prefix}`, which is reserved")
    } else if name.contains('/') {
        "contains `/`, which separates the parts of a URL's path".to_owned()
    } else if name.chars().any(char::is_control) {
        "contains a control character".to_owned()
    } else if name == "." || name == ".." {
        "has a meaning of its own in a URL's path".to_owned()
    } else {
        return;
    };
    let line = section.get("name").map_or(section.node.line, |node| node.line);
    let message = format!("table name \"{}\" {reason}", name.escape_debug());
    report.error(line, Code::InvalidTableName, message);
}

fn encoding(section: &Section<'_>, report: &mut FileFindings<'_>) -> Option<&'static encoding_rs::Encoding> {
    let Some(label) = section.string("encoding", report) else { return Some(encoding_rs::UTF_8) };
    let known = crate::encoding::named(label);
    if known.is_none() {
        let line = section.get("encoding").map_or(section.node.line, |node| node.line);
        let message = format!("{}: encoding \"{label}\" is not known", section.owner);
        let help = format!("known are {}", crate::encoding::EXAMPLES);
        report.error_with_help(line, Code::Unsupported, message, help);
    }
    known
}
