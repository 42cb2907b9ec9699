//! A row's key as text, as it follows the table's name in a path and in the change feed.
//!
//! The key of a single column is its value, unchanged. The parts of a composite key are separated
//! by commas; a part that holds a comma or starts with a double quote is put in double quotes,
//! with `\"` and `\\` inside: PostgREST's quoting in `in.(...)`.

use std::borrow::Cow;

use rusqlite::types::ValueRef;

use crate::json::{ValueError, write_json};
use crate::table::Storage;

/// The text of the key with these values. Errors: see [`ValueError`].
pub fn key_text(parts: &[(ValueRef<'_>, Storage)]) -> Result<String, ValueError> {
    let mut key = String::new();
    for (index, (value, storage)) in parts.iter().enumerate() {
        let part = match value {
            ValueRef::Text(text) => std::str::from_utf8(text).map_err(|_| ValueError::NotUtf8)?.to_owned(),
            other => {
                let mut json = Vec::new();
                write_json(*other, *storage, &mut json)?;
                // An infinity is a string in JSON.
                String::from_utf8(json).map_err(|_| ValueError::NotUtf8)?.trim_matches('"').to_owned()
            }
        };
        if parts.len() == 1 {
            return Ok(part);
        }
        if index > 0 {
            key.push(',');
        }
        key.push_str(&key_part(&part));
    }
    Ok(key)
}

/// A part of a composite key, in quotes where it needs them.
pub fn key_part(part: &str) -> Cow<'_, str> {
    if !part.contains(',') && !part.starts_with('"') {
        return Cow::Borrowed(part);
    }
    let mut quoted = String::from('"');
    for c in part.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

/// The parts of a composite key's text: what [`key_text`] put together.
pub fn key_parts(key: &str) -> Vec<String> {
    let mut parts = vec![];
    let mut part = String::new();
    let mut quoted = false;
    let mut chars = key.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' if !quoted && part.is_empty() => quoted = true,
            '"' if quoted => quoted = false,
            '\\' if quoted => part.extend(chars.next()),
            ',' if !quoted => parts.push(std::mem::take(&mut part)),
            other => part.push(other),
        }
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_what_a_path_takes() {
        let text = |text: &'static str| (ValueRef::Text(text.as_bytes()), Storage::Text);
        let key = |parts: &[(ValueRef<'_>, Storage)]| key_text(parts).unwrap();
        assert_eq!(key(&[text("a,\"b")]), "a,\"b");
        assert_eq!(key(&[(ValueRef::Integer(1), Storage::Boolean)]), "true");
        let number = |number| (ValueRef::Real(number), Storage::Real);
        assert_eq!(key(&[number(1.0)]), "1");
        assert_eq!(
            key(&[number(f64::NEG_INFINITY), (ValueRef::Text(b"NaN"), Storage::Real)]),
            "-Infinity,NaN"
        );
        assert_eq!(key(&[text("a,b"), text("c")]), "\"a,b\",c");
        assert_eq!(key(&[text("say \"hi\" \\"), text("")]), "say \"hi\" \\,");
        assert_eq!(key(&[text("\"x\" \\"), (ValueRef::Integer(-7), Storage::Integer)]), r#""\"x\" \\",-7"#);
    }

    #[test]
    fn parts_are_parted_by_commas_outside_quotes() {
        assert_eq!(key_parts("a,b"), ["a", "b"]);
        assert_eq!(key_parts("a,"), ["a", ""]);
        assert_eq!(key_parts(r#""a,b",c"#), ["a,b", "c"]);
        assert_eq!(key_parts(r#""say \"hi\" \\",x"#), [r#"say "hi" \"#, "x"]);
        assert_eq!(key_parts(r#"5" disk,x"#), [r#"5" disk"#, "x"]);
    }
}
