//! PostgreSQL's array literals: `{1,2,"a, b",NULL,{nested}}` (PostgreSQL, "Array Value Input").

use serde_json::Value;

use crate::error::{Code, Error};

/// The elements of an array literal; `None` is NULL. Nested arrays are not elements of a list.
pub(super) fn elements(literal: &str) -> Result<Vec<Option<String>>, Error> {
    let malformed = || malformed(literal);
    let Some(Value::Array(elements)) = parse(literal) else { return Err(malformed()) };
    elements
        .into_iter()
        .map(|element| match element {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            _ => Err(malformed()),
        })
        .collect()
}

/// An array literal as JSON, every element as text: what type it has, the other side knows.
pub(super) fn json(literal: &str) -> Result<Value, Error> {
    parse(literal).ok_or_else(|| malformed(literal))
}

fn malformed(literal: &str) -> Error {
    Error::new(Code::InvalidValue, format!("malformed array literal: \"{literal}\""))
        .details("Array value must start with \"{\" or dimension information.")
}

fn parse(literal: &str) -> Option<Value> {
    let mut chars = literal.trim().chars().peekable();
    let value = array(&mut chars, 0)?;
    chars.next().is_none().then_some(value)
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// PostgreSQL's MAXDIM.
const MAX_DIMENSIONS: usize = 6;

fn array(chars: &mut Chars<'_>, depth: usize) -> Option<Value> {
    if depth == MAX_DIMENSIONS || chars.next() != Some('{') {
        return None;
    }
    let mut elements = vec![];
    blanks(chars);
    if chars.next_if_eq(&'}').is_some() {
        return Some(Value::Array(elements));
    }
    loop {
        blanks(chars);
        elements.push(match chars.peek()? {
            '{' => array(chars, depth + 1)?,
            '"' => quoted(chars)?,
            _ => plain(chars)?,
        });
        blanks(chars);
        match chars.next()? {
            ',' => {}
            '}' => return Some(Value::Array(elements)),
            _ => return None,
        }
    }
}

fn blanks(chars: &mut Chars<'_>) {
    while chars.next_if(|c| c.is_ascii_whitespace()).is_some() {}
}

fn quoted(chars: &mut Chars<'_>) -> Option<Value> {
    chars.next();
    let mut text = String::new();
    loop {
        match chars.next()? {
            '"' => return Some(Value::String(text)),
            '\\' => text.push(chars.next()?),
            c => text.push(c),
        }
    }
}

fn plain(chars: &mut Chars<'_>) -> Option<Value> {
    let mut text = String::new();
    while let Some(c) = chars.next_if(|c| !matches!(c, ',' | '{' | '}' | '"')) {
        text.push(if c == '\\' { chars.next()? } else { c });
    }
    let text = text.trim_end();
    if text.is_empty() {
        return None;
    }
    Some(if text.eq_ignore_ascii_case("null") { Value::Null } else { Value::String(text.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            elements("{1, 2 ,\"a, \\\"b\\\"\",NULL,\"NULL\"}").unwrap(),
            [some("1"), some("2"), some("a, \"b\""), None, some("NULL")]
        );
        assert_eq!(elements("{}").unwrap(), []);
        assert_eq!(json("{{1,2},{3}}").unwrap(), serde_json::json!([["1", "2"], ["3"]]));
        for malformed in ["", "1", "{1", "{1}}", "{,}", "{1,}", "[1]", "{a\"b\"}"] {
            assert!(elements(malformed).is_err(), "{malformed}");
        }
    }
}
