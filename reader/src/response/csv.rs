//! Values as cells of CSV (RFC 4180): no value is an empty cell, the empty text a quoted one. Numbers
//! are as Table Schema has them, so that a Data Package of ours is one.

use rusqlite::types::ValueRef;

use crate::error::Error;
use crate::sql::{Kind, number};

pub(super) fn value(value: ValueRef<'_>, kind: Kind, out: &mut Vec<u8>) -> Result<(), Error> {
    match value {
        ValueRef::Null => {}
        ValueRef::Integer(truth) if kind == Kind::Boolean => {
            out.extend_from_slice(if truth == 0 { b"false" } else { b"true" });
        }
        ValueRef::Integer(number) => out.extend_from_slice(number.to_string().as_bytes()),
        ValueRef::Real(number) if number.is_infinite() => {
            out.extend_from_slice(if number > 0.0 { b"INF" } else { b"-INF" });
        }
        ValueRef::Real(number) => out.extend_from_slice(number::text(number).as_bytes()),
        ValueRef::Text(text) => cell(text, out),
        ValueRef::Blob(_) => return Err(Error::release("a column holds a blob")),
    }
    Ok(())
}

/// JSON in a cell; its null is no value.
pub(super) fn json(json: &[u8], out: &mut Vec<u8>) {
    if json != b"null" {
        cell(json, out);
    }
}

/// Section 2: a cell with a comma, a quote or an end of line stands in quotes, quotes doubled.
pub(super) fn cell(text: &[u8], out: &mut Vec<u8>) {
    if !text.is_empty() && !text.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        return out.extend_from_slice(text);
    }
    out.push(b'"');
    for byte in text {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells() {
        let shown = |input, kind| {
            let mut out = vec![];
            value(input, kind, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(shown(ValueRef::Null, Kind::Plain), "");
        assert_eq!(shown(ValueRef::Text(b""), Kind::Plain), "\"\"");
        assert_eq!(shown(ValueRef::Text(b"a b"), Kind::Plain), "a b");
        assert_eq!(shown(ValueRef::Text(b"a,\"b\"\n"), Kind::Plain), "\"a,\"\"b\"\"\n\"");
        assert_eq!(shown(ValueRef::Integer(0), Kind::Boolean), "false");
        assert_eq!(shown(ValueRef::Real(2.0), Kind::Plain), "2");
        assert_eq!(shown(ValueRef::Real(f64::INFINITY), Kind::Plain), "INF");
        assert_eq!(shown(ValueRef::Real(f64::NEG_INFINITY), Kind::Plain), "-INF");
    }
}
