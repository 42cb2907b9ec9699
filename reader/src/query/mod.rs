//! Statements prepared, bound, stepped through and counted; and pages of tables and indexes read where no
//! statement is needed.
//!
//! Rows are handed out as they come, none is kept. Deliberately absent: what a row looks like to a
//! client, and how much of it has room (`response`).

mod count;
mod embedded;
mod key_order;
mod looked_up;
mod one;
mod opened;
mod position;
mod prepared;
mod row;
mod rows;
mod scanned;

pub(crate) use count::count;
pub(crate) use embedded::Embedded;
pub(crate) use key_order::{GroupRows, KeyOrder, Place};
pub(crate) use looked_up::{IndexPages, Lookups};
pub(crate) use one::one;
pub(crate) use opened::Opened;
pub(crate) use position::position;
pub(crate) use prepared::Prepared;
pub(crate) use row::{Fetched, Row};
pub(crate) use rows::{RowCount, Rows};
pub(crate) use scanned::Scanned;
