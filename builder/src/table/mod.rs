//! CSV -> checked rows.
//!
//! `source` gives UTF-8 for any encoding, `records` finds cells and lines in them, `header` says which field a
//! cell belongs to, `rows` checks the cells, `pipeline` passes the rows to what stores
//! them: the release, or the check of keys and references.

pub(crate) mod batch;
pub(crate) mod content;
mod delimiter;
mod field_use;
pub(crate) mod file;
pub(crate) mod header;
pub(crate) mod keys;
pub(crate) mod leaves;
pub(crate) mod lines;
pub(crate) mod pipeline;
mod quotes;
mod record;
pub(crate) mod records;
pub(crate) mod references;
mod row_findings;
mod row_hashes;
pub(crate) mod rows;
pub(crate) mod source;
mod statistics;
mod wanted;
