//! The release's file read without SQLite: rows by their key, pages in the file's order, and rows that an index names.
//!
//! Deliberately absent: any question that needs an order, a filter or another table (`query`).

mod btree;
mod lookup;

pub(crate) use btree::{Entries, NotHandled, Pages};
pub(crate) use lookup::{
    FoundRow, FoundRows, Stored, about, newest_version, numbers, offsets, row, rows, table,
};
