//! The rows behind a row: what a page that begins at a cursor has.
//!
//! With terms `a`, `b` and the row number, those are the rows of which `a` comes later, or is the
//! same while `b` comes later, or both are the same while the row number is greater. Where null
//! comes is each term's own matter, so which of the row's values are null is known before the SQL
//! is written.

use rusqlite::types::Value;

use super::expression::Bound;

/// The row that a page begins behind.
#[derive(Debug)]
pub(crate) struct Position {
    /// Its row number.
    pub(crate) rowid: i64,
    /// What the terms of the order say of it.
    pub(crate) values: Vec<Value>,
}

/// A term of an order.
#[derive(Debug)]
pub(super) struct Sorted {
    /// The expression.
    pub(super) value: String,
    pub(super) descending: bool,
    /// Where null comes; `None` if there isn't one.
    pub(super) nulls_first: Option<bool>,
}

impl Sorted {
    pub(super) fn to_sql(&self) -> String {
        let direction = if self.descending { " DESC" } else { "" };
        let nulls = match self.nulls_first {
            None => "",
            Some(true) => " NULLS FIRST",
            Some(false) => " NULLS LAST",
        };
        format!("{}{direction}{nulls}", self.value)
    }
}

impl Bound {
    /// What holds for the rows behind `position`. The first condition alone lets SQLite begin in
    /// the midst of an index; the second one says which rows it is.
    pub(super) fn behind(&mut self, order: &[Sorted], position: &Position, rowid: &str) -> Vec<String> {
        let number = self.bind(Value::Integer(position.rowid));
        let mut condition = format!("{rowid} > {number}");
        let mut least = None;
        for (index, (term, value)) in order.iter().zip(&position.values).enumerate().rev() {
            let expression = &term.value;
            let nulls_last = term.nulls_first == Some(false);
            let (later, same) = match value {
                Value::Null if nulls_last => (None, format!("{expression} IS NULL")),
                Value::Null => (Some(format!("{expression} IS NOT NULL")), format!("{expression} IS NULL")),
                value => {
                    let operator = if term.descending { '<' } else { '>' };
                    let bound = self.bind(value.clone());
                    if index == 0 && !nulls_last {
                        least = Some(format!("{expression} {operator}= {bound}"));
                    }
                    let nulls = if nulls_last { format!(" OR {expression} IS NULL") } else { String::new() };
                    (
                        Some(format!("{expression} {operator} {bound}{nulls}")),
                        format!("{expression} = {bound}"),
                    )
                }
            };
            condition = match later {
                Some(later) => format!("({later} OR {same} AND {condition})"),
                None => format!("({same} AND {condition})"),
            };
        }
        least.into_iter().chain([condition]).collect()
    }
}
