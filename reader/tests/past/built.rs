//! A history built: the newest release with its feed, and every version by itself.

use std::path::Path;
use std::process::Command;

use builder::history::Options;
use builder::progress::Progress;
use builder::release::{Outcome, build, verify};
use catalog::{Table, Version};
use reader::{Config, Reader, Release};
use rusqlite::Connection;
use tempfile::TempDir;

/// A version as it was, served from a release of its own.
pub(crate) struct Then {
    pub(crate) dataset: String,
    pub(crate) version: Version,
    pub(crate) tables: Vec<Table>,
    pub(crate) reader: Reader,
    pub(crate) connection: Connection,
    pub(crate) release: TempDir,
}

pub(crate) struct History {
    pub(crate) now: Reader,
    pub(crate) thens: Vec<Then>,
    _release: TempDir,
}

impl History {
    /// Of a Git repository whose data is in `datasets`.
    pub(crate) fn of(repository: &Path) -> Self {
        let clone = tempfile::tempdir().unwrap();
        git(clone.path(), &["clone", "--quiet", "--no-hardlinks", repository.to_str().unwrap(), "."]);
        let (now, connection, release) = built(clone.path(), true).expect("the newest commit builds");
        let verified = verify(&release.path().join("dist"), &Progress::quiet()).unwrap();
        assert_eq!(verified.mismatches, [] as [String; 0]);
        let mut thens = vec![];
        for dataset in catalog::dataset_names(&connection).unwrap() {
            for version in catalog::versions(&connection, &dataset).unwrap() {
                git(clone.path(), &["checkout", "--quiet", &version.commit]);
                // Another dataset may not build at that commit.
                let Some((reader, connection, release)) = built(clone.path(), false) else { continue };
                let tables = catalog::tables(&connection).unwrap().into_iter().map(|table| table.entry);
                let tables = tables.filter(|table| table.dataset == dataset).collect();
                thens.push(Then { dataset: dataset.clone(), version, tables, reader, connection, release });
            }
        }
        Self { now, thens, _release: release }
    }
}

pub(crate) fn built(repository: &Path, with_history: bool) -> Option<(Reader, Connection, TempDir)> {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("dist");
    let options = Options { cache: None, ..Options::default() };
    let options = with_history.then_some(&options);
    match build(&repository.join("datasets"), &directory, options, &Progress::quiet()).unwrap() {
        Outcome::Built(_) => {}
        Outcome::Findings(_) => return None,
    }
    let reader = Reader::new(Release::open(&directory).unwrap(), Config::default());
    Some((reader, Connection::open(directory.join("data.db")).unwrap(), parent))
}

pub(crate) fn git(directory: &Path, arguments: &[&str]) {
    git_at(directory, arguments, "2025-01-01T00:00:00Z");
}

pub(crate) fn git_at(directory: &Path, arguments: &[&str], date: &str) {
    let mut command = Command::new("git");
    command.current_dir(directory).args(arguments);
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "A").env(format!("GIT_{role}_EMAIL"), "a@example.org");
        command.env(format!("GIT_{role}_DATE"), date);
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    assert!(command.status().unwrap().success(), "git {arguments:?}");
}
