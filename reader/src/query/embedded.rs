//! The rows of an embed of many rows, for one row around them after the other.

use rusqlite::Connection;

use super::looked_up::{LookedUp, Lookups};
use super::{Fetched, Prepared, Row, RowCount, Rows};
use crate::error::Error;
use crate::sql::{Label, Statement};

/// Where they come from.
pub(crate) enum Embedded<'a> {
    Queried(Prepared<'a>),
    LookedUp(LookedUp<'a>),
}

impl<'a> Embedded<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        plan: &'a Statement,
        lookups: Option<&'a Lookups<'a>>,
    ) -> Result<Self, Error> {
        if let Some(lookups) = lookups
            && let Some(rows) = LookedUp::new(lookups, plan, connection)?
        {
            return Ok(Self::LookedUp(rows));
        }
        Prepared::new(connection, plan, lookups).map(Self::Queried)
    }

    /// The values that they take from the row around them.
    pub(crate) fn bind(&mut self, row: Row<'_>) -> Result<(), Error> {
        match self {
            Self::Queried(rows) => rows.bind(row),
            Self::LookedUp(rows) => rows.bind(row),
        }
    }
}

impl<'a> Rows<'a> for Embedded<'a> {
    fn each(
        &mut self,
        each: impl FnMut(&mut Fetched<'_, 'a>) -> Result<(), Error>,
    ) -> Result<RowCount, Error> {
        match self {
            Self::Queried(rows) => rows.each(each),
            Self::LookedUp(rows) => rows.each(each),
        }
    }

    fn labels(&self) -> Vec<&'a Label> {
        match self {
            Self::Queried(rows) => rows.labels(),
            Self::LookedUp(rows) => rows.labels(),
        }
    }
}
