//! `builder init`: encodings, several files, descriptors that exist, wide files.

use crate::init::init;
use crate::workspace::{Workspace, rows};

/// An encoding by any of its names, Python's too.
#[test]
fn encodings() {
    for (name, written) in [
        ("windows-1252", "windows-1252"),
        ("latin-1", "windows-1252"),
        ("cp1252", "windows-1252"),
        ("iso8859_15", "ISO-8859-15"),
        ("cp1250", "windows-1250"),
    ] {
        let workspace = Workspace::new().file("datasets/d/t.csv", b"id,name\n1,Caf\xE9\n2,B\n");
        let ran = workspace.run(&["init", "-q", "datasets/d/t.csv", "--encoding", name]);
        ran.is(0, "", "");
        let descriptor: serde_json::Value =
            serde_json::from_slice(&workspace.read("datasets/d/datapackage.json")).unwrap();
        assert_eq!(descriptor["resources"][0]["encoding"], written);
        assert_eq!(rows(&workspace.build(), "SELECT name FROM t"), ["'Café'", "'B'"]);
    }
    let ran = Workspace::new().run(&["init", "t.csv", "--encoding", "cp437"]);
    let message =
        "error: invalid value 'cp437' for '--encoding <NAME>': not known; known are utf-8, utf-16, ";
    assert!(ran.stderr.starts_with(message), "{}", ran.stderr);
}

/// UTF-16 with a BOM and without, little and big end first, and a BOM in UTF-8.
#[test]
fn byte_order_marks() {
    let text = "id,näme\n1,é\n2,ü\n";
    let little =
        |bom: &str| format!("{bom}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big =
        |bom: &str| format!("{bom}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    for (bytes, encoding) in [
        (little("\u{feff}"), "\"utf-16\""),
        (big("\u{feff}"), "\"utf-16\""),
        (little(""), "\"utf-16le\""),
        (big(""), "\"utf-16be\""),
        (format!("\u{feff}{text}").into_bytes(), "null"),
    ] {
        let (_, descriptor) = init(bytes);
        assert_eq!(descriptor["resources"][0]["encoding"].to_string(), encoding);
        assert_eq!(descriptor["resources"][0]["schema"]["fields"][1]["name"], "näme");
    }
}

/// One descriptor for the files of a directory; one that exists gets what it lacks.
#[test]
fn several_files() {
    let workspace = Workspace::new()
        .file("datasets/shop/b.csv", "id\n1\n2\n")
        .file("datasets/shop/a.csv", "id,x\n1,5\n2,6\n")
        .file("datasets/shop/notes.md", "mine");
    workspace.run(&["init", "datasets/shop"]).is(
        0,
        "",
        "wrote datasets/shop/datapackage.json; review it, then run `builder check`:\n  \
           table `a`: 2 columns, 2 rows, primary key `id`\n  \
           table `b`: 1 column, 2 rows, primary key `id`\n",
    );
    let descriptor: serde_json::Value =
        serde_json::from_slice(&workspace.read("datasets/shop/datapackage.json")).unwrap();
    assert_eq!(descriptor["name"], "shop");
    workspace.run(&["check", "-q"]).is(0, "", "");
    workspace.run(&["init", "datasets/shop/a.csv"]).is(
        0,
        "",
        "datasets/shop/datapackage.json already describes datasets/shop/a.csv\n\
         nothing to add to datasets/shop/datapackage.json\n",
    );
    workspace.write("datasets/shop/c.csv", "id\n1\n2\n");
    let before = String::from_utf8(workspace.read("datasets/shop/datapackage.json")).unwrap();
    workspace.run(&["init", "datasets/shop"]).is(
        0,
        "",
        "datasets/shop/datapackage.json already describes datasets/shop/a.csv\n\
         datasets/shop/datapackage.json already describes datasets/shop/b.csv\n\
         added to datasets/shop/datapackage.json; review it, then run `builder check`:\n  \
           table `c`: 1 column, 2 rows, primary key `id`\n",
    );
    let after = String::from_utf8(workspace.read("datasets/shop/datapackage.json")).unwrap();
    let same = before.strip_suffix("\n  ]\n}\n").unwrap();
    assert!(after.starts_with(same), "{after}");
    workspace.run(&["check", "-q"]).is(0, "", "");
}

/// Files of two directories, each described in its own; and a file whose table's name is taken.
#[test]
fn files_of_several_directories() {
    let workspace = Workspace::new()
        .file("datasets/x/a.csv", "id\n1\n2\n")
        .file("datasets/y/b.csv", "id\n1\n2\n")
        .file("datasets/y/sub/b.csv", "id\n1\n2\n");
    let output = "datasets/y/datapackage.json";
    let ran = workspace.run(&["init", "datasets/x/a.csv", "datasets/y/b.csv"]);
    assert_eq!(ran.stderr.lines().filter(|line| line.starts_with("wrote ")).count(), 2);
    workspace.run(&["init", "datasets/y/sub/b.csv", "-o", output]).is(
        0,
        "",
        "added to datasets/y/datapackage.json; review it, then run `builder check`:\n  \
           table `b-2`: 1 column, 2 rows, primary key `id`\n",
    );
    workspace.run(&["check", "-q"]).is(0, "", "");
}

/// A descriptor in YAML keeps its comments and its order.
#[test]
fn a_descriptor_in_yaml() {
    let yaml = "# My shop\nname: shop\nresources:\n  - path: a.csv # the first\n    name: a\n    schema: {fields: [{name: id}]}\n\n# versions\nversion: 1.0.0\n";
    let workspace = Workspace::new()
        .file("datasets/d/datapackage.yaml", yaml)
        .file("datasets/d/a.csv", "id\n1\n")
        .file("datasets/d/b.csv", "id;day\n1;31.12.2024\n2;01.01.2025\n");
    let ran = workspace.run(&["init", "datasets/d"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let new = "  - name: b\n    type: table\n    path: b.csv\n    dialect:\n      delimiter: \";\"\n    schema:\n      \
               fields:\n        - name: id\n          type: integer\n        - name: day\n          type: date\n          \
               format: \"%d.%m.%Y\"\n      primaryKey: [\"id\"]\n";
    let expected = yaml.replace("\n\n# versions", &format!("\n{new}\n# versions"));
    assert_eq!(String::from_utf8(workspace.read("datasets/d/datapackage.yaml")).unwrap(), expected);
    workspace.run(&["check", "-q"]).is(0, "", "");
}

/// Thousands of columns.
#[test]
fn wide_files() {
    let row = |cell: &dyn Fn(usize) -> String| (0..2_100).map(cell).collect::<Vec<_>>().join(",");
    let rows = [row(&|at| format!("c{at}")), row(&|at| at.to_string()), row(&|at| format!("{at}.5"))];
    let workspace = Workspace::new().file("datasets/d/t.csv", rows.join("\n"));
    workspace.run(&["init", "datasets/d/t.csv"]).is(
        0,
        "",
        "wrote datasets/d/datapackage.json; review it, then run `builder check`:\n  \
           table `t`: 2 100 columns, 2 rows, no primary key\n",
    );
    let found = workspace.run(&["check", "-q"]).stdout;
    assert!(found.contains("[unsupported]") || found.contains("[too-many-fields]"), "{found}");
}
