//! What needs no statement: rows of one table in the file's order, all or those behind one.

use super::slot::{Label, Slot};
use crate::plan::{Node, Output, Path, Shown};

/// Rows in the file's order.
#[derive(Debug)]
pub(crate) struct Scan {
    /// Values; their columns are the table's, by index.
    pub(crate) slots: Vec<Slot>,
    /// The most rows that are shown.
    pub(crate) rows: u64,
    /// The row number of the row that the page begins behind.
    pub(crate) after: Option<i64>,
    /// How many rows are before the page, where no row is named: 0, unless the scan was made to skip.
    pub(crate) skipped: u64,
}

impl Scan {
    /// The rows of a tree, or `None` where they take a statement: so do those behind an offset, which a b-tree does not count.
    pub(crate) fn of(root: &Node) -> Option<Self> {
        Self::skipping(root).filter(|scan| scan.skipped == 0)
    }

    /// The same where rows are found by their places, so that an offset is fine.
    pub(crate) fn skipping(root: &Node) -> Option<Self> {
        if !root.is_whole() || !root.order.is_empty() || !root.children.is_empty() {
            return None;
        }
        let slots = root.outputs.iter().map(|output| match output {
            Output::Value { label, shown: shown @ Shown::Scalar(scalar) }
                if scalar.path == Path::Whole && scalar.cast.is_none() =>
            {
                Some(Slot::value(root.label(label, shown), scalar.column, scalar.of()))
            }
            _ => None,
        });
        Some(Self {
            slots: slots.collect::<Option<_>>()?,
            rows: root.limit.unwrap_or(u64::MAX),
            after: root.after,
            skipped: if root.after.is_some() { 0 } else { root.offset },
        })
    }

    /// The names of the members that a row makes, in order.
    pub(crate) fn labels<'a>(&'a self) -> Vec<&'a Label> {
        let label = |slot: &'a Slot| match slot {
            Slot::Value { label, .. } => Some(label),
            _ => None,
        };
        self.slots.iter().filter_map(label).collect()
    }
}
