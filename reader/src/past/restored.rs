//! The rows of a table of then, put into the database of the moment and compared with their digest.

use std::collections::{BTreeMap, HashMap};

use catalog::{After, ChangeKind, ContentDigest, Search, Table, Version, key_text, quote, write_canonical};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::Past;
use super::json::converted;
use super::order::Order;
use super::undone::Undone;
use crate::deadline::{Interrupted, Watch};
use crate::error::{Code, Error};
use crate::plan::Node;
use crate::release::Release;

/// The memory that undone changes may take, in bytes: a function has 128 MB by default.
const MAX_BYTES: usize = 32_000_000;

/// Changes that are read at once.
const CHANGES: usize = 500;

/// Bytes of rows that are digested at once.
const DIGESTED: usize = 8 * 1024;

/// What stands in no place: a row that came later.
const NOWHERE: u32 = u32::MAX;

/// The rows that changes were taken back of, and the keys of those that were removed, in the feed's order.
#[derive(Default)]
struct Taken {
    rows: HashMap<String, Undone>,
    removed: Vec<String>,
    /// The number of the first removal of each version.
    removals: BTreeMap<u64, u32>,
}

impl Past {
    /// Has the rows of all tables of a read in `database`, that of the moment. Errors: they can't be restored, or it
    /// takes longer than the query may.
    pub(crate) fn ready(&self, root: &Node, database: &Release) -> Result<(), Error> {
        self.table_ready(&root.table, database)?;
        for child in &root.children {
            if let Some(junction) = &child.relation.junction {
                self.table_ready(&junction.table, database)?;
            }
            self.ready(&child.node, database)?;
        }
        Ok(())
    }

    /// The same for one table.
    pub(crate) fn table_ready(&self, table: &Table, database: &Release) -> Result<(), Error> {
        if self.restored.borrow().contains(&table.name) {
            return Ok(());
        }
        let now = self.current(table)?;
        let (connection, watch) = (database.connection()?, database.watch()?);
        connection.execute_batch("BEGIN")?;
        let restored = self.restore(table, &now, connection, &watch);
        if let Err(error) = restored {
            roll_back(connection)?;
            return Err(error);
        }
        connection.execute_batch("COMMIT")?;
        self.restored.borrow_mut().insert(table.name.clone());
        Ok(())
    }

    fn restore(&self, table: &Table, now: &Table, database: &Connection, watch: &Watch) -> Result<(), Error> {
        let (version, then) = self.version(table)?;
        let rowid = table.rowid().ok_or_else(|| Error::release("a table hides its row number"))?;
        create(table, database)?;
        let later = self.history.after(&table.dataset, version.ordinal);
        let (taken, order) = if then.digest == now.digest {
            let order = Order::before(&[], &table.name, now.rows, &BTreeMap::new(), &[])?;
            (Taken::default(), order)
        } else {
            let feed = self.base.connection()?;
            let taken = taken(table, version, feed, watch)?;
            let orders = catalog::row_orders_since(feed, &table.name, version.ordinal)?;
            let order = Order::before(later, &table.name, now.rows, &taken.removals, &orders)?;
            (taken, order)
        };
        self.insert(table, now, &taken, &order, database, watch)?;
        drop(taken);
        compare(table, rowid, database, watch)?;
        self.index(table, rowid, database)
    }

    fn insert(
        &self,
        table: &Table,
        now: &Table,
        taken: &Taken,
        order: &Order,
        database: &Connection,
        watch: &Watch,
    ) -> Result<(), Error> {
        let damaged = || Error::release(format!("the change feed of {:?} is not whole", table.name));
        let mut places = vec![NOWHERE; usize::try_from(now.rows).map_err(Error::release)?];
        let mut insert = database.prepare(&insertion(table))?;
        for (place, number) in (0..).zip(&order.numbers) {
            if let Some(slot) = places.get_mut(*number as usize) {
                *slot = place;
                continue;
            }
            let key = taken.removed.get(*number as usize - places.len()).ok_or_else(damaged)?;
            let undone = taken.rows.get(key).filter(|row| row.existed && row.is_whole).ok_or_else(damaged)?;
            let values = undone.values.iter().map(|value| value.clone().unwrap_or(Value::Null));
            insert.execute(params_from_iter(
                [Value::Integer(i64::from(place) + 1)].into_iter().chain(values),
            ))?;
        }
        let columns: Vec<Option<usize>> = table
            .schema
            .columns
            .iter()
            .map(|column| now.schema.columns.iter().position(|other| other.name == column.name))
            .collect();
        let key: Vec<usize> = now
            .schema
            .primary_key
            .iter()
            .filter_map(|name| now.schema.columns.iter().position(|column| column.name == *name))
            .collect();
        let mut statement = self.base.connection()?.prepare(&all_rows(now)?)?;
        let mut rows = statement.query([])?;
        let mut at = 0;
        while let Some(row) = rows.next()? {
            look(watch, at)?;
            let place = places.get(at).copied().ok_or_else(damaged)?;
            at += 1;
            if place == NOWHERE {
                continue;
            }
            let mut undone = None;
            if !taken.rows.is_empty() {
                let mut parts = Vec::with_capacity(key.len());
                for index in &key {
                    parts.push((row.get_ref(*index)?, now.schema.columns[*index].column_type.storage()));
                }
                undone = taken.rows.get(&key_text(&parts).map_err(Error::release)?);
            }
            insert.raw_bind_parameter(1, i64::from(place) + 1)?;
            for (index, (column, source)) in table.schema.columns.iter().zip(&columns).enumerate() {
                let known = undone.and_then(|undone| undone.values[index].as_ref());
                match (known, source) {
                    (Some(value), _) => insert.raw_bind_parameter(index + 2, value)?,
                    (None, None) => insert.raw_bind_parameter(index + 2, Value::Null)?,
                    (None, Some(source)) => {
                        let value = row.get_ref(*source)?;
                        let from = &now.schema.columns[*source];
                        insert.raw_bind_parameter(index + 2, converted(value, from, column)?)?;
                    }
                }
            }
            insert.raw_execute()?;
        }
        Ok(())
    }

    /// The indexes that the builder makes: for keys, references and words.
    fn index(&self, table: &Table, rowid: &str, database: &Connection) -> Result<(), Error> {
        let schema = &table.schema;
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

/// Takes all changes behind `version` back. Errors: there are more than memory is for.
fn taken(table: &Table, version: &Version, feed: &Connection, watch: &Watch) -> Result<Taken, Error> {
    let mut taken = Taken::default();
    let (mut after, mut bytes): (Option<(u64, String)>, usize) = (None, 0);
    loop {
        let from = after.as_ref().map(|(ordinal, key)| After { ordinal: *ordinal, key });
        let page = catalog::changes_since(feed, &table.name, version.ordinal, from, CHANGES)?;
        look(watch, 0)?;
        for change in &page {
            if change.kind == ChangeKind::Removed {
                taken.removals.entry(change.ordinal).or_insert(taken.removed.len() as u32);
                taken.removed.push(change.key.clone());
                bytes += change.key.len();
            }
            match taken.rows.get_mut(&change.key) {
                Some(undone) => undone.add(change, table)?,
                None => {
                    let mut undone = Undone::before(change, table);
                    undone.add(change, table)?;
                    bytes += undone.bytes() + change.key.len();
                    taken.rows.insert(change.key.clone(), undone);
                }
            }
        }
        if bytes > MAX_BYTES {
            return Err(Error::new(
                Code::OutOfMemory,
                "too many rows changed since then to restore all of them",
            )
            .details(format!("they would take more than {MAX_BYTES} bytes of memory"))
            .hint("read rows by their keys, or a later version"));
        }
        match page.into_iter().next_back() {
            Some(last) => after = Some((last.ordinal, last.key)),
            None => return Ok(taken),
        }
    }
}

/// Looks at the clock, every some rows.
fn look(watch: &Watch, row: usize) -> Result<(), Error> {
    if row.is_multiple_of(256) && watch.has_passed() { Err(Interrupted.into()) } else { Ok(()) }
}

/// Ends the transaction, unless SQLite has: an interrupted statement, or one without memory, ends it.
fn roll_back(connection: &Connection) -> rusqlite::Result<()> {
    if connection.is_autocommit() { Ok(()) } else { connection.execute_batch("ROLLBACK") }
}

fn create(table: &Table, database: &Connection) -> Result<(), Error> {
    let columns: Vec<_> = table
        .schema
        .columns
        .iter()
        .map(|column| {
            let storage = column.column_type.storage().sql();
            let storage = if table.nan.contains(&column.name) { "ANY" } else { storage };
            format!("{} {storage}", quote(&column.name))
        })
        .collect();
    let sql = format!("CREATE TABLE {}({}) STRICT", quote(&table.name), columns.join(", "));
    Ok(database.execute_batch(&sql)?)
}

fn insertion(table: &Table) -> String {
    let columns: Vec<_> = table.schema.columns.iter().map(|column| quote(&column.name)).collect();
    let rowid = table.rowid().unwrap_or("rowid");
    let parameters = vec!["?"; columns.len() + 1].join(",");
    format!("INSERT INTO {}({rowid}, {}) VALUES ({parameters})", quote(&table.name), columns.join(", "))
}

fn all_rows(table: &Table) -> Result<String, Error> {
    let columns: Vec<_> = table.schema.columns.iter().map(|column| quote(&column.name)).collect();
    let rowid = table.rowid().ok_or_else(|| Error::release("a table hides its row number"))?;
    Ok(format!("SELECT {} FROM {} ORDER BY {rowid}", columns.join(", "), quote(&table.name)))
}

/// Whether the rows are those of then: an error where they are not.
fn compare(table: &Table, rowid: &str, database: &Connection, watch: &Watch) -> Result<(), Error> {
    let mut digest = ContentDigest::new(&table.schema);
    let columns = table.schema.columns.len();
    let names: Vec<_> = table.schema.columns.iter().map(|column| quote(&column.name)).collect();
    let sql = format!("SELECT {} FROM {} ORDER BY {rowid}", names.join(", "), quote(&table.name));
    let mut statement = database.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let (mut at, mut bytes) = (0, vec![]);
    while let Some(row) = rows.next()? {
        look(watch, at)?;
        at += 1;
        for column in 0..columns {
            write_canonical(row.get_ref(column)?, &mut bytes);
        }
        if bytes.len() >= DIGESTED {
            digest.rows(&bytes);
            bytes.clear();
        }
    }
    digest.rows(&bytes);
    if digest.finish() == table.digest {
        return Ok(());
    }
    Err(Error::new(Code::NotRestorable, format!("the rows of '{}' as of then can't be restored", table.name))
        .details("what the change feed leads back to has another digest than the version had")
        .hint("check the commit out and build it: the history of the data is in Git"))
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
