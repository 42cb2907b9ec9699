//! The release built again from the commit that it names.

use std::path::Path;
use std::process::{Command, Stdio};

use builder::history::Options;
use builder::progress::Progress;
use builder::release::{Outcome, build};

use super::check::Check;
use super::served::Served;

/// Builds the commit's datasets, which are in the directory `datasets` of a clone, and compares the manifests.
pub fn check_rebuild(served: &Served, datasets: &Path, progress: &Progress) -> Check {
    match &served.manifest.commit {
        Some(commit) => Check::of("rebuild", rebuilt(served, commit, datasets, progress)),
        None => Check::skipped("rebuild", "the manifest names no commit"),
    }
}

fn rebuilt(served: &Served, commit: &str, datasets: &Path, progress: &Progress) -> Result<String, String> {
    let root = git(datasets, &["rev-parse", "--show-toplevel"])?;
    let below = git(datasets, &["rev-parse", "--show-prefix"])?;
    let place = tempfile::tempdir().map_err(|error| error.to_string())?;
    let clone = place.path().join("clone");
    // A clone and no worktree: the repository itself stays as it is.
    git(datasets, &["clone", "--quiet", "--shared", "--no-checkout", &root, &clone.to_string_lossy()])?;
    git(&clone, &["checkout", "--quiet", "--detach", commit])?;
    let target = place.path().join("dist");
    let built = build(&clone.join(below), &target, Some(&Options::default()), progress);
    let manifest = match built.map_err(|error| error.to_string())? {
        Outcome::Built(built) => built.manifest,
        Outcome::Findings(_) => return Err(format!("the datasets of {commit} do not build")),
    };
    if manifest.to_bytes() == served.bytes {
        return Ok(format!("{commit} builds to the same manifest, byte for byte"));
    }
    match manifest.root == served.manifest.root {
        true => Err(format!(
            "{commit} builds to the same rows, but to another manifest or database: is it another version of Coldpress?"
        )),
        false => {
            Err(format!("{commit} builds to other rows: its root is {}", manifest.root.unwrap_or_default()))
        }
    }
}

fn git(directory: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut git = Command::new("git");
    git.arg("-C").arg(directory).args(arguments).stdin(Stdio::null());
    // A hook's environment names another repository.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        git.env_remove(name);
    }
    let ran = git.output().map_err(|error| format!("`git` can't be run: {error}"))?;
    if !ran.status.success() {
        let said = String::from_utf8_lossy(&ran.stderr);
        return Err(format!("git {}: {}", arguments[0], said.lines().last().unwrap_or_default()));
    }
    Ok(String::from_utf8_lossy(&ran.stdout).trim_end().to_owned())
}
