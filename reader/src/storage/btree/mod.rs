//! Rows by key and in the file's order, straight from the file's b-trees, without SQLite.
//!
//! SQLite parses the whole schema before its first statement: two thirds of what a cold by-key
//! read cost, and more with every table in the file. The builder knows where each table's b-tree
//! starts and writes it into the catalog, and the catalog itself starts on a fixed page, so a row
//! is four or five page reads away (SQLite, "Database File Format", section 1.6; the format is
//! stable and the file immutable).
//!
//! Everything that is not as expected is [`NotHandled`]: the caller goes to SQLite, which either
//! answers or names the problem. Deliberately absent: writing, locks, other collations than
//! BINARY, keys that are no integers or texts, any query but equality on a whole key or all rows
//! from a row number on.

mod index;
mod page;
mod record;
mod table;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::fs::File;

use rusqlite::types::{Value, ValueRef};

pub(crate) use index::Entries;
use page::{Kept, Page};
pub(crate) use record::Record;
pub(crate) use table::Scan;

/// The file is not what this module reads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotHandled;

/// The file's pages.
#[derive(Debug)]
pub(crate) struct Pages {
    file: File,
    /// Page size in bytes.
    size: usize,
    /// The file's size in bytes: no record is longer.
    bytes: u64,
    kept: RefCell<Kept>,
}

/// A part of a key to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    Integer(i64),
    Text(&'a str),
}

/// The deepest b-tree that is followed. A tree of 4096-byte pages that deep would hold more rows
/// than a file has bytes, so it is a circle.
const DEPTH: usize = 20;

impl Pages {
    /// The pages of `file`, which has `bytes` bytes, of `size` bytes each.
    pub(crate) fn new(file: File, size: usize, bytes: u64) -> Self {
        Self { file, size, bytes, kept: RefCell::default() }
    }

    /// The pages of the same file, with nothing kept of them.
    pub(crate) fn again(&self) -> std::io::Result<Self> {
        Ok(Self::new(self.file.try_clone()?, self.size, self.bytes))
    }

    /// The record with that row number in the table b-tree that starts at page `root`.
    pub(crate) fn row(&self, root: u32, rowid: i64) -> Result<Option<Record>, NotHandled> {
        table::find(self, root, rowid, Page::read)
    }

    /// The same for one of many records, in the place of the one before; whether there is one. Their pages are kept, since
    /// others may be on them, and the next request may be for the same.
    pub(crate) fn row_of_many(&self, root: u32, rowid: i64, record: &mut Record) -> Result<bool, NotHandled> {
        table::find_again(self, root, rowid, record)
    }

    /// The entries of the index b-tree that starts at page `root`, for one key after another.
    pub(crate) fn entries(&self, root: u32) -> Entries<'_> {
        Entries::new(self, root)
    }

    /// The records of the table b-tree that starts at page `root`, in the order of their row
    /// numbers: all, or those from `from` on.
    pub(crate) fn scan(&self, root: u32, from: Option<i64>) -> Result<Scan<'_>, NotHandled> {
        Scan::new(self, root, from)
    }

    /// The record whose first columns equal `key` in the index b-tree that starts at page `root`.
    /// In an index of a table its last column is the row number; in a table WITHOUT ROWID the
    /// record is the row, key columns first. Only the first `columns` are read.
    pub(crate) fn entry(
        &self,
        root: u32,
        key: &[Part<'_>],
        columns: usize,
    ) -> Result<Option<Record>, NotHandled> {
        index::find(self, root, key, columns)
    }

    /// The last record whose first columns equal `key` in such a b-tree; of it, the first `columns` are read.
    pub(crate) fn last_entry(
        &self,
        root: u32,
        key: &[Part<'_>],
        columns: usize,
    ) -> Result<Option<Record>, NotHandled> {
        index::last(self, root, key, columns)
    }
}

impl<'a> Part<'a> {
    /// Errors: neither an integer nor a text.
    pub(crate) fn of(value: &'a Value) -> Result<Self, NotHandled> {
        match value {
            Value::Integer(number) => Ok(Self::Integer(*number)),
            Value::Text(text) => Ok(Self::Text(text)),
            Value::Null | Value::Real(_) | Value::Blob(_) => Err(NotHandled),
        }
    }

    /// How the value of an index record compares with this part, in SQLite's order of storage
    /// classes under the BINARY collation ("Datatypes In SQLite", section 4.1).
    fn compare(self, value: ValueRef<'_>) -> Result<std::cmp::Ordering, NotHandled> {
        use std::cmp::Ordering;
        Ok(match (value, self) {
            (ValueRef::Null, _) => Ordering::Less,
            (ValueRef::Integer(value), Self::Integer(part)) => value.cmp(&part),
            (ValueRef::Integer(_), Self::Text(_)) => Ordering::Less,
            (ValueRef::Text(_), Self::Integer(_)) => Ordering::Greater,
            (ValueRef::Text(value), Self::Text(part)) => value.cmp(part.as_bytes()),
            (ValueRef::Real(_) | ValueRef::Blob(_), _) => return Err(NotHandled),
        })
    }
}
