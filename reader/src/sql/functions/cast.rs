//! `coldpress_cast(value, from, to)`: PostgreSQL's casts between the types of columns.

use catalog::{ColumnType, Storage};
use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::{Value, ValueRef};

use crate::error::{Code, Error};
use crate::plan;
use crate::sql::number;

pub(super) fn cast(context: &Context<'_>) -> Result<Value> {
    let (from, to) = (of(context, 1)?, of(context, 2)?);
    match context.get_raw(0) {
        ValueRef::Null => Ok(Value::Null),
        value => convert(value, from, to).map_err(Error::into_sql),
    }
}

fn convert(value: ValueRef<'_>, from: ColumnType, to: ColumnType) -> std::result::Result<Value, Error> {
    match to {
        ColumnType::Integer => integer(value, from),
        ColumnType::Number => real(value),
        ColumnType::Boolean => boolean(value),
        ColumnType::Object | ColumnType::Array => json(value, from),
        ColumnType::Date | ColumnType::Time | ColumnType::Datetime => point(value, from, to).map(Value::Text),
        _ => text(value, from).map(Value::Text),
    }
}

fn of(context: &Context<'_>, index: usize) -> Result<ColumnType> {
    let name: String = context.get(index)?;
    let of = ColumnType::ALL.into_iter().find(|of| of.name() == name);
    of.ok_or_else(|| rusqlite::Error::InvalidParameterName(name))
}

fn invalid(value: ValueRef<'_>, to: ColumnType) -> Error {
    let text = match value {
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number::text(number),
        _ => String::new(),
    };
    plan::invalid(to, &text)
}

fn as_str(value: ValueRef<'_>) -> Option<&str> {
    match value {
        ValueRef::Text(text) => std::str::from_utf8(text).ok(),
        _ => None,
    }
}

fn text(value: ValueRef<'_>, from: ColumnType) -> std::result::Result<String, Error> {
    match value {
        ValueRef::Integer(truth) if from == ColumnType::Boolean => Ok((truth != 0).to_string()),
        ValueRef::Integer(number) => Ok(number.to_string()),
        ValueRef::Real(number) => Ok(number::text(number)),
        ValueRef::Text(text) => String::from_utf8(text.to_vec()).map_err(Error::release),
        ValueRef::Null | ValueRef::Blob(_) => Err(invalid(value, ColumnType::String)),
    }
}

/// Text of digits; fractions are rounded, halves away from zero, as PostgreSQL's numeric does it.
fn integer(value: ValueRef<'_>, from: ColumnType) -> std::result::Result<Value, Error> {
    let to = ColumnType::Integer;
    let text = as_str(value).map(str::trim);
    let number = match value {
        ValueRef::Integer(number) => Some(number),
        ValueRef::Real(real) => Some(rounded(real)?),
        // NaN.
        ValueRef::Text(_) if from == ColumnType::Number => return Err(bigint()),
        _ => match text.map(|text| (text, text.parse())) {
            Some((_, Ok(number))) => Some(number),
            // A number inside JSON may have a fraction; text that is cast may not.
            Some((text, Err(_))) if from == ColumnType::Object => {
                match (rounded_digits(text), text.parse()) {
                    (Some(number), _) => Some(number),
                    (None, Ok(real)) => Some(rounded(real)?),
                    (None, Err(_)) => None,
                }
            }
            Some((text, Err(_))) if plan::is_whole(text) => return Err(plan::out_of_range(to, text)),
            _ => None,
        },
    };
    number.map(Value::Integer).ok_or_else(|| invalid(value, to))
}

/// A number that is written without an exponent, to the nearest integer; `None` where it is not, or has no room.
fn rounded_digits(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.')?;
    let digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
    let whole = whole.parse::<i64>().ok().filter(|_| digits)?;
    let away = i64::from(fraction.bytes().next().is_some_and(|digit| digit >= b'5'));
    if text.starts_with('-') { whole.checked_sub(away) } else { whole.checked_add(away) }
}

fn rounded(real: f64) -> std::result::Result<i64, Error> {
    let rounded = real.round();
    // 2^63 is the first double that is out of range.
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&rounded) {
        Ok(rounded as i64)
    } else {
        Err(bigint())
    }
}

fn bigint() -> Error {
    Error::new(Code::OutOfRange, "bigint out of range")
}

fn real(value: ValueRef<'_>) -> std::result::Result<Value, Error> {
    let number = match value {
        ValueRef::Integer(number) => Some(number as f64),
        ValueRef::Real(number) => Some(number),
        _ => match as_str(value).map(str::trim) {
            // An integer keeps all its digits, where a double has no room for them.
            Some(text) if text.len() > 15 && text.parse::<i64>().is_ok() => {
                return Ok(text.parse().map_or(Value::Null, Value::Integer));
            }
            Some(text) => plan::parse_number(text)?,
            None => None,
        },
    };
    number.map(plan::number).ok_or_else(|| invalid(value, ColumnType::Number))
}

fn boolean(value: ValueRef<'_>) -> std::result::Result<Value, Error> {
    let truth = match value {
        ValueRef::Integer(number) => Some(number != 0),
        _ => as_str(value).and_then(|text| plan::boolean(text.trim())),
    };
    truth.map(|truth| Value::Integer(truth.into())).ok_or_else(|| invalid(value, ColumnType::Boolean))
}

/// Text is parsed as JSON; everything else becomes the JSON that it is shown as.
fn json(value: ValueRef<'_>, from: ColumnType) -> std::result::Result<Value, Error> {
    match value {
        // An infinity and NaN are strings.
        _ if from == ColumnType::Number => {
            let mut json = vec![];
            catalog::write_json(value, Storage::Real, &mut json).map_err(Error::release)?;
            String::from_utf8(json).map(Value::Text).map_err(Error::release)
        }
        ValueRef::Text(_) => {
            let valid =
                as_str(value).filter(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
            valid
                // Without the ends of lines, which are between its parts: they would end those of NDJSON.
                .map(|text| Value::Text(text.replace(['\n', '\r'], "")))
                .ok_or_else(|| Error::new(Code::InvalidValue, "invalid input syntax for type json"))
        }
        _ => text(value, from).map(Value::Text),
    }
}

fn point(value: ValueRef<'_>, from: ColumnType, to: ColumnType) -> std::result::Result<String, Error> {
    let text = as_str(value).ok_or_else(|| invalid(value, to))?;
    let of_instant = || plan::instant(text).map(|instant| instant[11..].to_owned());
    let parsed = match to {
        ColumnType::Date if from == ColumnType::Datetime => {
            plan::instant(text).map(|instant| instant[..10].to_owned())
        }
        ColumnType::Date => plan::date(text),
        ColumnType::Time => plan::time(text).or_else(of_instant),
        _ => plan::instant(text),
    };
    parsed.ok_or_else(|| invalid(value, to))
}
