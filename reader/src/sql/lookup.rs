//! What an embed needs no statement for: rows that an index names, in the file's order.

use std::rc::Rc;

use catalog::{Storage, Table, index_on};

use super::Scan;
use crate::plan::{Child, Node};

/// The rows whose columns equal those of a row around them.
#[derive(Debug)]
pub(crate) struct Lookup {
    pub(crate) table: Rc<Table>,
    /// How the index's `CREATE INDEX` ends, if there is one.
    pub(crate) index: String,
    /// What is shown of the rows.
    pub(crate) scan: Scan,
    /// Whether it matters that there are more than are shown.
    pub(crate) more: bool,
}

impl Lookup {
    /// The rows of an embed, or `None` where they take a statement.
    pub(super) fn of(parent: &Node, child: &Child) -> Option<Self> {
        let (node, relation) = (&child.node, &child.relation);
        let storage = |table: &Table, name: &str| {
            let column = table.schema.columns.iter().find(|column| column.name == name)?;
            Some(column.column_type.storage())
        };
        // Values that are stored alike are equal where their bytes are.
        let is_plain = |(here, there): &(String, String)| {
            let stored = (storage(&parent.table, here), storage(&node.table, there));
            matches!(
                stored,
                (Some(Storage::Integer), Some(Storage::Integer)) | (Some(Storage::Text), Some(Storage::Text))
            )
        };
        if relation.to_one() || relation.junction.is_some() || !relation.columns.iter().all(is_plain) {
            return None;
        }
        let columns: Vec<&str> = relation.columns.iter().map(|(_, there)| there.as_str()).collect();
        Some(Self {
            table: Rc::clone(&node.table),
            index: index_on(&node.table.name, &columns),
            scan: Scan::of(node)?,
            more: node.limited_by_us,
        })
    }
}
