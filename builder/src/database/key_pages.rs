//! Where the b-trees start that lead from a primary key to its row.

use catalog::{KeyPages, Storage};
use rusqlite::{Connection, OptionalExtension, params};

use datapackage::schema::Table;

/// The pages for the catalog, or `None` where the table has no primary key, or one of numbers or
/// JSON, which only SQLite compares.
pub(super) fn key_pages(connection: &Connection, table: &Table) -> rusqlite::Result<Option<KeyPages>> {
    let simple = |name: &String| {
        let field = table.fields.iter().find(|field| field.name == *name);
        field.is_some_and(|field| !matches!(field.field_type.storage(), Storage::Real | Storage::Json))
    };
    if table.primary_key.is_empty() || !table.primary_key.iter().all(simple) {
        return Ok(None);
    }
    let rows = connection.query_row(
        "SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?",
        [&table.name],
        |row| row.get(0),
    )?;
    let key = connection
        .query_row(
            "SELECT rootpage FROM sqlite_schema AS object \
             WHERE type = 'index' AND tbl_name = ?1 \
               AND (SELECT json_group_array(name) FROM \
                     (SELECT name FROM pragma_index_info(object.name) ORDER BY seqno)) = json(?2) \
               AND (SELECT \"unique\" FROM pragma_index_list(?1) AS list WHERE list.name = object.name)",
            params![table.name, serde_json::Value::from(table.primary_key.clone()).to_string()],
            |row| row.get(0),
        )
        .optional()?;
    let key_is_row_number: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM pragma_table_info(?) WHERE pk > 0)",
        [&table.name],
        |row| row.get(0),
    )?;
    Ok(match key {
        None if !key_is_row_number => None,
        key => Some(KeyPages { rows, key }),
    })
}
