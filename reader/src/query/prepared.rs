//! A statement run by SQLite.

use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{CachedStatement, Connection};

use super::opened::{OpenStatement, Opened};
use super::{Embedded, Fetched, Lookups, Row, RowCount, Rows};
use crate::error::Error;
use crate::sql::{Label, Slot, Statement};

/// A statement with its children, prepared.
pub(crate) struct Prepared<'a> {
    statement: CachedStatement<'a>,
    plan: &'a Statement,
    children: Vec<Embedded<'a>>,
}

impl<'a> Prepared<'a> {
    /// Its embeds are read with `lookups` where they can be.
    pub(crate) fn new(
        connection: &'a Connection,
        plan: &'a Statement,
        lookups: Option<&'a Lookups<'a>>,
    ) -> Result<Self, Error> {
        let mut statement = connection.prepare_cached(&plan.text)?;
        debug_assert!(statement.readonly(), "{}", plan.text);
        for (index, value) in plan.values.iter().enumerate() {
            if *value != Value::Null {
                statement.raw_bind_parameter(index + 1, value)?;
            }
        }
        let embedded = |child| Embedded::new(connection, child, lookups);
        let children = plan.children.iter().map(embedded).collect::<Result<_, _>>()?;
        Ok(Self { statement, plan, children })
    }

    /// The values that the statement takes from the row around it.
    pub(crate) fn bind(&mut self, row: Row<'_>) -> Result<(), Error> {
        for (parameter, column) in &self.plan.keys {
            let value = ToSqlOutput::Borrowed(row.get(*column)?);
            self.statement.raw_bind_parameter(*parameter, value)?;
        }
        Ok(())
    }

    /// Runs it, for who takes row after row.
    pub(crate) fn open(&mut self) -> Opened<'_, 'a> {
        Opened::Queried(self.begin())
    }

    fn begin(&mut self) -> OpenStatement<'_, 'a> {
        OpenStatement::new(self.statement.raw_query(), self.plan, &mut self.children)
    }
}

impl<'a> Rows<'a> for Prepared<'a> {
    fn each(
        &mut self,
        mut each: impl FnMut(&mut Fetched<'_, 'a>) -> Result<(), Error>,
    ) -> Result<RowCount, Error> {
        let mut rows = self.begin();
        while let Some(mut row) = rows.next()? {
            each(&mut row)?;
        }
        let (rows, more) = rows.count();
        Ok(RowCount { rows, more })
    }

    fn labels(&self) -> Vec<&'a Label> {
        let mut labels = vec![];
        for slot in &self.plan.slots {
            match slot {
                Slot::Value { label, .. } | Slot::Object { label, .. } | Slot::Rows { label, .. } => {
                    labels.push(label);
                }
                Slot::Columns { child, .. } => labels.extend(self.children[*child].labels()),
            }
        }
        labels
    }
}
