//! What a table was in earlier versions, beside its rows: its columns and keys, and in which order the rows were.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rusqlite::{Connection, OptionalExtension, params};

use super::store::{INSERT, json, number, ordinal};
use crate::store::Entry;
use crate::table::Table;
use crate::tree::Hash;

/// Adds what a table is from the version with that ordinal on; `about` is its descriptor, empty where it is the one
/// that the release has. How many rows it has and what its digest is, each version says. Errors: SQLite's, also where
/// the version has that table.
pub fn put_past_table(
    connection: &Connection,
    version: u64,
    table: &Table,
    about: &str,
) -> rusqlite::Result<()> {
    let kept =
        Table { rows: 0, digest: String::new(), key_pages: None, referenced_by: vec![], ..table.clone() };
    let entry = serde_json::to_string(&kept).expect("a table has string keys only");
    let mut insert = connection.prepare_cached(INSERT)?;
    insert.execute(params![format!("past/{}", table.name), ordinal(version), entry, about]).map(drop)
}

/// The table as of the version with that ordinal: without rows, digest and references to it. `None` where the feed
/// does not say. One look-up. Errors: SQLite's.
pub fn past_table(
    connection: &Connection,
    name: &str,
    version: u64,
) -> rusqlite::Result<Option<Entry<Table>>> {
    connection
        .prepare_cached(
            "SELECT entry, about FROM coldpress_catalog WHERE kind = ? AND name <= ? ORDER BY name DESC LIMIT 1",
        )?
        .query_row(params![format!("past/{name}"), ordinal(version)], |row| {
            Ok(Entry { entry: json(row.get_ref(0)?.as_str()?)?, about: row.get(1)? })
        })
        .optional()
}

/// The ordinals from which on a table was another one, ascending. Errors: SQLite's.
pub fn past_ordinals(connection: &Connection, name: &str) -> rusqlite::Result<Vec<u64>> {
    connection
        .prepare_cached("SELECT name FROM coldpress_catalog WHERE kind = ? ORDER BY name")?
        .query_map([format!("past/{name}")], |row| number(row.get_ref(0)?.as_str()?))?
        .collect()
}

/// Adds the order that the rows of `table` had before a version: [`crate::row_order_text`]. Errors: as
/// [`put_past_table`].
pub fn put_row_order(
    connection: &Connection,
    table: &str,
    version: u64,
    order: &str,
) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(INSERT)?;
    insert.execute(params![format!("order/{table}"), ordinal(version), "", order]).map(drop)
}

/// The orders before versions after `since` (an ordinal), the newest first, each with the version's ordinal.
/// Errors: SQLite's.
pub fn row_orders_since(
    connection: &Connection,
    table: &str,
    since: u64,
) -> rusqlite::Result<Vec<(u64, String)>> {
    connection
        .prepare_cached(
            "SELECT name, about FROM coldpress_catalog WHERE kind = ? AND name > ? ORDER BY name DESC",
        )?
        .query_map(params![format!("order/{table}"), ordinal(since)], |row| {
            Ok((number(row.get_ref(0)?.as_str()?)?, row.get(1)?))
        })?
        .collect()
}

/// Adds the root that a table has from the version with that ordinal on: [`crate::table_root`]. Errors: as
/// [`put_past_table`].
pub fn put_past_root(
    connection: &Connection,
    table: &str,
    version: u64,
    root: &Hash,
) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(INSERT)?;
    insert
        .execute(params![format!("root/{table}"), ordinal(version), STANDARD_NO_PAD.encode(root), ""])
        .map(drop)
}

/// The roots of a table, the oldest first, each with the ordinal of the version that it has it from on. Errors:
/// SQLite's, also where a root is not a hash.
pub fn past_roots(connection: &Connection, table: &str) -> rusqlite::Result<Vec<(u64, Hash)>> {
    let root = |text: &str| STANDARD_NO_PAD.decode(text).ok()?.try_into().ok();
    connection
        .prepare_cached("SELECT name, entry FROM coldpress_catalog WHERE kind = ? ORDER BY name")?
        .query_map([format!("root/{table}")], |row| {
            let root = root(row.get_ref(1)?.as_str()?).ok_or(rusqlite::Error::InvalidQuery)?;
            Ok((number(row.get_ref(0)?.as_str()?)?, root))
        })?
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Schema;

    fn table(columns: &[&str]) -> Table {
        let column = |name: &&str| crate::Column {
            name: (*name).into(),
            column_type: crate::ColumnType::String,
            required: false,
        };
        Table {
            name: "t".into(),
            dataset: "d".into(),
            rows: 0,
            digest: String::new(),
            schema: Schema {
                columns: columns.iter().map(column).collect(),
                primary_key: vec![],
                unique_keys: vec![],
                foreign_keys: vec![],
            },
            referenced_by: vec![],
            key_pages: None,
            search: None,
            stemmed: vec![],
            label: None,
            nan: vec![],
        }
    }

    #[test]
    fn a_table_is_what_the_last_change_made_it() {
        let connection = Connection::open_in_memory().unwrap();
        crate::create(&connection).unwrap();
        let [first, second] = [table(&["a"]), table(&["a", "b"])];
        put_past_table(&connection, 2, &Table { rows: 7, ..first.clone() }, "{}").unwrap();
        put_past_table(&connection, 10, &second, "").unwrap();
        let found = |version| past_table(&connection, "t", version).unwrap();
        assert_eq!(found(1), None);
        assert_eq!(past_ordinals(&connection, "t").unwrap(), [2, 10]);
        assert_eq!(found(9), Some(Entry { entry: first, about: "{}".into() }));
        assert_eq!(found(10), Some(Entry { entry: second, about: String::new() }));
        put_past_root(&connection, "t", 10, &[7; 32]).unwrap();
        put_past_root(&connection, "t", 9, &[5; 32]).unwrap();
        assert_eq!(past_roots(&connection, "t").unwrap(), [(9, [5; 32]), (10, [7; 32])]);
        put_row_order(&connection, "t", 9, "x").unwrap();
        put_row_order(&connection, "t", 10, "y").unwrap();
        assert_eq!(row_orders_since(&connection, "t", 9).unwrap(), [(10, "y".to_owned())]);
        assert_eq!(row_orders_since(&connection, "t", 0).unwrap().len(), 2);
    }
}
