//! What a release holds for programs: a JSON Schema for each table and a Data Package for each dataset.

use catalog::{DocumentKind, document};
use rusqlite::Connection;

use crate::workspace::Workspace;

const RESOURCES: &str = r#"{"name": "shop", "title": "A shop", "version": "0.3.0", "resources": [
    {"name": "things 1", "title": "Things", "description": "All of them.", "path": "things.csv",
     "dialect": {"delimiter": ";"}, "bytes": 78, "schema": {"fields": [
        {"name": "id", "type": "integer", "title": "Id", "description": "The id.", "example": 7,
         "constraints": {"required": true, "minimum": 1, "maximum": "90"}},
        {"name": "code", "type": "string", "constraints": {"minLength": 1, "maxLength": 9, "pattern": "[A-Z]+", "enum": ["A", "B"]}},
        {"name": "mail", "type": "string", "format": "email", "constraints": {"pattern": "\\i.*"}},
        {"name": "price", "type": "number", "decimalChar": ",", "constraints": {"exclusiveMinimum": 0.5, "maximum": "1,75"}},
        {"name": "size", "type": "number", "constraints": {"enum": [1.5, "2", "NaN"]}},
        {"name": "parts", "type": "list", "itemType": "integer", "constraints": {"minLength": 1}},
        {"name": "place", "type": "geopoint"}, {"name": "rest", "type": "any"}],
      "primaryKey": "id", "missingValues": ["-"]}},
    {"name": "notes", "path": "notes.csv", "schema": {"fields": [{"name": "day", "type": "date", "format": "%d.%m.%Y"}]}}]}"#;

fn shop() -> Workspace {
    let workspace = Workspace::new()
        .file("datasets/shop/datapackage.json", RESOURCES)
        .file(
            "datasets/shop/things.csv",
            "id;code;mail;price;size;parts;place;rest\n7;A;x@example.org;1,5;NaN;1,2;1, 2;x\n",
        )
        .file("datasets/shop/notes.csv", "day\n01.02.2024\n");
    workspace.build();
    workspace
}

fn open(workspace: &Workspace) -> Connection {
    Connection::open(workspace.path("dist/data.db")).unwrap()
}

/// Members in the order in which people read them, and the constraints that JSON Schema has too.
#[test]
fn the_schema_of_a_row() {
    let stored = document(&open(&shop()), DocumentKind::RowSchema, "things 1").unwrap().unwrap();
    assert_eq!(stored, THINGS.trim_end());
}

/// The formats that cells had in the source are gone, and limits that were given in one.
#[test]
fn the_package_of_a_dataset() {
    let stored = document(&open(&shop()), DocumentKind::DataPackage, "shop").unwrap().unwrap();
    assert_eq!(stored, PACKAGE.trim_end());
}

#[test]
fn verify_makes_them_again() {
    let workspace = shop();
    let change = |sql: &str| {
        open(&workspace).execute(sql, []).unwrap();
        workspace.run(&["verify", "dist", "-q"]).stdout
    };
    let found =
        change("UPDATE coldpress_catalog SET about = replace(about, '90', '91') WHERE kind = 'schema'");
    assert!(
        found.contains("dist/data.db: table `things 1`: its JSON Schema does not match the catalog\n"),
        "{found}"
    );
    let found = change("DELETE FROM coldpress_catalog WHERE kind = 'datapackage'");
    assert!(
        found.contains("dist/data.db: dataset `shop` has no Data Package; build the release again\n"),
        "{found}"
    );
    let found = change("UPDATE coldpress_catalog SET name = 'x' WHERE kind = 'schema' AND name = 'notes'");
    assert!(
        found.ends_with(
            "dist/data.db: table `notes` has no JSON Schema; build the release again\n\
             dist/data.db: table `things 1`: its JSON Schema does not match the catalog\n\
             dist/data.db: table `x` has a JSON Schema, but is not in the catalog\n\
             dist/data.db: dataset `shop` has no Data Package; build the release again\n"
        ),
        "{found}"
    );
}

const THINGS: &str = include_str!("described/schema.json");
const PACKAGE: &str = include_str!("described/datapackage.json");
