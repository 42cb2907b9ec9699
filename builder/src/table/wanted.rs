//! What is wanted of a table's rows, and what reading them gives.

use std::collections::BTreeSet;

use catalog::{RowTree, Schema, SourceFile};

use super::content::Content;
use datapackage::schema::Table;

/// What is wanted of a table's rows.
pub(crate) struct Wanted<'a> {
    /// The table.
    pub(crate) table: &'a Table,
    /// The datasets directory as the user gave it.
    pub(crate) datasets: &'a str,
    /// The indexes of the fields whose values go into the batches, ascending; empty where no
    /// batches are wanted.
    pub(crate) kept: &'a [usize],
    /// The schema, where digests of content and files are wanted.
    pub(crate) digest: Option<&'a Schema>,
    /// The field whose values must ascend strictly from row to row.
    pub(crate) ascending: Option<usize>,
    /// The number fields that are known to have NaN; of others it is looked for with `digest`.
    pub(crate) nan: &'a [usize],
    /// Whether to stop at the first error.
    pub(crate) stop_at_error: bool,
}

/// How reading a table ended.
pub(crate) enum Ended {
    /// All rows were read.
    Complete(Box<Summary>),
    /// [`Wanted::ascending`] does not ascend.
    NotAscending,
    /// These number fields have NaN, and are not among [`Wanted::nan`].
    NaN(BTreeSet<usize>),
    /// The batches' receiver wants no more, or there is an error and [`Wanted::stop_at_error`].
    Stopped,
}

/// What is known of a table when all its rows were read.
pub(crate) struct Summary {
    /// How many rows there are.
    pub(crate) rows: u64,
    /// The fields with a value that could not be read.
    pub(crate) unread: BTreeSet<usize>,
    /// What the rows amount to, where digests were wanted.
    pub(crate) content: Option<Content>,
    /// The tree over the rows, once they are stored: only then is the order of the key known.
    pub(crate) tree: Option<RowTree>,
    /// The files, where digests were wanted.
    pub(crate) sources: Vec<SourceFile>,
    /// The number fields that have NaN, where digests were wanted.
    pub(crate) nan: Vec<usize>,
    /// Whether a datetime of a key has more than one spelling, so that different texts can be one point in
    /// time; where digests were wanted.
    pub(crate) respelled: bool,
}
