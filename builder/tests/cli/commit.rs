//! The commit in the manifest: only where the datasets are what is committed.

use std::process::Command;

use catalog::Manifest;

use crate::workspace::Workspace;

pub(crate) fn git(workspace: &Workspace, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(workspace.path("."))
        .args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

pub(crate) fn repository() -> (Workspace, String) {
    let workspace = Workspace::table(r#"{"name": "a", "type": "integer"}"#, "a\n1\n").file("README.md", "x");
    git(&workspace, &["init", "--quiet"]);
    git(&workspace, &["add", "."]);
    git(&workspace, &["commit", "--quiet", "-m", "first"]);
    let head = git(&workspace, &["rev-parse", "HEAD"]);
    (workspace, head)
}

/// The commit that a build names, or the note that says why it names no commit.
fn commit(workspace: &Workspace) -> Result<String, String> {
    let ran = workspace.run(&["build"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let manifest = Manifest::load(&workspace.path("dist/manifest.json")).unwrap();
    manifest.commit.ok_or_else(|| ran.stderr.lines().nth(1).unwrap().to_owned())
}

const DIFFER: &str = "note: the manifest names no commit: the datasets have uncommitted changes";

#[test]
fn a_clean_repository() {
    let (workspace, head) = repository();
    assert_eq!(commit(&workspace), Ok(head.clone()));
    // The release itself, and changes elsewhere, do not count.
    workspace.write("README.md", "y");
    assert_eq!(commit(&workspace), Ok(head));
}

#[test]
fn a_changed_file() {
    let (workspace, head) = repository();
    workspace.write("datasets/d/t.csv", "a\n2\n");
    assert_eq!(commit(&workspace), Err(DIFFER.into()));
    git(&workspace, &["add", "datasets"]);
    assert_eq!(commit(&workspace), Err(DIFFER.into()));
    git(&workspace, &["commit", "--quiet", "-m", "second"]);
    assert_ne!(commit(&workspace).unwrap(), head);
}

#[test]
fn an_untracked_file() {
    let (workspace, _) = repository();
    workspace.write("datasets/notes.txt", "x");
    assert_eq!(commit(&workspace), Err(DIFFER.into()));
}

#[test]
fn an_ignored_file() {
    let (workspace, _) = repository();
    workspace.write(".gitignore", ".DS_Store\n*.csv\n");
    git(&workspace, &["add", ".gitignore"]);
    git(&workspace, &["commit", "--quiet", "-m", "second"]);
    let head = git(&workspace, &["rev-parse", "HEAD"]);
    workspace.write("datasets/.DS_Store", "x");
    assert_eq!(commit(&workspace), Ok(head), "what is not read does not count");
    git(&workspace, &["rm", "--quiet", "--cached", "datasets/d/t.csv"]);
    git(&workspace, &["commit", "--quiet", "-m", "third"]);
    assert_eq!(
        commit(&workspace),
        Err("note: the manifest names no commit: Git ignores `datasets/d/t.csv`".into())
    );
}

#[test]
fn no_commit_yet() {
    let workspace = Workspace::table(r#"{"name": "a"}"#, "a\n1\n");
    git(&workspace, &["init", "--quiet"]);
    assert_eq!(
        commit(&workspace),
        Err("note: the release has no change feed and names no commit: the Git repository has no commit yet"
            .into())
    );
}

#[test]
fn no_repository() {
    let workspace = Workspace::table(r#"{"name": "a"}"#, "a\n1\n");
    assert_eq!(
        commit(&workspace),
        Err(
            "note: the release has no change feed and names no commit: `datasets` is not in a Git repository"
                .into()
        )
    );
}

#[test]
fn no_git() {
    let workspace = Workspace::table(r#"{"name": "a"}"#, "a\n1\n");
    let output = workspace.command(&["build"]).env("PATH", "/nowhere").output().unwrap();
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stderr).unwrap().lines().nth(1).unwrap(),
        "note: the release has no change feed and names no commit: `git` can't be run: No such file or directory (os error 2)"
    );
    assert_eq!(Manifest::load(&workspace.path("dist/manifest.json")).unwrap().commit, None);
}

/// A hook's variables name the hook's repository, not that of the datasets.
#[test]
fn in_a_hook() {
    let (workspace, head) = repository();
    let other = Workspace::new();
    git(&other, &["init", "--quiet"]);
    let output = workspace
        .command(&["build", "-q"])
        .env("GIT_DIR", other.path(".git"))
        .env("GIT_INDEX_FILE", other.path(".git/index"))
        .output()
        .unwrap();
    assert!(output.status.success());
    assert_eq!(Manifest::load(&workspace.path("dist/manifest.json")).unwrap().commit, Some(head));
}

/// The datasets may be the repository's root, with the release below them.
#[test]
fn datasets_at_the_root() {
    let (workspace, _) = repository();
    workspace.write(".gitignore", "/dist/\n");
    git(&workspace, &["add", "."]);
    git(&workspace, &["commit", "--quiet", "-m", "second"]);
    let head = git(&workspace, &["rev-parse", "HEAD"]);
    for _ in 0..2 {
        assert_eq!(workspace.run(&["build", "-q", "."]).code, Some(0));
        assert_eq!(Manifest::load(&workspace.path("dist/manifest.json")).unwrap().commit, Some(head.clone()));
    }
}

/// What a repository's configuration names is not run: it may come from an archive that anybody made.
#[test]
fn nothing_that_the_repository_configures_is_run() {
    let (workspace, head) = repository();
    let mark = workspace.path("ran");
    let script = workspace.path("run.sh");
    std::fs::write(&script, format!("#!/bin/sh\ntouch '{}'\ncat\n", mark.display())).unwrap();
    let made = Command::new("chmod").arg("+x").arg(&script).status().unwrap();
    assert!(made.success());
    let script = format!("'{}'", script.display());
    git(&workspace, &["config", "core.fsmonitor", &script]);
    git(&workspace, &["config", "filter.a=b.clean", &script]);
    git(&workspace, &["config", "filter.x.clean", &script]);
    git(&workspace, &["config", "filter.x.required", "true"]);
    workspace.write(".git/info/attributes", "t.csv filter=x\n*.json filter=a=b\n");
    workspace.write(".git/info/exclude", "ran\nrun.sh\ndist\n");
    // The same bytes at another time: Git compares the contents.
    let csv = workspace.read("datasets/d/t.csv");
    std::fs::remove_file(workspace.path("datasets/d/t.csv")).unwrap();
    workspace.write("datasets/d/t.csv", csv);
    assert_eq!(commit(&workspace), Ok(head));
    assert!(!mark.exists());
}

/// Variables that point Git at another repository, as in a hook, don't count.
#[test]
fn the_environment_of_a_hook() {
    let (workspace, head) = repository();
    for variable in ["GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_DIR", "GIT_INDEX_FILE"] {
        let ran = workspace.command(&["build", "-q"]).env(variable, "/nowhere").output().unwrap();
        assert!(ran.status.success(), "{variable}: {}", String::from_utf8_lossy(&ran.stderr));
        let manifest = Manifest::load(&workspace.path("dist/manifest.json")).unwrap();
        assert_eq!(manifest.commit.as_ref(), Some(&head), "{variable}");
    }
}
