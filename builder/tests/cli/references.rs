//! Foreign keys: within a table, between tables, between datasets.

use crate::workspace::{Workspace, rows};

/// `orders` refers to `products` of another dataset, by `sku`, and to itself.
fn shop(products: &str, orders: &str) -> Workspace {
    Workspace::new()
        .file(
            "datasets/a/datapackage.json",
            r#"{"name": "a", "resources": [{"name": "orders", "path": "orders.csv", "schema": {
                "fields": [{"name": "id", "type": "integer"}, {"name": "sku"}, {"name": "after", "type": "integer"}],
                "primaryKey": "id",
                "foreignKeys": [
                    {"fields": "sku", "reference": {"package": "b", "resource": "products", "fields": "sku"}},
                    {"fields": "after", "reference": {"fields": "id"}}]}}]}"#,
        )
        .file("datasets/a/orders.csv", orders)
        .file(
            "datasets/b/datapackage.json",
            r#"{"name": "b", "resources": [{"name": "products", "path": "products.csv", "schema": {
                "fields": [{"name": "sku"}], "primaryKey": "sku"}}]}"#,
        )
        .file("datasets/b/products.csv", products)
}

#[test]
fn references_that_hold() {
    let workspace = shop("sku\nx\ny\n", "id,sku,after\n1,x,\n2,,1\n3,y,9\n9,x,3\n");
    workspace.check_finds("");
    let connection = workspace.build();
    assert_eq!(
        rows(
            &connection,
            "SELECT sql FROM sqlite_schema WHERE tbl_name IN ('orders', 'products') ORDER BY rowid"
        ),
        [
            "'CREATE TABLE \"orders\"(\"id\" INTEGER PRIMARY KEY, \"sku\" TEXT, \"after\" INTEGER, \
             FOREIGN KEY(\"sku\") REFERENCES \"products\"(\"sku\"), \
             FOREIGN KEY(\"after\") REFERENCES \"orders\"(\"id\")) STRICT'",
            "'CREATE INDEX coldpress_1 ON \"orders\"(\"sku\")'",
            "'CREATE INDEX coldpress_2 ON \"orders\"(\"after\")'",
            "'CREATE TABLE \"products\"(\"sku\" TEXT NOT NULL) STRICT'",
            "'CREATE UNIQUE INDEX coldpress_3 ON \"products\"(\"sku\")'"
        ]
    );
    assert_eq!(rows(&connection, "PRAGMA foreign_key_check"), [""; 0]);
    let table = catalog::table(&connection, "orders").unwrap().unwrap();
    assert_eq!(table.referenced_by.len(), 1);
    let products = catalog::table(&connection, "products").unwrap().unwrap();
    assert_eq!(products.referenced_by[0].table, "orders");
}

#[test]
fn references_that_point_nowhere() {
    let workspace = shop("sku\nx\n", "id,sku,after\n1,A-999,\n2,x,7\n\n3,A-999,1\n");
    workspace.check_finds(
        "datasets/a/orders.csv:2: [unknown-reference] column `sku`: \"A-999\" is not in `products.sku`\n\
         datasets/a/orders.csv:5: [unknown-reference] column `sku`: \"A-999\" is not in `products.sku`\n\
         datasets/a/orders.csv:3: [unknown-reference] column `after`: \"7\" is not in `orders.id`\n",
    );
    let built = workspace.run(&["build"]);
    assert_eq!(built.code, Some(1));
    assert_eq!(built.stderr, "error: 3 problems in 1 file (2 datasets, 4 rows checked)\n");
    assert!(!workspace.path("dist").exists());
}

/// A wrong row of `products` is still a row that others may refer to.
#[test]
fn one_problem_does_not_make_another() {
    let workspace = shop("sku\nx\nx\n", "id,sku,after\n1,x,\n2,x,1\n");
    workspace.check_finds(
        "datasets/b/products.csv:3: [duplicate-key] key (`sku`) = (\"x\") is already used on line 2\n",
    );
}

#[test]
fn keys_of_several_columns() {
    let table = |name: &str, more: &str| {
        format!(
            r#"{{"name": "{name}", "path": "{name}.csv", "schema": {{
                "fields": [{{"name": "a"}}, {{"name": "b"}}], {more}}}}}"#
        )
    };
    let workspace = Workspace::new()
        .file(
            "datasets/d/datapackage.json",
            format!(
                r#"{{"name": "d", "resources": [{}, {}]}}"#,
                table(
                    "from",
                    r#""foreignKeys": [{"fields": ["b", "a"], "reference": {"resource": "to", "fields": ["a", "b"]}}]"#
                ),
                table("to", r#""primaryKey": ["a", "b"]"#)
            ),
        )
        .file("datasets/d/to.csv", "a,b\n1,2\n")
        .file("datasets/d/from.csv", "a,b\n2,1\n1,2\n1,\n,2\n");
    workspace.check_finds(
        "datasets/d/from.csv:3: [unknown-reference] key (`b`, `a`) = (\"2\", \"1\") is not in `to` (`a`, `b`)\n",
    );
}
