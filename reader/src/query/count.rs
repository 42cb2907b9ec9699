//! How many rows there are.

use rusqlite::{Connection, params_from_iter};

use crate::error::Error;
use crate::plan::Node;
use crate::sql::Statement;

/// How many rows there are over all pages. What the whole table has, the builder counted.
pub(crate) fn total(root: &Node, connection: &Connection) -> Result<u64, Error> {
    if root.is_whole() {
        return Ok(root.table.rows);
    }
    let statement = Statement::count(root)?;
    let mut prepared = connection.prepare_cached(&statement.text)?;
    debug_assert!(prepared.readonly(), "{}", statement.text);
    let count: i64 = prepared.query_row(params_from_iter(statement.values), |row| row.get(0))?;
    Ok(count.unsigned_abs())
}
