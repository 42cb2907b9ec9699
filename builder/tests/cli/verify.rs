//! `builder verify`: every way in which a release can be something else than it says.

use catalog::Manifest;
use rusqlite::Connection;

use crate::workspace::Workspace;

fn release() -> Workspace {
    let workspace = Workspace::new()
        .file(
            "datasets/d/datapackage.json",
            r#"{"name": "d", "version": "1.0.0", "resources": [
                {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "id", "type": "integer"}, {"name": "u"}],
                    "primaryKey": "id", "foreignKeys": [{"fields": "u", "reference": {"resource": "u", "fields": "k"}}]}},
                {"name": "u", "path": "u.csv", "schema": {"fields": [{"name": "k"}], "primaryKey": "k"}}]}"#,
        )
        .file("datasets/d/t.csv", "id,u\n1,a\n2,b\n")
        .file("datasets/d/u.csv", "k\na\nb\n");
    workspace.build();
    workspace
}

/// Changes the database, and the manifest so that the file's own digest fits.
fn change(workspace: &Workspace, sql: &str) {
    let path = workspace.path("dist/data.db");
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "foreign_keys", "OFF").unwrap();
    connection.execute_batch(sql).unwrap();
    drop(connection);
    let (sha256, bytes) = catalog::file_digest(&path).unwrap();
    change_manifest(workspace, |manifest| manifest.database = catalog::Database { sha256, bytes });
}

fn change_manifest(workspace: &Workspace, change: impl FnOnce(&mut Manifest)) {
    let path = workspace.path("dist/manifest.json");
    let mut manifest = Manifest::load(&path).unwrap();
    change(&mut manifest);
    std::fs::write(path, manifest.to_bytes()).unwrap();
}

fn digests(workspace: &Workspace) -> (String, String) {
    let manifest = Manifest::load(&workspace.path("dist/manifest.json")).unwrap();
    (manifest.database.sha256, manifest.tables[0].sha256.clone())
}

#[test]
fn a_whole_release() {
    let workspace = release();
    let (sha256, _) = digests(&workspace);
    for release in ["dist", "dist/", "dist/data.db"] {
        workspace.run(&["verify", release]).is(
            0,
            "",
            &format!("verified {release}: 2 tables, 4 rows, sha256 {sha256}\n"),
        );
    }
    workspace.run(&["verify", "dist", "--quiet"]).is(0, "", "");
    assert_eq!(workspace.names("dist"), ["data.db", "manifest.json"]);
}

#[test]
fn a_flipped_bit() {
    let workspace = release();
    let (sha256, _) = digests(&workspace);
    let mut bytes = workspace.read("dist/data.db");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    workspace.write("dist/data.db", &bytes);
    let (found, _) = catalog::file_digest(&workspace.path("dist/data.db")).unwrap();
    let ran = workspace.run(&["verify", "dist"]);
    assert_eq!(ran.code, Some(1));
    let first = format!("dist/data.db: file has SHA-256 {found}, the manifest says {sha256}\n");
    assert!(ran.stdout.starts_with(&first), "{}", ran.stdout);
}

#[test]
fn a_truncated_file() {
    let workspace = release();
    let bytes = workspace.read("dist/data.db");
    workspace.write("dist/data.db", &bytes[..4096]);
    let ran = workspace.run(&["verify", "dist"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), "error: 3 mismatches in dist\n"));
    let mut lines = ran.stdout.lines();
    assert_eq!(
        lines.next().unwrap(),
        format!(
            "dist/data.db: it has 4096 bytes where its header says {}; it was cut short or appended to",
            bytes.len()
        )
    );
    assert_eq!(
        lines.next().unwrap(),
        format!("dist/data.db: file has 4096 bytes, the manifest says {}", bytes.len())
    );
}

#[test]
fn a_changed_cell() {
    let workspace = release();
    let (_, digest) = digests(&workspace);
    change(&workspace, "UPDATE t SET u = 'a' WHERE id = 2");
    let ran = workspace.run(&["verify", "dist"]);
    let found = ran.stdout.split("content digest ").nth(1).unwrap().split(',').next().unwrap().to_owned();
    assert_ne!(found, digest);
    ran.is(
        1,
        &format!(
            "dist/data.db: table `t` has content digest {found}, the catalog says {digest}\n\
             dist/data.db: table `t` has content digest {found}, the manifest says {digest}\n"
        ),
        "error: 2 mismatches in dist\n",
    );
}

#[test]
fn a_lost_row() {
    let workspace = release();
    change(&workspace, "DELETE FROM u WHERE k = 'b'");
    let ran = workspace.run(&["verify", "dist"]);
    assert_eq!(ran.code, Some(1));
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[0], "dist/data.db: table `t`: row 2 refers to a missing row of `u`");
    assert_eq!(lines[1], "dist/data.db: table `u` has 1 row, the catalog says 2");
    assert_eq!(lines[3], "dist/data.db: table `u` has 1 row, the manifest says 2");
    assert_eq!(lines.len(), 5);
}

#[test]
fn other_row_offsets() {
    let workspace = release();
    change(
        &workspace,
        "DELETE FROM coldpress_catalog WHERE kind = 'offsets' AND name = 't'; \
         UPDATE coldpress_catalog SET about = about || 'AQEBAQ' WHERE kind = 'offsets'",
    );
    let ran = workspace.run(&["verify", "dist"]);
    ran.is(
        1,
        "dist/data.db: table `t` has no row offsets; build the release again\n\
         dist/data.db: table `u` has no row offsets; build the release again\n",
        "error: 2 mismatches in dist\n",
    );
}

#[test]
fn what_the_catalog_does_not_know() {
    let workspace = release();
    change(&workspace, "CREATE TABLE x(a); CREATE VIEW y AS SELECT 1; DROP TABLE t");
    workspace.run(&["verify", "dist"]).is(
        1,
        "dist/data.db: table `t` can't be read as the catalog describes it: no such table: t\n\
         dist/data.db: table `x` is not in the catalog\n\
         dist/data.db: view `y` is not in the catalog\n",
        "error: 3 mismatches in dist\n",
    );
}

#[test]
fn another_manifest() {
    let workspace = release();
    change_manifest(&workspace, |manifest| {
        manifest.tables.remove(0);
        manifest.tables[0].dataset = "e".into();
        manifest.tables[0].rows = 7;
        manifest.datasets[0].version = Some("2.0.0".into());
        let mut other = manifest.tables[0].clone();
        other.name = "v".into();
        manifest.tables.push(other);
    });
    workspace.run(&["verify", "dist"]).is(
        1,
        "dist/data.db: table `t` is not in the manifest\n\
         dist/data.db: table `u` has 2 rows, the manifest says 7\n\
         dist/data.db: table `u` belongs to dataset `d`, the manifest says `e`\n\
         dist/data.db: table `v` is in the manifest, not in the database\n\
         dist/data.db: the manifest's root is not that of its tables\n\
         dist/data.db: dataset `d` has version 1.0.0, the manifest says 2.0.0\n",
        "error: 6 mismatches in dist\n",
    );
}

#[test]
fn other_trees() {
    let workspace = release();
    change(
        &workspace,
        "DELETE FROM coldpress_catalog WHERE kind = 'tree' AND name = 't'; \
         UPDATE coldpress_catalog SET about = 'AQ' WHERE kind = 'tree' AND name = 'u'",
    );
    change_manifest(&workspace, |manifest| {
        manifest.tables[1].root = manifest.tables[0].root.clone();
    });
    let manifest = Manifest::load(&workspace.path("dist/manifest.json")).unwrap();
    let ran = workspace.run(&["verify", "dist"]);
    let said = manifest.tables[0].root.clone().unwrap();
    let found = ran.stdout.split("has the root ").nth(1).unwrap().split(',').next().unwrap().to_owned();
    assert_ne!(found, said);
    ran.is(
        1,
        &format!(
            "dist/data.db: table `t` has no Merkle tree; build the release again\n\
             dist/data.db: table `u`: its Merkle tree does not match its rows\n\
             dist/data.db: table `u` has the root {found}, the manifest says {said}\n\
             dist/data.db: the manifest's root is not that of its tables\n"
        ),
        "error: 4 mismatches in dist\n",
    );
}

/// What an earlier version built has no trees, and nothing that speaks of them.
#[test]
fn a_release_without_trees() {
    let workspace = release();
    change(&workspace, "DELETE FROM coldpress_catalog WHERE kind = 'tree'");
    change_manifest(&workspace, |manifest| {
        manifest.root = None;
        manifest.tables.iter_mut().for_each(|table| table.root = None);
    });
    let text = String::from_utf8(workspace.read("dist/manifest.json")).unwrap();
    assert!(!text.contains("root"), "{text}");
    workspace.run(&["verify", "dist", "--quiet"]).is(0, "", "");
}

#[test]
fn a_damaged_index() {
    let workspace = release();
    change(
        &workspace,
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema \
         WHERE name = 'u') WHERE name = 'coldpress_1'; PRAGMA writable_schema = RESET;",
    );
    let ran = workspace.run(&["verify", "dist"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.starts_with("dist/data.db: "), "{}", ran.stdout);
}

#[test]
fn what_is_no_release() {
    let workspace = release();
    workspace.write("dist/data.db", "x");
    let ran = workspace.run(&["verify", "dist"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.starts_with("dist/data.db: it is not an SQLite database\n"), "{}", ran.stdout);
    std::fs::remove_file(workspace.path("dist/data.db")).unwrap();
    workspace.run(&["verify", "dist"]).is(
        2,
        "",
        "error: can't read `dist/data.db`: No such file or directory (os error 2)\n",
    );
}

#[test]
fn manifests_that_are_none() {
    let workspace = release();
    workspace.write("dist/manifest.json", r#"{"format": 2}"#);
    workspace.run(&["verify", "dist"]).is(
        2,
        "",
        "error: `dist/manifest.json` can't be used: it has format 2, this program reads format 1; build the release again\n",
    );
    std::fs::remove_file(workspace.path("dist/manifest.json")).unwrap();
    workspace.run(&["verify", "dist"]).is(
        2,
        "",
        "error: can't read `dist/manifest.json`: No such file or directory (os error 2)\n",
    );
}
