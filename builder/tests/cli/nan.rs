//! NaN in number columns: which columns are made for it, and what follows.

use crate::workspace::{Workspace, rows};

fn table(keys: &str, csv: impl AsRef<[u8]>) -> Workspace {
    let fields = r#"{"name": "id", "type": "integer"}, {"name": "a", "type": "number"},
        {"name": "b", "type": "number", "constraints": {"required": true}}, {"name": "c", "type": "number"}"#;
    Workspace::with_schema(&format!(r#"{{"fields": [{fields}]{keys}}}"#), csv)
}

const TABLE: &str = "SELECT sql FROM sqlite_schema WHERE name = 't'";

#[test]
fn a_column_that_has_it_takes_any_value() {
    let workspace = table("", "id,a,b,c\n1,1,NaN,2\n2,NaN,100,1.5\n3,,nan,\n");
    workspace.check_finds("");
    let release = workspace.build();
    assert_eq!(
        rows(&release, TABLE),
        [r#"'CREATE TABLE "t"("id" INTEGER, "a" ANY, "b" ANY NOT NULL, "c" REAL) STRICT'"#]
    );
    assert_eq!(
        rows(&release, "SELECT * FROM t"),
        ["1 1.0 'NaN' 2.0", "2 'NaN' 100.0 1.5", "3 NULL 'NaN' NULL"]
    );
    assert_eq!(
        rows(&release, "SELECT entry ->> 'nan' FROM coldpress_catalog WHERE kind = 'table' AND name = 't'"),
        [r#"'["a","b"]'"#]
    );
    assert_eq!(workspace.run(&["verify", "dist", "-q"]).code, Some(0));
    release
        .execute_batch("UPDATE coldpress_catalog SET entry = json_remove(entry, '$.nan') WHERE kind = 'table' AND name = 't'")
        .unwrap();
    let ran = workspace.run(&["verify", "dist"]);
    assert!(
        ran.stdout.contains("table `t` has NaN in `a`, `b`, the catalog says no column\n"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_column_that_has_none_is_as_ever() {
    let release = table("", "id,a,b,c\n1,1,2,\n").build();
    assert_eq!(
        rows(&release, TABLE),
        [r#"'CREATE TABLE "t"("id" INTEGER, "a" REAL, "b" REAL NOT NULL, "c" REAL) STRICT'"#]
    );
    assert_eq!(
        rows(&release, "SELECT entry -> 'nan' FROM coldpress_catalog WHERE kind = 'table' AND name = 't'"),
        ["NULL"]
    );
}

/// The table begins again with the first NaN, also where it has begun again for its key, and
/// nothing of it is left in the file.
#[test]
fn it_is_found_behind_many_rows() {
    for (key, last) in [("9000", "9000"), ("0", "0")] {
        let mut csv = String::from("id,a,b,c\n");
        (1..5_000).for_each(|id| csv.push_str(&format!("{id},{id}.5,1,2\n")));
        csv.push_str(&format!("{key},NaN,1,2\n"));
        let workspace = table(r#", "primaryKey": "id""#, &csv);
        let release = workspace.build();
        assert_eq!(rows(&release, "SELECT count(*), max(a), typeof(min(a)) FROM t"), ["5000 'NaN' 'real'"]);
        assert_eq!(rows(&release, "SELECT id FROM t WHERE a = 'NaN'"), [last]);
        assert_eq!(rows(&release, "PRAGMA freelist_count"), ["0"]);
        assert_eq!(workspace.run(&["verify", "dist", "-q"]).code, Some(0));
    }
}

#[test]
fn it_is_equal_to_itself() {
    let keyed = table(r#", "primaryKey": ["a"]"#, "id,a,b,c\n1,NaN,1,\n2,2,1,\n3,nan,1,\n");
    keyed
        .check_finds("datasets/d/t.csv:4: [duplicate-key] key (`a`) = (\"nan\") is already used on line 2\n");
    let refers = r#", "primaryKey": ["a"], "foreignKeys": [{"fields": "c", "reference": {"resource": "", "fields": "a"}}]"#;
    let workspace = table(refers, "id,a,b,c\n1,NaN,1,2\n2,2,1,NaN\n");
    workspace.check_finds("");
    assert_eq!(rows(&workspace.build(), "SELECT id FROM t WHERE a = 'NaN'"), ["1"]);
    table(refers, "id,a,b,c\n1,1,1,1\n2,2,1,NaN\n")
        .check_finds("datasets/d/t.csv:3: [unknown-reference] column `c`: \"NaN\" is not in `t.a`\n");
}

#[test]
fn it_can_be_no_value() {
    let schema = r#"{"fields": [{"name": "a", "type": "number"}], "missingValues": ["", "NaN"]}"#;
    let release = Workspace::with_schema(schema, "a\n1\nNaN\n").build();
    assert_eq!(rows(&release, "SELECT typeof(a) FROM t"), ["'real'", "'null'"]);
}
