//! Many findings of one kind, and one cause that is one finding.

use crate::workspace::Workspace;

const FIELDS: &str = r#"{"name": "id", "type": "integer"}, {"name": "price", "type": "number"}"#;

/// Five examples and a count for each column and code, and the help once.
#[test]
fn many_of_a_kind() {
    let mut csv = "id,price\n".to_owned();
    for id in 0..2_500 {
        csv.push_str(&format!("{id},{}\n", ["5 EUR", "1"][usize::from(id == 1_200)]));
    }
    csv.push_str("y,1\n1\n");
    let workspace = Workspace::table(FIELDS, csv);
    let ran = workspace.run(&["check"]);
    assert_eq!(
        ran.stdout,
        "datasets/d/t.csv:2: [type-error] column `price`: \"5 EUR\" is not a number\n\
         datasets/d/t.csv:3: [type-error] column `price`: \"5 EUR\" is not a number\n\
         datasets/d/t.csv:4: [type-error] column `price`: \"5 EUR\" is not a number\n\
         datasets/d/t.csv:5: [type-error] column `price`: \"5 EUR\" is not a number\n\
         datasets/d/t.csv:6: [type-error] column `price`: \"5 EUR\" is not a number\n  \
         and 2 494 more like it\n  \
         help: to remove currency signs, units and percent signs, set `\"bareNumber\": false`\n\
         datasets/d/t.csv:2502: [type-error] column `id`: \"y\" is not an integer\n\
         datasets/d/t.csv:2503: [missing-cell] row has 1 cell, the header has 2; first missing: `price`\n"
    );
    assert_eq!(ran.stderr, "error: 2 501 problems in 1 file (1 dataset, 2 502 rows checked)\n");
    let github = workspace.run(&["check", "--format", "github"]).stdout;
    let lines: Vec<&str> = github.lines().collect();
    assert_eq!(lines.len(), 7);
    assert_eq!(
        lines[4],
        "::error file=datasets/d/t.csv,line=6,col=2,title=type-error::column `price`: \"5 EUR\" is not a number\
         %0Aand 2 494 more like it\
         %0Ahelp: to remove currency signs, units and percent signs, set `\"bareNumber\": false`"
    );
    // Programs get the first thousand of a file, and five of each kind.
    let json = workspace.run(&["check", "--format", "json"]);
    let list: Vec<serde_json::Value> = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(list.len(), 1_002);
    assert_eq!(list[1_001]["code"], "missing-cell");
    assert_eq!(
        json.stderr,
        "note: datasets/d/t.csv: 1 499 further problems not shown\n\
         error: 2 501 problems in 1 file (1 dataset, 2 502 rows checked)\n"
    );
}

/// Keys and references are counted beyond what is looked up.
#[test]
fn many_keys() {
    let schema = format!(r#"{{"fields": [{FIELDS}], "primaryKey": "id"}}"#);
    let ran =
        Workspace::with_schema(&schema, format!("id,price\n{}", "7,1\n".repeat(2_000))).run(&["check", "-q"]);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(
        lines[4..],
        [
            "datasets/d/t.csv:7: [duplicate-key] key (`id`) = (\"7\") is already used on line 2",
            "  and 1 994 more like it"
        ]
    );
    assert_eq!(ran.stderr, "error: 1 999 problems in 1 file (1 dataset, 2 000 rows checked)\n");
}

/// Problems of the descriptor and the header each name another thing.
#[test]
fn different_problems_are_not_grouped() {
    let csv = format!("id,price,{}\n", ["a", "b", "c", "d", "e", "f", "g"].join(","));
    let ran = Workspace::table(FIELDS, csv).run(&["check"]);
    assert_eq!(ran.stdout.lines().filter(|line| line.contains("[unknown-column]")).count(), 7);
}

#[test]
fn a_wrong_delimiter() {
    let find = |dialect: &str,
                csv: &str,
                what: &str,
                row: &str,
                found: &str,
                declared: &str,
                wanted: &str| {
        let properties = format!(r#""dialect": {dialect}, "schema": {{"fields": [{FIELDS}]}}"#);
        Workspace::with_resource(&properties, csv).check_finds(&format!(
            "datasets/d/t.csv:1: [wrong-delimiter] {what} {row} has columns that are separated by {found}, not by \
             {declared}\n  help: set `\"delimiter\": \"{wanted}\"` in the resource's `dialect`\n"
        ));
    };
    find("{}", "id;price\n1;2,5\n2;3,5,6\nx;y\n", "header", "\"id;price\"", "`;`", "`,`", ";");
    find("{}", "\"id\";\"price\"\n\"1\";\"2\"\n", "header", "\"id;\"price\"\"", "`;`", "`,`", ";");
    find("{}", "id\tprice\n1\t2\n", "header", "\"id\\tprice\"", "tabs", "`,`", "\\t");
    find(r#"{"delimiter": ";"}"#, "id,price\n1,2\n", "header", "\"id,price\"", "`,`", "`;`", ",");
    find("{}", "Nummer|Preis\n1|2\n", "header", "\"Nummer|Preis\"", "`|`", "`,`", "|");
    find(r#"{"header": false}"#, "1;2\n2;3\n", "row", "\"1;2\"", "`;`", "`,`", ";");
    // A header that has a field by its name has the right delimiter.
    let ran = Workspace::table(FIELDS, "id,a;b\n1,2\n").run(&["check"]);
    assert!(!ran.stdout.contains("wrong-delimiter"), "{}", ran.stdout);
}

/// What can't be read of a row or a file is not looked for by those that refer to it.
#[test]
fn a_value_that_is_not_read_makes_no_other_finding() {
    let table = |name: &str, fields: &str, more: &str| {
        format!(
            r#"{{"name": "{name}", "path": "{name}.csv", "schema": {{"fields": [{fields}], "primaryKey": "id"{more}}}}}"#
        )
    };
    let key = r#", "foreignKeys": [{"fields": "a", "reference": {"resource": "a", "fields": "id"}}]"#;
    let integer = r#"{"name": "id", "type": "integer"}"#;
    let b = format!(r#"{integer}, {{"name": "a", "type": "integer"}}"#);
    let descriptor = format!(
        r#"{{"name": "d", "resources": [{}, {}]}}"#,
        table("a", &format!(r#"{integer}, {{"name": "n"}}"#), ""),
        table("b", &b, key)
    );
    let find = |a: &str, finding: &str| {
        Workspace::new()
            .file("datasets/d/datapackage.json", descriptor.as_str())
            .file("datasets/d/a.csv", a)
            .file("datasets/d/b.csv", "id,a\n1,7\n2,8\n")
            .check_finds(finding);
    };
    let is_missing = "datasets/d/b.csv:3: [unknown-reference] column `a`: \"8\" is not in `a.id`\n";
    find("id,n\n7,x\n", is_missing);
    find(
        "id,n\n7,x\n8\n",
        "datasets/d/a.csv:3: [missing-cell] row has 1 cell, the header has 2; first missing: `n`\n",
    );
    find("id,n\n7,x\n8z,y\n", "datasets/d/a.csv:3: [type-error] column `id`: \"8z\" is not an integer\n");
    find(
        "id;n\n7;x\n8;y\n",
        "datasets/d/a.csv:1: [wrong-delimiter] header \"id;n\" has columns that are separated by `;`, not by `,`\n  \
         help: set `\"delimiter\": \";\"` in the resource's `dialect`\n",
    );
    find("", "datasets/d/a.csv:1: [empty-file] file has no rows, a header was expected\n");
}
