//! A directory with datasets in it, and the binary run there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::ran::Ran;

pub(crate) struct Workspace {
    directory: TempDir,
    /// Where the binary keeps what it read of a history.
    cache: TempDir,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        Self {
            directory: tempfile::Builder::new().prefix("coldpress test ").tempdir().unwrap(),
            cache: tempfile::tempdir().unwrap(),
        }
    }

    /// A workspace with one table, `t`, of one dataset, `d`: `fields` as in the descriptor, and
    /// the bytes of its CSV file.
    pub(crate) fn table(fields: &str, csv: impl AsRef<[u8]>) -> Self {
        Self::with_schema(&format!(r#"{{"fields": [{fields}]}}"#), csv)
    }

    /// The same, with the whole schema.
    pub(crate) fn with_schema(schema: &str, csv: impl AsRef<[u8]>) -> Self {
        Self::with_resource(&format!(r#""schema": {schema}"#), csv)
    }

    /// The same, with more of the resource's properties.
    pub(crate) fn with_resource(properties: &str, csv: impl AsRef<[u8]>) -> Self {
        Self::new()
            .file(
                "datasets/d/datapackage.json",
                format!(r#"{{"name": "d", "resources": [{{"name": "t", "path": "t.csv", {properties}}}]}}"#),
            )
            .file("datasets/d/t.csv", csv)
    }

    /// Writes a file, and the directories above it.
    pub(crate) fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(path, content);
        self
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The names in a directory, in order.
    pub(crate) fn names(&self, path: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(path)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_builder"));
        command.current_dir(self.directory.path()).args(arguments);
        command.env("XDG_CACHE_HOME", self.cache.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs `builder check`; it must find exactly this.
    #[track_caller]
    pub(crate) fn check_finds(&self, findings: &str) {
        let ran = self.run(&["check"]);
        assert_eq!(ran.stdout, findings, "stderr: {}", ran.stderr);
        let errors = findings.lines().any(|line| line.contains(": [") && !line.contains("] warning: "));
        assert_eq!(ran.code, Some(i32::from(errors)), "stderr: {}", ran.stderr);
    }

    /// Runs `builder build`, which must succeed without a finding, and opens the database.
    #[track_caller]
    pub(crate) fn build(&self) -> Connection {
        let ran = self.run(&["build", "--quiet"]);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str(), ran.code), ("", "", Some(0)));
        Connection::open(self.path("dist/data.db")).unwrap()
    }
}

/// All rows of a query, each with its cells as SQL literals.
pub(crate) fn rows(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    let mut found = vec![];
    while let Some(row) = rows.next().unwrap() {
        let cells = (0..columns).map(|column| {
            use rusqlite::types::ValueRef::*;
            match row.get_ref(column).unwrap() {
                Null => "NULL".to_owned(),
                Integer(number) => number.to_string(),
                Real(number) => format!("{number:?}"),
                Text(text) => format!("'{}'", std::str::from_utf8(text).unwrap()),
                Blob(_) => "blob".to_owned(),
            }
        });
        found.push(cells.collect::<Vec<_>>().join(" "));
    }
    found
}

/// Has `init` describe every CSV below a directory, and `check` take what it wrote. How many there are.
pub(crate) fn comes_out_clean(directory: &Path) -> usize {
    let mut files = vec![];
    csv_files(directory, &mut files);
    for file in &files {
        let workspace = Workspace::new().file("datasets/d/t.csv", fs::read(file).unwrap());
        let ran = workspace.run(&["init", "datasets/d/t.csv"]);
        if fs::read(file).unwrap().is_empty() {
            assert_eq!(ran.code, Some(2), "{}", file.display());
            continue;
        }
        assert_eq!(ran.code, Some(0), "{}: {}", file.display(), ran.stderr);
        let checked = workspace.run(&["check", "-q"]);
        // A file that is not a table has no descriptor that makes it one.
        if ran.stderr.contains("; `builder check` finds every such row\n") {
            let about_rows = |line: &str| {
                ["missing-cell", "extra-cell", "empty-row"]
                    .iter()
                    .any(|code| line.contains(&format!(": [{code}] row has ")))
                    || line.contains(": [stray-quote] ")
                    || line.starts_with("  help: ")
                    || line.starts_with("  and ")
            };
            assert!(checked.stdout.lines().all(about_rows), "{}", file.display());
            continue;
        }
        let others = without_control_characters(&checked.stdout);
        assert_eq!((others.as_str(), checked.code), ("", Some(0)), "{}", file.display());
    }
    files.len()
}

/// What is found beside control characters, which are as the file has them: some were decoded twice before they were
/// published.
pub(crate) fn without_control_characters(findings: &str) -> String {
    let mut others = String::new();
    let mut lines = findings.lines().peekable();
    while let Some(line) = lines.next() {
        if line.contains(": [control-character] warning: ") {
            while lines.next_if(|more| more.starts_with("  help: ") || more.starts_with("  and ")).is_some() {
            }
        } else {
            others += &format!("{line}\n");
        }
    }
    others
}

fn csv_files(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            csv_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "csv") {
            files.push(path);
        }
    }
    files.sort();
}
