//! A stored value as JSON, and a row's key as text: what a client sees of either.

use std::fmt;

use rusqlite::types::ValueRef;

use crate::table::Storage;

/// Why a value has no JSON: the builder stores neither, so the file was tampered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueError {
    /// It is a blob.
    Blob,
    /// It is text, but not UTF-8.
    NotUtf8,
}

/// Appends a value of a column with this storage as JSON.
///
/// A double is written with the fewest digits that give it back, a whole one without a fraction;
/// JSON has no infinity (RFC 8259, section 6), so that is a string. Errors: see [`ValueError`].
pub fn write_json(value: ValueRef<'_>, storage: Storage, out: &mut Vec<u8>) -> Result<(), ValueError> {
    match (value, storage) {
        (ValueRef::Null, _) => out.extend_from_slice(b"null"),
        (ValueRef::Integer(truth), Storage::Boolean) => {
            out.extend_from_slice(if truth == 0 { b"false" } else { b"true" });
        }
        (ValueRef::Integer(number), _) => write(&number, out),
        (ValueRef::Real(number), _) => real(number, out),
        (ValueRef::Text(json), Storage::Json) => out.extend_from_slice(json),
        (ValueRef::Text(text), _) => {
            write(std::str::from_utf8(text).map_err(|_| ValueError::NotUtf8)?, out);
        }
        (ValueRef::Blob(_), _) => return Err(ValueError::Blob),
    }
    Ok(())
}

fn real(number: f64, out: &mut Vec<u8>) {
    if number.is_infinite() {
        return write(if number > 0.0 { "Infinity" } else { "-Infinity" }, out);
    }
    write(&number, out);
    if out.ends_with(b".0") {
        out.truncate(out.len() - 2);
    }
}

fn write<T: serde::Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("a Vec takes every byte, and numbers and strings are JSON");
}

/// The text of a key, as it stands behind the table's name in a path.
///
/// The key of a single column is its value as it stands. The parts of a composite key are parted
/// by commas; a part that holds a comma or starts with a double quote stands in double quotes,
/// with `\"` and `\\` inside. Errors: see [`ValueError`].
pub fn key_text(parts: &[(ValueRef<'_>, Storage)]) -> Result<String, ValueError> {
    let mut key = String::new();
    for (index, (value, storage)) in parts.iter().enumerate() {
        let part = match value {
            ValueRef::Text(text) => std::str::from_utf8(text).map_err(|_| ValueError::NotUtf8)?.to_owned(),
            other => {
                let mut json = Vec::new();
                write_json(*other, *storage, &mut json)?;
                String::from_utf8(json).map_err(|_| ValueError::NotUtf8)?
            }
        };
        if parts.len() == 1 {
            return Ok(part);
        }
        if index > 0 {
            key.push(',');
        }
        if part.contains(',') || part.starts_with('"') {
            key.push('"');
            for c in part.chars() {
                if matches!(c, '"' | '\\') {
                    key.push('\\');
                }
                key.push(c);
            }
            key.push('"');
        } else {
            key.push_str(&part);
        }
    }
    Ok(key)
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blob => "a column holds a blob",
            Self::NotUtf8 => "a column holds text that is not UTF-8",
        })
    }
}

impl std::error::Error for ValueError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_what_they_are() {
        let shown = |value: ValueRef<'_>, storage| {
            let mut out = vec![];
            write_json(value, storage, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(shown(ValueRef::Null, Storage::Text), "null");
        assert_eq!(shown(ValueRef::Integer(1), Storage::Boolean), "true");
        assert_eq!(shown(ValueRef::Integer(i64::MIN), Storage::Integer), "-9223372036854775808");
        assert_eq!(shown(ValueRef::Real(100.0), Storage::Real), "100");
        assert_eq!(shown(ValueRef::Real(0.1), Storage::Real), "0.1");
        assert_eq!(shown(ValueRef::Real(f64::NEG_INFINITY), Storage::Real), "\"-Infinity\"");
        assert_eq!(shown(ValueRef::Text(b"[1,2]"), Storage::Json), "[1,2]");
        assert_eq!(shown(ValueRef::Text("a\"\n\u{1}é".as_bytes()), Storage::Text), r#""a\"\n\u0001é""#);
        assert_eq!(write_json(ValueRef::Blob(b""), Storage::Text, &mut vec![]), Err(ValueError::Blob));
    }

    #[test]
    fn keys_are_what_a_path_takes() {
        let text = |text: &'static str| (ValueRef::Text(text.as_bytes()), Storage::Text);
        let key = |parts: &[(ValueRef<'_>, Storage)]| key_text(parts).unwrap();
        assert_eq!(key(&[text("a,\"b")]), "a,\"b");
        assert_eq!(key(&[(ValueRef::Integer(1), Storage::Boolean)]), "true");
        assert_eq!(key(&[text("a,b"), text("c")]), "\"a,b\",c");
        assert_eq!(key(&[text("say \"hi\" \\"), text("")]), "say \"hi\" \\,");
        assert_eq!(key(&[text("\"x\" \\"), (ValueRef::Integer(-7), Storage::Integer)]), r#""\"x\" \\",-7"#);
    }
}
