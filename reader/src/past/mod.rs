//! Tables as they were: the rows of an earlier version, from those of now and the change feed.
//!
//! A moment is read by a reader of its own, whose database is empty at first and private to it: it holds
//! the tables of then, and the rows of a table from the first question on that needs them. So what answers
//! now answers then, and no stage knows of it. Rows that are put there are compared with the content digest of their
//! version: what does not fit is never shown. A row by its key, and a page in the order of then, take the changes of
//! their rows alone.
//!
//! `moment` finds what is meant, `history` and `tables` what there was, `restored` has rows put into the database, `row`
//! reads one, `plain` a page in the order of then. Deliberately absent: how rows are restored (`catalog`), addresses and
//! headers (`reader::at`, `response`).

mod history;
mod moment;
mod plain;
mod restored;
mod row;
mod tables;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use catalog::{Change, RowTree, Table, TableVersion, Version};

pub(crate) use history::History;
pub(crate) use moment::Moment;
pub(crate) use plain::Plain;

use crate::config::Config;
use crate::error::{Code, Error};
use crate::release::Release;

/// What a reader of an earlier moment has beside its database.
#[derive(Debug)]
pub(crate) struct Past {
    /// The release of now.
    pub(crate) base: Rc<Release>,
    pub(crate) history: Rc<History>,
    /// The place in the history.
    pub(crate) ordinal: u64,
    /// Tables of now that rows of then can be had from.
    current: RefCell<BTreeMap<String, Rc<Table>>>,
    /// Where the rows of tables are that pages were read of.
    places: RefCell<BTreeMap<String, Rc<plain::Places>>>,
    /// The tables whose rows are in the database, and whether their indexes are.
    restored: RefCell<BTreeMap<String, bool>>,
    /// The trees over rows of then, by table: made at the first proof.
    pub(crate) trees: RefCell<BTreeMap<String, Rc<RowTree>>>,
    /// How many search indexes were named.
    searches: Cell<usize>,
    /// How many indexes were named.
    indexes: Cell<usize>,
    /// How answers of now are made: URLs that are not of the moment begin with its base path.
    pub(crate) now: Config,
}

impl Past {
    pub(crate) fn new(base: Rc<Release>, history: Rc<History>, ordinal: u64, now: Config) -> Self {
        Self {
            base,
            history,
            ordinal,
            current: RefCell::default(),
            places: RefCell::default(),
            restored: RefCell::default(),
            trees: RefCell::default(),
            searches: Cell::default(),
            indexes: Cell::default(),
            now,
        }
    }

    /// The version that a dataset had at the moment.
    pub(crate) fn version_of(&self, dataset: &str) -> Option<&Version> {
        self.history.at(dataset, self.ordinal)
    }

    /// What happened to a row until the moment, the oldest first. Errors: SQLite's.
    pub(crate) fn row_history(&self, table: &str, key: &str) -> Result<Vec<Change>, Error> {
        let mut changes = catalog::row_history(self.base.connection()?, table, key, None, usize::MAX)?;
        changes.retain(|change| change.ordinal <= self.ordinal);
        Ok(changes)
    }

    /// The version of the table's dataset at the moment, and what it says of the table. Errors: there isn't one.
    fn version(&self, table: &Table) -> Result<(&Version, &TableVersion), Error> {
        let version = self.history.at(&table.dataset, self.ordinal);
        let of = version.and_then(|version| Some((version, version.tables.get(&table.name)?)));
        of.ok_or_else(|| Error::release("the change feed is not whole"))
    }

    /// The table of now. Errors: its rows of then can't be had from it.
    pub(crate) fn current(&self, table: &Table) -> Result<Rc<Table>, Error> {
        if let Some(known) = self.current.borrow().get(&table.name) {
            return Ok(Rc::clone(known));
        }
        let now = Rc::new(self.find_current(table)?);
        self.current.borrow_mut().insert(table.name.clone(), Rc::clone(&now));
        Ok(now)
    }

    fn find_current(&self, table: &Table) -> Result<Table, Error> {
        let (version, then) = self.version(table)?;
        let now = catalog::table(self.base.connection()?, &table.name)?;
        let later = self.history.after(&table.dataset, version.ordinal);
        let name = &table.name;
        let Some(now) = now else {
            return Err(Error::new(Code::NotKept, format!("the rows of '{name}' are not kept"))
                .details("a later version removed the table")
                .hint("check the commit out and build it: the history of the data is in Git"));
        };
        if now.digest == then.digest {
            return Ok(now);
        }
        if later.last().and_then(|last| last.tables.get(name)).is_none_or(|last| last.digest != now.digest) {
            return Err(Error::new(
                Code::NotRestorable,
                format!("the rows of '{name}' as of then can't be restored"),
            )
            .details(
                "the release has rows of it that are not committed, and the change feed ends with what is",
            )
            .hint("build the release from a commit"));
        }
        if table.schema.primary_key.is_empty() || now.schema.primary_key.is_empty() {
            return Err(Error::new(
                Code::NotRestorable,
                format!("the rows of '{name}' as of then can't be restored"),
            )
            .details("the table has no primary key, so the change feed has none of its rows")
            .hint(format!("read the rows of now at {}/{name}", self.now.base_path)));
        }
        let is_kept = |later: &Version| later.tables.get(name).is_some_and(|table| !table.reset);
        if !later.iter().all(is_kept) {
            let begin = self.history.begin(&table.dataset, name).map_or("", Version::name);
            return Err(Error::new(
                Code::NotKept,
                format!("the rows of '{name}' are kept from version {begin} on"),
            )
            .details("before that version the table had another primary key, or was gone for a time")
            .hint(self.history.listed(&table.dataset)));
        }
        Ok(now)
    }
}
