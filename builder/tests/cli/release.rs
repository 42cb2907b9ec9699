//! What a build writes, and what it says.

use catalog::{ContentDigest, Manifest, file_digest, hex, leaf_hash, node_hash, write_canonical};
use rusqlite::types::ValueRef;

use crate::workspace::{Workspace, rows};

fn workspace() -> Workspace {
    Workspace::with_schema(
        r#"{"fields": [{"name": "id", "type": "integer"}, {"name": "price", "type": "number"},
            {"name": "sold", "type": "boolean"}, {"name": "tags", "type": "list"}], "primaryKey": "id"}"#,
        "id,price,sold,tags\n1,9.5,true,\"a,b\"\n2,,false,\n",
    )
}

#[test]
fn the_files() {
    let workspace = workspace();
    let connection = workspace.build();
    assert_eq!(workspace.names("."), ["datasets", "dist"]);
    assert_eq!(workspace.names("dist"), ["data.db", "manifest.json"]);
    assert_eq!(
        rows(&connection, "SELECT * FROM t ORDER BY rowid"),
        ["1 9.5 1 '[\"a\",\"b\"]'", "2 NULL 0 NULL"]
    );
    let (sha256, bytes) = file_digest(&workspace.path("dist/data.db")).unwrap();
    let (descriptor, descriptor_bytes) = file_digest(&workspace.path("datasets/d/datapackage.json")).unwrap();
    let (csv, csv_bytes) = file_digest(&workspace.path("datasets/d/t.csv")).unwrap();
    let table = catalog::table(&connection, "t").unwrap().unwrap();
    let mut content = ContentDigest::new(&table.schema);
    let text = |text: &'static str| ValueRef::Text(text.as_bytes());
    let first = [ValueRef::Integer(1), ValueRef::Real(9.5), ValueRef::Integer(1), text("[\"a\",\"b\"]")];
    let second = [ValueRef::Integer(2), ValueRef::Null, ValueRef::Integer(0), ValueRef::Null];
    for row in [first, second] {
        let mut bytes = vec![];
        row.into_iter().for_each(|value| write_canonical(value, &mut bytes));
        content.rows(&bytes);
    }
    assert_eq!(table.digest, content.finish());
    assert_eq!(table.rows, 2);
    let root = root_of_the_only_table();
    assert_eq!(
        String::from_utf8(workspace.read("dist/manifest.json")).unwrap(),
        format!(
            r#"{{
  "format": 1,
  "commit": null,
  "root": "{root}",
  "database": {{
    "sha256": "{sha256}",
    "bytes": {bytes}
  }},
  "datasets": [
    {{
      "name": "d",
      "version": null,
      "descriptor": {{
        "path": "d/datapackage.json",
        "sha256": "{descriptor}",
        "bytes": {descriptor_bytes}
      }}
    }}
  ],
  "tables": [
    {{
      "name": "t",
      "dataset": "d",
      "rows": 2,
      "sha256": "{digest}",
      "root": "{root}",
      "sources": [
        {{
          "path": "d/t.csv",
          "sha256": "{csv}",
          "bytes": {csv_bytes}
        }}
      ]
    }}
  ]
}}
"#,
            digest = table.digest
        )
    );
}

/// The hash over what docs/format.md says a table is, byte by byte. It is the only table, so it is the root too.
fn root_of_the_only_table() -> String {
    let text = |text: &str| [&[3][..], &(text.len() as u64).to_le_bytes(), text.as_bytes()].concat();
    let integer = |number: i64| [&[1][..], &number.to_le_bytes()].concat();
    let real = |number: f64| [&[2][..], &number.to_le_bytes()].concat();
    let first = [integer(1), real(9.5), integer(1), text("[\"a\",\"b\"]")].concat();
    let second = [integer(2), vec![0], integer(0), vec![0]].concat();
    let rows = node_hash(&leaf_hash(&first), &leaf_hash(&second));
    let mut table = [b"coldpress table 1\n".to_vec(), text("t"), integer(2), integer(4)].concat();
    for (name, column_type) in [("id", "integer"), ("price", "number"), ("sold", "boolean"), ("tags", "list")]
    {
        table.extend([text(name), text(column_type)].concat());
    }
    table.extend([integer(1), text("id"), text(&hex(&rows))].concat());
    hex(&leaf_hash(&table))
}

#[test]
fn the_database() {
    let connection = workspace().build();
    assert_eq!(rows(&connection, "PRAGMA page_size"), ["4096"]);
    assert_eq!(rows(&connection, "PRAGMA journal_mode"), ["'delete'"]);
    assert_eq!(rows(&connection, "PRAGMA freelist_count"), ["0"]);
    assert_eq!(rows(&connection, "PRAGMA application_id"), [catalog::APPLICATION_ID.to_string()]);
    assert_eq!(rows(&connection, "PRAGMA user_version"), [catalog::FORMAT_VERSION.to_string()]);
    assert_eq!(
        rows(&connection, "SELECT type, name FROM sqlite_schema ORDER BY rowid"),
        ["'table' 'coldpress_catalog'", "'table' 't'", "'table' 'sqlite_stat1'"]
    );
    assert_eq!(
        rows(&connection, "SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl = 't'"),
        ["'t' NULL '2'"]
    );
}

#[test]
fn what_is_said() {
    let workspace = workspace();
    let built = workspace.run(&["build"]);
    let manifest = Manifest::load(&workspace.path("dist/manifest.json")).unwrap();
    let summary = format!(
        "dist: 1 table, 2 rows, {} bytes, sha256 {}\n\
         note: the release has no change feed and names no commit: `datasets` is not in a Git repository\n",
        builder::count::grouped(manifest.database.bytes),
        manifest.database.sha256
    );
    built.is(0, "", &format!("built {summary}"));
    workspace.run(&["build"]).is(0, "", &format!("unchanged {summary}"));
    workspace.run(&["build", "-q"]).is(0, "", "");
}

#[test]
fn findings_leave_the_release_as_it_was() {
    let workspace = workspace();
    workspace.build();
    let before = workspace.read("dist/data.db");
    workspace.write("datasets/d/t.csv", "id,price,sold,tags\nx,9.5,true,\n2,,y,\n");
    workspace.run(&["build"]).is(
        1,
        "datasets/d/t.csv:2: [type-error] column `id`: \"x\" is not an integer\n\
         datasets/d/t.csv:3: [type-error] column `sold`: \"y\" is not a boolean\n  \
         help: true: \"true\", \"True\", \"TRUE\", \"1\"; false: \"false\", \"False\", \"FALSE\", \"0\"\n",
        "error: 2 problems in 1 file (1 dataset, 2 rows checked)\n",
    );
    assert_eq!(workspace.read("dist/data.db"), before);
    assert_eq!(workspace.names("."), ["datasets", "dist"]);
    workspace.write("datasets/d/datapackage.json", "{");
    let ran = workspace.run(&["build"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert_eq!(workspace.read("dist/data.db"), before);
}

/// A warning is said, and stops nothing.
#[test]
fn warnings() {
    let workspace = Workspace::table(r#"{"name": "n", "type": "number"}"#, "n\n3.14159265358979323846\n");
    let ran = workspace.run(&["build", "--quiet"]);
    ran.is(
        0,
        "datasets/d/t.csv:2: [inexact-number] warning: column `n`: \"3.14159265358979323846\" is stored as \
         3.141592653589793: a 64-bit float has no more digits\n  help: if every digit counts, use type `string`\n",
        "warning: 1 warning in 1 file (1 dataset, 1 row checked)\n",
    );
}
