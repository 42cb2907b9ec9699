//! Rows of then in the order of then, without restoring their table: each from the row of now and its changes alone, as a
//! row by its key is.
//!
//! That costs more for a row than to read a restored table, and less than to restore it for a page. So the rows are
//! counted: who goes on reading gets the table restored.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use catalog::{Order, Origin, Storage, Table, key_text};
use rusqlite::types::Value;

use super::Past;
use super::restored::refused;
use super::row::{Columns, values};
use crate::deadline::{Interrupted, Watch};
use crate::error::Error;
use crate::query::{Fetched, Row, RowCount, Rows};
use crate::sql::{Label, Scan};
use crate::storage::{self, FoundRow, NotHandled, Pages, Stored};

/// Rows between two looks at the clock.
const STEP: u64 = 64;

/// How many rows are read that way, of a large table one in [`READ_OF`], before it is restored: they take a fifth of what
/// restoring does, and later rows a fraction of what they take here.
const READ: u64 = 500;
const READ_OF: u64 = 10;

/// Rows that versions may have removed since then: a page keeps the keys of those of the versions that it needs.
const REMOVED: u64 = 100_000;

/// Where the rows of a table of then are.
#[derive(Debug)]
pub(super) struct Places {
    order: Order,
    numbers: Numbers,
    /// How many rows were read that way.
    read: Cell<u64>,
}

/// The row numbers of now, by the places of now.
#[derive(Debug)]
enum Numbers {
    /// They follow one another from this one on.
    Consecutive(i64),
    Listed(Vec<i64>),
}

/// The rows of a page.
pub(crate) struct Plain<'a> {
    past: &'a Past,
    scan: &'a Scan,
    then: &'a Table,
    now: Rc<Table>,
    stored: Stored,
    places: Rc<Places>,
    /// The place of the first one.
    start: u64,
    /// Keys of removed rows, by the version that removed them.
    removed: BTreeMap<u64, Vec<String>>,
    found: FoundRow,
    watch: Watch,
    not_handled: bool,
}

impl Past {
    /// The rows of `then` that `scan` names. `None` where the table is restored, or has to be. Errors: it can't be, or
    /// finding out takes longer than the query may.
    pub(crate) fn plain<'a>(&'a self, then: &'a Table, scan: &'a Scan) -> Result<Option<Plain<'a>>, Error> {
        if self.restored.borrow().contains_key(&then.name) {
            return Ok(None);
        }
        let (now, watch) = (self.current(then)?, self.base.watch()?);
        let Ok(stored) = Stored::of(&now) else { return Ok(None) };
        let Some(places) = self.places(then, &now, &watch)? else { return Ok(None) };
        let rows = places.order.rows();
        let start = match scan.after.map(u64::try_from) {
            None => scan.skipped,
            Some(Ok(number)) if (1..=rows).contains(&number) => number,
            Some(_) => return Ok(None),
        };
        if places.read.get() >= rows.min(READ.max(rows / READ_OF)) && rows > 0 {
            return Ok(None);
        }
        places.read.set(places.read.get() + scan.rows.min(rows.saturating_sub(start)));
        let (removed, found) = (BTreeMap::new(), FoundRow::default());
        let plain = Plain {
            past: self,
            scan,
            then,
            now,
            stored,
            places,
            start,
            removed,
            found,
            watch,
            not_handled: false,
        };
        Ok(Some(plain))
    }

    fn places(&self, then: &Table, now: &Table, watch: &Watch) -> Result<Option<Rc<Places>>, Error> {
        if let Some(known) = self.places.borrow().get(&then.name) {
            return Ok(Some(Rc::clone(known)));
        }
        let restoration = self.restoration(then, now)?;
        let removed = restoration.later.iter().filter_map(|version| version.tables.get(&then.name));
        if removed.map(|table| table.removed).fold(0, u64::saturating_add) > REMOVED {
            return Ok(None);
        }
        let order = restoration.order().map_err(|error| refused(error, &then.name))?;
        let numbers = match Numbers::of(self.base.pages(), now, watch) {
            Ok(Some(numbers)) if order.rows() == then.rows => numbers,
            Ok(None) => return Err(Interrupted.into()),
            // Restoration has the error.
            Ok(Some(_)) | Err(NotHandled) => return Ok(None),
        };
        let places = Rc::new(Places { order, numbers, read: Cell::default() });
        self.places.borrow_mut().insert(then.name.clone(), Rc::clone(&places));
        Ok(Some(places))
    }
}

impl Numbers {
    /// Of the rows of `table`. `None`: the time is over.
    fn of(pages: &Pages, table: &Table, watch: &Watch) -> Result<Option<Self>, NotHandled> {
        let mut row = FoundRow::default();
        let mut rows = storage::rows(pages, table, None)?;
        if !rows.next(&mut row)? {
            return Ok(Some(Self::Listed(vec![])));
        }
        let first = row.rowid();
        let last =
            i64::try_from(table.rows).ok().and_then(|rows| first.checked_add(rows - 1)).ok_or(NotHandled)?;
        // So many numbers, all of them from `first` to `last`, are all that there are.
        if let Ok(mut behind) = storage::rows(pages, table, Some(last))
            && !behind.next(&mut row)?
        {
            return Ok(Some(Self::Consecutive(first)));
        }
        let mut listed = vec![first];
        while rows.next(&mut row)? {
            if (listed.len() as u64).is_multiple_of(STEP) && watch.has_passed() {
                return Ok(None);
            }
            listed.push(row.rowid());
        }
        if listed.len() as u64 == table.rows { Ok(Some(Self::Listed(listed))) } else { Err(NotHandled) }
    }

    fn get(&self, place: u32) -> Result<i64, NotHandled> {
        match self {
            Self::Consecutive(first) => Ok(first + i64::from(place)),
            Self::Listed(numbers) => numbers.get(place as usize).copied().ok_or(NotHandled),
        }
    }
}

impl<'a> Plain<'a> {
    /// Whether the file turned out not to be what is read here: then what came of it is no answer.
    pub(crate) fn not_handled(&self) -> bool {
        self.not_handled
    }

    /// The columns of the row in a place of then. `key` are those of the primary key now.
    fn row(
        &mut self,
        place: u64,
        key: &[(usize, Storage)],
        columns: &Columns<'_>,
    ) -> Result<Vec<Value>, Error> {
        let damaged = || Error::release("the change feed is not whole");
        match self.places.order.row(place).ok_or_else(damaged)? {
            Origin::Present(index) => {
                let current = self.current(index).map_err(|NotHandled| {
                    self.not_handled = true;
                    Error::release("a page can't be read")
                })?;
                let parts: Vec<_> =
                    key.iter().map(|(index, storage)| ((&current[*index]).into(), *storage)).collect();
                let key = key_text(&parts).map_err(Error::release)?;
                let undone = self.past.undone(self.then, &self.now, &key)?;
                if undone.as_ref().is_some_and(|undone| !undone.existed) {
                    return Err(damaged());
                }
                self.past.row_before(undone, &current, columns)
            }
            Origin::Removed { version, index } => {
                if !self.removed.contains_key(&version) {
                    let feed = self.past.base.connection()?;
                    let keys = catalog::removed_keys(feed, &self.then.name, version)?;
                    self.removed.insert(version, keys);
                }
                let key = self.removed[&version].get(index as usize).ok_or_else(damaged)?;
                let undone = self.past.undone(self.then, &self.now, key)?;
                let undone = undone.filter(|undone| undone.existed && undone.is_whole);
                self.past.row_before(Some(undone.ok_or_else(damaged)?), &[], columns)
            }
        }
    }

    /// The row of now in a place of now.
    fn current(&mut self, place: u32) -> Result<Vec<Value>, NotHandled> {
        let number = self.places.numbers.get(place)?;
        self.stored.row(self.past.base.pages(), number, &mut self.found)?;
        values(&self.found, &self.now)
    }
}

impl<'a> Rows<'a> for Plain<'a> {
    fn each(
        &mut self,
        mut each: impl FnMut(&mut Fetched<'_, 'a>) -> Result<(), Error>,
    ) -> Result<RowCount, Error> {
        let now = Rc::clone(&self.now);
        let columns = Columns::of(self.then, &now);
        let place = |name: &String| now.schema.columns.iter().position(|column| column.name == *name);
        let key = now.schema.primary_key.iter().filter_map(place);
        let key: Vec<_> = key.map(|at| (at, now.schema.columns[at].column_type.storage())).collect();
        let mut rows = 0;
        for place in self.start..self.places.order.rows() {
            if rows == self.scan.rows {
                return Ok(RowCount { rows, more: true });
            }
            if rows.is_multiple_of(STEP) && self.watch.has_passed() {
                return Err(Interrupted.into());
            }
            rows += 1;
            let values = self.row(place, &key, &columns)?;
            each(&mut Fetched {
                slots: &self.scan.slots,
                row: Row::Restored(&values),
                children: &mut [],
                // As in the restored table, so that a cursor is of both.
                rowid: Some(place as i64 + 1),
            })?;
        }
        Ok(RowCount { rows, more: false })
    }

    fn labels(&self) -> Vec<&'a Label> {
        self.scan.labels()
    }
}
