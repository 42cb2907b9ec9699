//! The text of a key in a path -> a value for each column of the primary key.

use std::borrow::Cow;

use catalog::{ColumnType, Storage, Table, key_parts};
use rusqlite::types::Value;

use super::value::value;
use crate::error::{Code, Error};

pub(super) fn parse(table: &Table, key: &str) -> Result<Vec<(usize, Value)>, Error> {
    let names = &table.schema.primary_key;
    let parts = match names.len() {
        1 => vec![Cow::Borrowed(key)],
        _ => key_parts(key).into_iter().map(Cow::Owned).collect(),
    };
    if parts.len() != names.len() {
        let shape = names.iter().map(|name| format!("<{name}>")).collect::<Vec<_>>().join(",");
        return Err(Error::new(
            Code::KeyParts,
            format!("the key of '{}' has {} parts, \"{key}\" has {}", table.name, names.len(), parts.len()),
        )
        .hint(format!("as in /{}/{shape}; put a part that holds a comma in double quotes", table.name)));
    }
    names
        .iter()
        .zip(parts)
        .map(|(name, part)| {
            let found = table.schema.columns.iter().enumerate().find(|(_, column)| column.name == *name);
            let (index, column) = found.ok_or_else(|| Error::release("a key names no column"))?;
            // The text of a point in time is its key as it stands: the same instant in another zone
            // is another key.
            let of = match column.column_type.storage() {
                Storage::Text => ColumnType::String,
                _ => column.column_type,
            };
            let value = value(of, &part).map_err(|error| {
                let name = column.column_type.name();
                error.details(format!("column '{}' is of type {name}", column.name))
            })?;
            Ok((index, value))
        })
        .collect()
}
