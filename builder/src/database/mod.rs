//! Rows -> data.db: the tables in the order of their files, their indexes, the catalog.
//!
//! Deliberately absent: the manifest and the directory that a release is in (`release`), and what
//! the change feed says (`history`).

mod build;
mod insert;
mod key_pages;
mod layout;
mod load;
mod open;
pub(crate) mod search;

pub(crate) use build::{build_database, described, found_by_check};
pub(crate) use load::{BuildError, load};
pub(crate) use open::{open, open_uri, uri};
