//! Rows without a value.

use crate::workspace::{Workspace, rows};

const FIELDS: &str = r#"{"name": "id", "type": "integer"}, {"name": "name"}"#;

/// A row of delimiters is not a row of nulls.
#[test]
fn rows_without_values() {
    let empty = |lines: &[u64]| {
        let row = |line| format!("datasets/d/t.csv:{line}: [empty-row] row has no value, only empty cells\n");
        let rows: String = lines.iter().map(row).collect();
        format!("{rows}  help: remove the row, or give it a value; blank lines are skipped\n")
    };
    Workspace::table(FIELDS, "id,name\n1,a\n,\n\n\"\",\"\"\n,,,\n2,b\n,").check_finds(&empty(&[3, 5, 6, 8]));
    // Neither is it blamed on the key.
    let schema = format!(r#"{{"fields": [{FIELDS}], "primaryKey": "id"}}"#);
    Workspace::with_schema(&schema, "id,name\n1,a\n,\n,\n").check_finds(&empty(&[3, 4]));
    // In one column a blank line is skipped and a quoted empty cell is a row, as pandas writes it.
    let one = Workspace::table(r#"{"name": "v", "type": "integer"}"#, "v\n1\n\n\"\"\n2\n");
    assert_eq!(rows(&one.build(), "SELECT v FROM t"), ["1", "NULL", "2"]);
    // Where an empty cell is a value, it is one.
    let schema = r#"{"fields": [{"name": "a"}, {"name": "b"}], "missingValues": ["-"]}"#;
    let texts = Workspace::with_schema(schema, "a,b\n,\n");
    assert_eq!(rows(&texts.build(), "SELECT a, b FROM t"), ["'' ''"]);
    let schema = format!(r#"{{"fields": [{FIELDS}], "missingValues": ["-"]}}"#);
    Workspace::with_schema(&schema, "id,name\n,\n")
        .check_finds("datasets/d/t.csv:2: [type-error] column `id`: \"\" is not an integer\n");
    // Words that mean no value were written by somebody.
    let schema = format!(r#"{{"fields": [{FIELDS}], "missingValues": ["", "NA"]}}"#);
    Workspace::with_schema(&schema, "id,name\nNA,NA\n,NA\n1,NA\n,\n").check_finds(&format!(
        "datasets/d/t.csv:2: [empty-row] warning: row has no value, only cells such as \"NA\"\n\
         datasets/d/t.csv:3: [empty-row] warning: row has no value, only cells such as \"NA\"\n{}",
        empty(&[5])
    ));
}
