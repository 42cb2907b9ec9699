//! Tables as they were: the rows of an earlier version, from those of now and the change feed.
//!
//! `undone` takes the changes of a row back, `order` has the order of rows, `stored` turns the feed's values into those
//! that a column stored. Here all rows of a version are put into an empty database and compared with the version's
//! content digest: what does not fit is never kept.
//!
//! Deliberately absent: which version is meant, indexes (reader), and what else the feed has to fulfil (builder).

mod order;
mod stored;
mod undone;

use std::collections::HashMap;

use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{Connection, Row, Statement, params_from_iter};

pub use self::order::{Order, Origin};
pub use self::stored::converted;
pub use self::undone::Undone;
use crate::canonical::write_canonical;
use crate::digest::ContentDigest;
use crate::feed::{ChangeKind, Version, each_change_since, row_orders_since};
use crate::key::key_text;
use crate::names::quote;
use crate::table::{Column, Table};

/// Bytes of rows that are digested at once.
const DIGESTED: usize = 8 * 1024;

/// Rows and changes between two looks at the clock.
const STEP: usize = 256;

/// What stands in no place: a row that came later.
const NOWHERE: u32 = u32::MAX;

/// Why the rows of a version can't be had.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// SQLite can't read the feed or the table, or write the rows.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The feed is not one that a builder wrote.
    #[error("{0}")]
    Damaged(String),
    /// The undone changes take more memory than they may.
    #[error("too many rows changed since then")]
    TooLarge,
    /// The caller wants no more of it.
    #[error("it was stopped")]
    Stopped,
    /// What the feed leads back to is not what the version had.
    #[error("what the change feed leads back to has another digest than the version had")]
    OtherRows,
}

impl RestoreError {
    fn not_whole() -> Self {
        Self::Damaged("it is not whole".to_owned())
    }
}

/// A table as of a version, to be made of its rows now.
#[derive(Debug, Clone, Copy)]
pub struct Restoration<'a> {
    /// The table as the version had it, with its number of rows and its digest.
    pub then: &'a Table,
    /// The table that the release has; both have the same primary key, unless their digests are equal.
    pub now: &'a Table,
    /// The version's ordinal.
    pub version: u64,
    /// The versions of the dataset behind it, the oldest first.
    pub later: &'a [Version],
    /// The release.
    pub release: &'a Connection,
    /// Bytes that undone changes may take.
    pub most: usize,
}

/// The rows that changes were taken back of, and the keys of those that were removed, in the feed's order.
#[derive(Default)]
struct Taken {
    rows: HashMap<String, Undone>,
    removed: Vec<String>,
}

impl Restoration<'_> {
    /// Makes the table in `database`, with the rows in the order of then and without indexes, as long as `go_on` says
    /// so. Errors: what was written till then is for the caller to take back.
    pub fn run(&self, database: &Connection, go_on: &dyn Fn() -> bool) -> Result<(), RestoreError> {
        database.execute_batch(&creation(self.then))?;
        let taken = if self.is_same() { Taken::default() } else { self.taken(go_on)? };
        let order = self.order()?;
        let mut insert = database.prepare(&insertion(self.then)?)?;
        self.insert(&taken, &order, &mut insert, go_on)?;
        drop((taken, order, insert));
        self.compare(database, go_on)
    }

    /// The order of the rows alone. Errors: SQLite's, and a feed that is not whole.
    pub fn order(&self) -> Result<Order, RestoreError> {
        if self.is_same() {
            return Order::before(&[], &self.now.name, self.now.rows, &[]);
        }
        let orders = row_orders_since(self.release, &self.now.name, self.version)?;
        Order::before(self.later, &self.now.name, self.now.rows, &orders)
    }

    fn is_same(&self) -> bool {
        self.then.digest == self.now.digest
    }

    /// Takes all changes behind the version back.
    fn taken(&self, go_on: &dyn Fn() -> bool) -> Result<Taken, RestoreError> {
        let mut taken = Taken::default();
        let (mut bytes, mut changes) = (0, 0);
        each_change_since(self.release, &self.now.name, self.version, |change| {
            look(go_on, changes)?;
            changes += 1;
            if change.kind == ChangeKind::Removed {
                taken.removed.push(change.key.to_owned());
                bytes += change.key.len() + size_of::<String>();
            }
            match taken.rows.get_mut(change.key) {
                Some(undone) => undone.add(change.kind, change.values, self.then)?,
                None => {
                    let mut undone = Undone::before(change.kind, self.then);
                    undone.add(change.kind, change.values, self.then)?;
                    bytes += undone.bytes() + change.key.len();
                    taken.rows.insert(change.key.to_owned(), undone);
                }
            }
            if bytes > self.most { Err(RestoreError::TooLarge) } else { Ok(()) }
        })?;
        Ok(taken)
    }

    fn insert(
        &self,
        taken: &Taken,
        order: &Order,
        insert: &mut Statement<'_>,
        go_on: &dyn Fn() -> bool,
    ) -> Result<(), RestoreError> {
        let now = self.now;
        let rows = usize::try_from(now.rows).map_err(|_| RestoreError::not_whole())?;
        let mut places = vec![NOWHERE; rows];
        for (place, number) in (0..).zip(order.numbers()) {
            if let Some(slot) = places.get_mut(number as usize) {
                *slot = place;
                continue;
            }
            let key = taken.removed.get(number as usize - rows).ok_or_else(RestoreError::not_whole)?;
            let undone = taken.rows.get(key).filter(|row| row.existed && row.is_whole);
            let undone = undone.ok_or_else(RestoreError::not_whole)?;
            let values = undone.values.iter().map(|value| value.clone().unwrap_or(Value::Null));
            insert.execute(params_from_iter(
                [Value::Integer(i64::from(place) + 1)].into_iter().chain(values),
            ))?;
        }
        let place = |name: &String| now.schema.columns.iter().position(|column| column.name == *name);
        let sources: Vec<Source<'_>> =
            self.then.schema.columns.iter().map(|of| Source::of(of, now)).collect();
        let key: Vec<usize> = now.schema.primary_key.iter().filter_map(place).collect();
        let mut statement = self.release.prepare(&all_rows(now)?)?;
        let mut rows = statement.query([])?;
        let mut at = 0;
        while let Some(row) = rows.next()? {
            look(go_on, at)?;
            let place = places.get(at).copied().ok_or_else(RestoreError::not_whole)?;
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
                let key = key_text(&parts).map_err(|error| RestoreError::Damaged(error.to_string()))?;
                undone = taken.rows.get(&key);
            }
            insert.raw_bind_parameter(1, i64::from(place) + 1)?;
            for (index, source) in sources.iter().enumerate() {
                match undone.and_then(|undone| undone.values[index].as_ref()) {
                    Some(value) => insert.raw_bind_parameter(index + 2, value)?,
                    None => source.bind(row, index + 2, insert)?,
                }
            }
            insert.raw_execute()?;
        }
        Ok(())
    }

    /// Whether the rows are those of then: an error where they are not.
    fn compare(&self, database: &Connection, go_on: &dyn Fn() -> bool) -> Result<(), RestoreError> {
        let mut digest = ContentDigest::new(&self.then.schema);
        let columns = self.then.schema.columns.len();
        let mut statement = database.prepare(&all_rows(self.then)?)?;
        let mut rows = statement.query([])?;
        let (mut at, mut bytes) = (0, vec![]);
        while let Some(row) = rows.next()? {
            look(go_on, at)?;
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
        if digest.finish() == self.then.digest { Ok(()) } else { Err(RestoreError::OtherRows) }
    }
}

/// Where a column of then gets what no change says.
enum Source<'a> {
    /// Now there is no such column.
    Nothing,
    /// The column of now with that index, which stores values in the same way.
    Same(usize),
    Other(usize, &'a Column, &'a Column),
}

impl<'a> Source<'a> {
    fn of(then: &'a Column, now: &'a Table) -> Self {
        let columns = &now.schema.columns;
        match columns.iter().position(|column| column.name == then.name) {
            None => Self::Nothing,
            Some(at) if columns[at].column_type.storage() == then.column_type.storage() => Self::Same(at),
            Some(at) => Self::Other(at, &columns[at], then),
        }
    }

    fn bind(&self, row: &Row<'_>, parameter: usize, insert: &mut Statement<'_>) -> Result<(), RestoreError> {
        match self {
            Self::Nothing => insert.raw_bind_parameter(parameter, Value::Null)?,
            Self::Same(at) => {
                insert.raw_bind_parameter(parameter, ToSqlOutput::Borrowed(row.get_ref(*at)?))?
            }
            Self::Other(at, from, to) => {
                insert.raw_bind_parameter(parameter, converted(row.get_ref(*at)?, from, to)?)?;
            }
        }
        Ok(())
    }
}

fn look(go_on: &dyn Fn() -> bool, at: usize) -> Result<(), RestoreError> {
    if at.is_multiple_of(STEP) && !go_on() { Err(RestoreError::Stopped) } else { Ok(()) }
}

fn creation(table: &Table) -> String {
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
    format!("CREATE TABLE {}({}) STRICT", quote(&table.name), columns.join(", "))
}

fn insertion(table: &Table) -> Result<String, RestoreError> {
    let parameters = vec!["?"; table.schema.columns.len() + 1].join(",");
    let (rowid, columns) = (rowid(table)?, columns(table));
    Ok(format!("INSERT INTO {}({rowid}, {columns}) VALUES ({parameters})", quote(&table.name)))
}

fn all_rows(table: &Table) -> Result<String, RestoreError> {
    Ok(format!("SELECT {} FROM {} ORDER BY {}", columns(table), quote(&table.name), rowid(table)?))
}

fn columns(table: &Table) -> String {
    let columns: Vec<_> = table.schema.columns.iter().map(|column| quote(&column.name)).collect();
    columns.join(", ")
}

fn rowid(table: &Table) -> Result<&'static str, RestoreError> {
    table.rowid().ok_or_else(|| RestoreError::Damaged("a table hides its row number".to_owned()))
}
