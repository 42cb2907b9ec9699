//! One row, wherever it was found.

use catalog::Table;
use rusqlite::types::{Value, ValueRef};

use super::Embedded;
use crate::error::Error;
use crate::sql::Slot;
use crate::storage::{FoundRow, NotHandled};

/// A row, wherever it was found.
#[derive(Clone, Copy)]
pub(crate) enum Row<'r> {
    Queried(&'r rusqlite::Row<'r>),
    Scanned(&'r FoundRow, &'r Table),
    /// The columns of the table, made again.
    Restored(&'r [Value]),
}

impl<'r> Row<'r> {
    /// A column: of the statement, or of the table.
    #[inline]
    pub(crate) fn get(self, column: usize) -> Result<ValueRef<'r>, Error> {
        match self {
            Self::Queried(row) => Ok(row.get_ref(column)?),
            Self::Scanned(row, table) => {
                row.get(column, table).map_err(|NotHandled| Error::release("a row can't be read"))
            }
            Self::Restored(values) => Ok((&values[column]).into()),
        }
    }

    pub(crate) fn integer(self, column: usize) -> Result<Option<i64>, Error> {
        Ok(self.get(column)?.as_i64_or_null().map_err(rusqlite::Error::from)?)
    }
}

/// A row with what its members are made of.
pub(crate) struct Fetched<'r, 'a> {
    pub(crate) slots: &'r [Slot],
    pub(crate) row: Row<'r>,
    /// Its embeds of many rows.
    pub(crate) children: &'r mut [Embedded<'a>],
    /// The row's number, where there is a row of the table for each row.
    pub(crate) rowid: Option<i64>,
}
