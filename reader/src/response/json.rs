//! Values as JSON.

use rusqlite::types::ValueRef;

use crate::error::Error;
use crate::sql::{Kind, number};

/// Appends a value of SQLite. `stripped`: what is null inside of JSON is left out too.
pub(super) fn value(value: ValueRef<'_>, kind: Kind, stripped: bool, out: &mut Vec<u8>) -> Result<(), Error> {
    match (value, kind) {
        (ValueRef::Null, _) => out.extend_from_slice(b"null"),
        (ValueRef::Integer(truth), Kind::Boolean) => {
            out.extend_from_slice(if truth == 0 { b"false" } else { b"true" });
        }
        (ValueRef::Integer(number), _) => write(&number, out),
        (ValueRef::Real(number), _) => real(number, out),
        (ValueRef::Text(json), Kind::Json) => document(json, stripped, out)?,
        (ValueRef::Text(json), Kind::Any) if is_document(json) => document(json, stripped, out)?,
        (ValueRef::Text(text), _) => {
            string(std::str::from_utf8(text).map_err(Error::release)?, out);
        }
        (ValueRef::Blob(_), _) => return Err(Error::release("a column holds a blob")),
    }
    Ok(())
}

/// The shortest digits that give the same double back. JSON has no infinity (RFC 8259, section
/// 6): a string, as PostgreSQL does it.
fn real(number: f64, out: &mut Vec<u8>) {
    if number.is_infinite() {
        return string(&number::text(number), out);
    }
    write(&number, out);
    if out.ends_with(b".0") {
        out.truncate(out.len() - 2);
    }
}

/// Whether text of an `any` column is an array or object.
pub(super) fn is_document(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'{' | b'[')) && serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

fn document(json: &[u8], stripped: bool, out: &mut Vec<u8>) -> Result<(), Error> {
    if stripped {
        return super::strip::document(json, out).map_err(Error::release);
    }
    out.extend_from_slice(json);
    Ok(())
}

pub(super) fn string(text: &str, out: &mut Vec<u8>) {
    write(text, out);
}

fn write<T: serde::Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("a Vec takes every byte, and numbers and strings are JSON");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_what_they_are() {
        let shown = |input: ValueRef<'_>, kind| {
            let mut out = vec![];
            value(input, kind, false, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(shown(ValueRef::Null, Kind::Plain), "null");
        assert_eq!(shown(ValueRef::Integer(1), Kind::Boolean), "true");
        assert_eq!(shown(ValueRef::Integer(i64::MIN), Kind::Plain), "-9223372036854775808");
        assert_eq!(shown(ValueRef::Real(100.0), Kind::Plain), "100");
        assert_eq!(shown(ValueRef::Real(0.1), Kind::Plain), "0.1");
        assert_eq!(shown(ValueRef::Real(1e300), Kind::Plain), "1e+300");
        assert_eq!(shown(ValueRef::Real(f64::NEG_INFINITY), Kind::Plain), "\"-Infinity\"");
        assert_eq!(shown(ValueRef::Text(b"[1,2]"), Kind::Json), "[1,2]");
        assert_eq!(shown(ValueRef::Text(b"[1,2]"), Kind::Any), "[1,2]");
        assert_eq!(shown(ValueRef::Text(b"[draft]"), Kind::Any), "\"[draft]\"");
        assert_eq!(shown(ValueRef::Text(b"[1,2]"), Kind::Plain), "\"[1,2]\"");
        assert_eq!(shown(ValueRef::Text("a\"\n\u{1}é".as_bytes()), Kind::Plain), r#""a\"\n\u0001é""#);
    }
}
