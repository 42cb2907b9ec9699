//! A page of rows: from the file's pages where they are enough, or from SQLite.

use std::time::Duration;

use rusqlite::Connection;

use super::Reader;
use crate::error::Error;
use crate::plan::Node;
use crate::query::{self, Lookups, Prepared};
use crate::response::{ETag, PageRequest, Response};
use crate::sql::{Scan, Statement, register};

impl Reader {
    /// A page of rows in the file's order, without a statement of them; `None` where only SQLite can say what is there.
    pub(super) fn scanned(
        &self,
        root: &Node,
        scan: &Scan,
        asked: &PageRequest<'_>,
        etag: &ETag,
        time: Duration,
    ) -> Result<Option<Response>, Error> {
        let Some(mut rows) = self.in_order(&root.table, scan, time)? else { return Ok(None) };
        let response = Response::page(root, &mut rows, &|| Ok(root.table.rows), asked, etag, &self.config);
        if rows.not_handled() { Ok(None) } else { response.map(Some) }
    }

    /// Runs the statements of a page.
    pub(super) fn page(
        &self,
        root: &Node,
        asked: &PageRequest<'_>,
        connection: &Connection,
        etag: &ETag,
    ) -> Result<Response, Error> {
        let statement = self.statement(root, connection)?;
        let response = |lookups: Option<&Lookups<'_>>| {
            let mut rows = Prepared::new(connection, &statement, lookups)?;
            Response::page(root, &mut rows, &|| self.total(root, connection), asked, etag, &self.config)
        };
        // The file's pages have the tables of now.
        if self.past.is_some() {
            return response(None);
        }
        let lookups = Lookups::new(self.release.pages(), &self.index_pages, self.release.watch()?);
        let found = response(Some(&lookups));
        if lookups.not_handled() { response(None) } else { found }
    }

    /// How many rows a tree has over all pages. What the whole table has, the builder counted.
    pub(super) fn total(&self, root: &Node, connection: &Connection) -> Result<u64, Error> {
        if root.is_whole() {
            return Ok(root.table.rows);
        }
        self.ready(root)?;
        let statement = Statement::count(root)?;
        self.register(&statement, connection)?;
        query::count(&statement, connection)
    }

    /// The statement of the rows of a tree. Errors: its cursor names no row.
    pub(crate) fn statement(&self, root: &Node, connection: &Connection) -> Result<Statement, Error> {
        self.ready(root)?;
        let position = match root.after {
            Some(rowid) => {
                let statement = Statement::position(root, rowid)?;
                self.register(&statement, connection)?;
                Some(query::position(&statement, rowid, connection)?)
            }
            None => None,
        };
        let statement = Statement::rows(root, position.as_ref())?;
        self.register(&statement, connection)?;
        Ok(statement)
    }

    /// Has the rows of earlier tables where SQLite looks for them.
    fn ready(&self, root: &Node) -> Result<(), Error> {
        self.past.as_ref().map_or(Ok(()), |past| past.ready(root, &self.release))
    }

    /// Has SQLite know the functions that the statement calls.
    pub(crate) fn register(&self, statement: &Statement, connection: &Connection) -> Result<(), Error> {
        if statement.functions && !self.functions.replace(true) {
            register(connection, &self.release.watch()?, self.config.max_text)?;
        }
        Ok(())
    }
}
