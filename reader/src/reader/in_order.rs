//! Rows in the file's order, without a statement of them: those of now from the pages of their table, those of then from the
//! rows of now and their changes.

use std::time::Duration;

use catalog::Table;

use super::Reader;
use crate::deadline::Limited;
use crate::error::Error;
use crate::past::Plain;
use crate::plan::Node;
use crate::query::{Fetched, RowCount, Rows, Scanned};
use crate::sql::{Label, Scan};

/// The rows of a page.
pub(super) enum InOrder<'a> {
    Now(Scanned<'a>),
    Then {
        rows: Plain<'a>,
        /// Until the time is over.
        _limited: Limited<'a>,
    },
}

impl Reader {
    /// The rows of a tree, or `None` where they take a statement.
    pub(super) fn scan(&self, root: &Node) -> Option<Scan> {
        if self.past.is_some() { Scan::skipping(root) } else { Scan::of(root) }
    }

    /// The rows of `table` that `scan` names; `None` where only SQLite can say what is there. Errors: those of finding
    /// where the rows of then are.
    pub(super) fn in_order<'a>(
        &'a self,
        table: &'a Table,
        scan: &'a Scan,
        time: Duration,
    ) -> Result<Option<InOrder<'a>>, Error> {
        let Some(past) = &self.past else {
            return Ok(Scanned::new(self.release.pages(), scan, table).map(InOrder::Now));
        };
        let (_, limited) = past.base.limited(time)?;
        Ok(past.plain(table, scan)?.map(|rows| InOrder::Then { rows, _limited: limited }))
    }
}

impl InOrder<'_> {
    /// Whether the file turned out not to be what is read here: then what came of it is no answer.
    pub(super) fn not_handled(&self) -> bool {
        match self {
            Self::Now(rows) => rows.not_handled(),
            Self::Then { rows, .. } => rows.not_handled(),
        }
    }
}

impl<'a> Rows<'a> for InOrder<'a> {
    fn each(
        &mut self,
        each: impl FnMut(&mut Fetched<'_, 'a>) -> Result<(), Error>,
    ) -> Result<RowCount, Error> {
        match self {
            Self::Now(rows) => rows.each(each),
            Self::Then { rows, .. } => rows.each(each),
        }
    }

    fn labels(&self) -> Vec<&'a Label> {
        match self {
            Self::Now(rows) => rows.labels(),
            Self::Then { rows, .. } => rows.labels(),
        }
    }
}
