//! A stored value as JSON, the same wherever a client sees it: in answers, in the change feed, in
//! a diff.

use rusqlite::types::ValueRef;

use crate::number::write_number;
use crate::table::{ColumnType, Storage};

/// Why a value has no JSON: the builder stores neither, so the file was tampered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// It is a blob.
    #[error("a column holds a blob")]
    Blob,
    /// It is text, but not UTF-8.
    #[error("a column holds text that is not UTF-8")]
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
        (ValueRef::Real(number), _) => write_number(number, out),
        (ValueRef::Text(json), Storage::Json) => out.extend_from_slice(json),
        (ValueRef::Text(text), _) => write_text(text, out)?,
        (ValueRef::Blob(_), _) => return Err(ValueError::Blob),
    }
    Ok(())
}

/// Appends a value of a column of this type as JSON, as in a row. Errors: see [`ValueError`].
pub fn write_cell(value: ValueRef<'_>, column: ColumnType, out: &mut Vec<u8>) -> Result<(), ValueError> {
    match value {
        ValueRef::Text(text) if column == ColumnType::Any && is_document(text) => {
            write_document(text, out);
            Ok(())
        }
        value => write_json(value, column.storage(), out),
    }
}

/// Whether text of an `any` column is shown as the JSON that it is: an array or object.
pub fn is_document(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'{' | b'[')) && serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

/// Appends a document as it was written, except for line ends, which would end those of NDJSON.
/// Within its strings there are none (RFC 8259, section 7).
pub fn write_document(json: &[u8], out: &mut Vec<u8>) {
    json.split(|byte| matches!(byte, b'\n' | b'\r')).for_each(|part| out.extend_from_slice(part));
}

/// Appends text as a JSON string (RFC 8259, section 7), with the escapes of serde_json, which looks at a string byte by byte.
pub fn write_json_string(text: &str, out: &mut Vec<u8>) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    escape(text, |piece| out.extend_from_slice(piece.as_bytes()));
    out.push(b'"');
}

/// The same as a text of its own.
pub fn json_string(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + text.len() / 4 + 2);
    json.push('"');
    escape(text, |piece| json.push_str(piece));
    json.push('"');
    json
}

/// The same of text as it is stored. Most of it is ASCII without an escape, and so UTF-8: one look says both.
fn write_text(text: &[u8], out: &mut Vec<u8>) -> Result<(), ValueError> {
    if is_plain(text) {
        write_plain(text, out);
    } else {
        write_json_string(std::str::from_utf8(text).map_err(|_| ValueError::NotUtf8)?, out);
    }
    Ok(())
}

/// Whether text is ASCII without an escape.
fn is_plain(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks::<8>();
    let mut last = [b' '; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mut found = 0;
    for word in words.iter().chain([&last]) {
        let word = u64::from_le_bytes(*word);
        found |= escaped(word) | word & HIGH;
    }
    found == 0
}

#[inline]
fn is_escaped(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

/// Appends text without escapes.
#[inline]
fn write_plain(text: &[u8], out: &mut Vec<u8>) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text);
    out.push(b'"');
}

/// Gives `write` the escapes, and what is between them as it is.
#[inline]
fn escape(text: &str, mut write: impl FnMut(&str)) {
    let mut rest = text;
    // What is escaped is ASCII, so a character begins behind it.
    while let Some(found) = next_escaped(rest.as_bytes()) {
        write(&rest[..found]);
        match rest.as_bytes()[found] {
            b'"' => write("\\\""),
            b'\\' => write("\\\\"),
            b'\n' => write("\\n"),
            b'\r' => write("\\r"),
            b'\t' => write("\\t"),
            0x08 => write("\\b"),
            0x0c => write("\\f"),
            control => write(&format!("\\u{control:04x}")),
        }
        rest = &rest[found + 1..];
    }
    write(rest);
}

/// The place of the first byte that has to be escaped. Eight bytes are looked at together: a page for browsers has a quotation mark
/// after every few words.
#[inline(always)] // as many calls, where this crate is compiled for size
fn next_escaped(text: &[u8]) -> Option<usize> {
    let (words, rest) = text.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let found = escaped(u64::from_le_bytes(*word));
        if found != 0 {
            return Some(8 * number + found.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|byte| is_escaped(*byte)).map(|place| text.len() - rest.len() + place)
}

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The high bit of the first of eight bytes that has to be escaped, and perhaps of others above it; none where none has to be
/// (Hacker's Delight, 6-1).
#[inline]
fn escaped(word: u64) -> u64 {
    let below = |word: u64, least: u64| word.wrapping_sub(EACH * least) & !word;
    let (quote, backslash) = (word ^ (EACH * 0x22), word ^ (EACH * 0x5c));
    (below(word, 0x20) | below(quote, 1) | below(backslash, 1)) & HIGH
}

fn write<T: serde::Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("a Vec takes every byte, and numbers and strings are JSON");
}

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
        assert_eq!(shown(ValueRef::Real(1e300), Storage::Real), "1e+300");
        assert_eq!(shown(ValueRef::Real(f64::NEG_INFINITY), Storage::Real), "\"-Infinity\"");
        assert_eq!(shown(ValueRef::Text(b"[1,2]"), Storage::Json), "[1,2]");
        assert_eq!(shown(ValueRef::Text("a\"\n\u{1}é".as_bytes()), Storage::Text), r#""a\"\n\u0001é""#);
        assert_eq!(write_json(ValueRef::Blob(b""), Storage::Text, &mut vec![]), Err(ValueError::Blob));
        for broken in [&b"\xff"[..], b"text of more than sixteen bytes \xc3", b"\xed\xa0\x80"] {
            let written = write_json(ValueRef::Text(broken), Storage::Text, &mut vec![]);
            assert_eq!(written, Err(ValueError::NotUtf8));
        }
    }

    #[test]
    fn strings_are_those_of_serde_json() {
        let every: Vec<char> = ('\0'..'\u{300}').collect();
        for text in every.windows(20).map(|text| text.iter().collect::<String>()).chain([String::new()]) {
            let mut out = vec![];
            write_json_string(&text, &mut out);
            assert_eq!(out, serde_json::to_vec(&text).unwrap());
            assert_eq!(json_string(&text).as_bytes(), out);
            let mut stored = vec![];
            write_json(ValueRef::Text(text.as_bytes()), Storage::Text, &mut stored).unwrap();
            assert_eq!(stored, out);
        }
    }
}
