//! The rows of a table of then, put into the database of the moment.

use catalog::{Restoration, RestoreError, Search, Table, quote};
use rusqlite::Connection;

use super::Past;
use crate::deadline::{Interrupted, Watch};
use crate::error::{Code, Error};
use crate::plan::Node;
use crate::release::Release;

/// The memory that undone changes may take, in bytes: a function has 128 MB by default.
const MAX_BYTES: usize = 32_000_000;

impl Past {
    /// Has the rows of all tables of a read in `database`, that of the moment. Errors: they can't be restored, or it
    /// takes longer than the query may.
    pub(crate) fn ready(&self, root: &Node, database: &Release) -> Result<(), Error> {
        // A page in the file's order looks nothing up.
        let is_plain = root.is_whole() && root.order.is_empty() && root.children.is_empty();
        self.all_ready(root, !is_plain, database)
    }

    fn all_ready(&self, node: &Node, with_indexes: bool, database: &Release) -> Result<(), Error> {
        self.table_ready(&node.table, with_indexes, database)?;
        for child in &node.children {
            if let Some(junction) = &child.relation.junction {
                self.table_ready(&junction.table, true, database)?;
            }
            self.all_ready(&child.node, true, database)?;
        }
        Ok(())
    }

    /// The same for one table.
    pub(crate) fn table_ready(
        &self,
        table: &Table,
        with_indexes: bool,
        database: &Release,
    ) -> Result<(), Error> {
        let known = self.restored.borrow().get(&table.name).copied();
        if known.is_some_and(|has_indexes| has_indexes || !with_indexes) {
            return Ok(());
        }
        let now = self.current(table)?;
        let (connection, watch) = (database.connection()?, database.watch()?);
        connection.execute_batch("BEGIN")?;
        let rows = if known.is_some() { Ok(()) } else { self.restore(table, &now, connection, &watch) };
        let made = rows.and_then(|()| if with_indexes { self.index(table, connection) } else { Ok(()) });
        if let Err(error) = made {
            roll_back(connection)?;
            return Err(error);
        }
        connection.execute_batch("COMMIT")?;
        self.restored.borrow_mut().insert(table.name.clone(), with_indexes);
        Ok(())
    }

    fn restore(&self, table: &Table, now: &Table, database: &Connection, watch: &Watch) -> Result<(), Error> {
        let restoration = self.restoration(table, now)?;
        restoration.run(database, &|| !watch.has_passed()).map_err(|error| refused(error, &table.name))?;
        self.places.borrow_mut().remove(&table.name);
        Ok(())
    }

    pub(super) fn restoration<'a>(
        &'a self,
        then: &'a Table,
        now: &'a Table,
    ) -> Result<Restoration<'a>, Error> {
        let (version, _) = self.version(then)?;
        Ok(Restoration {
            then,
            now,
            version: version.ordinal,
            later: self.history.after(&then.dataset, version.ordinal),
            release: self.base.connection()?,
            most: MAX_BYTES,
        })
    }

    /// The indexes that the builder makes: for keys, references and words.
    fn index(&self, table: &Table, database: &Connection) -> Result<(), Error> {
        let schema = &table.schema;
        let rowid = table.rowid().ok_or_else(|| Error::release("a table hides its row number"))?;
        let keys = std::iter::once(&schema.primary_key).chain(&schema.unique_keys);
        let references = schema.foreign_keys.iter().map(|key| &key.columns);
        let mut made: Vec<&Vec<String>> = vec![];
        for columns in keys.chain(references) {
            if columns.is_empty() || made.iter().any(|other| other.starts_with(columns)) {
                continue;
            }
            made.push(columns);
            self.indexes.set(self.indexes.get() + 1);
            let names: Vec<_> = columns.iter().map(|name| quote(name)).collect();
            database.execute_batch(&format!(
                "CREATE INDEX coldpress_{} ON {}({})",
                self.indexes.get(),
                quote(&table.name),
                names.join(", ")
            ))?;
        }
        for search in table.searches() {
            Search::register(database)?;
            database.execute_batch(&search.create("main", &table.name, rowid))?;
        }
        Ok(())
    }
}

/// The error of a table whose rows can't be had, as clients get it.
pub(super) fn refused(error: RestoreError, table: &str) -> Error {
    match error {
        RestoreError::Sqlite(error) => error.into(),
        RestoreError::Damaged(what) => Error::release(format!("the change feed of {table:?}: {what}")),
        RestoreError::Stopped => Interrupted.into(),
        RestoreError::TooLarge => {
            Error::new(Code::OutOfMemory, "too many rows changed since then to restore all of them")
                .details(format!("they would take more than {MAX_BYTES} bytes of memory"))
                .hint("read rows by their keys, or a later version")
        }
        RestoreError::OtherRows => {
            Error::new(Code::NotRestorable, format!("the rows of '{table}' as of then can't be restored"))
                .details(error.to_string())
                .hint("check the commit out and build it: the history of the data is in Git")
        }
    }
}

/// Ends the transaction, unless SQLite has: an interrupted statement, or one without memory, ends it.
fn roll_back(connection: &Connection) -> rusqlite::Result<()> {
    if connection.is_autocommit() { Ok(()) } else { connection.execute_batch("ROLLBACK") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_that_sqlite_has_ended_is_ended() {
        for end in ["", "INSERT OR ROLLBACK INTO t VALUES (1)"] {
            let connection = Connection::open_in_memory().unwrap();
            connection
                .execute_batch("CREATE TABLE t(a PRIMARY KEY); BEGIN; INSERT INTO t VALUES (1)")
                .unwrap();
            assert_eq!(connection.execute_batch(end).is_ok(), end.is_empty());
            roll_back(&connection).unwrap();
            assert!(connection.is_autocommit());
            let rows: i64 = connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
            assert_eq!(rows, 0, "{end}");
        }
    }
}
