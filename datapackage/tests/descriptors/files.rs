//! Where data files may be.

use std::os::unix::fs::symlink;

use crate::workspace::{Workspace, resource, shop};

const FIELDS: &str = r#""schema": {"fields": [{"name": "id"}]}"#;

/// Loads a table with this `path`, as JSON, and gives the findings without what they have in common.
fn finding(path: &str) -> String {
    let (_, found) =
        resource(&format!("\"path\": {path}, \"type\": \"table\", \"format\": \"csv\", {FIELDS}")).load();
    found.strip_prefix("datasets/shop/datapackage.json:3: ").unwrap_or(&found).trim_end().to_owned()
}

#[test]
fn unsafe_paths() {
    for (path, message) in [
        (
            "/etc/passwd",
            "[unsafe-path] resource `a`: `path`: \"/etc/passwd\" is an absolute path; it must be relative to the descriptor",
        ),
        (
            "C:/a.csv",
            "[unsafe-path] resource `a`: `path`: \"C:/a.csv\" is an absolute path; it must be relative to the descriptor",
        ),
        (
            "../a.csv",
            "[unsafe-path] resource `a`: `path`: \"../a.csv\" points outside the dataset's directory; `..` is not allowed",
        ),
        (
            "x/../a.csv",
            "[unsafe-path] resource `a`: `path`: \"x/../a.csv\" points outside the dataset's directory; `..` is not allowed",
        ),
        (
            ".hidden/a.csv",
            "[unsafe-path] resource `a`: `path`: \".hidden/a.csv\" is a hidden file, which is not allowed",
        ),
        (
            r"x\\a.csv",
            r#"[unsafe-path] resource `a`: `path`: "x\\a.csv" contains a backslash; paths are separated by `/`"#,
        ),
        (r"a\u0000.csv", r#"[unsafe-path] resource `a`: `path`: "a\0.csv" contains a zero byte"#),
        (
            "https://example.org/a.csv",
            "[unsupported] resource `a`: `path`: \"https://example.org/a.csv\" is a URL; the data must be in the dataset's directory",
        ),
        (
            "file:///etc/passwd",
            "[unsupported] resource `a`: `path`: \"file:///etc/passwd\" is a URL; the data must be in the dataset's directory",
        ),
        ("", "[invalid-property] resource `a`: `path`: \"\" is empty"),
        ("b.csv", "[missing-file] resource `a`: `path`: \"b.csv\" does not exist"),
        (".", "[missing-file] resource `a`: `path`: \".\" is a directory"),
        (
            "a.csv/b.csv",
            "[missing-file] resource `a`: `path`: \"a.csv/b.csv\" can't be read: not a directory",
        ),
    ] {
        assert_eq!(finding(&format!("\"{path}\"")), message);
    }
    assert_eq!(finding("7"), "[invalid-property] resource `a`: `path` must be an array of strings, not 7");
    assert_eq!(
        finding("[7]"),
        "[invalid-property] resource `a`: `path` must be an array of strings, not an array with other items"
    );
    assert_eq!(
        finding("[\"a.csv\", \"./a.csv\"]"),
        "[invalid-property] resource `a`: `path`: \"./a.csv\" is listed twice"
    );
    assert_eq!(finding("\"./a.csv\""), "");
}

#[test]
fn links() {
    let workspace = resource(&format!("\"path\": \"link.csv\", {FIELDS}"));
    symlink("a.csv", workspace.path("shop/link.csv")).unwrap();
    workspace.finds("");

    let workspace = resource(&format!("\"path\": \"link.csv\", {FIELDS}")).file("secret.csv", "id\n");
    symlink("../secret.csv", workspace.path("shop/link.csv")).unwrap();
    workspace.finds("datasets/shop/datapackage.json:3: [unsafe-path] resource `a`: `path`: \"link.csv\" is a link that points outside the dataset's directory");

    let workspace = resource(&format!("\"path\": \"data/x.csv\", {FIELDS}")).file("other/x.csv", "id\n");
    symlink("../other", workspace.path("shop/data")).unwrap();
    workspace.finds(
        "datasets/shop/data: warning [unsafe-path] the directory is skipped: symbolic links to directories are not followed
         datasets/shop/datapackage.json:3: [unsafe-path] resource `a`: `path`: \"data/x.csv\" is a link that points outside the dataset's directory",
    );

    let workspace = resource(&format!("\"path\": \"link.csv\", {FIELDS}"));
    symlink("nowhere.csv", workspace.path("shop/link.csv")).unwrap();
    workspace.finds(
        "datasets/shop/datapackage.json:3: [missing-file] resource `a`: `path`: \"link.csv\" does not exist",
    );

    let workspace = Workspace::new().file("x/a.csv", "id\n");
    symlink("/etc/hostname", workspace.path("x/datapackage.json")).unwrap();
    workspace.finds(
        "datasets/x/datapackage.json: [unsafe-path] the descriptor is a link that points outside the datasets directory
         datasets: [missing-file] no dataset: no datapackage.json, datapackage.yaml, datapackage.yml in this directory or below",
    );
}

#[test]
fn several_files_and_compressed_ones() {
    let workspace =
        resource(&format!("\"path\": [\"a.csv\", \"b.csv.gz\", \"deep/./c.csv\"], \"bytes\": 9, {FIELDS}"))
            .file("shop/b.csv.gz", "")
            .file("shop/deep/c.csv", "");
    let datasets = workspace.finds("datasets/shop/datapackage.json:3: warning [unsupported] resource `a`: `bytes` is not checked where `path` lists several files");
    let files: Vec<(&str, bool)> =
        datasets[0].tables[0].files.iter().map(|file| (file.path.as_str(), file.gzip)).collect();
    assert_eq!(files, [("shop/a.csv", false), ("shop/b.csv.gz", true), ("shop/deep/c.csv", false)]);
    let datasets = resource(&format!("\"path\": \"a.csv\", \"compression\": \"gz\", {FIELDS}")).finds("");
    assert!(datasets[0].tables[0].files[0].gzip);
    resource(&format!("\"path\": \"a.csv\", \"compression\": \"zip\", {FIELDS}"))
        .finds("datasets/shop/datapackage.json:3: [unsupported] resource `a`: compression \"zip\" is not supported, only gz");
}

#[test]
fn a_schema_and_a_dialect_in_files_of_their_own() {
    let workspace = resource(
        "\"path\": \"a.csv\",\n\"schema\": \"meta/schema.yaml\",\n\"dialect\": \"meta/dialect.json\"",
    )
    .file("shop/meta/schema.yaml", "fields:\n  - name: id\n  - name: name\n    type: strng\n")
    .file("shop/meta/dialect.json", "{\n\"delimiter\": \";;\"}");
    let datasets = workspace.finds(
        "datasets/shop/meta/dialect.json:2: [unsupported] resource `a`: dialect: `delimiter` \";;\" is not supported, only one ASCII character is
         datasets/shop/meta/schema.yaml:4: [unknown-type] resource `a`: field `name`: type `strng` does not exist
         help: did you mean `string`?",
    );
    assert_eq!(datasets[0].tables[0].schema_path, "shop/meta/schema.yaml");
    assert_eq!(datasets[0].tables[0].fields[1].line, 3);

    resource("\"path\": \"a.csv\", \"schema\": \"../schema.json\", \"dialect\": 1").finds(
        "datasets/shop/datapackage.json:3: [invalid-property] resource `a`: `dialect` must be an object or a path (a string), not 1
         datasets/shop/datapackage.json:3: [unsafe-path] resource `a`: `schema`: \"../schema.json\" points outside the dataset's directory; `..` is not allowed",
    );
    resource("\"path\": \"a.csv\", \"schema\": \"schema.json\"")
        .file("shop/schema.json", "[]")
        .finds("datasets/shop/schema.json:1: [invalid-descriptor] a schema must be an object, not an array");
}

/// A release holds the schema in the resource's descriptor, one level further down.
#[test]
fn a_schema_in_a_file_stands_in_place() {
    let nested = |levels: usize| {
        let deep = "[".repeat(levels - 1) + &"]".repeat(levels - 1);
        resource("\"path\": \"a.csv\", \"schema\": \"schema.json\", \"title\": \"T\"").file(
            "shop/schema.json",
            format!(r#"{{"fields": [{{"name": "id"}}, {{"name": "name"}}], "own": {deep}}}"#),
        )
    };
    let datasets = nested(3).finds("");
    assert_eq!(
        datasets[0].tables[0].about,
        r#"{"name":"a","path":"a.csv","schema":{"fields":[{"name":"id"},{"name":"name"}],"own":[[]]},"title":"T"}"#
    );
    let datasets = nested(126).finds("");
    let about = &datasets[0].tables[0].about;
    assert!(serde_json::from_str::<serde_json::Value>(about).is_ok());
    nested(127).finds("datasets/shop/schema.json:1: [invalid-descriptor] a schema is nested too deeply");
}

#[test]
fn a_pipe_is_not_opened() {
    let workspace =
        shop(&format!("{{\"resources\": [{{\"name\": \"a\", \"path\": \"pipe.csv\", {FIELDS}}}]}}"));
    let made = std::process::Command::new("mkfifo").arg(workspace.path("shop/pipe.csv")).status();
    assert!(made.unwrap().success());
    workspace.finds("datasets/shop/datapackage.json:1: [missing-file] resource `a`: `path`: \"pipe.csv\" is not a regular file");
}
