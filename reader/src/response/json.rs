//! Values as JSON.

use catalog::{Storage, is_document, write_document, write_json};
use rusqlite::types::ValueRef;

use crate::error::Error;
use crate::sql::Kind;

pub(super) use catalog::write_json_string as string;

/// Appends a value of SQLite. `stripped`: what is null inside of JSON is left out too.
#[inline]
pub(super) fn value(value: ValueRef<'_>, kind: Kind, stripped: bool, out: &mut Vec<u8>) -> Result<(), Error> {
    let mut strip = |json| super::strip_nulls::document(json, out).map_err(Error::release);
    let storage = match (value, kind) {
        (ValueRef::Text(json), Kind::Json) if stripped => return strip(json),
        (ValueRef::Text(json), Kind::Any) if is_document(json) => match stripped {
            true => return strip(json),
            false => {
                write_document(json, out);
                return Ok(());
            }
        },
        (_, Kind::Boolean) => Storage::Boolean,
        (_, Kind::Json) => Storage::Json,
        (_, Kind::Plain | Kind::Any | Kind::Sum | Kind::Average) => Storage::Text,
    };
    write_json(value, storage, out).map_err(Error::release)
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
        assert_eq!(shown(ValueRef::Text(b"[1,\r\n 2]"), Kind::Any), "[1, 2]");
        assert_eq!(shown(ValueRef::Text(b"[draft]"), Kind::Any), "\"[draft]\"");
        assert_eq!(shown(ValueRef::Text(b"[1,2]"), Kind::Plain), "\"[1,2]\"");
        assert_eq!(shown(ValueRef::Text("a\"\n\u{1}é".as_bytes()), Kind::Plain), r#""a\"\n\u0001é""#);
    }
}
