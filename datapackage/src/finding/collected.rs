//! The findings of one run, counted without bound and kept within one.

use std::collections::BTreeMap;

use super::{Code, Finding, Severity};

/// How many findings are kept of one file before only [`EXAMPLES`] of each kind are. A file with an error in
/// every row would otherwise fill the memory; nobody reads the thousandth, and all are counted.
pub const KEPT_PER_FILE: u64 = 1_000;

/// How many findings of one kind are shown to people, and kept in any case.
pub(super) const EXAMPLES: u64 = 5;

/// How many are kept of a file with thousands of kinds, and of thousands of files.
const MOST_PER_FILE: u64 = 10_000;
const MOST: u64 = 100_000;

/// What a check found.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
    files: BTreeMap<String, InFile>,
}

/// What findings of a file have in common where they are about its rows: the cell's number and the code.
pub(super) type Kind = (Option<usize>, Code, Severity);

#[derive(Debug, Default, Clone)]
struct InFile {
    kept: u64,
    kinds: BTreeMap<Kind, Counts>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    found: u64,
    kept: u64,
}

impl Findings {
    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        let file = match self.files.get_mut(&finding.path) {
            Some(file) => file,
            None => self.files.entry(finding.path.clone()).or_default(),
        };
        let kind = file.kinds.entry(finding.kind()).or_default();
        kind.found += 1;
        let has_room = file.kept < KEPT_PER_FILE || (kind.kept < EXAMPLES && file.kept < MOST_PER_FILE);
        if has_room && (self.list.len() as u64) < MOST {
            file.kept += 1;
            kind.kept += 1;
            self.list.push(finding);
        }
    }

    /// Counts findings of the same kind as `like` that are not described one by one.
    pub fn count(&mut self, like: &Finding, more: u64) {
        self.files.entry(like.path.clone()).or_default().kinds.entry(like.kind()).or_default().found += more;
    }

    /// Adds everything that another part of the run found.
    pub fn append(&mut self, other: Findings) {
        let mut not_kept = other.files;
        for finding in other.list {
            let file = not_kept.get_mut(&finding.path);
            if let Some(kind) = file.and_then(|file| file.kinds.get_mut(&finding.kind())) {
                kind.found -= 1;
            }
            self.push(finding);
        }
        for (path, file) in not_kept {
            let own = self.files.entry(path).or_default();
            for (kind, counts) in file.kinds {
                own.kinds.entry(kind).or_default().found += counts.found;
            }
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
        self.total(Severity::Error) > 0
    }

    /// How many there are, those that were not kept included.
    pub fn total(&self, severity: Severity) -> u64 {
        let kinds = self.files.values().flat_map(|file| &file.kinds);
        kinds.filter(|((_, _, of), _)| *of == severity).map(|(_, counts)| counts.found).sum()
    }

    /// In how many files there are any.
    pub fn files(&self) -> u64 {
        self.files.values().filter(|file| file.kinds.values().any(|counts| counts.found > 0)).count() as u64
    }

    /// How many there are of the kind of `finding`, those that were not kept included.
    pub(super) fn alike(&self, finding: &Finding) -> u64 {
        let file = self.files.get(&finding.path);
        file.and_then(|file| file.kinds.get(&finding.kind())).map_or(0, |counts| counts.found)
    }

    /// The files with more findings than were kept, and how many more.
    pub fn not_kept(&self) -> impl Iterator<Item = (&str, u64)> {
        self.without(|_, _| false)
    }

    /// The same without those that their [`Group`](super::Group) counts.
    pub fn in_no_group(&self) -> impl Iterator<Item = (&str, u64)> {
        self.without(|(_, code, _), counts| code.is_of_rows() && counts.kept > 0)
    }

    fn without(&self, left_out: impl Fn(&Kind, &Counts) -> bool) -> impl Iterator<Item = (&str, u64)> {
        self.files
            .iter()
            .map(move |(path, file)| {
                let kinds = file.kinds.iter().filter(|(kind, counts)| !left_out(kind, counts));
                (path.as_str(), kinds.map(|(_, counts)| counts.found - counts.kept).sum())
            })
            .filter(|(_, more)| *more > 0)
    }
}

impl Finding {
    pub(super) fn kind(&self) -> Kind {
        (self.column.as_ref().map(|column| column.number), self.code, self.severity)
    }
}

impl From<Vec<Finding>> for Findings {
    fn from(list: Vec<Finding>) -> Self {
        let mut findings = Self::default();
        list.into_iter().for_each(|finding| findings.push(finding));
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::super::Column;
    use super::*;

    fn finding(path: &str, line: u64, column: usize) -> Finding {
        Finding {
            path: path.to_owned(),
            line: Some(line),
            column: Some(Column { number: column, name: column.to_string() }),
            code: Code::TypeError,
            severity: Severity::Error,
            message: "message".to_owned(),
            help: None,
        }
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_is_counted_is_exact() {
        let mut findings = Findings::default();
        for line in 1..=20_000 {
            findings.push(finding("one kind", line, 1));
        }
        findings.push(finding("one kind", 20_001, 2));
        assert_eq!(findings.list().len(), 1_001);
        for column in 1..=5_000 {
            for line in 1..=6 {
                findings.push(finding("many kinds", line, column));
            }
        }
        assert_eq!(findings.list().len(), 11_001);
        for file in 0..200 {
            for line in 1..=1_000 {
                findings.push(finding(&file.to_string(), line, 1));
            }
        }
        assert_eq!(findings.list().len(), 100_000);
        let mut all = Findings::default();
        all.push(finding("one kind", 1, 1));
        all.count(&finding("one kind", 1, 1), 10);
        all.append(findings);
        assert_eq!(all.total(Severity::Error), 11 + 20_001 + 30_000 + 200_000);
        assert_eq!(all.alike(&finding("one kind", 1, 1)), 20_011);
        assert_eq!(all.files(), 202);
        assert_eq!(all.list().len(), 100_000);
    }
}
