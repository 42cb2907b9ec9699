//! A datasets directory made for one test, and its findings as text.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use datapackage::descriptor;
use datapackage::finding::{Finding, Severity};
use datapackage::schema::Dataset;
use tempfile::TempDir;

pub(crate) struct Workspace {
    directory: TempDir,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        Self { directory: TempDir::new().unwrap() }
    }

    /// Adds a file, with its directories.
    pub(crate) fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
        self
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.directory.path().join("datasets").join(below)
    }

    pub(crate) fn load(&self) -> (Vec<Dataset>, String) {
        let root = self.directory.path().join("datasets");
        fs::create_dir_all(&root).unwrap();
        let mut findings = Vec::new();
        let datasets = descriptor::load(&root, &mut findings).unwrap();
        (datasets, text(&findings, self.directory.path()))
    }

    /// Loads, and compares the findings; returns what was loaded.
    #[track_caller]
    pub(crate) fn finds(&self, expected: &str) -> Vec<Dataset> {
        let (datasets, found) = self.load();
        let expected: Vec<&str> =
            expected.lines().map(str::trim_start).filter(|line| !line.is_empty()).collect();
        let found: Vec<&str> = found.lines().map(str::trim_start).collect();
        assert_eq!(found, expected, "\nfound:\n{}\n", found.join("\n"));
        datasets
    }
}

/// One dataset `shop` with the descriptor given and a file `a.csv`.
pub(crate) fn shop(descriptor: &str) -> Workspace {
    Workspace::new().file("shop/datapackage.json", descriptor).file("shop/a.csv", "id,name\n")
}

/// One table `a` of a dataset `shop`, whose resource has these properties besides its name, on
/// line 3 of the descriptor.
pub(crate) fn resource(properties: &str) -> Workspace {
    shop(&format!("{{\"name\": \"shop\",\n\"resources\": [\n{{\"name\": \"a\", {properties}}}\n]}}"))
}

/// One table `a` with this schema, which begins on line 3.
pub(crate) fn schema(schema: &str) -> Workspace {
    resource(&format!("\"path\": \"a.csv\", \"schema\": {schema}"))
}

fn text(findings: &[Finding], root: &Path) -> String {
    let mut text = String::new();
    for finding in findings {
        text.push_str(&finding.path);
        if let Some(line) = finding.line {
            write!(text, ":{line}").unwrap();
        }
        let warning = if finding.severity == Severity::Warning { "warning " } else { "" };
        writeln!(text, ": {warning}[{}] {}", finding.code, finding.message).unwrap();
        if let Some(help) = &finding.help {
            writeln!(text, "  help: {help}").unwrap();
        }
    }
    text.replace(&format!("{}/", root.display()), "")
}
