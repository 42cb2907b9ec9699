//! One row by its key, from SQLite.

use rusqlite::{Connection, params_from_iter};

use super::Row;
use crate::error::Error;
use crate::sql::Statement;

/// What `read` makes of the row that the statement finds; `None` if there isn't one.
pub(crate) fn one<T>(
    statement: &Statement,
    connection: &Connection,
    read: impl FnOnce(Row<'_>) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    let mut prepared = connection.prepare_cached(&statement.text)?;
    debug_assert!(prepared.readonly(), "{}", statement.text);
    let mut rows = prepared.query(params_from_iter(&statement.values))?;
    rows.next()?.map(|row| read(Row::Queried(row))).transpose()
}
