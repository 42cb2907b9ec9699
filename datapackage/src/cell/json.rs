//! object and array: JSON in a cell, stored without insignificant white space.
//!
//! Nothing else changes: numbers keep their digits, objects their order. The text is checked by
//! serde_json and then only stripped of white space, never rewritten.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::problem::{CellProblem, quoted};

/// Deeper nesting is refused. Readers stop at 128 levels (serde_json), and a row of the change feed puts a
/// few levels around its cells.
const MAX_DEPTH: usize = 100;

/// What a JSON text must begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Object,
    Array,
}

impl Shape {
    fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
        }
    }
}

/// The text of a JSON object or array, compact.
pub(super) fn parse<'a>(cell: &'a str, shape: Shape) -> Result<Cow<'a, str>, CellProblem> {
    if let Err(reason) = check(cell) {
        return Err(CellProblem::type_error(format!("{} is not JSON: {reason}", quoted(cell))));
    }
    let first = match shape {
        Shape::Object => '{',
        Shape::Array => '[',
    };
    let trimmed = cell.trim_start_matches(BLANKS);
    if !trimmed.starts_with(first) {
        return Err(CellProblem::type_error(format!("{} is not a JSON {}", quoted(cell), shape.name())));
    }
    Ok(compact(cell))
}

const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// Whether a text is JSON that every reader takes.
pub(super) fn check(text: &str) -> Result<(), String> {
    let reason = |error: serde_json::Error| {
        let message = error.to_string();
        match message.rfind(" at line ") {
            Some(end) => message[..end].to_owned(),
            None => message,
        }
    };
    serde_json::from_str::<IgnoredAny>(text).map_err(reason)?;
    if depth(text) > MAX_DEPTH {
        return Err(format!("more than {MAX_DEPTH} levels"));
    }
    // What is skipped is not looked at closely: half of a surrogate pair, a number that no double
    // holds. Only texts that can have them are read a second time.
    if text.contains("\\u") || text.bytes().any(|b| b | 0x20 == b'e') && has_exponent(text) {
        serde_json::from_str::<serde_json::Value>(text).map_err(reason)?;
    }
    Ok(())
}

fn has_exponent(text: &str) -> bool {
    text.as_bytes()
        .windows(2)
        .any(|pair| (pair[0].is_ascii_digit() || pair[0] == b'.') && pair[1] | 0x20 == b'e')
}

/// Whether a text that looks like an array or object, and may not be one, has few enough levels.
pub(super) fn check_depth(text: &str) -> Result<(), CellProblem> {
    if text.trim_start_matches(BLANKS).starts_with(['[', '{']) && depth(text) > MAX_DEPTH {
        return Err(CellProblem::type_error(format!("{} has more than {MAX_DEPTH} levels", quoted(text))));
    }
    Ok(())
}

/// How deep the brackets of a JSON text go.
fn depth(text: &str) -> usize {
    let (mut deepest, mut depth, mut in_string, mut escaped) = (0, 0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// A JSON text without insignificant white space; borrowed where there are none.
pub(super) fn compact(text: &str) -> Cow<'_, str> {
    let mut kept: Option<String> = None;
    let (mut from, mut in_string, mut escaped) = (0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b' ' | b'\t' | b'\n' | b'\r' if !in_string => {
                kept.get_or_insert_default().push_str(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    match kept {
        Some(mut kept) => {
            kept.push_str(&text[from..]);
            Cow::Owned(kept)
        }
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, parse};

    #[test]
    fn only_blanks_between_parts_go() {
        let json = parse("{ \"b\" : [1.00 , 2e1],\n\"a b\": \"x \\\" y\" }", Shape::Object).unwrap();
        assert_eq!(json, "{\"b\":[1.00,2e1],\"a b\":\"x \\\" y\"}");
        assert!(matches!(parse("[1,2]", Shape::Array).unwrap(), std::borrow::Cow::Borrowed(_)));
    }

    #[test]
    fn not_json() {
        for (cell, shape, message) in [
            ("[1,2]", Shape::Object, "\"[1,2]\" is not a JSON object"),
            ("{}", Shape::Array, "\"{}\" is not a JSON array"),
            ("\"a\"", Shape::Array, "\"\"a\"\" is not a JSON array"),
            ("{a:1}", Shape::Object, "\"{a:1}\" is not JSON: key must be a string"),
            ("[1,]", Shape::Array, "\"[1,]\" is not JSON: expected value"),
            ("[1e999]", Shape::Array, "\"[1e999]\" is not JSON: number out of range"),
            (r#"["\ud800"]"#, Shape::Array, r#""["\ud800"]" is not JSON: unexpected end of hex escape"#),
        ] {
            assert_eq!(parse(cell, shape).unwrap_err().message, message);
        }
        let nested = |levels| "[".repeat(levels) + &"]".repeat(levels);
        assert!(parse(&nested(100), Shape::Array).is_ok());
        for levels in [101, 127, 128, 1000, 100_000] {
            let message = parse(&nested(levels), Shape::Array).unwrap_err().message;
            assert!(message.ends_with("is not JSON: more than 100 levels"), "{message}");
        }
    }

    #[test]
    fn text_of_any_type() {
        let nested = |levels| "[".repeat(levels) + &"]".repeat(levels);
        for text in ["]]]", "{", "a [b", "[1,", &nested(100), &("x".to_owned() + &nested(2000))] {
            assert!(super::check_depth(text).is_ok(), "{text}");
        }
        for text in [nested(101), nested(2000), "{\"a\":".repeat(1500)] {
            let message = super::check_depth(&text).unwrap_err().message;
            assert!(message.ends_with(" has more than 100 levels"), "{message}");
        }
    }
}
