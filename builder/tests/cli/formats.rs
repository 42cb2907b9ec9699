//! One sample of findings in each format.

use crate::workspace::Workspace;

fn sample() -> Workspace {
    Workspace::with_schema(
        r#"{"fields": [{"name": "id", "type": "integer"}, {"name": "a,b:c", "type": "number"}], "primaryKey": "id"}"#,
        "id,price%\n1,2\nx,\n",
    )
    .file("datasets/e/datapackage.json", r#"{"name": "e", "version": "1", "resources": []}"#)
}

#[test]
fn text() {
    sample().run(&["check"]).is(
        1,
        "datasets/d/t.csv:1: [missing-column] header lacks `a,b:c`, which the descriptor has\n\
         datasets/d/t.csv:1: [unknown-column] header has `price%`, the descriptor does not\n\
         datasets/d/t.csv:3: [type-error] column `id`: \"x\" is not an integer\n\
         datasets/e/datapackage.json:1: [missing-property] the package: `resources` is empty\n\
         datasets/e/datapackage.json:1: [invalid-version] warning: the package: version \"1\" is not a semantic version\n  \
         help: use MAJOR.MINOR.PATCH, such as 1.0.0; `builder diff` and `builder bump` need it\n",
        "error: 4 problems and 1 warning in 2 files (2 datasets, 2 rows checked)\n",
    );
}

#[test]
fn github() {
    let workspace = Workspace::with_schema(
        r#"{"fields": [{"name": "id", "type": "integer"}, {"name": "a,b:c", "type": "number"}]}"#,
        "id,\"a,b:c\"\n1,2\n,\"100%\n\"\n",
    )
    .file("datasets/e/datapackage.json", "");
    std::fs::rename(workspace.path("datasets/e"), workspace.path("datasets/a,b:c")).unwrap();
    workspace.run(&["check", "--format", "github"]).is(
        1,
        "::error file=datasets/a%2Cb%3Ac/datapackage.json,line=1,title=invalid-descriptor::not JSON: EOF while parsing a value\n\
         ::error file=datasets/d/t.csv,line=3,col=2,title=type-error::column `a,b:c`: \"100%25\\n\" is not a number\
         %0Ahelp: to remove currency signs, units and percent signs, set `\"bareNumber\": false`\n",
        "error: 2 problems in 2 files (1 dataset, 2 rows checked)\n",
    );
}

/// Help is part of the message, since an annotation has no other place for it.
#[test]
fn github_help() {
    Workspace::table(r#"{"name": "price"}"#, "prize\n1\n").run(&["check", "--format=github"]).is(
        1,
        "::error file=datasets/d/t.csv,line=1,title=missing-column::header lacks `price`, which the descriptor has\n\
         ::error file=datasets/d/t.csv,line=1,col=1,title=unknown-column::header has `prize`, the descriptor does \
         not%0Ahelp: a column with a similar name exists: `price`\n",
        "error: 2 problems in 1 file (1 dataset, 1 row checked)\n",
    );
}

#[test]
fn json() {
    let ran = sample().run(&["check", "--format", "json", "--quiet"]);
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 5);
    assert_eq!(
        ran.stdout.lines().nth(3).unwrap(),
        "  {\"path\":\"datasets/d/t.csv\",\"line\":3,\"column\":1,\"field\":\"id\",\"code\":\"type-error\",\
         \"severity\":\"error\",\"message\":\"column `id`: \\\"x\\\" is not an integer\",\"help\":null},"
    );
    let clean = Workspace::table(r#"{"name": "a"}"#, "a\n1\n");
    clean.run(&["check", "--format", "json"]).is(0, "[]\n", "no problems (1 dataset, 1 row checked)\n");
}

/// The examples in the documentation are what is printed.
#[test]
fn documented() {
    let workspace = Workspace::new()
        .file(
            "datasets/shop/datapackage.json",
            r#"{"name": "shop", "resources": [{"name": "products", "path": "products.csv", "schema": {
                "fields": [{"name": "sku"}, {"name": "price", "type": "number"}]}}]}"#,
        )
        .file("datasets/shop/products.csv", "sku,price\na,abc\nb\nc,0.12345678901234567891\n");
    let docs = include_str!("../../../docs/findings.md");
    for format in ["text", "github", "json"] {
        let printed = workspace.run(&["check", "--format", format]).stdout;
        assert!(docs.contains(&format!("\n{printed}```\n")), "{format}: the documentation lacks\n{printed}");
    }
}
