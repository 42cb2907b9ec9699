//! Rows taken one at a time, so that who takes them can pause between two.

use super::{Embedded, Fetched, Row, Scanned};
use crate::error::Error;
use crate::sql::Statement;
use crate::storage::FoundRow;

/// A source of rows, begun.
pub(crate) enum Opened<'s, 'a> {
    Queried(OpenStatement<'s, 'a>),
    Scanned(OpenScan<'s, 'a>),
}

impl<'a> Opened<'_, 'a> {
    /// The next row, or `None` behind the last one that was asked for. Errors: those of reading.
    pub(crate) fn next(&mut self) -> Result<Option<Fetched<'_, 'a>>, Error> {
        match self {
            Self::Queried(rows) => rows.next(),
            Self::Scanned(rows) => rows.next(),
        }
    }

    /// Whether it can take long from one row to the next.
    pub(crate) fn is_sparse(&self) -> bool {
        matches!(self, Self::Queried(_))
    }
}

/// A statement that runs.
pub(crate) struct OpenStatement<'s, 'a> {
    rows: rusqlite::Rows<'s>,
    plan: &'a Statement,
    children: &'s mut [Embedded<'a>],
    taken: u64,
    more: bool,
}

impl<'s, 'a> OpenStatement<'s, 'a> {
    pub(super) fn new(
        rows: rusqlite::Rows<'s>,
        plan: &'a Statement,
        children: &'s mut [Embedded<'a>],
    ) -> Self {
        Self { rows, plan, children, taken: 0, more: false }
    }

    pub(crate) fn next(&mut self) -> Result<Option<Fetched<'_, 'a>>, Error> {
        let Some(row) = self.rows.next()? else { return Ok(None) };
        if self.taken == self.plan.rows {
            self.more = true;
            return Ok(None);
        }
        self.taken += 1;
        let rowid = self.plan.rowid.map(|column| row.get(column)).transpose()?;
        Ok(Some(Fetched { slots: &self.plan.slots, row: Row::Queried(row), children: self.children, rowid }))
    }

    /// Rows taken, and whether there are more than were asked for. Known behind the last one.
    pub(super) fn count(&self) -> (u64, bool) {
        (self.taken, self.more)
    }
}

/// A table that is read in the file's order.
pub(crate) struct OpenScan<'s, 'a> {
    scanned: &'s mut Scanned<'a>,
    row: FoundRow,
    taken: u64,
    more: bool,
}

impl<'s, 'a> OpenScan<'s, 'a> {
    pub(super) fn new(scanned: &'s mut Scanned<'a>) -> Self {
        Self { scanned, row: FoundRow::default(), taken: 0, more: false }
    }

    pub(crate) fn next(&mut self) -> Result<Option<Fetched<'_, 'a>>, Error> {
        if !self.scanned.next(&mut self.row)? {
            return Ok(None);
        }
        if self.taken == self.scanned.scan.rows {
            self.more = true;
            return Ok(None);
        }
        self.taken += 1;
        let row = &self.row;
        Ok(Some(Fetched {
            slots: &self.scanned.scan.slots,
            row: Row::Scanned(row, self.scanned.table),
            children: &mut [],
            rowid: Some(row.rowid()),
        }))
    }

    /// As [`OpenStatement::count`].
    pub(super) fn count(&self) -> (u64, bool) {
        (self.taken, self.more)
    }
}
