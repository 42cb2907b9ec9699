//! A Git repository, read through the `git` binary's plumbing, whose output no configuration
//! changes.
//!
//! Deliberately absent: writing, working trees (what is not committed is read from the disk), and
//! filters: a file is the bytes that were committed.

mod checkout;
mod objects;

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) use checkout::Checkout;
pub(crate) use objects::{Entry, EntryKind, Objects};

use crate::failure::Failure;

/// The repository that holds a directory.
#[derive(Debug)]
pub(crate) struct Repository {
    directory: PathBuf,
    /// The directory's path from the repository's root: its parts.
    prefix: Vec<Vec<u8>>,
}

/// Why Git does not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    /// `git` is not installed.
    #[error("`git` can't be run: {0}")]
    Absent(io::Error),
    /// The directory is in no repository.
    #[error("`{}` is not in a Git repository", .0.display())]
    NoRepository(PathBuf),
    /// The repository has no commit yet.
    #[error("the Git repository has no commit yet")]
    NoCommit,
    /// The name is not a revision.
    #[error("`{0}` is not a revision of the Git repository")]
    NoRevision(String),
    /// Git said something else, or its answer is not what is documented.
    #[error("Git can't read the repository: {0}")]
    Failed(String),
}

/// A commit of the first-parent history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit {
    /// 40 or 64 hex digits.
    pub(crate) id: String,
    /// The committer's date, in seconds since 1970.
    pub(crate) seconds: i64,
}

impl Repository {
    /// The repository that holds `directory`.
    pub(crate) fn of(directory: &Path) -> Result<Self, GitError> {
        let directory = directory.to_owned();
        let output = git(&directory, ["rev-parse", "--show-prefix"])?;
        if !output.status.success() {
            let said = said(&output);
            return Err(match said.contains("not a git repository") {
                true => GitError::NoRepository(directory),
                false => GitError::Failed(said),
            });
        }
        let line = output.stdout.strip_suffix(b"\n").unwrap_or(&output.stdout);
        let parts = line.split(|byte| *byte == b'/').filter(|part| !part.is_empty());
        Ok(Self { prefix: parts.map(<[u8]>::to_vec).collect(), directory })
    }

    /// The commit that a revision names.
    pub(crate) fn commit(&self, revision: &str) -> Result<String, GitError> {
        if revision.is_empty() || revision.starts_with('-') {
            return Err(GitError::NoRevision(revision.to_owned()));
        }
        let revision_of = format!("{revision}^{{commit}}");
        let output = git(&self.directory, ["rev-parse", "--verify", "--quiet", &revision_of])?;
        match String::from_utf8(output.stdout) {
            Ok(id) if output.status.success() => Ok(id.trim_end().to_owned()),
            _ if revision == "HEAD" => Err(GitError::NoCommit),
            _ => Err(GitError::NoRevision(revision.to_owned())),
        }
    }

    /// The directory of the log that is written to wherever HEAD moves: after a commit, a merge, a
    /// checkout. `None` before the first commit.
    pub(crate) fn log_of_head(&self) -> Result<Option<PathBuf>, GitError> {
        let path = self.ask(["rev-parse", "--git-path", "logs"])?;
        let path = path.strip_suffix(b"\n").unwrap_or(&path);
        let directory = self.directory.join(OsStr::from_bytes(path));
        Ok(Some(directory).filter(|directory| directory.join("HEAD").is_file()))
    }

    /// Whether commits are missing from the clone.
    pub(crate) fn is_shallow(&self) -> Result<bool, GitError> {
        Ok(self.ask(["rev-parse", "--is-shallow-repository"])?.starts_with(b"true"))
    }

    /// The commits that tags point to.
    pub(crate) fn tagged(&self) -> Result<Vec<String>, GitError> {
        let format =
            "--format=%(if:equals=commit)%(objecttype)%(then)%(objectname)%(else)%(*objectname)%(end)";
        let lines = self.ask(["for-each-ref", format, "refs/tags"])?;
        let text = String::from_utf8_lossy(&lines);
        Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }

    /// The first-parent history of a commit as far as it touches the directory, newest first.
    pub(crate) fn history(&self, from: &str) -> Result<Vec<Commit>, GitError> {
        let lines = self.ask(["rev-list", "--first-parent", "--timestamp", from, "--", "."])?;
        let text = String::from_utf8_lossy(&lines);
        text.lines()
            .map(|line| {
                let (seconds, id) = line.split_once(' ')?;
                Some(Commit { id: id.to_owned(), seconds: seconds.parse().ok()? })
            })
            .map(|commit| commit.ok_or_else(|| GitError::Failed("unreadable list of commits".into())))
            .collect()
    }

    /// The object store.
    pub(crate) fn objects(&self) -> Result<Objects, GitError> {
        Objects::open(command(&self.directory).args(["cat-file", "--batch"]), self.prefix.clone())
    }

    fn ask<const N: usize>(&self, arguments: [&str; N]) -> Result<Vec<u8>, GitError> {
        let output = git(&self.directory, arguments)?;
        if output.status.success() { Ok(output.stdout) } else { Err(GitError::Failed(said(&output))) }
    }
}

fn git<const N: usize>(directory: &Path, arguments: [&str; N]) -> Result<Output, GitError> {
    command(directory).args(arguments.map(OsStr::new)).output().map_err(GitError::Absent)
}

/// `git` for a directory, in an environment that is the same everywhere and with nothing that the
/// repository's own configuration would have it run: the repository may come from an archive.
pub(crate) fn command(directory: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(directory);
    command.args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]);
    // A hook's variables would point Git at the hook's repository, index and objects. Configuration that the
    // environment has is its user's, such as `safe.directory` in CI.
    for (name, _) in std::env::vars_os() {
        let kept = [&b"GIT_CONFIG"[..], b"GIT_CEILING_DIRECTORIES", b"GIT_DISCOVERY_ACROSS_FILESYSTEM"];
        let bytes = name.as_bytes();
        if bytes.starts_with(b"GIT_") && !kept.iter().any(|kept| bytes.starts_with(kept)) {
            command.env_remove(&name);
        }
    }
    command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
    // A clone does not get the replacements that another has.
    command.env("GIT_NO_REPLACE_OBJECTS", "1");
    // An object that a partial clone lacks would be fetched, by the command that its configuration names.
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "none");
    command
}

/// The same for commands that compare files with the index: also without the filters of the repository's
/// own configuration, which would be run on each file.
pub(crate) fn command_without_filters(directory: &Path) -> io::Result<Command> {
    let listed = ["config", "--show-scope", "--name-only", "-z", "--get-regexp", r"^filter\."];
    let output = command(directory).args(listed).output()?;
    let mut command = command(directory);
    let mut count: usize =
        std::env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(0);
    let mut parts = output.stdout.split(|byte| *byte == 0);
    while let (Some(scope), Some(key)) = (parts.next(), parts.next()) {
        if matches!(scope, b"local" | b"worktree") {
            let value = if key.ends_with(b".required") { "false" } else { "" };
            command.env(format!("GIT_CONFIG_KEY_{count}"), OsStr::from_bytes(key));
            command.env(format!("GIT_CONFIG_VALUE_{count}"), value);
            count += 1;
        }
    }
    command.env("GIT_CONFIG_COUNT", count.to_string());
    Ok(command)
}

fn said(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let line = stderr.lines().next().unwrap_or("no reason given");
    line.strip_prefix("fatal: ").unwrap_or(line).to_owned()
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        Self::Refused(error.to_string())
    }
}
