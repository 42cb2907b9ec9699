//! The findings of one run, counted without bound and kept within one.

use std::collections::BTreeMap;

use super::{Finding, Severity};

/// How many findings are kept of one file. A file with an error in every row would otherwise
/// fill the memory; nobody reads the thousandth, and all are counted.
pub const KEPT_PER_FILE: u64 = 1_000;

/// What a check found.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
    files: BTreeMap<String, InFile>,
}

#[derive(Debug, Default, Clone, Copy)]
struct InFile {
    errors: u64,
    warnings: u64,
    kept: u64,
}

impl Findings {
    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        let file = self.files.entry(finding.path.clone()).or_default();
        match finding.severity {
            Severity::Error => file.errors += 1,
            Severity::Warning => file.warnings += 1,
        }
        if file.kept < KEPT_PER_FILE {
            file.kept += 1;
            self.list.push(finding);
        }
    }

    /// Counts errors that are not described one by one.
    pub fn count(&mut self, path: &str, errors: u64) {
        self.files.entry(path.to_owned()).or_default().errors += errors;
    }

    /// Adds everything that another part of the run found.
    pub fn append(&mut self, other: Findings) {
        let mut not_kept = other.files;
        for finding in other.list {
            if let Some(file) = not_kept.get_mut(&finding.path) {
                match finding.severity {
                    Severity::Error => file.errors -= 1,
                    Severity::Warning => file.warnings -= 1,
                }
            }
            self.push(finding);
        }
        for (path, file) in not_kept {
            let own = self.files.entry(path).or_default();
            own.errors += file.errors;
            own.warnings += file.warnings;
        }
    }

    /// The same findings with other texts: `map` gets each path, message and help.
    pub fn map_text(self, map: impl Fn(&str) -> String) -> Self {
        let files = self.files.into_iter().map(|(path, file)| (map(&path), file)).collect();
        let list = self.list.into_iter().map(|finding| Finding {
            path: map(&finding.path),
            message: map(&finding.message),
            help: finding.help.as_deref().map(&map),
            ..finding
        });
        Self { list: list.collect(), files }
    }

    /// Puts them in order: by path, line and column.
    pub fn sort(&mut self) {
        self.list.sort();
    }

    /// The findings that were kept.
    pub fn list(&self) -> &[Finding] {
        &self.list
    }

    /// Whether anything stops a build.
    pub fn has_errors(&self) -> bool {
        self.files.values().any(|file| file.errors > 0)
    }

    /// How many there are, those that were not kept included.
    pub fn total(&self, severity: Severity) -> u64 {
        self.files
            .values()
            .map(|file| match severity {
                Severity::Error => file.errors,
                Severity::Warning => file.warnings,
            })
            .sum()
    }

    /// In how many files there are any.
    pub fn files(&self) -> u64 {
        self.files.values().filter(|file| file.errors + file.warnings > 0).count() as u64
    }

    /// The files with more findings than were kept, and how many more.
    pub fn not_kept(&self) -> impl Iterator<Item = (&str, u64)> {
        self.files
            .iter()
            .map(|(path, file)| (path.as_str(), file.errors + file.warnings - file.kept))
            .filter(|(_, more)| *more > 0)
    }
}

impl From<Vec<Finding>> for Findings {
    fn from(list: Vec<Finding>) -> Self {
        let mut findings = Self::default();
        list.into_iter().for_each(|finding| findings.push(finding));
        findings
    }
}
