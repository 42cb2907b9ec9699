//! A resource's descriptor -> [`Table`] (Data Resource v2).

use super::document::{Data, MAX_DEPTH, Node};
use super::load::{self, Root};
use super::package::Package;
use super::section::{Report, Section};
use super::{Table, dialect, files, schema};
use crate::finding::Code;

/// Reads one resource and adds it to the package, where it is a table that can be used.
pub(super) fn read(
    root: &Root<'_>,
    below: &str,
    number: usize,
    node: &Node,
    package: &mut Package,
    report: &mut Report<'_>,
) {
    if !matches!(node.data, Data::Object(_)) {
        let message = format!("resource {number} must be an object, not {}", node.kind());
        report.error(node.line, Code::InvalidProperty, message);
        return;
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
    if kind == Kind::Other {
        let message = format!("{}: not a table, so it is not published", section.owner);
        report.warning(
            node.line,
            Code::NotTabular,
            message,
            "a CSV file with a `schema` is a table".to_owned(),
        );
        return;
    }
    if let Some(name) = name {
        package.declared.push((name.to_owned(), node.line));
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
    let dialect_node = part(root, below, &section, "dialect", report);
    let dialect = match &dialect_node {
        Some(part) => dialect::read(part, kind == Kind::Tsv, report),
        None => dialect::read(&Part::absent(&section, below, report), kind == Kind::Tsv, report),
    };
    let mut about = node.clone();
    let schema = match section.get("schema") {
        Some(_) => part(root, below, &section, "schema", report).and_then(|part| {
            let schema = schema::read(&part, &section, dialect.null_sequence.as_deref(), report);
            // In place, wherever it stands: who reads a release has no other file.
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
    let (Some(name), Some(files), Some((schema, references)), Some(encoding)) =
        (name, files, schema, encoding)
    else {
        return;
    };
    package.references.push(references);
    package.dataset.tables.push(Table {
        name: name.to_owned(),
        line: node.line,
        about: about.to_json(),
        files,
        dialect: dialect.dialect,
        encoding,
        schema_path: schema.path,
        fields_match: schema.fields_match,
        fields: schema.fields,
        primary_key: schema.primary_key,
        unique_keys: schema.unique_keys,
        foreign_keys: Vec::new(),
    });
}

/// A property of a resource that is an object, in place or in a file of its own.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) node: Node,
    /// The file it stands in, below the datasets directory.
    pub(super) below: String,
    /// The file it stands in, as findings name it.
    pub(super) finding_path: String,
    /// What it is, for messages.
    pub(super) owner: String,
}

impl Part {
    fn absent(section: &Section<'_>, below: &str, report: &Report<'_>) -> Self {
        Self {
            node: Node { line: section.node.line, data: Data::Object(Vec::new()) },
            below: below.to_owned(),
            finding_path: report.path.clone(),
            owner: section.owner.clone(),
        }
    }
}

fn part(
    root: &Root<'_>,
    below: &str,
    section: &Section<'_>,
    name: &str,
    report: &mut Report<'_>,
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
            let bytes = match std::fs::read(&file.file) {
                Ok(bytes) => bytes,
                Err(error) => {
                    let message = format!("{}: `{name}`: \"{path}\" can't be read: {error}", section.owner);
                    report.error(node.line, Code::MissingFile, message);
                    return None;
                }
            };
            let mut report = Report { path: root.finding_path(&file.path), findings: report.findings };
            let node = load::read(&file.path, &bytes, &mut report)?;
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Csv,
    Tsv,
    Other,
}

/// Whether a resource is a table, and how its columns are parted.
fn kind(section: &Section<'_>, report: &mut Report<'_>) -> Kind {
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
        (None, Some(mediatype), _) if mediatype.starts_with("text/csv") => return Kind::Csv,
        (None, Some(mediatype), _) if mediatype.starts_with("text/tab-separated-values") => return Kind::Tsv,
        (None, _, Some(extension)) => (extension, "path"),
        (None, _, None) => (String::new(), "path"),
    };
    match (named.as_str(), tabular) {
        ("csv", _) => Kind::Csv,
        ("tsv" | "tab", _) => Kind::Tsv,
        ("" | "txt" | "dat", true) => Kind::Csv,
        (_, true) => {
            let line = section.get(by).map_or(section.node.line, |node| node.line);
            let message = format!("tables in format \"{named}\" are not supported, only csv and tsv");
            section.error(line, Code::Unsupported, &message, report);
            Kind::Csv
        }
        (_, false) => Kind::Other,
    }
}

fn check_name(section: &Section<'_>, name: &str, report: &mut Report<'_>) {
    let lower = name.to_ascii_lowercase();
    let reserved = catalog::RESERVED_PREFIXES.into_iter().find(|prefix| lower.starts_with(prefix));
    let reason = if name.is_empty() {
        "is empty".to_owned()
    } else if name == "-" {
        "is reserved".to_owned()
    } else if let Some(prefix) = reserved {
        format!("starts with `{prefix}`, which is reserved")
    } else if name.contains('/') {
        "contains `/`, which parts a URL's path".to_owned()
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

fn encoding(section: &Section<'_>, report: &mut Report<'_>) -> Option<&'static encoding_rs::Encoding> {
    let Some(label) = section.string("encoding", report) else { return Some(encoding_rs::UTF_8) };
    // WHATWG's labels, and Python's name for UTF-8 with a byte order mark.
    let known = match label.to_ascii_lowercase().as_str() {
        "utf-8-sig" => Some(encoding_rs::UTF_8),
        _ => encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()),
    };
    if known.is_none() {
        let line = section.get("encoding").map_or(section.node.line, |node| node.line);
        let message = format!("encoding \"{label}\" is not known");
        section.error(line, Code::Unsupported, &message, report);
    }
    known
}
