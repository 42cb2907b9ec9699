//! SQL functions of ours, for what PostgreSQL does and SQLite does not. They are registered with
//! the first statement that needs one, so a start pays nothing for them.

mod cast;
mod extreme;
mod json;

use std::cmp::Ordering;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};

use self::extreme::Extreme;
use crate::error::Error;
use crate::plan::{self, Comparison};

/// Makes the functions known to the connection.
pub(crate) fn register(connection: &Connection) -> Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("coldpress_cast", 3, flags, |context| cast::cast(context))?;
    for comparison in Comparison::KEYED {
        let name = format!("coldpress_{}", comparison.function().unwrap_or_default());
        connection.create_scalar_function(&*name, 1, flags, move |context| {
            Ok(text(context, 0)?.map_or(Value::Null, |text| comparison.key(text)))
        })?;
    }
    connection.create_aggregate_function("coldpress_min", 2, flags, Extreme(Ordering::Less))?;
    connection.create_aggregate_function("coldpress_max", 2, flags, Extreme(Ordering::Greater))?;
    connection.create_scalar_function("coldpress_ilike", 2, flags, |context| {
        let (text, pattern) = (text(context, 0)?, text(context, 1)?);
        Ok(text.zip(pattern).map(|(text, pattern)| plan::matches_folded(pattern, text)))
    })?;
    connection.create_scalar_function("coldpress_match", 2, flags, |context| matches(context, false))?;
    connection.create_scalar_function("coldpress_imatch", 2, flags, |context| matches(context, true))?;
    for (name, function) in json::FUNCTIONS {
        connection.create_scalar_function(name, 2, flags, move |context| json::call(context, function))?;
    }
    Ok(())
}

/// The argument as text; null, and what is no text, is none.
fn text<'a>(context: &'a Context<'_>, index: usize) -> Result<Option<&'a str>> {
    match context.get_raw(index) {
        ValueRef::Text(text) => Ok(Some(std::str::from_utf8(text)?)),
        _ => Ok(None),
    }
}

/// Whether the text matches the regular expression, which is compiled once per statement.
fn matches(context: &Context<'_>, fold: bool) -> Result<Option<bool>> {
    let regex = context.get_or_create_aux(1, |pattern| {
        plan::regex(pattern.as_str().unwrap_or_default(), fold).map_err(Error::into_sql)
    })?;
    let Some(text) = text(context, 0)? else { return Ok(None) };
    Ok(Some(match fold && !text.is_ascii() {
        true => regex.is_match(&plan::fold(text)),
        false => regex.is_match(text),
    }))
}
