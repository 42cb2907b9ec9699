//! Rows -> data.db: the tables in the order of their files with their indexes, written as b-tree pages (`btree`), then
//! the catalog and the rest by SQLite.
//!
//! Deliberately absent: the manifest and the directory that a release is in (`release`), and what
//! the change feed says (`history`).

mod adopt;
mod analyze;
mod btree;
mod build;
mod index;
mod key_pages;
mod layout;
mod load;
mod open;
mod rows;
pub(crate) mod search;

#[cfg(feature = "fuzzing")]
pub(crate) use adopt::{Adopted, adopt, create, open as open_to_write};
#[cfg(feature = "fuzzing")]
pub(crate) use btree::{ColumnFormat, PageFile, RowError, TableWriter};
pub(crate) use build::{build_database, described, found_by_check};
pub(crate) use layout::schema;
pub(crate) use load::{BuildError, load};
pub(crate) use open::{open, open_uri, uri};
