//! Plan -> SQL text and bound values. Names come from the catalog, quoted; values are bound, so
//! requests of one shape share one text and with it one prepared statement.
//!
//! A statement yields flat rows; [`Slot`]s say which of its columns make which member of an
//! answer. An embed of one row is a join. An embed of many rows is a statement of its own that is
//! run for each row: SQLite is in the process, so that costs what a correlated subquery costs,
//! and its rows are written as they come, by the same code as all others. Where an index names
//! just these rows in their order, a [`Lookup`] is all that is needed of it.

mod aggregate;
mod condition;
mod expression;
mod functions;
mod group;
mod key_order;
mod keyset;
mod lookup;
pub(crate) mod number;
mod scan;
mod search;
mod select;
mod slot;

use catalog::{Table, quote};
use rusqlite::types::Value;

pub(crate) use functions::register;
pub(crate) use keyset::Position;
pub(crate) use lookup::Lookup;
pub(crate) use scan::Scan;
pub(crate) use slot::{Kind, Label, Slot};

use crate::error::Error;
use crate::plan::Node;

/// A statement that can be run.
#[derive(Debug, Default)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) values: Vec<Value>,
    /// The values that come from the row around: the parameter's number (from 1), and the column
    /// of that row.
    pub(crate) keys: Vec<(usize, usize)>,
    pub(crate) slots: Vec<Slot>,
    /// The embeds of many rows, by the index that slots have.
    pub(crate) children: Vec<Statement>,
    /// The same without a statement, where an index can be read for it.
    pub(crate) lookup: Option<Lookup>,
    /// The most rows that are shown. The text asks for one more where it matters whether
    /// there is one: no second statement is needed to know.
    pub(crate) rows: u64,
    /// The column that has the row number, where there is a row of the table for each row.
    pub(crate) rowid: Option<usize>,
    /// Whether [`register`] must have been called.
    pub(crate) functions: bool,
}

impl Statement {
    /// The rows of a tree; those behind `position` where there is one.
    pub(crate) fn rows(root: &Node, position: Option<&Position>) -> Result<Self, Error> {
        select::rows(root, position)
    }

    /// What the order of a tree says of the row with that row number: a column for each term.
    pub(crate) fn position(root: &Node, rowid: i64) -> Result<Self, Error> {
        select::position(root, rowid)
    }

    /// How many rows a tree has over all pages.
    pub(crate) fn count(root: &Node) -> Result<Self, Error> {
        select::count(root)
    }

    /// The columns of the row with a key, in the catalog's order.
    pub(crate) fn row(table: &Table, key: &[(usize, Value)]) -> Self {
        let mut text = String::with_capacity(256);
        text.push_str("SELECT ");
        for (index, column) in table.schema.columns.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(&quote(&column.name));
        }
        text.push_str(" FROM ");
        text.push_str(&quote(&table.name));
        for (position, (index, _)) in key.iter().enumerate() {
            text.push_str(if position == 0 { " WHERE " } else { " AND " });
            text.push_str(&quote(&table.schema.columns[*index].name));
            text.push_str(" = ?");
        }
        let values = key.iter().map(|(_, value)| value.clone()).collect();
        Self { text, values, rows: 1, ..Self::default() }
    }
}
