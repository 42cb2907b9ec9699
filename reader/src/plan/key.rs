//! The text of a key in a path -> a value for each column of the primary key.
//!
//! The key of a single column is the text as it stands. The parts of a composite key are parted
//! by commas; a part that holds a comma or starts with a double quote stands in double quotes,
//! with `\"` and `\\` inside: PostgREST's quoting in `in.(...)`.

use catalog::{ColumnType, Storage, Table};
use rusqlite::types::Value;

use super::value::value;
use crate::error::{Code, Error};

pub(super) fn parse(table: &Table, key: &str) -> Result<Vec<(usize, Value)>, Error> {
    let names = &table.schema.primary_key;
    let parts = if names.len() == 1 { vec![key.to_owned()] } else { split(key) };
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

fn split(key: &str) -> Vec<String> {
    let mut parts = vec![];
    let mut part = String::new();
    let mut quoted = false;
    let mut chars = key.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' if !quoted && part.is_empty() => quoted = true,
            '"' if quoted => quoted = false,
            '\\' if quoted => part.extend(chars.next()),
            ',' if !quoted => parts.push(std::mem::take(&mut part)),
            other => part.push(other),
        }
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn parts_are_parted_by_commas_outside_quotes() {
        assert_eq!(split("a,b"), ["a", "b"]);
        assert_eq!(split("a,"), ["a", ""]);
        assert_eq!(split(r#""a,b",c"#), ["a,b", "c"]);
        assert_eq!(split(r#""say \"hi\" \\",x"#), [r#"say "hi" \"#, "x"]);
        assert_eq!(split(r#"5" disk,x"#), [r#"5" disk"#, "x"]);
    }
}
