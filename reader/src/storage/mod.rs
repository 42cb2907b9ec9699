//! The release's file read without SQLite: rows by their key, and pages in the file's order.
//!
//! Deliberately absent: any question that needs an order, a filter or another table (`query`).

mod btree;
mod lookup;

pub(crate) use btree::{NotHandled, Pages};
pub(crate) use lookup::{FoundRow, FoundRows, about, newest_version, offsets, row, rows, table};
