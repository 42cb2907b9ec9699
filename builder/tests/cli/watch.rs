//! `builder build --watch`

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use catalog::Manifest;
use rusqlite::Connection;

use crate::commit::{git, repository};
use crate::ran::with_default_signals;
use crate::workspace::Workspace;

struct Watching {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
    stdout: BufReader<std::process::ChildStdout>,
}

impl Watching {
    fn start(workspace: &Workspace, arguments: &[&str]) -> Self {
        let mut command = with_default_signals(&workspace.command(arguments));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stderr, stdout }
    }

    fn stderr(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).unwrap();
        line
    }

    /// Outside of a repository a release has neither a commit nor a change feed.
    fn notes(&mut self) {
        assert!(self.stderr().starts_with("note: the release has no change feed and names no commit: "));
    }

    fn stdout(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line
    }

    /// Sends a signal and returns the exit code.
    fn end(mut self, signal: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill(); // after a failed assertion; otherwise it has ended
    }
}

#[test]
fn changes_are_built_and_problems_are_said() {
    let workspace = Workspace::table(r#"{"name": "a", "type": "integer"}"#, "a\n1\n");
    let mut watching = Watching::start(&workspace, &["build", "--watch"]);
    assert!(watching.stderr().starts_with("built dist: 1 table, 1 row, "));
    watching.notes();

    workspace.write("datasets/d/t.csv", "a\n1\n2\n");
    assert!(watching.stderr().starts_with("built dist: 1 table, 2 rows, "));
    watching.notes();

    let before = workspace.read("dist/data.db");
    workspace.write("datasets/d/t.csv", "a\nx\n");
    assert_eq!(watching.stdout(), "datasets/d/t.csv:2: [type-error] column `a`: \"x\" is not an integer\n");
    assert_eq!(watching.stderr(), "error: 1 problem in 1 file (1 dataset, 1 row checked)\n");
    assert_eq!(workspace.read("dist/data.db"), before);

    // A new dataset in a new directory, and a file that takes another's place.
    workspace.write("new.csv", "a\n1\n2\n3\n");
    std::fs::rename(workspace.path("new.csv"), workspace.path("datasets/d/t.csv")).unwrap();
    assert!(watching.stderr().starts_with("built dist: 1 table, 3 rows, "));
    watching.notes();
    workspace.write("datasets/e/u.csv", "b\n1\n");
    workspace.write(
        "datasets/e/datapackage.json",
        r#"{"name": "e", "resources": [{"name": "u", "path": "u.csv", "schema": {"fields": [{"name": "b"}]}}]}"#,
    );
    loop {
        // Between the two files there may have been a build without the new dataset.
        let line = watching.stderr();
        assert!(!line.is_empty());
        if line.starts_with("built dist: 2 tables, 4 rows, ") {
            break;
        }
    }
    assert_eq!(watching.end("-INT"), Some(0));
    assert_eq!(workspace.names("."), ["datasets", "dist"]);
}

/// The manifest names the commit, and the feed has it, though no file of the datasets changes.
#[test]
fn a_commit_is_a_change() {
    let (workspace, _) = repository();
    let mut watching = Watching::start(&workspace, &["build", "--watch"]);
    assert!(watching.stderr().starts_with("built dist: 1 table, 1 row, "));
    workspace.write("datasets/d/t.csv", "a\n1\n2\n");
    assert!(watching.stderr().starts_with("built dist: 1 table, 2 rows, "));
    assert!(watching.stderr().starts_with("note: the manifest names no commit: "));
    git(&workspace, &["commit", "--quiet", "-a", "-m", "two"]);
    assert!(watching.stderr().starts_with("built dist: 1 table, 2 rows, "));
    let manifest = Manifest::load(&workspace.path("dist/manifest.json")).unwrap();
    let head = git(&workspace, &["rev-parse", "HEAD"]);
    assert_eq!(manifest.commit.as_ref(), Some(&head));
    let release = Connection::open(workspace.path("dist/data.db")).unwrap();
    let commits: Vec<_> =
        catalog::versions(&release, "d").unwrap().into_iter().map(|version| version.commit).collect();
    assert_eq!(commits, [git(&workspace, &["rev-parse", "HEAD~1"]), head]);
    assert_eq!(watching.end("-INT"), Some(0));
}

/// A failure is reported, and the next change tried again. The release may be below the datasets.
#[test]
fn failures_do_not_end_it() {
    let workspace = Workspace::table(r#"{"name": "a", "type": "integer"}"#, "a\n1\n").file("dist/mine", "x");
    let mut watching = Watching::start(&workspace, &["build", ".", "--watch"]);
    assert!(watching.stderr().starts_with("error: "));
    std::fs::remove_file(workspace.path("dist/mine")).unwrap();
    workspace.write("datasets/d/t.csv", "a\n1\n2\n");
    assert!(watching.stderr().starts_with("built dist: 1 table, 2 rows, "));
    assert_eq!(watching.end("-TERM"), Some(0));
}

#[test]
fn what_can_not_be_watched() {
    let ran = Workspace::new().run(&["build", "nowhere", "--watch"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.starts_with("error: can't watch `nowhere`: "), "{}", ran.stderr);
}
