//! The Merkle tree of a table: its leaves in the order of the key.

use std::io;

use catalog::{Group, RowTree, Schema, quote, tree_root};
use rusqlite::Connection;

use crate::table::leaves::{Leaves, Next};

/// Why there is no tree.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TreeError {
    /// The index of the key can't be read.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The temporary file of the leaves can't be written or read, or does not have all rows.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The tree of a table's rows as the release stores it. Without a key no single row can be proved, so it is the
/// root alone, over the rows in the file's order.
pub(crate) fn row_tree(
    connection: &Connection,
    table: &str,
    schema: &Schema,
    leaves: Leaves,
) -> Result<RowTree, TreeError> {
    let tree = leaves.into_tree(|next| by_key(connection, table, schema, next))?;
    match tree.groups[..] {
        [Group { rowid, .. }, _, ..] if schema.primary_key.is_empty() => {
            Ok(RowTree { groups: vec![Group { rowid, hash: tree_root(&tree.hashes()) }] })
        }
        _ => Ok(tree),
    }
}

/// Passes on the row numbers in the order of the key, which its index has.
fn by_key(
    connection: &Connection,
    table: &str,
    schema: &Schema,
    next: &mut Next<'_>,
) -> Result<(), TreeError> {
    let columns: Vec<String> = schema.primary_key.iter().map(|column| quote(column)).collect();
    // A table that has columns of all its names is refused before.
    let rowid = schema.rowid().unwrap_or("rowid");
    let sql = format!("SELECT {rowid} FROM {} ORDER BY {}", quote(table), columns.join(", "));
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        next(row.get(0)?)?;
    }
    Ok(())
}
