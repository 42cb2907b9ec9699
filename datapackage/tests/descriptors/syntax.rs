//! JSON and YAML: what they say where, and the same tree from both.

use crate::workspace::{Workspace, shop};

#[test]
fn not_json() {
    shop("")
        .finds("datasets/shop/datapackage.json:1: [invalid-descriptor] not JSON: EOF while parsing a value");
    shop("{\n  \"name\": \"shop\",\n}")
        .finds("datasets/shop/datapackage.json:3: [invalid-descriptor] not JSON: trailing comma");
    shop("{\n  // a comment\n}")
        .finds("datasets/shop/datapackage.json:2: [invalid-descriptor] not JSON: key must be a string");
    shop("{\"name\": 'shop'}")
        .finds("datasets/shop/datapackage.json:1: [invalid-descriptor] not JSON: expected value");
    shop("{} {}")
        .finds("datasets/shop/datapackage.json:1: [invalid-descriptor] not JSON: trailing characters");
    shop("[1]").finds(
        "datasets/shop/datapackage.json:1: [invalid-descriptor] a descriptor must be an object, not an array",
    );
    shop(&"[".repeat(100_000))
        .finds("datasets/shop/datapackage.json:1: [invalid-descriptor] not JSON: recursion limit exceeded");
}

#[test]
fn not_utf8() {
    Workspace::new()
        .file("shop/datapackage.json", b"{\n\"name\": \"caf\xe9\"}")
        .finds("datasets/shop/datapackage.json:2: [invalid-descriptor] not UTF-8");
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_text() {
    let descriptor = "\u{feff}{\"name\": \"shop\", \"resources\": []}";
    shop(descriptor)
        .finds("datasets/shop/datapackage.json:1: [missing-property] the package: `resources` is empty");
}

#[test]
fn a_property_twice() {
    let descriptor = "{\"name\": \"a\",\n\"resources\": [{\"name\": \"logo\", \"path\": \"l.png\",\n\"path\": \"m.png\"}],\n\"name\": \"b\"}";
    shop(descriptor).finds(
        "datasets/shop/datapackage.json:3: [duplicate-property] `path` is already given on line 2
         datasets/shop/datapackage.json:4: [duplicate-property] `name` is already given on line 1
         datasets/shop/datapackage.json:2: warning [not-tabular] resource `logo`: not a table, so it is not published
         help: a CSV file with a `schema` is a table",
    );
}

const YAML: &str = "\
name: shop
version: 1.0.0
title: Ünï \"code\"
x-numbers: [1.50, 0x10, +3, .5, 1e3, 12345678901234567890123]
x-words: [yes, 'true', 2024-01-26, ~, null, True, 1.2.3, '']
x-text: |
  two
  lines
defaults: &fields
  - name: id
    type: integer
resources:
  - name: a
    path: a.csv
    schema:
      fields: *fields
      primaryKey: id
";

#[test]
fn yaml_is_read_by_the_core_schema() {
    let workspace = Workspace::new().file("shop/datapackage.yaml", YAML).file("shop/a.csv", "id\n");
    let datasets = workspace.finds("");
    assert_eq!(
        datasets[0].about,
        "{\"name\":\"shop\",\"version\":\"1.0.0\",\"title\":\"Ünï \\\"code\\\"\",\
         \"x-numbers\":[1.50,16,3,0.5,1e3,12345678901234567890123],\
         \"x-words\":[\"yes\",\"true\",\"2024-01-26\",null,null,true,\"1.2.3\",\"\"],\
         \"x-text\":\"two\\nlines\\n\",\"defaults\":[{\"name\":\"id\",\"type\":\"integer\"}]}"
    );
    let table = &datasets[0].tables[0];
    assert_eq!((table.line, table.fields[0].line), (13, 10));
    assert_eq!(
        table.about,
        "{\"name\":\"a\",\"path\":\"a.csv\",\"schema\":{\"fields\":[{\"name\":\"id\",\"type\":\"integer\"}],\"primaryKey\":\"id\"}}"
    );
}

#[test]
fn not_yaml() {
    for (text, line, message) in [
        ("name: shop\nresources: [", 3, "while parsing a node, did not find expected node content"),
        ("", 1, "the file is empty"),
        ("# nothing\n", 1, "the file is empty"),
        ("a: 1\n---\nb: 2\n", 2, "the file contains more than one document"),
        ("a: !thing 1\n", 1, "unsupported tag `!thing`"),
        ("a: !!int\n  \"x\\ny\"\n", 1, "\"x\\ny\" is not a valid `!!int`"),
        ("a: !!int x\n", 1, "\"x\" is not a valid `!!int`"),
        ("? [1]\n: 2\n", 1, "a property's name must be a string, not an array"),
        ("a: &a\n  x: 1\nb:\n  <<: *a\n", 4, "merge keys (`<<`) are not part of YAML 1.2"),
        ("a: &a [*a]\n", 1, "an alias inside its own anchor"),
        ("a: .nan\n", 1, "\".nan\" can't be written in JSON"),
    ] {
        let workspace = Workspace::new().file("shop/datapackage.yml", text);
        let (_, found) = workspace.load();
        assert_eq!(
            found,
            format!("datasets/shop/datapackage.yml:{line}: [invalid-descriptor] not YAML: {message}\n")
        );
    }
}

#[test]
fn aliases_can_not_blow_up() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..20 {
        let aliases = vec![format!("*a{}", i - 1); 10].join(", ");
        text.push_str(&format!("a{i}: &a{i} [{aliases}]\n"));
    }
    let (_, found) = Workspace::new().file("shop/datapackage.yml", text).load();
    assert_eq!(
        found,
        "datasets/shop/datapackage.yml:5: [invalid-descriptor] not YAML: aliases make the document too large\n"
    );
    let deep = "- ".repeat(2000) + "x";
    let (_, found) = Workspace::new().file("shop/datapackage.yml", deep).load();
    assert_eq!(found, "datasets/shop/datapackage.yml:1: [invalid-descriptor] not YAML: nested too deeply\n");
}

/// A descriptor, or a schema in a file of its own, that is too large is not read.
#[test]
fn too_large() {
    let sized = |path: &std::path::Path, bytes: u64| {
        std::fs::File::options().write(true).open(path).unwrap().set_len(bytes).unwrap();
    };
    let workspace = Workspace::new().file("shop/datapackage.json", "{}");
    sized(&workspace.path("shop/datapackage.json"), 2 << 30);
    workspace.finds(
        "datasets/shop/datapackage.json:1: [invalid-descriptor] file has 2147483648 bytes, at most 16777216 are allowed",
    );
    let descriptor = r#"{"resources": [{"name": "a", "path": "a.csv", "schema": "s.json"}]}"#;
    let workspace = shop(descriptor).file("shop/s.json", "{}");
    sized(&workspace.path("shop/s.json"), (16 << 20) + 1);
    workspace.finds(
        "datasets/shop/s.json:1: [invalid-descriptor] file has 16777217 bytes, at most 16777216 are allowed",
    );
}
