//! The catalog inside the database: one internal table, one look-up per request.
//!
//! SQLite reads the whole schema at its first statement, so every further object would cost every
//! cold start; one WITHOUT ROWID table is a single b-tree. `entry` is what a request needs and is
//! kept lean; `about` is the descriptor's own JSON (titles, descriptions, licences, sources), last
//! in the row so that SQLite does not touch its overflow pages unless the column is read.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::names::CATALOG_TABLE;
use crate::table::Table;

/// What the catalog holds of a table or dataset beside its lean entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<T> {
    /// The lean part.
    pub entry: T,
    /// The descriptor's JSON: of the resource, or of the package without its resources.
    pub about: String,
}

/// Creates the empty catalog, before anything else: its b-tree then starts on
/// [`CATALOG_PAGE`](crate::CATALOG_PAGE). Errors: SQLite's.
pub fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "CREATE TABLE {CATALOG_TABLE}(kind TEXT NOT NULL, name TEXT NOT NULL, entry TEXT NOT NULL, \
         about TEXT NOT NULL, PRIMARY KEY(kind, name)) STRICT, WITHOUT ROWID"
    ))
}

/// Adds a table; `about` is its resource descriptor as JSON. Errors: SQLite's, also where the
/// name already exists.
pub fn put_table(connection: &Connection, table: &Table, about: &str) -> rusqlite::Result<()> {
    let entry = serde_json::to_string(table).expect("a table has string keys only");
    put(connection, "table", &table.name, &entry, about)
}

/// Adds a dataset: `version` where it has one, `about` is its package descriptor as JSON,
/// without the resources. Errors: as [`put_table`].
pub fn put_dataset(
    connection: &Connection,
    name: &str,
    version: Option<&str>,
    about: &str,
) -> rusqlite::Result<()> {
    put(connection, "dataset", name, version.unwrap_or_default(), about)
}

/// Adds a row. Errors: SQLite's, also where the kind has that name already.
pub(crate) fn put(
    connection: &Connection,
    kind: &str,
    name: &str,
    entry: &str,
    about: &str,
) -> rusqlite::Result<()> {
    connection
        .execute(
            &format!("INSERT INTO {CATALOG_TABLE}(kind, name, entry, about) VALUES (?, ?, ?, ?)"),
            params![kind, name, entry, about],
        )
        .map(drop)
}

/// The table of that name, or `None`. One look-up by key; nothing else is read.
pub fn table(connection: &Connection, name: &str) -> rusqlite::Result<Option<Table>> {
    const SQL: &str = "SELECT entry FROM coldpress_catalog WHERE kind = 'table' AND name = ?";
    connection.prepare_cached(SQL)?.query_row([name], |row| parse(row.get_ref(0)?.as_str()?)).optional()
}

/// The resource descriptor of the table of that name, or `None`.
pub fn table_about(connection: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    about(connection, "table", name)
}

/// What a row says besides its entry, or `None`. One look-up by key.
pub(crate) fn about(connection: &Connection, kind: &str, name: &str) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT about FROM coldpress_catalog WHERE kind = ? AND name = ?")?
        .query_row([kind, name], |row| row.get(0))
        .optional()
}

/// All tables with their resource descriptors, by name.
pub fn tables(connection: &Connection) -> rusqlite::Result<Vec<Entry<Table>>> {
    connection
        .prepare("SELECT entry, about FROM coldpress_catalog WHERE kind = 'table' ORDER BY name")?
        .query_map([], |row| Ok(Entry { entry: parse(row.get_ref(0)?.as_str()?)?, about: row.get(1)? }))?
        .collect()
}

/// The names of all tables, in order.
pub fn table_names(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    names(connection, "table")
}

/// The names of all datasets, in order.
pub fn dataset_names(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    names(connection, "dataset")
}

/// The dataset of that name: its version where it has one, and its package descriptor.
pub fn dataset(connection: &Connection, name: &str) -> rusqlite::Result<Option<Entry<Option<String>>>> {
    connection
        .prepare_cached("SELECT entry, about FROM coldpress_catalog WHERE kind = 'dataset' AND name = ?")?
        .query_row([name], |row| {
            let version: String = row.get(0)?;
            Ok(Entry { entry: Some(version).filter(|version| !version.is_empty()), about: row.get(1)? })
        })
        .optional()
}

fn names(connection: &Connection, kind: &str) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare("SELECT name FROM coldpress_catalog WHERE kind = ? ORDER BY name")?
        .query_map([kind], |row| row.get(0))?
        .collect()
}

fn parse(json: &str) -> rusqlite::Result<Table> {
    Table::parse(json).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Column, ColumnType, Schema};

    #[test]
    fn what_is_put_is_found() {
        let connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        let page: u32 = connection
            .query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?", [CATALOG_TABLE], |row| row.get(0))
            .unwrap();
        assert_eq!(page, crate::CATALOG_PAGE);
        let products = Table {
            name: "products".into(),
            dataset: "shop".into(),
            rows: 3,
            digest: "ab".into(),
            schema: Schema {
                columns: vec![Column { name: "id".into(), column_type: ColumnType::Integer, required: true }],
                primary_key: vec!["id".into()],
                unique_keys: vec![],
                foreign_keys: vec![],
            },
            referenced_by: vec![],
            key_pages: None,
            search: None,
            stemmed: vec![],
            label: None,
            nan: vec![],
        };
        put_table(&connection, &products, "{\"title\":\"P\"}").unwrap();
        put_dataset(&connection, "shop", Some("1.2.0"), "{}").unwrap();
        assert_eq!(table(&connection, "products").unwrap().as_ref(), Some(&products));
        assert_eq!(table(&connection, "shop").unwrap(), None);
        assert_eq!(table_names(&connection).unwrap(), ["products"]);
        assert_eq!(tables(&connection).unwrap()[0].about, "{\"title\":\"P\"}");
        let shop = dataset(&connection, "shop").unwrap().unwrap();
        assert_eq!(shop.entry.as_deref(), Some("1.2.0"));
    }
}
