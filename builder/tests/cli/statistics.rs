//! What a release says of its columns in numbers, and what `verify` says of other numbers.

use catalog::Manifest;
use rusqlite::Connection;

use crate::workspace::Workspace;

const SCHEMA: &str = r#"{"fields": [
    {"name": "id", "type": "integer"}, {"name": "kind", "type": "string"}, {"name": "name", "type": "string"},
    {"name": "good", "type": "boolean"}, {"name": "price", "type": "number"}, {"name": "on", "type": "date"},
    {"name": "at", "type": "datetime"}, {"name": "where", "type": "datetime"}, {"name": "tags", "type": "list"}],
    "primaryKey": "id"}"#;

fn csv() -> String {
    let mut csv = String::from("id,kind,name,good,price,on,at,where,tags\n");
    for row in 0..12 {
        let kind = ["a", "b", "b", ""][row % 4];
        let good = if row == 5 { "true" } else { "false" };
        let zone = if row == 7 { "+01:00" } else { "Z" };
        csv.push_str(&format!(
            "{row},{kind},n{row},{good},{}.{row},20{:02}-02-28,2024-{:02}-01T00:00:0{}Z,2024-01-01T00:00:00{zone},x\n",
            row * 3,
            row * 2,
            row + 1,
            row % 3,
        ));
    }
    csv
}

fn stored(connection: &Connection) -> String {
    connection
        .query_row("SELECT about FROM coldpress_catalog WHERE kind = 'statistics'", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn columns_are_counted_while_they_are_read() {
    let workspace = Workspace::with_schema(SCHEMA, csv());
    let expected = concat!(
        r#"{"columns":[{"range":["0","11"]},"#,
        r#"{"missing":3,"values":[["b",6],["a",3]]},"#,
        "{},",
        r#"{"values":[["false",11],["true",1]]},"#,
        r#"{"range":["0","33.11"],"histogram":{"bounds":["0","2","4","6","8","10","12","14","16","18","20","22","#,
        r#""24","26","28","30","32","34"],"counts":[1,1,0,1,1,0,1,1,0,1,1,0,1,1,0,1,1]}},"#,
        r#"{"range":["2000-02-28","2022-02-28"],"histogram":{"bounds":["2000-01-01","2002-01-01","2004-01-01","#,
        r#""2006-01-01","2008-01-01","2010-01-01","2012-01-01","2014-01-01","2016-01-01","2018-01-01","2020-01-01","#,
        r#""2022-01-01","2024-01-01"],"counts":[1,1,1,1,1,1,1,1,1,1,1,1]}},"#,
        r#"{"range":["2024-01-01T00:00:00Z","2024-12-01T00:00:02Z"],"histogram":{"bounds":["2024-01-01T00:00:00Z","#,
        r#""2024-02-01T00:00:00Z","2024-03-01T00:00:00Z","2024-04-01T00:00:00Z","2024-05-01T00:00:00Z","#,
        r#""2024-06-01T00:00:00Z","2024-07-01T00:00:00Z","2024-08-01T00:00:00Z","2024-09-01T00:00:00Z","#,
        r#""2024-10-01T00:00:00Z","2024-11-01T00:00:00Z","2024-12-01T00:00:00Z","2025-01-01T00:00:00Z"],"#,
        r#""counts":[1,1,1,1,1,1,1,1,1,1,1,1]}},"#,
        "{},{}]}",
    );
    assert_eq!(stored(&workspace.build()), expected);
    assert_eq!(workspace.run(&["verify", "dist", "--quiet"]).code, Some(0));
}

#[test]
fn other_numbers_are_a_mismatch_and_none_are_an_older_release() {
    let workspace = Workspace::with_schema(SCHEMA, csv());
    drop(workspace.build());
    for (sql, code, stdout) in [
        (
            "UPDATE coldpress_catalog SET about = replace(about, '6', '5') WHERE kind = 'statistics'",
            1,
            "dist/data.db: table `t`: its statistics do not match its rows\n",
        ),
        ("DELETE FROM coldpress_catalog WHERE kind = 'statistics'", 0, ""),
    ] {
        let path = workspace.path("dist/data.db");
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let mut manifest = Manifest::load(&workspace.path("dist/manifest.json")).unwrap();
        let (sha256, bytes) = catalog::file_digest(&path).unwrap();
        manifest.database = catalog::Database { sha256, bytes };
        std::fs::write(workspace.path("dist/manifest.json"), manifest.to_bytes()).unwrap();
        let ran = workspace.run(&["verify", "dist", "--quiet"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), stdout));
    }
}

#[test]
fn a_label_is_in_the_catalog() {
    let workspace = Workspace::with_schema(
        r#"{"fields": [{"name": "id", "type": "string"}, {"name": "city", "type": "string"}], "labelField": "city"}"#,
        "id,city\nx,Y\n",
    );
    assert_eq!(catalog::table(&workspace.build(), "t").unwrap().unwrap().label.as_deref(), Some("city"));
    assert_eq!(workspace.run(&["verify", "dist", "--quiet"]).code, Some(0));
}
