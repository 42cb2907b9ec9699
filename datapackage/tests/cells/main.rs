//! Cells: what each type takes, stores and refuses.

#![allow(clippy::unwrap_used)] // a failing test may panic

mod constraints;
mod missing;
mod properties;
mod types;

use catalog::ColumnType;
use datapackage::cell::{Parser, Value};
use datapackage::schema::Field;

/// A field with this type and format.
fn field(column_type: ColumnType, format: Option<&str>) -> Field {
    Field { format: format.map(str::to_owned), ..Field::new("f", column_type) }
}

/// A cell's value, or the finding's text.
fn read<'a>(field: &Field, cell: &'a str) -> Result<Value<'a>, String> {
    Parser::new(field).parse(cell).map_err(|problem| match problem.help {
        Some(help) => format!("[{}] {}; help: {help}", problem.code, problem.message),
        None => format!("[{}] {}", problem.code, problem.message),
    })
}
