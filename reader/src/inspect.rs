//! What SQLite executes for a request, and how it goes about it: for the benchmarks' report, which
//! shows the plans, and for the fuzz targets, which hold every statement to be read-only. A
//! feature of its own, `inspect`; no binary carries it.

use rusqlite::Connection;

use crate::error::Error;
use crate::plan::{Plan, Tables};
use crate::query::position;
use crate::reader::Reader;
use crate::request::{RawRequest, Request, Target};
use crate::sql::Statement;

/// A statement of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// Its text, with `?` for values.
    pub text: String,
    /// Whether SQLite finds that it changes nothing (`sqlite3_stmt_readonly`).
    pub readonly: bool,
    /// The lines of `EXPLAIN QUERY PLAN`, indented by two spaces for each level.
    pub plan: Vec<String>,
}

impl Reader {
    /// The statements of a request in the order in which they are prepared: the row that a page
    /// goes on from, the rows, those of embeds of many rows, the count of them all where the catalog
    /// does not have it. A row by its key may have been answered without SQLite; its statement is
    /// given all the same. Requests for anything but rows have
    /// none. Errors are those that the request would be answered with.
    pub fn inspect(&self, raw: &RawRequest<'_>) -> Result<Vec<Inspected>, Error> {
        let Request { target, parameters, .. } = Request::parse(raw)?;
        let table = match &target {
            Target::Table(name) | Target::Row { table: name, .. } => self.table(name)?,
            _ => None,
        };
        let Some(table) = table else { return Ok(vec![]) };
        let plan = match &target {
            Target::Row { key, .. } => Plan::row(table, key, &self.config)?,
            _ => Plan::rows(table, parameters, self, &self.config)?,
        };
        let connection = self.release.connection()?;
        let statements = match plan {
            Plan::Row { table, key } => vec![Statement::row(&table, &key)],
            Plan::Rows(root) => {
                let (found, after) = match root.after {
                    Some(rowid) => {
                        let statement = Statement::position(&root, rowid)?;
                        self.register(&statement, connection)?;
                        let found = position(&statement, rowid, connection)?;
                        (Some(found), vec![statement])
                    }
                    None => (None, vec![]),
                };
                let rows = Statement::rows(&root, found.as_ref())?;
                let count = match root.is_whole() {
                    true => None,
                    false => Some(Statement::count(&root)?),
                };
                after.into_iter().chain([rows]).chain(count).collect()
            }
        };
        for statement in &statements {
            self.register(statement, connection)?;
        }
        let mut inspected = vec![];
        for statement in &statements {
            inspect(statement, connection, &mut inspected)?;
        }
        Ok(inspected)
    }
}

fn inspect(
    statement: &Statement,
    connection: &Connection,
    inspected: &mut Vec<Inspected>,
) -> Result<(), Error> {
    let text = statement.text.clone();
    let readonly = connection.prepare(&text)?.readonly();
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {text}"))?;
    // Ids and those of the lines above, then the line (SQLite, "EXPLAIN QUERY PLAN").
    let mut levels: Vec<i64> = vec![0];
    let mut plan = vec![];
    let mut rows = explain.raw_query();
    while let Some(row) = rows.next()? {
        let (id, above, line): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
        levels.truncate(1 + levels.iter().position(|&level| level == above).unwrap_or_default());
        plan.push(format!("{}{line}", "  ".repeat(levels.len() - 1)));
        levels.push(id);
    }
    inspected.push(Inspected { text, readonly, plan });
    statement.children.iter().try_for_each(|child| inspect(child, connection, inspected))
}
