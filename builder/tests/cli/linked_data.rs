//! What a release holds for other worlds: a Croissant document for each dataset, a DCAT catalog of all.

use catalog::{CATALOG, DocumentKind, document};
use rusqlite::Connection;

use crate::workspace::Workspace;

const SHOP: &str = r#"{"name": "shop", "title": "A shop", "description": "What it sells.", "version": "0.3.0",
    "keywords": ["shop", "toys"], "homepage": "https://shop.example/",
    "licenses": [{"name": "CC-BY-4.0"}, {"name": "x", "path": "https://shop.example/terms"}],
    "sources": [{"title": "A file", "path": "https://source.example/a.csv"}, {"title": "A wish", "path": "javascript:alert(1)"}],
    "contributors": [{"title": "Ann", "role": "author"}, {"title": "The Shop", "role": "publisher", "path": "https://shop.example/"}],
    "resources": [
        {"name": "things 1", "title": "Things", "description": "All of them.", "path": "things.csv", "schema": {"fields": [
            {"name": "id", "type": "integer", "constraints": {"required": true}},
            {"name": "kind", "type": "string", "description": "What it is."},
            {"name": "price", "type": "integer"}, {"name": "made", "type": "date"}, {"name": "good", "type": "boolean"}],
          "primaryKey": "id", "foreignKeys": [{"fields": "kind", "reference": {"resource": "kinds", "fields": "id"}}]}},
        {"name": "kinds", "path": "kinds.csv", "schema": {"fields": [{"name": "id", "type": "string"}, {"name": "of", "type": "string"}],
          "primaryKey": ["id", "of"], "uniqueKeys": [["id"]]}}]}"#;

fn shop() -> Connection {
    let workspace = Workspace::new()
        .file("datasets/shop/datapackage.json", SHOP)
        .file("datasets/shop/things.csv", "id,kind,price,made,good\n7,a,,2024-02-01,true\n")
        .file("datasets/shop/kinds.csv", "id,of\na,b\n")
        .file("datasets/bare/datapackage.json", r#"{"name": "bare", "resources": [{"name": "bare", "path": "b.csv", "schema": {"fields": [{"name": "x"}]}}]}"#)
        .file("datasets/bare/b.csv", "x\n1\n");
    workspace.build();
    assert_eq!(workspace.run(&["verify", "dist", "-q"]).code, Some(0));
    Connection::open(workspace.path("dist/data.db")).unwrap()
}

#[test]
fn a_dataset_as_croissant() {
    let stored = document(&shop(), DocumentKind::Croissant, "shop").unwrap().unwrap();
    assert_eq!(stored, include_str!("linked_data/croissant.json").trim_end());
}

#[test]
fn all_datasets_as_dcat() {
    let stored = document(&shop(), DocumentKind::Dcat, CATALOG).unwrap().unwrap();
    assert_eq!(stored, include_str!("linked_data/dcat.jsonld").trim_end());
}

#[test]
fn verify_compares_them_where_they_are() {
    let workspace = Workspace::with_schema(r#"{"fields": [{"name": "id", "type": "string"}]}"#, "id\nx\n");
    drop(workspace.build());
    let change = |sql: &str| {
        Connection::open(workspace.path("dist/data.db")).unwrap().execute(sql, []).unwrap();
        workspace.run(&["verify", "dist", "-q"]).stdout
    };
    let found =
        change("UPDATE coldpress_catalog SET about = about || ' ' WHERE kind IN ('croissant', 'dcat')");
    for part in [
        ": its Croissant document does not match the catalog\n",
        "release `catalog`: its DCAT catalog does not match the catalog\n",
    ] {
        assert!(found.contains(part), "{found}");
    }
    let found = change("DELETE FROM coldpress_catalog WHERE kind IN ('croissant', 'dcat')");
    assert!(!found.contains("Croissant") && !found.contains("DCAT"), "{found}");
}
