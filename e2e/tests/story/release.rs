//! A release in a directory, written through the catalog as the builder writes it.

use std::path::Path;

use catalog::{
    APPLICATION_ID, Column, ColumnType, ContentDigest, DATABASE_FILE, Database, Dataset, FORMAT_VERSION,
    MANIFEST_FILE, Manifest, ManifestTable, Schema, Source, Table,
};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// Writes a release of one table, `things`: `key` (the primary key, a text) and `number`.
pub(crate) fn write(directory: &Path, rows: &[(&str, Option<i64>)]) {
    let path = directory.join(DATABASE_FILE);
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT_VERSION};
             CREATE TABLE things(key TEXT NOT NULL PRIMARY KEY, number INTEGER) STRICT"
        ))
        .unwrap();
    catalog::create(&connection).unwrap();
    let column = |name: &str, column_type, required| Column { name: name.into(), column_type, required };
    let schema = Schema {
        columns: vec![column("key", ColumnType::String, true), column("number", ColumnType::Integer, false)],
        primary_key: vec!["key".into()],
        unique_keys: vec![],
        foreign_keys: vec![],
    };
    let mut digest = ContentDigest::new(&schema);
    for (key, number) in rows {
        connection.execute("INSERT INTO things VALUES (?, ?)", (key, number)).unwrap();
        digest.value(ValueRef::Text(key.as_bytes()));
        digest.value(number.map_or(ValueRef::Null, ValueRef::Integer));
    }
    let (name, dataset) = (String::from("things"), String::from("d"));
    let (sha256, rows) = (digest.finish(), rows.len() as u64);
    let table = Table {
        name: name.clone(),
        dataset: dataset.clone(),
        rows,
        digest: sha256.clone(),
        schema,
        referenced_by: vec![],
    };
    catalog::put_dataset(&connection, &dataset, Some("1.0.0"), "{}").unwrap();
    catalog::put_table(&connection, &table, "{}").unwrap();
    connection.close().unwrap();

    let (database, bytes) = catalog::file_digest(&path).unwrap();
    let source = Source { path: "d/datapackage.json".into(), sha256: "0".repeat(64), bytes: 2 };
    let manifest = Manifest {
        format: FORMAT_VERSION,
        commit: None,
        database: Database { sha256: database, bytes },
        datasets: vec![Dataset {
            name: dataset.clone(),
            version: Some("1.0.0".into()),
            descriptor: source.clone(),
        }],
        tables: vec![ManifestTable { name, dataset, rows, sha256, sources: vec![source] }],
    };
    std::fs::write(directory.join(MANIFEST_FILE), manifest.to_bytes()).unwrap();
}
