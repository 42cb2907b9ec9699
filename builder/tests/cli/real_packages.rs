//! Packages that others made build and verify unchanged.

use crate::shared::shared;
use crate::workspace::Workspace;

#[track_caller]
fn build_and_verify(datasets: &str, tables: &str) {
    let Some(datasets) = shared(datasets) else { return };
    let workspace = Workspace::new();
    let built = workspace.run(&["build", datasets.to_str().unwrap()]);
    assert_eq!(built.code, Some(0), "{}{}", built.stdout, built.stderr);
    let verified = workspace.run(&["verify", "dist"]);
    assert_eq!((verified.stdout.as_str(), verified.code), ("", Some(0)));
    assert!(verified.stderr.starts_with(&format!("verified dist: {tables}, sha256 ")), "{}", verified.stderr);
    let again = workspace.run(&["build", datasets.to_str().unwrap(), "-o", "again"]);
    assert_eq!(again.code, Some(0));
    assert!(workspace.read("dist/data.db") == workspace.read("again/data.db"));
}

#[test]
fn currency_codes_gdp_language_codes() {
    build_and_verify("data/packages", "7 tables, 16 633 rows");
}

#[test]
fn the_tables_of_postgrests_own_tests() {
    build_and_verify("postgrest/datasets", "259 tables, 1 726 rows");
}
