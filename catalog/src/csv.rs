//! A stored value as a cell of CSV (RFC 4180): no value is an empty cell, the empty text a quoted one.
//! Numbers are as Table Schema has them, so that a Data Package of ours is one.

use rusqlite::types::ValueRef;

use crate::json::ValueError;
use crate::number::write_number;
use crate::table::Storage;

/// Appends a value of a column with this storage as a cell. Errors: it is a blob.
pub fn write_csv(value: ValueRef<'_>, storage: Storage, out: &mut Vec<u8>) -> Result<(), ValueError> {
    match value {
        ValueRef::Null => {}
        ValueRef::Integer(truth) if storage == Storage::Boolean => {
            out.extend_from_slice(if truth == 0 { b"false" } else { b"true" });
        }
        ValueRef::Integer(number) => out.extend_from_slice(number.to_string().as_bytes()),
        ValueRef::Real(number) if number.is_infinite() => {
            out.extend_from_slice(if number > 0.0 { b"INF" } else { b"-INF" });
        }
        ValueRef::Real(number) => write_number(number, out),
        ValueRef::Text(text) => write_csv_cell(text, out),
        ValueRef::Blob(_) => return Err(ValueError::Blob),
    }
    Ok(())
}

/// Appends text as a cell. Section 2: one with a comma, a quote or an end of line is in quotes, quotes
/// doubled.
pub fn write_csv_cell(text: &[u8], out: &mut Vec<u8>) {
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
        let shown = |input, storage| {
            let mut out = vec![];
            write_csv(input, storage, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(shown(ValueRef::Null, Storage::Text), "");
        assert_eq!(shown(ValueRef::Text(b""), Storage::Text), "\"\"");
        assert_eq!(shown(ValueRef::Text(b"a b"), Storage::Text), "a b");
        assert_eq!(shown(ValueRef::Text(b"a,\"b\"\n"), Storage::Text), "\"a,\"\"b\"\"\n\"");
        assert_eq!(shown(ValueRef::Integer(0), Storage::Boolean), "false");
        assert_eq!(shown(ValueRef::Integer(i64::MIN), Storage::Integer), "-9223372036854775808");
        assert_eq!(shown(ValueRef::Real(2.0), Storage::Real), "2");
        assert_eq!(shown(ValueRef::Real(f64::INFINITY), Storage::Real), "INF");
        assert_eq!(shown(ValueRef::Real(f64::NEG_INFINITY), Storage::Real), "-INF");
    }
}
