//! Values in a row as SQL.

use std::fmt::Write;

use catalog::{ColumnType, Storage, Table, quote};
use rusqlite::types::Value;

use crate::error::Error;
use crate::plan::{Comparison, Path, Scalar};

/// The values that a statement binds, while its text is written.
#[derive(Debug, Default)]
pub(super) struct Bound {
    pub(super) values: Vec<Value>,
    /// Whether the text calls functions of ours.
    pub(super) functions: bool,
    /// Words that are looked for.
    pub(super) words: usize,
}

impl Bound {
    /// A parameter. The same text is bound once, so that the same expression is the same SQL.
    pub(super) fn bind(&mut self, value: Value) -> String {
        let known = match &value {
            Value::Text(_) => self.values.iter().position(|known| *known == value),
            _ => None,
        };
        let index = known.unwrap_or_else(|| {
            self.values.push(value);
            self.values.len() - 1
        });
        format!("?{}", index + 1)
    }

    /// A parameter that the row around gives its value.
    pub(super) fn key(&mut self) -> usize {
        self.values.push(Value::Null);
        self.values.len()
    }

    /// A call of one of our functions.
    pub(super) fn call(&mut self, function: &str, arguments: &str) -> String {
        self.functions = true;
        format!("coldpress_{function}({arguments})")
    }

    /// The scalar as it is shown.
    pub(super) fn scalar(&mut self, table: &Table, number: usize, scalar: &Scalar) -> String {
        let value = self.uncast(table, number, scalar);
        match scalar.cast {
            Some(to) => self.cast(value, scalar.before, to),
            None => value,
        }
    }

    fn uncast(&mut self, table: &Table, number: usize, scalar: &Scalar) -> String {
        match &scalar.path {
            Path::Whole => column(table, number, scalar.column),
            Path::Nothing => "NULL".to_owned(),
            Path::Json { path, text } => {
                let json = json(table, number, scalar.column);
                let path = self.bind(Value::Text(path.clone()));
                if !*text {
                    return format!("({json} -> {path})");
                }
                // SQLite's ->> makes 1 of true and drops the zeros of 1.50.
                format!(
                    "CASE json_type({json}, {path}) WHEN 'text' THEN {json} ->> {path} \
                     WHEN 'null' THEN NULL ELSE {json} -> {path} END"
                )
            }
        }
    }

    /// `value`, which is of the type `from`, as `to`.
    pub(super) fn cast(&mut self, value: String, from: ColumnType, to: ColumnType) -> String {
        if from == to || from == ColumnType::Year && to == ColumnType::Integer {
            return value;
        }
        self.call("cast", &format!("{value}, '{}', '{}'", from.name(), to.name()))
    }

    /// What the scalar is ordered by.
    pub(super) fn sortable(&mut self, table: &Table, number: usize, scalar: &Scalar) -> String {
        let value = self.scalar(table, number, scalar);
        self.key_of(Comparison::order(scalar.of()), value)
    }

    /// The key of `value`: what it is compared by.
    pub(super) fn key_of(&mut self, comparison: Comparison, value: String) -> String {
        match comparison.function() {
            Some(function) => self.call(function, &value),
            None => value,
        }
    }
}

/// The name of a node's table in SQL.
pub(super) fn alias(number: usize) -> String {
    format!("t{number}")
}

/// A column of a node's table.
pub(super) fn column(table: &Table, number: usize, index: usize) -> String {
    let name = &table.schema.columns[index].name;
    let mut text = String::with_capacity(name.len() + 8);
    // Writing to a String does not fail.
    let _ = write!(text, "t{number}.");
    push_quoted(&mut text, name);
    text
}

/// [`quote`], without a text of its own: a page writes one for each column.
fn push_quoted(text: &mut String, name: &str) {
    if name.contains('"') {
        return text.push_str(&quote(name));
    }
    text.push('"');
    text.push_str(name);
    text.push('"');
}

/// A column by its name in the catalog.
pub(super) fn named(alias: &str, column: &str) -> String {
    let mut text = String::with_capacity(alias.len() + column.len() + 3);
    text.push_str(alias);
    text.push('.');
    push_quoted(&mut text, column);
    text
}

/// A column that holds JSON, or text that may be JSON.
fn json(table: &Table, number: usize, index: usize) -> String {
    let name = column(table, number, index);
    match table.schema.columns[index].column_type.storage() {
        Storage::Json => name,
        _ => format!("CASE WHEN json_valid({name}) THEN {name} END"),
    }
}

/// SQLite's row number: rows are stored in the file's order.
pub(super) fn rowid(table: &Table, number: usize) -> Result<String, Error> {
    let name = table
        .rowid()
        .ok_or_else(|| Error::release(format!("table {:?} hides its row number", table.name)))?;
    Ok(format!("{}.{name}", alias(number)))
}
