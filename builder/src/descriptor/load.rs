//! The datasets directory -> every dataset in it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use super::document::{self, Data, Node};
use super::package::{self, Package};
use super::section::Report;
use super::{Dataset, references};
use crate::finding::{Code, Finding, Severity};

/// The names that a descriptor may have, in the order in which they win.
pub(crate) const DESCRIPTORS: [&str; 3] = ["datapackage.json", "datapackage.yaml", "datapackage.yml"];

/// What stops the tool itself.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadError {
    /// A directory can not be listed.
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A descriptor can not be read.
    Descriptor {
        /// The descriptor.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory { path, .. } => write!(f, "can't list the directory {}", path.display()),
            Self::Descriptor { path, .. } => write!(f, "can't read {}", path.display()),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Directory { source, .. } | Self::Descriptor { source, .. } => Some(source),
        }
    }
}

/// Every Data Package in `datasets` or below it, in order of path, and what is wrong with their
/// descriptors. A dataset with errors is returned as far as it can be used: without the tables
/// whose rows can't be checked.
pub fn load(datasets: &Path, findings: &mut Vec<Finding>) -> Result<Vec<Dataset>, LoadError> {
    let root = Root { datasets };
    let mut descriptors = Vec::new();
    root.walk(&mut Vec::new(), &mut descriptors, findings)?;
    if descriptors.is_empty() {
        findings.push(Finding {
            path: datasets.display().to_string(),
            line: None,
            column: None,
            code: Code::MissingFile,
            severity: Severity::Error,
            message: format!("no dataset: there is no {} here or below", DESCRIPTORS.join(", ")),
            help: None,
        });
    }
    let mut packages: Vec<Package> = Vec::new();
    for below in descriptors {
        let path = root.join(&below);
        let bytes = fs::read(&path).map_err(|source| LoadError::Descriptor { path, source })?;
        let mut report = Report { path: root.finding_path(&below), findings };
        let Some(document) = read(&below, &bytes, &mut report) else { continue };
        if let Some(package) = package::read(&root, &below, &document, &mut report) {
            packages.push(package);
        }
    }
    unique_names(&root, &packages, findings);
    Ok(references::resolve(&root, packages, findings))
}

/// A descriptor's bytes as a tree.
pub(super) fn read(below: &str, bytes: &[u8], report: &mut Report<'_>) -> Option<Node> {
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

fn duplicate_properties(node: &Node, report: &mut Report<'_>) {
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

fn unique_names(root: &Root<'_>, packages: &[Package], findings: &mut Vec<Finding>) {
    let mut datasets: HashMap<&str, &Package> = HashMap::new();
    let mut tables: HashMap<String, (&str, &str, u64)> = HashMap::new();
    for package in packages {
        let mut report = Report { path: root.finding_path(&package.dataset.path), findings };
        if let Some(first) = datasets.get(package.dataset.name.as_str()) {
            let message = format!(
                "dataset `{}` is already declared in {}",
                package.dataset.name,
                root.finding_path(&first.dataset.path)
            );
            report.error(package.line, Code::DuplicateDataset, message);
        } else {
            datasets.insert(&package.dataset.name, package);
        }
        for (name, line) in &package.declared {
            // SQLite ignores the case of ASCII letters in names; other letters differ.
            let place = (package.dataset.path.as_str(), name.as_str(), *line);
            match tables.get(&name.to_ascii_lowercase()) {
                Some((path, first, first_line)) => {
                    let difference = if first == name { "" } else { ", which differs only in case" };
                    let message = format!(
                        "table `{name}` is already declared as `{first}` in {}:{first_line}{difference}",
                        root.finding_path(path)
                    );
                    report.error(*line, Code::DuplicateTable, message);
                }
                None => {
                    tables.insert(name.to_ascii_lowercase(), place);
                }
            }
        }
    }
}

/// The datasets directory, as the user gave it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root<'a> {
    datasets: &'a Path,
}

impl Root<'_> {
    /// A file by its path below the datasets directory.
    pub(super) fn join(&self, below: &str) -> PathBuf {
        if below.is_empty() { self.datasets.to_path_buf() } else { self.datasets.join(below) }
    }

    /// A file as findings name it.
    pub(super) fn finding_path(&self, below: &str) -> String {
        self.join(below).display().to_string()
    }

    /// Whether a link leads to something inside the datasets directory.
    fn holds(&self, link: &Path) -> bool {
        let inside = fs::canonicalize(self.datasets)
            .and_then(|datasets| Ok(fs::canonicalize(link)?.starts_with(datasets)));
        inside.unwrap_or(false)
    }

    /// Collects the descriptors' paths below the datasets directory. `parts`: where we are.
    fn walk(
        &self,
        parts: &mut Vec<String>,
        descriptors: &mut Vec<String>,
        findings: &mut Vec<Finding>,
    ) -> Result<(), LoadError> {
        let here = self.join(&parts.join("/"));
        let failed = |source| LoadError::Directory { path: here.clone(), source };
        let mut files = HashSet::new();
        let mut directories = Vec::new();
        for entry in fs::read_dir(&here).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let file_type = entry.file_type().map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else {
                if file_type.is_dir() {
                    findings.push(skipped(&entry.path(), "its name is not UTF-8"));
                }
                continue;
            };
            if name.starts_with('.') {
                continue;
            }
            if file_type.is_dir() {
                directories.push(name);
            } else if file_type.is_symlink() && entry.path().is_dir() {
                findings.push(skipped(&entry.path(), "symbolic links to directories are not followed"));
            } else if DESCRIPTORS.contains(&name.as_str()) {
                if file_type.is_symlink() && !self.holds(&entry.path()) {
                    findings.push(outside(&entry.path()));
                } else if entry.path().is_file() {
                    files.insert(name);
                }
            }
        }
        let below = |name: &str| parts.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join("/");
        let mut found = DESCRIPTORS.into_iter().filter(|name| files.contains(*name));
        if let Some(first) = found.next() {
            descriptors.push(below(first));
            for other in found {
                Report { path: self.finding_path(&below(other)), findings }.error(
                    1,
                    Code::DuplicateDescriptor,
                    format!("the directory already has a descriptor: `{first}`"),
                );
            }
        }
        directories.sort();
        for name in directories {
            parts.push(name);
            self.walk(parts, descriptors, findings)?;
            parts.pop();
        }
        Ok(())
    }
}

fn skipped(path: &Path, reason: &str) -> Finding {
    unsafe_path(path, Severity::Warning, format!("the directory is skipped: {reason}"))
}

fn outside(path: &Path) -> Finding {
    let message = "the descriptor is a link that leads out of the datasets directory".to_owned();
    unsafe_path(path, Severity::Error, message)
}

fn unsafe_path(path: &Path, severity: Severity, message: String) -> Finding {
    Finding {
        path: path.display().to_string(),
        line: None,
        column: None,
        code: Code::UnsafePath,
        severity,
        message,
        help: None,
    }
}
