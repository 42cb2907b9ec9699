//! A field -> a value in a row: names resolved, paths made SQLite's.

use catalog::{ColumnType, Storage, Table, similar};

use super::node::{Path, Scalar};
use crate::error::{Code, Error};
use crate::request::{Field, Operand, PathStep};

/// The value that `field` names in a row of `table`. `shown` is the table's name in errors.
pub(super) fn scalar(table: &Table, field: &Field) -> Result<Scalar, Error> {
    let found = table.schema.columns.iter().enumerate().find(|(_, column)| column.name == field.name);
    let Some((column, of)) = found else { return Err(unknown(table, &field.name)) };
    if field.path.is_empty() {
        return Ok(Scalar { column, path: Path::Whole, cast: None, before: of.column_type });
    }
    let text = text(&field.path)?;
    let path = match of.column_type.storage() {
        Storage::Json => Path::Json { path: sqlite(&field.path), text },
        _ if of.column_type == ColumnType::Any => Path::Json { path: sqlite(&field.path), text },
        _ => Path::Nothing,
    };
    let before = if text { ColumnType::String } else { ColumnType::Object };
    Ok(Scalar { column, path, cast: None, before })
}

/// Whether the path ends as text; text has nothing inside it, so `->>` can only come last.
fn text(path: &[PathStep]) -> Result<bool, Error> {
    let end = path.iter().position(|step| step.text);
    match end.and_then(|end| path.get(end + 1)) {
        None => Ok(end.is_some()),
        Some(next) => {
            let operand = match next.operand {
                Operand::Key(_) => "unknown",
                Operand::Index(_) => "integer",
            };
            let arrow = if next.text { "->>" } else { "->" };
            Err(no_operator(&format!("text {arrow} {operand}")))
        }
    }
}

/// PostgreSQL's error for an operator that a type does not have.
pub(super) fn no_operator(operator: &str) -> Error {
    Error::new(Code::NoOperator, format!("operator does not exist: {operator}")).hint(
        "No operator matches the given name and argument types. You might need to add explicit type casts.",
    )
}

/// SQLite, "JSON Functions And Operators", section 3.3: keys in double quotes, indexes in square
/// brackets, `#-1` the last.
fn sqlite(path: &[PathStep]) -> String {
    let mut text = String::from("$");
    for step in path {
        match &step.operand {
            Operand::Key(key) => {
                text.push('.');
                text.push_str(&serde_json::Value::from(key.as_str()).to_string());
            }
            Operand::Index(index) if *index < 0 => text.push_str(&format!("[#{index}]")),
            Operand::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// PostgreSQL's error, and its hint where a name is near.
pub(super) fn unknown(table: &Table, name: &str) -> Error {
    let error = Error::new(Code::UnknownColumn, format!("column {}.{name} does not exist", table.name));
    match similar(name, table.schema.columns.iter().map(|column| column.name.as_str())) {
        Some(column) => {
            error.hint(format!("Perhaps you meant to reference the column \"{}.{column}\".", table.name))
        }
        None => error,
    }
}
