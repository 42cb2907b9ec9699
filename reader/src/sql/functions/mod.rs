//! SQL functions of ours, for what PostgreSQL does and SQLite does not. They are registered with
//! the first statement that needs one, so a start pays nothing for them.
//!
//! To SQLite a call is one step, so each of them asks by itself whether the statement's time is over.

mod average;
mod cast;
mod extreme;
mod json;

use std::cmp::Ordering;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{ToSql, Value, ValueRef};
use rusqlite::{Connection, Result};

use self::average::Average;
use self::extreme::Extreme;
use crate::deadline::{Watch, Work};
use crate::error::{Code, Error};
use crate::pattern::{Like, compiled};
use crate::plan::Comparison;

const FLAGS: FunctionFlags = FunctionFlags::SQLITE_UTF8
    .union(FunctionFlags::SQLITE_DETERMINISTIC)
    .union(FunctionFlags::SQLITE_INNOCUOUS);

/// Makes the functions known to the connection. `watch` is that of its statements, `max_text` how
/// many bytes of text patterns are matched with.
pub(crate) fn register(connection: &Connection, watch: &Watch, max_text: usize) -> Result<()> {
    let functions = Functions { connection, watch };
    functions.add("coldpress_cast", 3, |context, work| {
        work.look().map_err(stopped)?;
        cast::cast(context)
    })?;
    for comparison in Comparison::KEYED {
        let name = format!("coldpress_{}", comparison.function().unwrap_or_default());
        functions.add(&name, 1, move |context, work| {
            work.look().map_err(stopped)?;
            Ok(compared(context, max_text)?.map_or(Value::Null, |text| comparison.key(text)))
        })?;
    }
    connection.create_aggregate_function("coldpress_min", 2, FLAGS, Extreme(Ordering::Less))?;
    connection.create_aggregate_function("coldpress_max", 2, FLAGS, Extreme(Ordering::Greater))?;
    connection.create_aggregate_function("coldpress_avg", 1, FLAGS, Average)?;
    for (name, fold) in [("coldpress_like", false), ("coldpress_ilike", true)] {
        functions.add(name, 2, move |context, work| {
            let like = context.get_or_create_aux(1, |pattern| {
                Ok::<_, rusqlite::Error>(Like::new(pattern.as_str().unwrap_or_default(), fold))
            })?;
            let Some(text) = searched(context, max_text)? else { return Ok(None) };
            like.matches(text, work).map(Some).map_err(stopped)
        })?;
    }
    for (name, fold) in [("coldpress_match", false), ("coldpress_imatch", true)] {
        functions.add(name, 2, move |context, work| {
            let regex = context.get_or_create_aux(1, |pattern| {
                compiled(pattern.as_str().unwrap_or_default(), fold).map_err(Error::into_sql)
            })?;
            let Some(text) = searched(context, max_text)? else { return Ok(None) };
            regex.is_match(text, work).map(Some).map_err(stopped)
        })?;
    }
    for (name, function) in json::FUNCTIONS {
        functions.add(name, 2, move |context, work| {
            json::call(context, compared(context, max_text)?, function, work)
        })?;
    }
    Ok(())
}

struct Functions<'a> {
    connection: &'a Connection,
    watch: &'a Watch,
}

impl Functions<'_> {
    fn add<T: ToSql + 'static>(
        &self,
        name: &str,
        arguments: i32,
        call: impl Fn(&Context<'_>, &Work<'_>) -> Result<T> + Send + std::panic::UnwindSafe + 'static,
    ) -> Result<()> {
        let watch = self.watch.clone();
        self.connection.create_scalar_function(name, arguments, FLAGS, move |context| {
            call(context, &Work::new(&|| watch.has_passed()))
        })
    }
}

fn stopped(interrupted: crate::deadline::Interrupted) -> rusqlite::Error {
    Error::from(interrupted).into_sql()
}

/// The argument as text; null, and what is not text, is no argument.
fn text<'a>(context: &'a Context<'_>, index: usize) -> Result<Option<&'a str>> {
    match context.get_raw(index) {
        ValueRef::Text(text) => Ok(Some(std::str::from_utf8(text)?)),
        _ => Ok(None),
    }
}

/// The text that a pattern is matched with.
fn searched<'a>(context: &'a Context<'_>, max_text: usize) -> Result<Option<&'a str>> {
    at_most(text(context, 0)?, max_text, "a text is too long to be matched with a pattern")
}

/// The text of a value that is compared, which may be JSON: that takes 16 times its length in memory, and as
/// much again while it grows.
fn compared<'a>(context: &'a Context<'_>, max_text: usize) -> Result<Option<&'a str>> {
    at_most(text(context, 0)?, max_text / 4, "a JSON value is too long to be compared")
}

fn at_most<'a>(text: Option<&'a str>, most: usize, message: &str) -> Result<Option<&'a str>> {
    match text.map(str::len).filter(|bytes| *bytes > most) {
        Some(bytes) => Err(Error::new(Code::TextTooLong, message)
            .details(format!("{bytes} bytes; {most} are allowed"))
            .hint("filter by a key or another column instead")
            .into_sql()),
        None => Ok(text),
    }
}
