//! Where a page begins: what the order says of the row that a cursor names.

use rusqlite::{Connection, params_from_iter};

use crate::cursor;
use crate::error::Error;
use crate::sql::{Position, Statement};

/// Runs the `statement` that asks for it. Errors: no row has that number, so the cursor was made
/// up.
pub(crate) fn position(
    statement: &Statement,
    rowid: i64,
    connection: &Connection,
) -> Result<Position, Error> {
    let mut prepared = connection.prepare_cached(&statement.text)?;
    debug_assert!(prepared.readonly(), "{}", statement.text);
    let columns = prepared.column_count();
    let mut rows = prepared.query(params_from_iter(&statement.values))?;
    let Some(row) = rows.next()? else { return Err(cursor::invalid("it names no row")) };
    let values = (0..columns).map(|column| row.get(column)).collect::<Result<_, _>>()?;
    Ok(Position { rowid, values })
}
