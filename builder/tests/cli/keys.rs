//! Primary and unique keys, in data that ascends and in data that does not.

use crate::workspace::{Workspace, rows};

fn table(keys: &str, csv: &str) -> Workspace {
    Workspace::with_schema(
        &format!(r#"{{"fields": [{{"name": "id", "type": "integer"}}, {{"name": "sku"}}], {keys}}}"#),
        csv,
    )
}

fn schema(workspace: &Workspace) -> Vec<String> {
    rows(
        &workspace.build(),
        "SELECT sql FROM sqlite_schema WHERE tbl_name NOT LIKE 'sqlite%' AND name <> 'coldpress_catalog' ORDER BY rowid",
    )
}

#[test]
fn an_ascending_key_is_the_row_number() {
    let workspace = table(r#""primaryKey": "id""#, "id,sku\n-3,c\n1,a\n9,\n");
    workspace.check_finds("");
    assert_eq!(schema(&workspace), [r#"'CREATE TABLE "t"("id" INTEGER PRIMARY KEY, "sku" TEXT) STRICT'"#]);
    assert_eq!(
        rows(&workspace.build(), "SELECT rowid, * FROM t ORDER BY rowid"),
        ["-3 -3 'c'", "1 1 'a'", "9 9 NULL"]
    );
}

/// The file's order is kept, also where the table begins a second time after many rows.
#[test]
fn any_other_key_is_an_index() {
    let mut csv = String::from("id,sku\n");
    for id in (2..5_000).chain([1]) {
        csv.push_str(&format!("{id},s{id}\n"));
    }
    let workspace = table(r#""primaryKey": "id""#, &csv);
    workspace.check_finds("");
    assert_eq!(
        schema(&workspace),
        [
            r#"'CREATE TABLE "t"("id" INTEGER NOT NULL, "sku" TEXT) STRICT'"#,
            r#"'CREATE UNIQUE INDEX coldpress_1 ON "t"("id")'"#
        ]
    );
    let connection = workspace.build();
    assert_eq!(rows(&connection, "SELECT rowid, * FROM t ORDER BY rowid LIMIT 1"), ["1 2 's2'"]);
    assert_eq!(rows(&connection, "SELECT rowid, * FROM t ORDER BY rowid DESC LIMIT 1"), ["4999 1 's1'"]);
    assert_eq!(rows(&connection, "PRAGMA freelist_count"), ["0"]);
    assert_eq!(workspace.run(&["verify", "dist", "-q"]).code, Some(0));
}

#[test]
fn text_keys_and_unique_keys() {
    let workspace =
        table(r#""primaryKey": ["sku", "id"], "uniqueKeys": [["id", "sku"], ["id"]]"#, "id,sku\n1,a\n2,a\n");
    workspace.check_finds("");
    assert_eq!(
        schema(&workspace),
        [
            r#"'CREATE TABLE "t"("id" INTEGER NOT NULL, "sku" TEXT NOT NULL) STRICT'"#,
            r#"'CREATE UNIQUE INDEX coldpress_1 ON "t"("sku", "id")'"#,
            r#"'CREATE UNIQUE INDEX coldpress_2 ON "t"("id")'"#
        ]
    );
}

#[test]
fn duplicates_name_the_first() {
    table(r#""primaryKey": "sku""#, "id,sku\n1,A-113\n\n2,\"A-1\n14\"\n3,A-113\n4,A-113\n").check_finds(
        "datasets/d/t.csv:6: [duplicate-key] key (`sku`) = (\"A-113\") is already used on line 2\n\
         datasets/d/t.csv:7: [duplicate-key] key (`sku`) = (\"A-113\") is already used on line 2\n",
    );
    table(r#""primaryKey": ["sku", "id"]"#, "id,sku\n1,a\n1,b\n1,a\n").check_finds(
        "datasets/d/t.csv:4: [duplicate-key] key (`sku`, `id`) = (\"a\", \"1\") is already used on line 2\n",
    );
    table(r#""primaryKey": "id""#, "id,sku\n1,a\n2,b\n2,c\n1,d\n").check_finds(
        "datasets/d/t.csv:4: [duplicate-key] key (`id`) = (\"2\") is already used on line 3\n\
         datasets/d/t.csv:5: [duplicate-key] key (`id`) = (\"1\") is already used on line 2\n",
    );
}

/// The found value is shown as in the file.
#[test]
fn equal_is_what_has_the_same_value() {
    let schema = r#"{"fields": [{"name": "n", "type": "number"}], "uniqueKeys": [["n"]]}"#;
    Workspace::with_schema(schema, "n\n1.50\n1.5\n")
        .check_finds("datasets/d/t.csv:3: [duplicate-key] key (`n`) = (\"1.5\") is already used on line 2\n");
}

#[test]
fn absent_values_are_like_no_other() {
    let workspace = table(r#""uniqueKeys": [["sku"]]"#, "id,sku\n1,\n2,\n3,a\n");
    workspace.check_finds("");
    assert_eq!(rows(&workspace.build(), "SELECT count(*) FROM t"), ["3"]);
    table(r#""primaryKey": "sku""#, "id,sku\n1,\n2,\n").check_finds(
        "datasets/d/t.csv:2: [required] column `sku`: no value, but the field is required\n\
         datasets/d/t.csv:3: [required] column `sku`: no value, but the field is required\n",
    );
    table(r#""primaryKey": "id""#, "id,sku\n1,a\n,b\n2,c\n")
        .check_finds("datasets/d/t.csv:3: [required] column `id`: no value, but the field is required\n");
}

/// A cell with a type error is not also a duplicate.
#[test]
fn wrong_cells_do_not_collide() {
    table(r#""primaryKey": "id""#, "id,sku\nx,a\nx,b\n1,c\n1,d\n").check_finds(
        "datasets/d/t.csv:2: [type-error] column `id`: \"x\" is not an integer\n\
         datasets/d/t.csv:3: [type-error] column `id`: \"x\" is not an integer\n\
         datasets/d/t.csv:5: [duplicate-key] key (`id`) = (\"1\") is already used on line 4\n",
    );
}

#[test]
fn the_whole_range_of_integers() {
    let workspace =
        table(r#""primaryKey": "id""#, "id,sku\n-9223372036854775808,a\n0,b\n9223372036854775807,c\n");
    assert_eq!(
        rows(&workspace.build(), "SELECT id FROM t ORDER BY rowid"),
        ["-9223372036854775808", "0", "9223372036854775807"]
    );
}

/// The pages that the catalog names are those on which SQLite's schema starts the b-trees.
#[test]
fn the_catalog_knows_where_rows_are_found_by_key() {
    let pages = |keys: &str, csv: &str| {
        let connection = table(keys, csv).build();
        let page = |kind: &str| {
            let sql = "SELECT rootpage FROM sqlite_schema WHERE type = ? AND tbl_name = 't' ORDER BY rowid";
            let page: Result<u32, _> = connection.query_row(sql, [kind], |row| row.get(0));
            page.ok()
        };
        let found = catalog::table(&connection, "t").unwrap().unwrap().key_pages;
        (found.map(|pages| (Some(pages.rows), pages.key)), (page("table"), page("index")))
    };
    let (found, (table, _)) = pages(r#""primaryKey": "id""#, "id,sku\n1,a\n2,b\n");
    assert_eq!(found, Some((table, None)), "the row number");
    let (found, (table, index)) = pages(r#""primaryKey": "id""#, "id,sku\n2,a\n1,b\n");
    assert_eq!(found, Some((table, index)), "a key that does not ascend");
    let (found, (table, index)) = pages(r#""primaryKey": ["sku", "id"]"#, "id,sku\n1,a\n2,b\n");
    assert_eq!(found, Some((table, index)), "a composite key");
    let (found, _) = pages(r#""uniqueKeys": [["id"]]"#, "id,sku\n1,a\n2,b\n");
    assert_eq!(found, None, "no primary key");
}
