//! A text from a URL -> a value of a column's type, or PostgreSQL's error for what is none.

use catalog::{ColumnType, Storage};
use rusqlite::types::Value;

use super::{array, datetime};
use crate::error::{Code, Error};

/// The text as a value of type `of`, in the form in which such values are compared.
pub(crate) fn value(of: ColumnType, text: &str) -> Result<Value, Error> {
    let trimmed = text.trim();
    let (parsed, code) = match of {
        ColumnType::Integer | ColumnType::Year => {
            (trimmed.parse().ok().map(Value::Integer), Code::InvalidValue)
        }
        ColumnType::Number => (parse_number(trimmed)?.map(number), Code::InvalidValue),
        ColumnType::Boolean => {
            (boolean(trimmed).map(|truth| Value::Integer(truth.into())), Code::InvalidValue)
        }
        ColumnType::Date => (datetime::date(text).map(Value::Text), Code::InvalidTime),
        ColumnType::Time => (datetime::time(text).map(Value::Text), Code::InvalidTime),
        ColumnType::Datetime => (datetime::instant(text).map(Value::Text), Code::InvalidTime),
        _ => return Ok(Value::Text(text.to_owned())),
    };
    parsed.ok_or_else(|| match of {
        ColumnType::Integer | ColumnType::Year if is_whole(trimmed) => out_of_range(of, text),
        _ => invalid(code, of.name(), text),
    })
}

/// The text as a number. Errors: digits that stand for more than a double holds.
pub(crate) fn parse_number(text: &str) -> Result<Option<f64>, Error> {
    match text.parse::<f64>().ok() {
        Some(number) if number.is_infinite() && text.bytes().any(|byte| byte.is_ascii_digit()) => {
            Err(out_of_range(ColumnType::Number, text))
        }
        number => Ok(number),
    }
}

/// Whether the text is a whole number, however many digits it has.
pub(crate) fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// PostgreSQL's error for a number that its type has no room for.
pub(crate) fn out_of_range(of: ColumnType, text: &str) -> Error {
    let message = format!("value \"{text}\" is out of range for type {}", of.name());
    Error::new(Code::OutOfRange, message)
}

/// A number as it is stored.
pub(crate) fn number(number: f64) -> Value {
    if number.is_nan() { Value::Text(catalog::NAN.to_owned()) } else { Value::Real(number) }
}

fn invalid(code: Code, of: &str, text: &str) -> Error {
    Error::new(code, format!("invalid input syntax for type {of}: \"{text}\""))
}

/// PostgreSQL's words (PostgreSQL, "Boolean Type"): unique beginnings count.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    let lower = text.to_ascii_lowercase();
    let begins = |word: &str, least: usize| lower.len() >= least && word.starts_with(&lower);
    if lower == "1" || begins("true", 1) || begins("yes", 1) || begins("on", 2) {
        Some(true)
    } else if lower == "0" || begins("false", 1) || begins("no", 1) || begins("off", 2) {
        Some(false)
    } else {
        None
    }
}

/// The text of a JSON value to compare with one of type `of`, and whether it is untyped: arrays
/// may stand as PostgreSQL writes them; their elements are text then, of whatever type.
pub(super) fn json(of: ColumnType, text: &str) -> Result<(String, bool), Error> {
    let is_array = matches!(of, ColumnType::Array | ColumnType::List);
    if is_json(text) && (!is_array || text.trim_start().starts_with('[')) {
        return Ok((text.to_owned(), false));
    }
    if is_array || of == ColumnType::Any && text.starts_with('{') {
        return Ok((array::json(text)?.to_string(), true));
    }
    Err(invalid(Code::InvalidValue, "json", text))
}

/// Whether the text is JSON.
pub(super) fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Whether values of type `of` are compared as JSON with `text`. An `any` column holds text, and
/// JSON where it looks like it.
pub(super) fn compares_as_json(of: ColumnType, text: &str) -> bool {
    of.storage() == Storage::Json || of == ColumnType::Any && text.starts_with(['[', '{']) && is_json(text)
}
