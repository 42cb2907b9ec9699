//! Values of cells as a page shows them.

use std::borrow::Cow;

use catalog::{Storage, write_json, write_number};
use maud::{Markup, html};
use rusqlite::types::ValueRef;
use serde_json::Value;

use super::text::{shown, yes_or_no};
use crate::error::Error;
use crate::response::value_json;
use crate::sql::Kind;

/// Characters of a value in a list of rows; the page of its row has all of them.
pub(super) const IN_ROWS: usize = 200;

/// Characters of a value on the page of its row: what a browser still lays out at once.
pub(super) const ON_A_PAGE: usize = 100_000;

/// A value by how it is shown.
#[derive(Debug)]
pub(crate) enum Shown {
    Nothing,
    Text(String),
    Number(String),
    Boolean(bool),
    List(Vec<String>),
    /// JSON as it is.
    Code(String),
}

impl Shown {
    /// Of a value of SQLite. Errors: it is not text where it should be.
    pub(crate) fn of(value: ValueRef<'_>, kind: Kind) -> Result<Self, Error> {
        value_json(value, kind).map(Self::of_text)
    }

    /// Of JSON.
    pub(crate) fn of_text(json: String) -> Self {
        match json.as_bytes().first() {
            Some(b'"') => match serde_json::from_str(&json) {
                Ok(text) => Self::Text(text),
                Err(_) => Self::Code(json),
            },
            Some(b'n') => Self::Nothing,
            Some(b't') => Self::Boolean(true),
            Some(b'f') => Self::Boolean(false),
            // Texts alone: numbers would have to be read and written again.
            Some(b'[') => serde_json::from_str(&json).map_or(Self::Code(json), Self::List),
            Some(b'{') => Self::Code(json),
            _ => Self::Number(json),
        }
    }

    /// Of a value of the change feed.
    pub(super) fn of_json(value: &Value) -> Self {
        match value {
            Value::Null => Self::Nothing,
            Value::Bool(truth) => Self::Boolean(*truth),
            Value::Number(number) => Self::Number(number.to_string()),
            Value::String(text) => Self::Text(text.clone()),
            other => Self::Code(other.to_string()),
        }
    }

    /// The value as it stands in a filter or key.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Nothing | Self::List(_) | Self::Code(_) => None,
            Self::Text(text) | Self::Number(text) => Some(Cow::Borrowed(text)),
            Self::Boolean(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        }
    }

    /// At most `most` characters of it.
    pub(super) fn markup(&self, most: usize) -> Markup {
        match self {
            Self::Nothing => html! {},
            Self::Text(text) if text.trim().is_empty() => html! { span.none { "\"" (shown(text)) "\"" } },
            Self::Text(text) => cut(text, most),
            Self::Number(text) => html! { (text) },
            Self::Boolean(truth) => html! { (yes_or_no(*truth)) },
            Self::List(texts) if texts.is_empty() => html! { span.none { "[]" } },
            Self::List(texts) => cut(&texts.join(", "), most),
            Self::Code(json) => html! { code { (cut(json, most)) } },
        }
    }
}

/// Appends at most `most` characters of a value of SQLite: the same as [`Shown::markup`], without a copy where the value
/// is written as it is. Errors: it is not text where it should be.
pub(super) fn write(value: ValueRef<'_>, kind: Kind, most: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    match (value, kind) {
        (ValueRef::Null, _) => return Ok(()),
        (ValueRef::Text(bytes), Kind::Plain) => {
            let text = str::from_utf8(bytes).map_err(Error::release)?;
            if !text.trim_start().is_empty() {
                write_text(text, most, out);
                return Ok(());
            }
        }
        (ValueRef::Text(json @ [b'[', ..]), Kind::Json) => {
            // Nearly no text in a list has an escape; those that have one are read below.
            if let Ok(texts) = serde_json::from_slice::<Vec<&str>>(json)
                && !texts.is_empty()
            {
                write_text(&texts.join(", "), most, out);
                return Ok(());
            }
        }
        (ValueRef::Integer(truth @ (0 | 1)), Kind::Boolean) => {
            out.extend_from_slice(yes_or_no(truth == 1).as_bytes());
            return Ok(());
        }
        (ValueRef::Integer(_), Kind::Plain) => {
            return write_json(value, Storage::Integer, out).map_err(Error::release);
        }
        (ValueRef::Real(number), Kind::Plain) if number.is_finite() => {
            write_number(number, out);
            return Ok(());
        }
        _ => {}
    }
    out.extend_from_slice(Shown::of(value, kind)?.markup(most).into_string().as_bytes());
    Ok(())
}

/// Appends at most `most` characters of a text.
fn write_text(text: &str, most: usize, out: &mut Vec<u8>) {
    if text.len() <= most {
        if is_plain(text.as_bytes()) {
            return out.extend_from_slice(text.as_bytes());
        }
        if !text.bytes().any(may_be_control) {
            return escape(text, out);
        }
    }
    out.extend_from_slice(cut(text, most).0.as_bytes());
}

/// Appends a text without control characters.
fn escape(text: &str, out: &mut Vec<u8>) {
    for byte in text.bytes() {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'"' => out.extend_from_slice(b"&quot;"),
            byte => out.push(byte),
        }
    }
}

/// Whether a byte is a control character or begins one: 0xc2 does so from U+0080 on.
fn may_be_control(byte: u8) -> bool {
    (byte < 0x20) | matches!(byte, 0x7f | 0xc2)
}

/// Whether a text needs neither an escape nor a picture. Bytes are looked at without a branch, in blocks: their number is known,
/// so a processor compares all sixteen at once, also in code that is compiled for size.
fn is_plain(text: &[u8]) -> bool {
    let (blocks, rest) = text.as_chunks::<16>();
    !blocks.iter().any(|block| has_other(block)) && !has_other(rest)
}

#[inline(always)]
fn has_other(text: &[u8]) -> bool {
    let other = |byte: &u8| may_be_control(*byte) | matches!(*byte, b'&' | b'<' | b'>' | b'"');
    text.iter().fold(false, |found, byte| found | other(byte))
}

fn cut(text: &str, most: usize) -> Markup {
    match text.char_indices().nth(most) {
        None => html! { (shown(text)) },
        Some((end, _)) => {
            let all = super::text::grouped(text.chars().count() as u64);
            html! { (shown(&text[..end])) "… " small.mut { "(" (all) " characters)" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written at once is what markup would be.
    #[test]
    fn a_value_is_written_as_its_markup() {
        let texts = [
            "",
            " ",
            "\u{2003}",
            "a",
            "é©",
            "<b>&\"x\"",
            "a\nb",
            "a\u{1}",
            "a\u{85}",
            "Infinity",
            "123456",
            "1234567",
        ];
        let mut values: Vec<_> =
            texts.iter().map(|text| (ValueRef::Text(text.as_bytes()), Kind::Plain)).collect();
        values.extend([0, 1, 2].map(|number| (ValueRef::Integer(number), Kind::Boolean)));
        values.extend([i64::MIN, 0].map(|number| (ValueRef::Integer(number), Kind::Plain)));
        values.extend([1.5, 100.0, f64::INFINITY, 1e300].map(|number| (ValueRef::Real(number), Kind::Plain)));
        values.extend(
            ["[]", "[\"a\",\"b\"]", "[\"a\\n<\"]", "[\"<b>\"]", "{\"a\":1}", "[1]"]
                .map(|json| (ValueRef::Text(json.as_bytes()), Kind::Json)),
        );
        values.push((ValueRef::Null, Kind::Plain));
        for (value, kind) in values {
            let mut out = vec![];
            write(value, kind, 6, &mut out).unwrap();
            let markup = Shown::of(value, kind).unwrap().markup(6).into_string();
            assert_eq!(String::from_utf8(out).unwrap(), markup, "{value:?}");
        }
        assert!(write(ValueRef::Text(b"\xff"), Kind::Plain, 6, &mut vec![]).is_err());
        assert!(write(ValueRef::Blob(b"a"), Kind::Plain, 6, &mut vec![]).is_err());
    }
}
