//! A small release, written through the catalog as the builder writes it, and requests to it.

use std::path::Path;

use catalog::{
    APPLICATION_ID, Column, ColumnType, ContentDigest, DATABASE_FILE, Database, Dataset, FORMAT_VERSION,
    ForeignKey, KeyPages, MANIFEST_FILE, Manifest, ManifestTable, Reference, Schema, SourceFile, Table,
};
use reader::{Config, Headers, RawRequest, Reader, Release, Response};
use rusqlite::Connection;
use tempfile::TempDir;

/// Writes a release of one dataset, `shop`, into `directory`: `products` (a key, every storage
/// class, three rows), `stock` (a composite key), `notes` (no key, `price` rows). `price` is that
/// of product 1.
pub(crate) fn write(directory: &Path, price: f64) {
    let path = directory.join(DATABASE_FILE);
    let _ = std::fs::remove_file(&path);
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(&format!(
            r#"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT_VERSION};
            CREATE TABLE coldpress_catalog(kind TEXT NOT NULL, name TEXT NOT NULL, entry TEXT NOT NULL,
              about TEXT NOT NULL, PRIMARY KEY(kind, name)) STRICT, WITHOUT ROWID;
            CREATE TABLE products(id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL, sold INTEGER, tags TEXT) STRICT;
            INSERT INTO products VALUES
              (1, 'Cup, "blue"', {price}, 1, '["a","b"]'), (2, 'Plate', 100.0, 0, '[]'), (3, 'Été', NULL, NULL, NULL);
            CREATE TABLE stock(product INTEGER NOT NULL, place TEXT NOT NULL, pieces INTEGER) STRICT;
            CREATE UNIQUE INDEX stock_key ON stock(product, place);
            INSERT INTO stock VALUES (1, 'Bonn, Nord', 5), (1, 'a/b', 6), (2, '100 %', 7);
            CREATE TABLE notes(text TEXT) STRICT;
            INSERT INTO notes VALUES ('first'), ('second');"#
        ))
        .unwrap();
    let column = |name: &str, column_type, required| Column { name: name.into(), column_type, required };
    let products = Schema {
        columns: vec![
            column("id", ColumnType::Integer, true),
            column("name", ColumnType::String, true),
            column("price", ColumnType::Number, false),
            column("sold", ColumnType::Boolean, false),
            column("tags", ColumnType::Array, false),
        ],
        primary_key: vec!["id".into()],
        unique_keys: vec![],
        foreign_keys: vec![],
    };
    let stock = Schema {
        columns: vec![
            column("product", ColumnType::Integer, true),
            column("place", ColumnType::String, true),
            column("pieces", ColumnType::Integer, false),
        ],
        primary_key: vec!["product".into(), "place".into()],
        unique_keys: vec![],
        foreign_keys: vec![ForeignKey {
            columns: vec!["product".into()],
            table: "products".into(),
            references: vec!["id".into()],
        }],
    };
    let notes = Schema {
        columns: vec![column("text", ColumnType::String, false)],
        primary_key: vec![],
        unique_keys: vec![],
        foreign_keys: vec![],
    };
    catalog::put_dataset(&connection, "shop", Some("1.2.0"), r#"{"name":"shop","title":"A shop"}"#).unwrap();
    let mut entries = vec![];
    for (name, schema) in [("notes", notes), ("products", products), ("stock", stock)] {
        let (rows, digest) = digest(&connection, name, &schema);
        let referenced_by = match name {
            "products" => vec![Reference {
                table: "stock".into(),
                columns: vec!["product".into()],
                references: vec!["id".into()],
            }],
            _ => vec![],
        };
        let page = |object: &str| -> u32 {
            let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?";
            connection.query_row(sql, [object], |row| row.get(0)).unwrap()
        };
        let key_pages = match name {
            "products" => Some(KeyPages { rows: page("products"), key: None }),
            "stock" => Some(KeyPages { rows: page("stock"), key: Some(page("stock_key")) }),
            _ => None,
        };
        let table = Table {
            name: name.into(),
            dataset: "shop".into(),
            rows,
            digest: digest.clone(),
            schema,
            referenced_by,
            key_pages,
            search: None,
            nan: vec![],
        };
        catalog::put_table(&connection, &table, &format!(r#"{{"title":"The {name}"}}"#)).unwrap();
        entries.push(ManifestTable {
            name: name.into(),
            dataset: "shop".into(),
            rows,
            sha256: digest,
            sources: vec![],
        });
    }
    connection.close().unwrap();
    let (sha256, bytes) = catalog::file_digest(&path).unwrap();
    let manifest = Manifest {
        format: FORMAT_VERSION,
        commit: Some("c0ffee".repeat(6) + "c0ff"),
        database: Database { sha256, bytes },
        datasets: vec![Dataset {
            name: "shop".into(),
            version: Some("1.2.0".into()),
            descriptor: SourceFile { path: "shop/datapackage.json".into(), sha256: String::new(), bytes: 0 },
        }],
        tables: entries,
    };
    std::fs::write(directory.join(MANIFEST_FILE), manifest.to_bytes()).unwrap();
}

fn digest(connection: &Connection, name: &str, schema: &Schema) -> (u64, String) {
    let mut digest = ContentDigest::new(schema);
    let mut statement = connection.prepare(&format!("SELECT * FROM {name} ORDER BY rowid")).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut count = 0;
    while let Some(row) = rows.next().unwrap() {
        (0..schema.columns.len()).for_each(|index| digest.value(row.get_ref(index).unwrap()));
        count += 1;
    }
    (count, digest.finish())
}

/// An open reader of such a release, and the directory that it lies in.
pub(crate) struct Shop {
    pub(crate) directory: TempDir,
    reader: Reader,
}

impl Shop {
    pub(crate) fn open() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        let directory = tempfile::tempdir().unwrap();
        write(directory.path(), 19.99);
        let reader = Reader::new(Release::open(directory.path()).unwrap(), config);
        Self { directory, reader }
    }

    /// GET; `url` is the decoded path, then `?` and the raw query where there is one.
    pub(crate) fn get(&self, url: &str) -> Response {
        self.ask("GET", url, &[])
    }

    pub(crate) fn ask(&self, method: &str, url: &str, headers: &[(&str, &str)]) -> Response {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let mut counted = Headers::default();
        headers.iter().for_each(|(name, value)| counted.set(name, value));
        self.reader.answer(&RawRequest { method, path, query, headers: counted })
    }
}

/// The header of that name.
pub(crate) fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
}

/// The body as text.
pub(crate) fn text(response: &Response) -> &str {
    std::str::from_utf8(&response.body).unwrap()
}
