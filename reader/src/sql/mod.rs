//! Plan -> SQL text and bound values. Names come from the catalog, quoted; values are bound, so
//! requests of one shape share one text and with it one prepared statement.

use catalog::{Table, quote};
use rusqlite::types::Value;

use crate::error::Error;
use crate::plan::{Rows, Scope};

/// A statement that can be run.
#[derive(Debug, PartialEq)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) values: Vec<Value>,
}

impl Statement {
    /// The columns of `rows` in the catalog's order. A page asks for one row more than it shows:
    /// whether there is a next page is known without a second statement.
    pub(crate) fn rows(rows: &Rows) -> Result<Self, Error> {
        let mut text = String::with_capacity(256);
        text.push_str("SELECT ");
        for (index, column) in rows.table.schema.columns.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(&quote(&column.name));
        }
        text.push_str(" FROM ");
        text.push_str(&quote(&rows.table.name));
        let values = match &rows.scope {
            Scope::Page { limit, offset } => {
                text.push_str(" ORDER BY ");
                text.push_str(order(&rows.table)?);
                text.push_str(" LIMIT ? OFFSET ?");
                vec![integer(limit.saturating_add(1)), integer(*offset)]
            }
            Scope::Key(parts) => {
                for (position, (index, _)) in parts.iter().enumerate() {
                    text.push_str(if position == 0 { " WHERE " } else { " AND " });
                    text.push_str(&quote(&rows.table.schema.columns[*index].name));
                    text.push_str(" = ?");
                }
                parts.iter().map(|(_, value)| value.clone()).collect()
            }
        };
        Ok(Self { text, values })
    }
}

fn order(table: &Table) -> Result<&'static str, Error> {
    table.rowid().ok_or_else(|| Error::release(format!("table {:?} hides its row number", table.name)))
}

fn integer(count: u64) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}
