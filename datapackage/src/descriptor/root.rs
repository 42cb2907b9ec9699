//! The datasets directory: where its descriptors are.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::load_error::LoadError;
use super::section::FileFindings;
use crate::finding::{Code, Finding, Severity};

/// The names that a descriptor may have, in the order in which they win.
pub const DESCRIPTORS: [&str; 3] = ["datapackage.json", "datapackage.yaml", "datapackage.yml"];

/// The datasets directory, as the user gave it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root<'a> {
    datasets: &'a Path,
}

impl<'a> Root<'a> {
    pub(super) fn new(datasets: &'a Path) -> Self {
        Self { datasets }
    }

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
    pub(super) fn walk(
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
                } else {
                    findings.push(irregular(&entry.path()));
                }
            }
        }
        let below = |name: &str| parts.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join("/");
        let mut found = DESCRIPTORS.into_iter().filter(|name| files.contains(*name));
        if let Some(first) = found.next() {
            descriptors.push(below(first));
            for other in found {
                FileFindings { path: self.finding_path(&below(other)), findings }.error(
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
    let message = "the descriptor is a link that points outside the datasets directory".to_owned();
    unsafe_path(path, Severity::Error, message)
}

/// Reading a pipe would wait for its other end, and a device may never end.
fn irregular(path: &Path) -> Finding {
    Finding {
        code: Code::InvalidDescriptor,
        ..unsafe_path(path, Severity::Error, "the descriptor is not a regular file".to_owned())
    }
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
