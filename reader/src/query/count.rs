//! How many rows there are.

use rusqlite::{Connection, params_from_iter};

use crate::error::Error;
use crate::sql::Statement;

/// What the `statement` counts.
pub(crate) fn count(statement: &Statement, connection: &Connection) -> Result<u64, Error> {
    let mut prepared = connection.prepare_cached(&statement.text)?;
    debug_assert!(prepared.readonly(), "{}", statement.text);
    let count: i64 = prepared.query_row(params_from_iter(&statement.values), |row| row.get(0))?;
    Ok(count.unsigned_abs())
}
