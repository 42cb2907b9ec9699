//! Which columns of a statement make which member of an answer.

use catalog::{ColumnType, Storage};

/// A member, or several.
#[derive(Debug)]
pub(crate) enum Slot {
    /// A value.
    Value { label: Label, column: usize, kind: Kind },
    /// An object of the same row; null where the column `present` is 0.
    Object { label: Label, present: usize, slots: Vec<Slot> },
    /// The rows of a child statement: an array, or with `single` the first one or null.
    Rows { label: Label, child: usize, single: bool, guard: Option<usize> },
    /// The rows of a child statement, each of its members an array.
    Columns { child: usize, guard: Option<usize> },
}

/// A member's name.
#[derive(Debug)]
pub(crate) struct Label {
    /// `"name":`
    pub(crate) json: Vec<u8>,
}

/// How a value of SQLite turns into JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A number, or text where that is what it holds.
    Plain,
    /// 0 and 1 are false and true.
    Boolean,
    /// Text that is JSON.
    Json,
    /// Text, and JSON where it is an array or object.
    Any,
    /// An exact sum of integers: that of their upper 32 bits in this column, of their lower ones in the next.
    Sum,
    /// An exact average of integers: the same, and how many they are in the column after.
    Average,
}

impl Kind {
    /// Of a column's values.
    pub(crate) fn of(column_type: ColumnType) -> Self {
        match column_type.storage() {
            Storage::Boolean => Self::Boolean,
            Storage::Json => Self::Json,
            _ if column_type == ColumnType::Any => Self::Any,
            Storage::Integer | Storage::Real | Storage::Text => Self::Plain,
        }
    }
}

impl Label {
    pub(super) fn new(name: &str) -> Self {
        let mut json = Vec::with_capacity(name.len() + 3);
        serde_json::to_writer(&mut json, name).expect("a Vec takes every byte, and text is JSON");
        json.push(b':');
        Self { json }
    }
}

impl Label {
    /// The name as it is.
    pub(crate) fn name(&self) -> String {
        serde_json::from_slice(&self.json[..self.json.len() - 1]).unwrap_or_default()
    }
}

impl Slot {
    pub(super) fn value(label: &str, column: usize, of: ColumnType) -> Self {
        Self::Value { label: Label::new(label), column, kind: Kind::of(of) }
    }
}
