//! The Git commit that a release can claim.

use std::path::Path;
use std::process::Output;

use super::directory::is_temporary;
use crate::git::command_without_filters;

/// The commit of the datasets, or why there is no such commit.
pub(crate) enum Commit {
    /// All that was read is what this commit holds: 40 or 64 hex digits.
    Known(String),
    /// The reason, for people.
    Unknown(String),
}

/// The commit of the repository that holds the directory `datasets`, if nothing below the
/// directory differs from it. `read` are the files that the release was made from, below
/// `datasets`: one that Git ignores is in no commit.
pub(crate) fn commit<'a>(datasets: &Path, read: impl Iterator<Item = &'a str>) -> Commit {
    let head = match git(datasets, &["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]) {
        Ok(head) => head.trim_end().to_owned(),
        Err(reason) => return Commit::Unknown(reason),
    };
    // `--porcelain` paths are relative to the repository's root; `prefix` is where we are in it.
    let status = ["status", "--porcelain", "-z", "--untracked-files=all", "--ignored=matching", "--", "."];
    let answers = git(datasets, &["rev-parse", "--show-prefix"])
        .and_then(|prefix| Ok((prefix, git(datasets, &status)?)));
    let (prefix, status) = match answers {
        Ok(answers) => answers,
        Err(reason) => return Commit::Unknown(reason),
    };
    let prefix = prefix.trim_end_matches('\n');
    let read: Vec<String> = read.map(|path| format!("{prefix}{path}")).collect();
    let ignored = |entry: &str| {
        read.iter().any(|path| path == entry || (entry.ends_with('/') && path.starts_with(entry)))
    };
    for entry in status.split('\0').filter(|entry| !entry.is_empty()) {
        match entry.strip_prefix("!! ") {
            Some(path) if !ignored(path) => {}
            Some(path) => return Commit::Unknown(format!("Git ignores `{path}`")),
            None if entry.get(3..).is_some_and(|path| Path::new(path).ancestors().any(is_temporary)) => {}
            None => return Commit::Unknown("the datasets have uncommitted changes".into()),
        }
    }
    Commit::Known(head)
}

fn git(directory: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = command_without_filters(directory).and_then(|mut git| git.args(arguments).output());
    match output {
        Ok(Output { status, stdout, .. }) if status.success() => {
            String::from_utf8(stdout).map_err(|_| "Git names a path that is not UTF-8".into())
        }
        Ok(Output { stderr, .. }) => {
            let stderr = String::from_utf8_lossy(&stderr);
            let line = stderr.lines().next().unwrap_or("the repository has no commit yet");
            Err(line.strip_prefix("fatal: ").unwrap_or(line).to_owned())
        }
        Err(error) => Err(format!("Git can't be run: {error}")),
    }
}
