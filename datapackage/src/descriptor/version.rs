//! Where a descriptor has its version, and how to replace it.

use std::ops::Range;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use saphyr_parser::{Event, Parser};

use super::document;

/// The `version` of a package's descriptor, where it is a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionText {
    /// Its line, from 1.
    pub line: u64,
    /// Its text.
    pub text: String,
}

/// The version in the bytes of the descriptor at `path`. `None` if there is no version, if it is
/// not a string, or if the bytes are not a descriptor.
pub fn find(path: &str, bytes: &[u8]) -> Option<VersionText> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed = match path.ends_with(".json") {
        true => document::parse_json(text),
        false => document::parse_yaml(text),
    };
    let node = parsed.ok()?;
    let version = node.get("version")?;
    Some(VersionText { line: version.line, text: version.as_str()?.to_owned() })
}

/// The descriptor with `new`, a semantic version, in the place of its version, and not a byte of
/// the rest changed. `None` where that can't be done: there is no version, or it has an
/// unusual syntax (an alias, an escape).
pub fn replace(path: &str, bytes: &[u8], new: &str) -> Option<Vec<u8>> {
    let old = find(path, bytes)?.text;
    let text = std::str::from_utf8(bytes).ok()?;
    let place = match path.ends_with(".json") {
        true => json_value(text)?,
        false => yaml_value(text)?,
    };
    let value = text.get(place.clone())?;
    let inside = value.find(&old).filter(|at| *at <= 1 && !old.is_empty())?;
    let mut replaced = text[..place.start + inside].to_owned();
    replaced.push_str(new);
    replaced.push_str(&text[place.start + inside + old.len()..]);
    let replaced = replaced.into_bytes();
    find(path, &replaced).filter(|found| found.text == new).map(|_| replaced)
}

/// The bytes of the value, its quotes included.
fn json_value(text: &str) -> Option<Range<usize>> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let parsed = parse_to_ast(&text[start..], &CollectOptions::default(), &ParseOptions::default()).ok()?;
    let Value::Object(object) = parsed.value? else { return None };
    let property =
        object.properties.into_iter().rev().find(|property| property.name.as_str() == "version")?;
    let range = property.value.range();
    Some(start + range.start..start + range.end)
}

/// The same in YAML: from the value's start to the end of its line.
fn yaml_value(text: &str) -> Option<Range<usize>> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = &text[start..];
    let (mut depth, mut is_key, mut awaited, mut found) = (0_u32, true, false, None);
    for event in Parser::new_from_str(body) {
        let (event, span) = event.ok()?;
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                depth += 1;
                if depth == 1 {
                    continue;
                }
            }
            Event::MappingEnd | Event::SequenceEnd => depth -= 1,
            Event::Scalar(ref scalar, ..) if depth == 1 => {
                if is_key {
                    awaited = *scalar == "version";
                } else if awaited {
                    found = Some(span.start.index());
                }
            }
            Event::Scalar(..) | Event::Alias(..) => {}
            _ => continue,
        }
        // A key or a value of the outermost mapping is over.
        if depth == 1 && !matches!(event, Event::MappingStart(..) | Event::SequenceStart(..)) {
            is_key = !is_key;
        }
    }
    // The parser counts characters.
    let (from, _) = body.char_indices().nth(found?)?;
    let length = body[from..].find('\n').unwrap_or(body.len() - from);
    Some(start + from..start + from + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(path: &str, text: &str) -> Option<String> {
        replace(path, text.as_bytes(), "2.0.0").map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn json_keeps_every_other_byte() {
        let text = "\u{feff}{ \"x\": {\"version\": \"1.0.0\"},\r\n\t\"version\" :\"1.0.0\" ,\"é\":\"1.0.0\"}";
        let expected =
            "\u{feff}{ \"x\": {\"version\": \"1.0.0\"},\r\n\t\"version\" :\"2.0.0\" ,\"é\":\"1.0.0\"}";
        assert_eq!(replaced("d/datapackage.json", text).unwrap(), expected);
        assert_eq!(find("d/datapackage.json", text.as_bytes()).unwrap().line, 2);
    }

    #[test]
    fn yaml_keeps_every_other_byte() {
        for (text, expected) in [
            ("# é\nname: x\nversion: 1.0.0 # first\n", "# é\nname: x\nversion: 2.0.0 # first\n"),
            ("a: {version: 1.0.0}\nversion: '1.0.0'", "a: {version: 1.0.0}\nversion: '2.0.0'"),
            (
                "list:\n- version\n- 1.0.0\n\"version\": \"1.0.0\"\nz: 1",
                "list:\n- version\n- 1.0.0\n\"version\": \"2.0.0\"\nz: 1",
            ),
            ("{x: version, version: 1.0.0, y: 1.0.0}", "{x: version, version: 2.0.0, y: 1.0.0}"),
        ] {
            assert_eq!(replaced("datapackage.yaml", text).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_can_not_be_replaced_is_left() {
        assert_eq!(replaced("datapackage.json", "{}"), None);
        assert_eq!(replaced("datapackage.json", "{\"version\": 1}"), None);
        assert_eq!(replaced("datapackage.json", r#"{"version": "\u0031.0.0"}"#), None);
        assert_eq!(replaced("datapackage.yaml", "a: &v 1.0.0\nversion: *v\n"), None);
    }
}
