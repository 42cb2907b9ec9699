//! An embed's rows by way of an index, without a statement.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use catalog::Table;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};

use super::{Fetched, Row, RowCount, Rows};
use crate::deadline::{Interrupted, Watch};
use crate::error::Error;
use crate::sql::{Label, Lookup, Statement};
use crate::storage::{self, Entries, FoundRow, NotHandled, Pages, Stored};

/// Rows between two looks at the clock.
const ROWS: usize = 256;

/// On which pages indexes start, as far as they were looked for: by the end of their `CREATE INDEX`.
#[derive(Debug, Default)]
pub(crate) struct IndexPages(RefCell<BTreeMap<String, Option<u32>>>);

impl IndexPages {
    fn of(&self, lookup: &Lookup, connection: &Connection) -> Result<Option<u32>, Error> {
        if let Some(known) = self.0.borrow().get(&lookup.index) {
            return Ok(*known);
        }
        let found = connection
            .query_row(
                "SELECT rootpage FROM sqlite_schema
                 WHERE type = 'index' AND tbl_name = ?1 AND sql = 'CREATE INDEX ' || name || ?2",
                [&lookup.table.name, &lookup.index],
                |row| row.get(0),
            )
            .optional()?;
        self.0.borrow_mut().insert(lookup.index.clone(), found);
        Ok(found)
    }
}

/// What embeds are read from that need no statement.
pub(crate) struct Lookups<'a> {
    pages: &'a Pages,
    indexes: &'a IndexPages,
    watch: Watch,
    not_handled: Cell<bool>,
}

impl<'a> Lookups<'a> {
    /// `watch` knows when the time is over.
    pub(crate) fn new(pages: &'a Pages, indexes: &'a IndexPages, watch: Watch) -> Self {
        Self { pages, indexes, watch, not_handled: Cell::new(false) }
    }

    /// Whether the file turned out not to be what is read here: then what came of it is no answer.
    pub(crate) fn not_handled(&self) -> bool {
        self.not_handled.get()
    }

    fn look(&self) -> Result<(), Error> {
        if self.watch.has_passed() { Err(Interrupted.into()) } else { Ok(()) }
    }

    fn handled<T>(&self, read: Result<T, NotHandled>) -> Result<T, Error> {
        read.map_err(|NotHandled| {
            self.not_handled.set(true);
            Error::release("a page can't be read")
        })
    }
}

/// The rows of an embed.
pub(crate) struct LookedUp<'a> {
    lookups: &'a Lookups<'a>,
    lookup: &'a Lookup,
    /// As in [`Statement`].
    keys: &'a [(usize, usize)],
    table: &'a Table,
    stored: Stored,
    /// Those of the index.
    entries: Entries<'a>,
    key: Vec<Value>,
    numbers: Vec<i64>,
    row: FoundRow,
}

impl<'a> LookedUp<'a> {
    /// Of the embed that is `plan`; `None` where there is no such index.
    pub(super) fn new(
        lookups: &'a Lookups<'a>,
        plan: &'a Statement,
        connection: &Connection,
    ) -> Result<Option<Self>, Error> {
        let Some(lookup) = &plan.lookup else { return Ok(None) };
        let Ok(stored) = Stored::of(&lookup.table) else { return Ok(None) };
        let index = lookups.indexes.of(lookup, connection)?;
        Ok(index.map(|index| Self {
            lookups,
            lookup,
            keys: &plan.keys,
            table: &lookup.table,
            stored,
            entries: lookups.pages.entries(index),
            key: vec![],
            numbers: vec![],
            row: FoundRow::default(),
        }))
    }

    /// The values that the embed takes from the row around it.
    pub(super) fn bind(&mut self, row: Row<'_>) -> Result<(), Error> {
        self.key.clear();
        for (_, column) in self.keys {
            self.key.push(Value::try_from(row.get(*column)?).map_err(rusqlite::Error::from)?);
        }
        Ok(())
    }
}

impl<'a> Rows<'a> for LookedUp<'a> {
    fn each(
        &mut self,
        mut each: impl FnMut(&mut Fetched<'_, 'a>) -> Result<(), Error>,
    ) -> Result<RowCount, Error> {
        let Lookups { pages, .. } = *self.lookups;
        let shown = usize::try_from(self.lookup.scan.rows).unwrap_or(usize::MAX);
        let most = shown.saturating_add(self.lookup.more.into());
        self.numbers.clear();
        self.lookups.look()?;
        let found = storage::numbers(&mut self.entries, &self.key, most, &mut self.numbers);
        self.lookups.handled(found)?;
        for (index, number) in self.numbers.iter().take(shown).enumerate() {
            if index % ROWS == ROWS - 1 {
                self.lookups.look()?;
            }
            self.lookups.handled(self.stored.row(pages, *number, &mut self.row))?;
            each(&mut Fetched {
                slots: &self.lookup.scan.slots,
                row: Row::Scanned(&self.row, self.table),
                children: &mut [],
                rowid: Some(*number),
            })?;
        }
        Ok(RowCount { rows: self.numbers.len().min(shown) as u64, more: self.numbers.len() > shown })
    }

    fn labels(&self) -> Vec<&'a Label> {
        self.lookup.scan.labels()
    }
}
