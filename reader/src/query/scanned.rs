//! A table's rows in the file's order, without SQLite.

use catalog::Table;

use super::opened::{OpenScan, Opened};
use super::{Fetched, RowCount, Rows};
use crate::error::Error;
use crate::sql::{Label, Scan};
use crate::storage::{self, FoundRow, FoundRows, NotHandled, Pages};

/// A table's pages.
pub(crate) struct Scanned<'a> {
    rows: FoundRows<'a>,
    pub(super) scan: &'a Scan,
    pub(super) table: &'a Table,
    /// Whether the file was not what is read here: then the error is no answer.
    not_handled: bool,
}

impl<'a> Scanned<'a> {
    /// The rows of `table` that `scan` names, which skips none. `None` where only SQLite can say what is there.
    pub(crate) fn new(pages: &'a Pages, scan: &'a Scan, table: &'a Table) -> Option<Self> {
        let rows = storage::rows(pages, table, scan.after).ok()?;
        Some(Self { rows, scan, table, not_handled: false })
    }

    /// Whether the file turned out not to be what is read here: then what came of it is no answer.
    pub(crate) fn not_handled(&self) -> bool {
        self.not_handled
    }

    /// Begins, for who takes row after row.
    pub(crate) fn open(&mut self) -> Opened<'_, 'a> {
        Opened::Scanned(OpenScan::new(self))
    }

    /// Puts the next row in the place of `row`; whether there is one.
    pub(super) fn next(&mut self, row: &mut FoundRow) -> Result<bool, Error> {
        self.rows.next(row).map_err(|NotHandled| {
            self.not_handled = true;
            Error::release("a page can't be read")
        })
    }
}

impl<'a> Rows<'a> for Scanned<'a> {
    fn each(
        &mut self,
        mut each: impl FnMut(&mut Fetched<'_, 'a>) -> Result<(), Error>,
    ) -> Result<RowCount, Error> {
        let mut rows = OpenScan::new(self);
        while let Some(mut row) = rows.next()? {
            each(&mut row)?;
        }
        let (rows, more) = rows.count();
        Ok(RowCount { rows, more })
    }

    fn labels(&self) -> Vec<&'a Label> {
        self.scan.labels()
    }
}
