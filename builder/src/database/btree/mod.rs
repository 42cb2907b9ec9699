//! Rows -> the pages of a table's b-tree, in the order of the rows, and sorted keys -> those of an index's (SQLite, "Database File Format", section 1.6).
//!
//! SQLite would find each row's place in the b-tree, open a cursor's page and balance it; rows that come in the
//! order of their numbers have one place, the end. So leaves are filled one after another and never changed, and the
//! interior pages follow at the end. What is written is what SQLite itself would have stored for an INSERT of each
//! row, value by value, with full pages.
//!
//! Invariants:
//!
//! - No connection is open to a file that has a [`PageFile`]: SQLite made its first pages and closed it, and opens it
//!   again when [`PageFile::finish`] has put the number of pages into the header. From then on SQLite alone writes.
//! - A b-tree belongs to the file only when SQLite's schema has its root page; [`PageFile::truncate`] removes one
//!   that was begun.
//! - Each page is written once and whole, with zeros where it has no content: bytes are a function of the rows.
//! - Every leaf of a b-tree with more than one has a cell, and every interior page has two children.
//! - No page is the one that SQLite locks.
//! - Memory does not grow with the rows: a page for each level, up to 256 interior pages for each level, and one row.
//!
//! Deliberately absent: SQL, changes to existing pages, tables WITHOUT ROWID, and the format's constants, which the
//! reader needs too (`catalog::btree`).

mod file;
mod index;
mod interior;
mod overflow;
mod page;
mod record;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use file::PageFile;
pub(crate) use index::IndexWriter;
pub(crate) use record::Record;
pub(crate) use table::{ColumnFormat, RowError, TableWriter};
