//! A scratch Git repository with datasets in it, and the binary run there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::ran::Ran;

pub(crate) struct Repository {
    directory: TempDir,
    commits: std::cell::Cell<u32>,
}

impl Repository {
    /// A directory that is not a repository yet.
    pub(crate) fn plain() -> Self {
        let directory = tempfile::Builder::new().prefix("coldpress test ").tempdir().unwrap();
        Self { directory, commits: 0.into() }
    }

    pub(crate) fn new() -> Self {
        let repository = Self::plain();
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    pub(crate) fn root(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Replaces what must be there exactly once.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {path}");
        self.write(path, text.replace(from, to));
    }

    /// Commits everything; the nth commit is made on the nth day of 2025, and its name is returned.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.commits.set(self.commits.get() + 1);
        let date = format!("2025-01-{:02}T12:00:00+02:00", self.commits.get());
        self.commit_at(message, &date)
    }

    pub(crate) fn commit_at(&self, message: &str, date: &str) -> String {
        self.git(&["add", "--all"]);
        self.git_at(&["commit", "--quiet", "--allow-empty", "--message", message], date);
        self.git(&["rev-parse", "HEAD"])
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_at(arguments, "2025-01-01T00:00:00Z")
    }

    fn git_at(&self, arguments: &[&str], date: &str) -> String {
        let mut command = Command::new("git");
        command.current_dir(self.root()).args(arguments);
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "A").env(format!("GIT_{role}_EMAIL"), "a@example.org");
            command.env(format!("GIT_{role}_DATE"), date);
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        let output = command.output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// The binary, with its own cache.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_builder"));
        command.current_dir(self.root()).args(arguments).env("XDG_CACHE_HOME", self.cache());
        command
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.path(".git/cache of the test")
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().unwrap().into()
    }

    /// What a run that must succeed prints.
    #[track_caller]
    pub(crate) fn output(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        ran.stdout
    }
}

/// A dataset of one table: `shop`, version 1.0.0, with `items` by `id`.
pub(crate) fn shop() -> Repository {
    let repository = Repository::new();
    repository.write(
        "datasets/shop/datapackage.json",
        r#"{
  "name": "shop",
  "version": "1.0.0",
  "resources": [
    {
      "name": "items",
      "path": "items.csv",
      "schema": {
        "fields": [
          {"name": "id", "type": "integer"},
          {"name": "name", "type": "string"},
          {"name": "price", "type": "number"}
        ],
        "primaryKey": "id"
      }
    }
  ]
}
"#,
    );
    repository.write(
        "datasets/shop/items.csv",
        "id,name,price\n1,one,1.5\n2,two,2\n3,three,3\n4,four,4\n5,five,5\n",
    );
    repository.commit("1.0.0");
    repository
}
