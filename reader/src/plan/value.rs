//! A text from a URL -> a value of a column's type, or PostgreSQL's error.

use catalog::ColumnType;
use rusqlite::types::Value;

use super::comparison::Comparison;
use super::{array, datetime};
use crate::error::{Code, Error};

/// The text as a value of type `of`, in the form in which such values are compared.
pub(crate) fn value(of: ColumnType, text: &str) -> Result<Value, Error> {
    let trimmed = text.trim();
    let parsed = match of {
        ColumnType::Integer | ColumnType::Year => trimmed.parse().ok().map(Value::Integer),
        ColumnType::Number => parse_number(trimmed)?.map(number),
        ColumnType::Boolean => boolean(trimmed).map(|truth| Value::Integer(truth.into())),
        ColumnType::Date => datetime::date(text).map(Value::Text),
        ColumnType::Time => datetime::time(text).map(Value::Text),
        ColumnType::Datetime => datetime::sortable(text).map(Value::Text),
        _ => return Ok(Value::Text(text.to_owned())),
    };
    parsed.ok_or_else(|| match of {
        ColumnType::Integer | ColumnType::Year if is_whole(trimmed) => out_of_range(of, text),
        _ => invalid(of, text),
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

/// PostgreSQL's error for a text that is no value of the type.
pub(crate) fn invalid(of: ColumnType, text: &str) -> Error {
    let invalid = |code| Error::new(code, format!("invalid input syntax for type {}: \"{text}\"", of.name()));
    match of {
        _ if datetime::is_out_of_range(of, text) => {
            let message = format!("date/time field value out of range: \"{text}\"");
            Error::new(Code::TimeOutOfRange, message)
        }
        ColumnType::Date | ColumnType::Time | ColumnType::Datetime => invalid(Code::InvalidTime),
        _ => invalid(Code::InvalidValue),
    }
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

/// JSON, as an operand of a column of type `of`.
#[derive(Debug)]
pub(crate) struct Json {
    /// The value.
    pub(crate) text: String,
    /// Whether it is an array as PostgreSQL writes it: its elements are then text of any type.
    pub(crate) untyped: bool,
}

/// The text as JSON to compare with a value of type `of`. Errors: what the reader can't hold as
/// JSON, which is also what is deeper than 127 levels, or has a number beyond a double.
pub(super) fn json(of: ColumnType, text: &str) -> Result<Json, Error> {
    let is_array = matches!(of, ColumnType::Array | ColumnType::List);
    let in_brackets = text.trim_start().starts_with('[');
    let is_literal =
        is_array && !in_brackets || of == ColumnType::Any && text.starts_with('{') && !is_json(text);
    if is_literal {
        return Ok(Json { text: array::json(text)?.to_string(), untyped: true });
    }
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => Ok(Json { text: text.to_owned(), untyped: false }),
        Err(error) => {
            let message = format!("invalid input syntax for type json: \"{text}\"");
            Err(Error::new(Code::InvalidValue, message).details(error.to_string()))
        }
    }
}

/// Whether the text is JSON, of any depth and with any numbers.
fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The operand of a comparison with a value of type `of`.
#[derive(Debug)]
pub(super) enum Operand {
    /// What a value is compared with once its key is taken.
    Key(Comparison, Value),
    /// An array of untyped elements, as JSON.
    Untyped(String),
}

/// The text as what a value of type `of` is compared with; `equality` is whether only the same and
/// different values stay different.
pub(super) fn operand(of: ColumnType, text: &str, equality: bool) -> Result<Operand, Error> {
    let comparison = if equality { Comparison::equality(of) } else { Comparison::order(of) };
    Ok(match comparison {
        Comparison::Json | Comparison::Elements => {
            let Json { text, untyped } = json(of, text)?;
            if untyped { Operand::Untyped(text) } else { Operand::Key(comparison, comparison.key(&text)) }
        }
        Comparison::AnyJson => match comparison.key(text) {
            // Text is the same as text alone, and that is found by an index.
            key @ Value::Text(_) => Operand::Key(Comparison::Stored, key),
            key => Operand::Key(comparison, key),
        },
        Comparison::Instant | Comparison::Stored => Operand::Key(comparison, value(of, text)?),
    })
}
