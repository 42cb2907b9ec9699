//! Rows into one table.

use rusqlite::{Connection, Statement};

use super::layout::Layout;
use crate::table::batch::Batch;

/// The prepared statement for one table. One row each time: statements of many rows were not
/// faster.
pub(super) struct Insert<'c> {
    statement: Statement<'c>,
    columns: usize,
}

impl<'c> Insert<'c> {
    /// Prepares for a table that exists. Errors: SQLite's.
    pub(super) fn new(connection: &'c Connection, layout: &Layout<'_>) -> rusqlite::Result<Self> {
        let statement = connection.prepare(&layout.insert())?;
        let columns = statement.parameter_count();
        Ok(Self { statement, columns })
    }

    /// Inserts all rows of a batch. Errors: SQLite's.
    pub(super) fn batch(&mut self, batch: &Batch) -> rusqlite::Result<()> {
        for row in 0..batch.rows() {
            for column in 0..self.columns {
                self.statement.raw_bind_parameter(column + 1, batch.sql(row * self.columns + column))?;
            }
            self.statement.raw_execute()?;
        }
        if batch.is_large() {
            self.statement.clear_bindings(); // SQLite keeps its copies until then
        }
        Ok(())
    }
}
