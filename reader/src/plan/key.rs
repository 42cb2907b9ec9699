//! The text of a key in a path -> a value for each column of the primary key.

use catalog::{ColumnType, Storage, Table, key_parts};
use rusqlite::types::Value;

use super::value::value;
use crate::error::{Code, Error};

pub(super) fn parse(table: &Table, key: &str, base: &str) -> Result<Vec<(usize, Value)>, Error> {
    let names = &table.schema.primary_key;
    if let [name] = names.as_slice() {
        return Ok(vec![part(table, name, key)?]);
    }
    let parts = key_parts(key);
    if parts.len() != names.len() {
        let shape = names.iter().map(|name| format!("<{name}>")).collect::<Vec<_>>().join(",");
        return Err(Error::new(
            Code::KeyParts,
            format!("the key of '{}' has {} parts, \"{key}\" has {}", table.name, names.len(), parts.len()),
        )
        .hint(format!(
            "as in {base}/{}/{shape}; enclose a part that contains a comma in double quotes",
            table.name
        )));
    }
    names.iter().zip(&parts).map(|(name, text)| part(table, name, text)).collect()
}

/// The index and the value of the key's column `name`.
fn part(table: &Table, name: &str, text: &str) -> Result<(usize, Value), Error> {
    let found = table.schema.columns.iter().enumerate().find(|(_, column)| column.name == name);
    let (index, column) = found.ok_or_else(|| Error::release("a key names no column"))?;
    // The text of a point in time is its key as it stands: the same instant in another zone is
    // another key.
    let of = match column.column_type.storage() {
        Storage::Text => ColumnType::String,
        _ => column.column_type,
    };
    let value = value(of, text).map_err(|error| {
        let name = column.column_type.name();
        error.details(format!("column '{}' is of type {name}", column.name))
    })?;
    Ok((index, value))
}
