//! JSON -> bytes whose order is that of PostgreSQL's `jsonb`, or of its arrays.
//!
//! ```text
//! null     rank
//! string   rank, UTF-8 with each 0 as 0 255, 0 0
//! number   rank, the double, the rest of an integer that the double is not exact for
//! boolean  rank, 0 or 1
//! array    rank, its length, its elements; by element: rank, its elements, 0
//! object   rank, its length, its members: the shorter key first, then by their bytes
//! ```

use serde_json::{Number, Value};

/// An empty array as a whole, which `jsonb` has before all else.
const EMPTY: u8 = 1;
const NULL: u8 = 2;
const STRING: u8 = 3;
const NUMBER: u8 = 4;
const BOOLEAN: u8 = 5;
const ARRAY: u8 = 6;
const OBJECT: u8 = 7;
/// Among the elements of PostgreSQL's arrays null is last.
const NULL_ELEMENT: u8 = 8;

/// The JSON of a value in a row. Text that is not JSON is itself: an `any` column may hold some.
pub(crate) fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// The array or object that text of an `any` column is.
pub(crate) fn of_any(text: &str) -> Option<Value> {
    if text.starts_with(['[', '{']) { serde_json::from_str(text).ok() } else { None }
}

/// The bytes. `by_element` is PostgreSQL's order of arrays, where the first element that differs
/// decides; in `jsonb` the shorter comes first.
pub(super) fn key(value: &Value, by_element: bool) -> Vec<u8> {
    let mut key = vec![];
    match value {
        Value::Array(elements) if elements.is_empty() && !by_element => key.push(EMPTY),
        value => push(value, by_element, &mut key),
    }
    key
}

/// The bytes of PostgreSQL's order of arrays.
pub(crate) fn elements_key(value: &Value) -> Vec<u8> {
    key(value, true)
}

fn push(value: &Value, by_element: bool, key: &mut Vec<u8>) {
    key.push(rank(value, by_element));
    match value {
        Value::Null => {}
        Value::String(text) => push_text(text, key),
        Value::Number(number) => {
            let (double, rest) = place(number);
            key.extend(double.to_be_bytes());
            key.extend(rest.to_be_bytes());
        }
        Value::Bool(truth) => key.push((*truth).into()),
        Value::Array(elements) if by_element => {
            elements.iter().for_each(|element| push(element, by_element, key));
            key.push(0);
        }
        Value::Array(elements) => {
            key.extend(elements.len().to_be_bytes());
            elements.iter().for_each(|element| push(element, by_element, key));
        }
        Value::Object(members) => {
            key.extend(members.len().to_be_bytes());
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| (name.len(), *name));
            for (name, value) in members {
                push_text(name, key);
                push(value, by_element, key);
            }
        }
    }
}

fn push_text(text: &str, key: &mut Vec<u8>) {
    for byte in text.bytes() {
        key.push(byte);
        if byte == 0 {
            key.push(u8::MAX);
        }
    }
    key.extend([0, 0]);
}

/// PostgreSQL, "jsonb Indexing": object > array > boolean > number > string > null.
fn rank(value: &Value, by_element: bool) -> u8 {
    match value {
        Value::Null if by_element => NULL_ELEMENT,
        Value::Null => NULL,
        Value::String(_) => STRING,
        Value::Number(_) => NUMBER,
        Value::Bool(_) => BOOLEAN,
        Value::Array(_) => ARRAY,
        Value::Object(_) => OBJECT,
    }
}

/// Where a number is among all: its double as an integer of the same order, then how far an
/// integer is from that double, which is less than 2^11.
pub(crate) fn place(number: &Number) -> (u64, u16) {
    let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    // No number of JSON is NaN; 0 and -0 are the same.
    let double = number.as_f64().unwrap_or_default() + 0.0;
    let bits = double.to_bits();
    let sign = 1 << 63;
    let ordered = if bits & sign == 0 { bits | sign } else { !bits };
    let rest = whole.map_or(0, |whole| whole - double as i128);
    (ordered, (rest + 0x8000) as u16)
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::*;

    fn keys(json: &[&str], by_element: bool) -> Vec<Vec<u8>> {
        json.iter().map(|json| key(&serde_json::from_str(json).unwrap(), by_element)).collect()
    }

    /// As PostgreSQL 15 sorts them, cast to `jsonb`, in the collation `C`.
    #[test]
    fn in_the_order_of_jsonb() {
        let keys = keys(
            &[
                "[]",
                "null",
                r#""""#,
                r#""\u0001""#,
                r#""a""#,
                r#""aa""#,
                r#""b""#,
                r#""é""#,
                "-1e300",
                "-9223372036854775808",
                "-9223372036854775807",
                "-2",
                "-1.5",
                "0",
                "1e-300",
                "1",
                "9007199254740992",
                "9007199254740993",
                "9223372036854775807",
                "18446744073709551614",
                "18446744073709551615",
                "1e300",
                "false",
                "true",
                "[null]",
                r#"["b"]"#,
                "[3]",
                "[[]]",
                "[{}]",
                "[1,2]",
                "[1,3]",
                "{}",
                r#"{"aa":1}"#,
                r#"{"b":1}"#,
                r#"{"b":2}"#,
                r#"{"aa":0,"a":5}"#,
                r#"{"b":1,"aa":0}"#,
                r#"{"b":2,"aa":0}"#,
            ],
            false,
        );
        assert!(keys.is_sorted_by(|one, other| one < other));
    }

    #[test]
    fn in_the_order_of_arrays() {
        let keys = keys(
            &["[]", "[1]", "[1,2]", "[1,2,0]", "[1,null]", "[2]", "[2,1]", "[10]", "[true]", "[null]"],
            true,
        );
        assert!(keys.is_sorted_by(|one, other| one < other));
    }

    #[test]
    fn one_value_has_one_key() {
        for (one, other) in [
            (r#"{"a":1,"b":[2]}"#, r#"{ "b": [2.0], "a": 10e-1 }"#),
            (r#"["\u0061"]"#, r#"["a"]"#),
            ("0", "-0.0"),
            ("1e2", "100"),
        ] {
            for by_element in [false, true] {
                let keys = keys(&[one, other], by_element);
                assert_eq!(keys[0].cmp(&keys[1]), Ordering::Equal, "{one} {other}");
            }
        }
    }
}
