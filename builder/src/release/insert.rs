//! Rows into one table, many per statement.

use rusqlite::{Connection, Statement};

use super::layout::Layout;
use crate::table::batch::Batch;

/// How many rows one statement inserts: starting a statement costs about as much as a row, so
/// a few dozen rows share it. See docs/performance.md.
const ROWS: usize = 32;

/// SQLite's limit on parameters (SQLITE_MAX_VARIABLE_NUMBER) in its default.
const PARAMETERS: usize = 32_766;

/// The prepared statements for one table.
pub(crate) struct Insert<'c> {
    many: Statement<'c>,
    one: Statement<'c>,
    columns: usize,
    rows: usize,
}

impl<'c> Insert<'c> {
    /// Prepares for a table that exists. Errors: SQLite's.
    pub(crate) fn new(
        connection: &'c Connection,
        layout: &Layout<'_>,
        columns: usize,
    ) -> rusqlite::Result<Self> {
        let rows = ROWS.min(PARAMETERS / columns).max(1);
        Ok(Self {
            many: connection.prepare(&layout.insert(rows))?,
            one: connection.prepare(&layout.insert(1))?,
            columns,
            rows,
        })
    }

    /// Inserts all rows of a batch. Errors: SQLite's.
    pub(crate) fn batch(&mut self, batch: &Batch) -> rusqlite::Result<()> {
        let mut cells = 0..batch.rows() * self.columns;
        while cells.len() >= self.rows * self.columns {
            execute(&mut self.many, batch, cells.by_ref().take(self.rows * self.columns))?;
        }
        while !cells.is_empty() {
            execute(&mut self.one, batch, cells.by_ref().take(self.columns))?;
        }
        if batch.is_large() {
            // SQLite keeps its copies until the parameters are bound again.
            self.many.clear_bindings();
            self.one.clear_bindings();
        }
        Ok(())
    }
}

fn execute(
    statement: &mut Statement<'_>,
    batch: &Batch,
    cells: impl Iterator<Item = usize>,
) -> rusqlite::Result<()> {
    for (parameter, cell) in cells.enumerate() {
        statement.raw_bind_parameter(parameter + 1, batch.sql(cell))?;
    }
    statement.raw_execute().map(drop)
}
