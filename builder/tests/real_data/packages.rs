//! Packages that others made build and verify unchanged, and the same bytes each time.

use std::path::Path;

use crate::workspace::{Workspace, comes_out_clean};

#[track_caller]
pub(crate) fn build_and_verify(datasets: &Path, tables: &str) {
    let workspace = Workspace::new();
    let built = workspace.run(&["build", datasets.to_str().unwrap()]);
    assert_eq!(built.code, Some(0), "{}{}", built.stdout, built.stderr);
    let verified = workspace.run(&["verify", "dist"]);
    assert_eq!((verified.stdout.as_str(), verified.code), ("", Some(0)));
    assert!(verified.stderr.starts_with(&format!("verified dist: {tables}, sha256 ")), "{}", verified.stderr);
    let other = Workspace::new();
    assert_eq!(other.run(&["build", "-q", datasets.to_str().unwrap()]).code, Some(0));
    assert!(workspace.read("dist/data.db") == other.read("dist/data.db"), "the databases differ");
}

/// What `init` writes for a file, `check` takes.
pub(crate) fn init_comes_out_clean(data: &Path) {
    assert!(comes_out_clean(data) >= 20);
}
