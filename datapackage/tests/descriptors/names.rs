//! Names of datasets, tables and fields.

use crate::workspace::{Workspace, resource, schema, shop};

const FIELDS: &str = r#""schema": {"fields": [{"name": "id"}]}"#;

#[test]
fn table_names() {
    for (name, shown) in [
        ("", "\"\" is empty"),
        ("-", "\"-\" is reserved"),
        ("Coldpress_x", "\"Coldpress_x\" starts with `coldpress_`, which is reserved"),
        ("sqlite_stat1", "\"sqlite_stat1\" starts with `sqlite_`, which is reserved"),
        ("a/b", "\"a/b\" contains `/`, which separates the parts of a URL's path"),
        ("a\\nb", "\"a\\nb\" contains a control character"),
        ("..", "\"..\" has a meaning of its own in a URL's path"),
    ] {
        let descriptor =
            format!("{{\"resources\": [{{\n\"name\": \"{name}\", \"path\": \"a.csv\", {FIELDS}}}]}}");
        shop(&descriptor)
            .finds(&format!("datasets/shop/datapackage.json:2: [invalid-table-name] table name {shown}"));
    }
    for name in ["a b", "Escap3e;", "ünï", "a.b", "select", "\\\"", "%"] {
        shop(&format!("{{\"resources\": [{{\"name\": \"{name}\", \"path\": \"a.csv\", {FIELDS}}}]}}"))
            .finds("");
    }
}

#[test]
fn a_table_twice() {
    let one = |dataset: &str, table: &str| {
        format!(
            "{{\"name\": \"{dataset}\", \"resources\": [\n{{\"name\": \"{table}\", \"path\": \"a.csv\", {FIELDS}}}]}}"
        )
    };
    let workspace = Workspace::new()
        .file("a/datapackage.json", one("a", "prices"))
        .file("a/a.csv", "")
        .file("b/datapackage.json", one("b", "prices"))
        .file("b/a.csv", "")
        .file("c/datapackage.json", one("a", "Prices"))
        .file("c/a.csv", "");
    let datasets = workspace.finds(
        "datasets/b/datapackage.json:2: [duplicate-table] table `prices` is already declared as `prices` in datasets/a/datapackage.json:2
         datasets/c/datapackage.json:1: [duplicate-dataset] dataset `a` is already declared in datasets/a/datapackage.json
         datasets/c/datapackage.json:2: [duplicate-table] table `Prices` is already declared as `prices` in datasets/a/datapackage.json:2, which differs only in case",
    );
    assert_eq!(datasets.len(), 3);
}

#[test]
fn field_names() {
    schema("{\"fields\": [\n{},\n{\"name\": 1},\n{\"name\": \"\"},\n{\"name\": \"a\\u0007\"},\n\"id\"]}").finds(
        "datasets/shop/datapackage.json:4: [missing-property] resource `a`: field 1: `name` is missing
         datasets/shop/datapackage.json:5: [invalid-property] resource `a`: field 2: `name` must be a string, not 1
         help: put it in quotes: \"1\"
         datasets/shop/datapackage.json:6: [invalid-field-name] resource `a`: field 3: name \"\" must not be empty or contain control characters
         datasets/shop/datapackage.json:7: [invalid-field-name] resource `a`: field 4: name \"a\\u{7}\" must not be empty or contain control characters
         datasets/shop/datapackage.json:8: [invalid-property] resource `a`: field 5 must be an object, not a string",
    );
    schema("{\"fields\": [\n{\"name\": \"sku\"},\n{\"name\": \"SKU\"},\n{\"name\": \"sku\"},\n{\"name\": \"ä\"},\n{\"name\": \"Ä\"}]}").finds(
        "datasets/shop/datapackage.json:5: [duplicate-field] resource `a`: field `SKU` differs only in case from `sku` on line 4
         datasets/shop/datapackage.json:6: [duplicate-field] resource `a`: field `sku` is already declared on line 4",
    );
    schema("{\"fields\": [\n{\"name\": \"OID\"},\n{\"name\": \"rowid\"},\n{\"name\": \"_rowid_\"}]}").finds(
        "datasets/shop/datapackage.json:6: [invalid-field-name] resource `a`: fields `rowid`, `_rowid_` and `oid` can't all be used: SQLite needs one of the names",
    );
    schema("{\"fields\": [{\"name\": \"OID\"}, {\"name\": \"rowid\"}]}").finds("");
}

#[test]
fn no_fields() {
    schema("{}").finds(
        "datasets/shop/datapackage.json:3: [missing-property] resource `a`: schema: `fields` is missing",
    );
    schema("{\"fields\":\n[]}").finds(
        "datasets/shop/datapackage.json:4: [missing-property] resource `a`: schema: `fields` is empty",
    );
    let many: Vec<String> = (0..2001).map(|number| format!("{{\"name\": \"f{number}\"}}")).collect();
    schema(&format!("{{\"fields\": [{}]}}", many.join(",")))
        .finds("datasets/shop/datapackage.json:3: [too-many-fields] resource `a`: 2001 fields, at most 2000 are allowed");
    for (fields, finding) in [
        (1000, ""),
        (
            1001,
            "datasets/shop/datapackage.json:3: warning [too-many-fields] resource `a`: 1001 fields: a request that names no columns is an error beyond 1000\nhelp: clients must name columns with `select`; or split the table",
        ),
        (
            2000,
            "datasets/shop/datapackage.json:3: warning [too-many-fields] resource `a`: 2000 fields: a request that names no columns is an error beyond 1000\nhelp: clients must name columns with `select`; or split the table",
        ),
    ] {
        schema(&format!("{{\"fields\": [{}]}}", many[..fields].join(","))).finds(finding);
    }
}

#[test]
fn types() {
    let one =
        |field_type: &str| schema(&format!("{{\"fields\": [{{\"name\": \"id\", \"type\": {field_type}}}]}}"));
    one("\"decimal2\"").finds(
        "datasets/shop/datapackage.json:3: [unknown-type] resource `a`: field `id`: type `decimal2` does not exist
         help: available: `string`, `number`, `integer`, `boolean`, `object`, `array`, `list`, `datetime`, `date`, `time`, `year`, `yearmonth`, `duration`, `geopoint`, `geojson`, `any`",
    );
    one("\"Intger\"").finds(
        "datasets/shop/datapackage.json:3: [unknown-type] resource `a`: field `id`: type `Intger` does not exist
         help: did you mean `integer`?",
    );
    one("[\"string\"]").finds("datasets/shop/datapackage.json:3: [invalid-property] resource `a`: field `id`: `type` must be a string, not an array");
    resource(r#""path": "a.csv", "schema": {"fields": [{"name": "id", "type": "list", "itemType": "array"}]}"#).finds(
        "datasets/shop/datapackage.json:3: [unknown-type] resource `a`: field `id`: `itemType` \"array\" does not exist
         help: available: `string`, `integer`, `boolean`, `number`, `datetime`, `date`, `time`",
    );
}

/// Names that people take for others are warned of.
#[test]
fn confusing_names() {
    schema(
        "{\"fields\": [\n{\"name\": \"price\"},\n{\"name\": \"pr\u{456}ce\"},\n{\"name\": \"cafe\u{301}\"},\n\
         {\"name\": \"caf\u{e9}\"},\n{\"name\": \"\u{394}t\"},\n{\"name\": \"id\u{a0}\"}]}",
    )
    .finds(
        "datasets/shop/datapackage.json:5: warning [confusing-name] resource `a`: field `pr\u{456}ce` mixes scripts: `\u{456}` (U+0456) looks like an ASCII letter
         datasets/shop/datapackage.json:9: warning [confusing-name] resource `a`: field `id\\u{a0}` has U+00A0, which can't be seen
         datasets/shop/datapackage.json:5: warning [confusing-name] resource `a`: field `pr\u{456}ce` differs from `price` only in letters that look the same, such as `\u{456}` (U+0456)
         datasets/shop/datapackage.json:7: warning [confusing-name] resource `a`: field `caf\u{e9}` differs from `cafe\u{301}` only in the form of its characters, which Unicode writes in more than one way (NFC, NFD)",
    );
    let table = |name: &str| {
        format!("{{\"resources\": [{{\n\"name\": \"{name}\", \"path\": \"a.csv\", {FIELDS}}}]}}")
    };
    shop(&table("\u{202e}evil")).finds(
        "datasets/shop/datapackage.json:1: warning [confusing-name] table `\\u{202e}evil` has U+202E, which can't be seen",
    );
    let workspace = Workspace::new()
        .file("a/datapackage.json", table("scope"))
        .file("a/a.csv", "")
        .file("b/datapackage.json", table("\u{455}\u{441}\u{43e}\u{440}\u{435}"))
        .file("b/a.csv", "");
    workspace.finds(
        "datasets/b/datapackage.json:1: warning [confusing-name] table `\u{455}\u{441}\u{43e}\u{440}\u{435}` differs from `scope` only in letters that look the same, such as `\u{455}` (U+0455)",
    );
}
