//! The database is one to every program that knows SQLite.

use std::process::Command;

use rusqlite::Connection;

use crate::workspace::{Workspace, rows};

/// Every kind of value, texts that overflow their page, an index, and enough rows for interior pages.
fn workspace() -> Workspace {
    let mut csv = String::from("code,name,amount,count,on,day\n");
    for row in 0..3_000 {
        let name = "long ".repeat(if row % 250 == 0 { 3_000 } else { row % 9 });
        let amount = ["", "1", "0.5", "-1e300", "NaN", "INF"][row % 6];
        let count = [0, 1, -1, 127, 128, 40_000, 9_007_199_254_740_991_i64][row % 7];
        csv.push_str(&format!(
            "c{row},{name},{amount},{count},{},1999-12-{:02}\n",
            row % 2 == 0,
            row % 31 + 1
        ));
    }
    let fields = r#"{"fields": [{"name": "code"}, {"name": "name"}, {"name": "amount", "type": "number"},
        {"name": "count", "type": "integer"}, {"name": "on", "type": "boolean"}, {"name": "day", "type": "date"}],
        "primaryKey": "code"}"#;
    Workspace::with_schema(fields, csv)
}

/// What a program must print: the integrity check's result, then a sum over all rows.
const SQL: &str =
    "SELECT count(*) || ' ' || sum(length(name)) || ' ' || sum(count) || ' ' || sum(t.\"on\") || ' ' ||
    max(day) || ' ' || count(amount) || ' ' || total(amount > 0) FROM t";

fn expected(connection: &Connection) -> String {
    let sum: String = connection.query_row(SQL, [], |row| row.get(0)).unwrap();
    assert!(sum.starts_with("3000 "), "{sum}");
    format!("ok\n{sum}\n")
}

#[test]
fn by_the_command_line_shell() {
    let workspace = workspace();
    let expected = expected(&workspace.build());
    let output = Command::new("sqlite3")
        .args(["-readonly", "dist/data.db", &format!("PRAGMA integrity_check; {SQL};")])
        .current_dir(workspace.path("."))
        .output();
    match output {
        Ok(output) => assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{:?}", output.stderr),
        Err(error) => eprintln!("skipped: sqlite3: {error}"),
    }
}

#[test]
fn by_python() {
    let workspace = workspace();
    let expected = expected(&workspace.build());
    let program = "import sqlite3, sys\n\
        connection = sqlite3.connect('file:dist/data.db?mode=ro&immutable=1', uri=True)\n\
        for sql in ('PRAGMA integrity_check', sys.argv[1]): print(connection.execute(sql).fetchone()[0])";
    let output = Command::new("python3").args(["-c", program, SQL]).current_dir(workspace.path(".")).output();
    match output {
        Ok(output) => {
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{stderr}");
        }
        Err(error) => eprintln!("skipped: python3: {error}"),
    }
}

#[test]
fn and_copied_page_by_page() {
    let workspace = workspace();
    let connection = workspace.build();
    let copy = workspace.path("copy.db");
    connection.execute("VACUUM INTO ?", [copy.to_str().unwrap()]).unwrap();
    let copied = Connection::open(copy).unwrap();
    let all = |connection: &Connection| {
        let tables = rows(connection, "SELECT name, tbl_name, sql FROM sqlite_schema ORDER BY name");
        [tables, rows(connection, "SELECT rowid, *, typeof(amount) FROM t")]
    };
    assert_eq!(all(&connection), all(&copied));
    assert_eq!(rows(&copied, "PRAGMA integrity_check"), ["'ok'"]);
}

/// Indexes that the builder writes, and one that it leaves to SQLite.
#[test]
fn with_the_statistics_of_analyze() {
    let mut csv = String::from("id,code,group,price\n");
    for row in 0..2_000 {
        let group = if row % 11 == 0 { String::new() } else { (row % 13).to_string() };
        csv.push_str(&format!("{},c{row},{group},{row}.5\n", row * 7 % 2_003));
    }
    let table = |name: &str, keys: &str| {
        format!(
            r#"{{"name": "{name}", "path": "{name}.csv", "schema": {{"fields": [{{"name": "id", "type": "integer"}},
            {{"name": "code"}}, {{"name": "group", "type": "integer"}}, {{"name": "price", "type": "number"}}]{keys}}}}}"#
        )
    };
    let tables = [
        table("keyed", r#", "primaryKey": "id", "uniqueKeys": [["code"], ["group", "code"]]"#),
        table("by_real", r#", "primaryKey": "id", "uniqueKeys": [["price"], ["code"]]"#),
        table("plain", ""),
        table("empty", r#", "primaryKey": "id", "uniqueKeys": [["code"]]"#),
    ];
    let workspace = Workspace::new()
        .file(
            "datasets/d/datapackage.json",
            format!(r#"{{"name": "d", "resources": [{}]}}"#, tables.join(", ")),
        )
        .file("datasets/d/empty.csv", "id,code,group,price\n");
    for name in ["keyed", "by_real", "plain"] {
        workspace.write(&format!("datasets/d/{name}.csv"), &csv);
    }
    let connection = workspace.build();
    let statistics =
        |connection: &Connection| rows(connection, "SELECT * FROM sqlite_stat1 ORDER BY tbl, idx");
    let found = statistics(&connection);
    assert_eq!(rows(&connection, "PRAGMA integrity_check"), ["'ok'"]);
    connection.execute_batch("DELETE FROM sqlite_stat1; ANALYZE").unwrap();
    assert_eq!(found, statistics(&connection));
    assert_eq!(found.iter().filter(|row| row.starts_with("'keyed'")).count(), 3);
    assert_eq!(found.iter().filter(|row| row.starts_with("'empty'")).count(), 0);
}
