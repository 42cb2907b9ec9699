//! The columns of a statement, and what rows are grouped by.

use std::borrow::Cow;

use super::expression::Bound;
use crate::plan::{Comparison, Scalar};
use crate::request::Function;

/// A column of a statement.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) sql: String,
    /// What rows are grouped by where the statement has aggregates; `None` for an aggregate.
    pub(super) group: Option<Group>,
}

/// How rows are grouped by a column.
#[derive(Debug)]
pub(super) enum Group {
    /// By what it shows.
    Shown,
    /// By a key, which several spellings may have. `ordered` is whether the key also orders them.
    Key { sql: String, ordered: bool },
}

impl Column {
    /// A value in a row, which has one spelling.
    pub(super) fn row(sql: String) -> Self {
        Self { sql, group: Some(Group::Shown) }
    }

    /// An aggregate.
    pub(super) fn aggregate(sql: String) -> Self {
        Self { sql, group: None }
    }

    /// What it is selected by.
    pub(super) fn shown(&self) -> Cow<'_, str> {
        match &self.group {
            // Of the spellings in a group the first by its bytes is shown, independent of the order of rows.
            Some(Group::Key { .. }) => Cow::Owned(format!("min({})", self.sql)),
            _ => Cow::Borrowed(&self.sql),
        }
    }
}

impl Group {
    /// What the column of that index is grouped by.
    pub(super) fn sql(&self, index: usize) -> String {
        match self {
            Self::Shown => (index + 1).to_string(),
            Self::Key { sql, .. } => sql.clone(),
        }
    }

    /// What groups are ordered by.
    pub(super) fn order(&self, index: usize) -> String {
        match self {
            Self::Key { sql, ordered: true } => sql.clone(),
            _ => (index + 1).to_string(),
        }
    }
}

impl Bound {
    /// What rows are grouped by where `sql` is the value.
    pub(super) fn group(&mut self, scalar: &Scalar, sql: &str) -> Group {
        let (equality, order) = (Comparison::equality(scalar.of()), Comparison::order(scalar.of()));
        match equality {
            Comparison::Stored => Group::Shown,
            _ => Group::Key { sql: self.key_of(equality, sql.to_owned()), ordered: order == equality },
        }
    }

    /// The least or the greatest `value`.
    pub(super) fn extreme(&mut self, function: Function, scalar: &Scalar, value: &str) -> String {
        let name = function.name();
        match Comparison::order(scalar.of()) {
            Comparison::Stored => format!("{name}({value})"),
            order => {
                let key = self.key_of(order, value.to_owned());
                self.call(name, &format!("{key}, {value}"))
            }
        }
    }
}
