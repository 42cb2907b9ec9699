//! The datasets directory -> every dataset in it.

use std::collections::HashMap;
use std::path::Path;

use super::load_error::LoadError;
use super::package::{self, Package};
use super::root::{DESCRIPTORS, Root};
use super::section::{FileFindings, confusing_names};
use super::{references, syntax};
use crate::finding::{Code, Finding, Severity};
use crate::schema::Dataset;

/// Every Data Package in `datasets` or below it, in order of path, and the problems of their
/// descriptors. A dataset with errors is returned as far as it can be used: without the tables
/// whose rows can't be checked.
pub fn load(datasets: &Path, findings: &mut Vec<Finding>) -> Result<Vec<Dataset>, LoadError> {
    let root = Root::new(datasets);
    let mut descriptors = Vec::new();
    root.walk(&mut Vec::new(), &mut descriptors, findings)?;
    if descriptors.is_empty() {
        findings.push(Finding {
            path: datasets.display().to_string(),
            line: None,
            column: None,
            code: Code::MissingFile,
            severity: Severity::Error,
            message: format!("no dataset: no {} in this directory or below", DESCRIPTORS.join(", ")),
            help: None,
        });
    }
    let mut packages: Vec<Package> = Vec::new();
    for below in descriptors {
        let path = root.join(&below);
        let mut report = FileFindings { path: root.finding_path(&below), findings };
        let read = syntax::read(&path, &mut report);
        let Some(bytes) = read.map_err(|source| LoadError::Descriptor { path, source })? else { continue };
        let Some(document) = syntax::parse(&below, &bytes, &mut report) else { continue };
        if let Some(package) = package::read(&root, &below, &document, &mut report) {
            packages.push(package);
        }
    }
    unique_names(&root, &packages, findings);
    confusing_tables(&root, &packages, findings);
    Ok(references::resolve(packages, findings))
}

fn confusing_tables(root: &Root<'_>, packages: &[Package], findings: &mut Vec<Finding>) {
    let declared =
        packages.iter().flat_map(|package| package.declared.iter().map(move |table| (package, table)));
    let declared: Vec<_> = declared.collect();
    let names: Vec<&str> = declared.iter().map(|(_, (name, _))| name.as_str()).collect();
    for (table, message) in confusing_names("table", &names) {
        let (package, (_, line)) = declared[table];
        let mut report = FileFindings { path: root.finding_path(&package.dataset.path), findings };
        report.warning(*line, Code::ConfusingName, message, None);
    }
}

fn unique_names(root: &Root<'_>, packages: &[Package], findings: &mut Vec<Finding>) {
    let mut datasets: HashMap<&str, &Package> = HashMap::new();
    let mut tables: HashMap<String, (&str, &str, u64)> = HashMap::new();
    for package in packages {
        let mut report = FileFindings { path: root.finding_path(&package.dataset.path), findings };
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
