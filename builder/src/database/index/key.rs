//! Index keys as bytes that compare as SQLite compares the keys: NULL, then integers, then texts under the collation
//! BINARY (SQLite, "Datatypes In SQLite", section 4.1).
//!
//! ```text
//! 0x00                        NULL
//! 0x0f - n, n bytes           negative integer of n significant bytes, most significant first
//! 0x10 + n, n bytes           other integer, likewise
//! 0x20, text, 0x00            text, in which 0x00 is written 0x01 0x01, and 0x01 is written 0x01 0x02
//! ```
//!
//! No value is the start of another one, so keys that are equal up to a column's end are equal in that column.
//! Deliberately absent: reals, which SQLite compares with
//! integers; indexes that have any are SQLite's work.

use memchr::{memchr, memchr2};
use rusqlite::types::ValueRef;

const NULL: u8 = 0x00;
const INTEGER: u8 = 0x10;
const TEXT: u8 = 0x20;
const END: u8 = 0x00;
const ESCAPE: u8 = 0x01;

/// Appends a value to a key; false where it is neither NULL, an integer nor a text.
pub(crate) fn push(key: &mut Vec<u8>, value: ValueRef<'_>) -> bool {
    match value {
        ValueRef::Null => key.push(NULL),
        ValueRef::Integer(number) => {
            let magnitude = if number < 0 { !number } else { number }.cast_unsigned();
            let length = 8 - magnitude.leading_zeros() as usize / 8;
            key.push(if number < 0 { INTEGER - 1 - length as u8 } else { INTEGER + length as u8 });
            key.extend_from_slice(&number.to_be_bytes()[8 - length..]);
        }
        ValueRef::Text(text) => {
            key.push(TEXT);
            let mut rest = text;
            while let Some(at) = memchr2(END, ESCAPE, rest) {
                key.extend_from_slice(&rest[..at]);
                key.extend_from_slice(&[ESCAPE, rest[at] + 1]);
                rest = &rest[at + 1..];
            }
            key.extend_from_slice(rest);
            key.push(END);
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => return false,
    }
    true
}

/// Takes the first value off a key. A text is put into `text`, for as long as the value lives.
pub(crate) fn pop<'a>(key: &mut &[u8], text: &'a mut Vec<u8>) -> ValueRef<'a> {
    let (tag, rest) = key.split_first().unwrap_or((&NULL, &[]));
    *key = rest;
    match *tag {
        NULL => ValueRef::Null,
        TEXT => {
            text.clear();
            let (mut rest, after) = key.split_at(memchr(END, key).unwrap_or(key.len()));
            *key = after.get(1..).unwrap_or_default();
            while let Some(at) = memchr(ESCAPE, rest) {
                text.extend_from_slice(&rest[..at]);
                text.extend(rest.get(at + 1).map(|escaped| escaped - 1));
                rest = rest.get(at + 2..).unwrap_or_default();
            }
            text.extend_from_slice(rest);
            ValueRef::Text(text)
        }
        tag => {
            let negative = tag < INTEGER;
            let length = usize::from(if negative { INTEGER - 1 - tag } else { tag - INTEGER });
            let (bytes, rest) = key.split_at(length);
            *key = rest;
            let start = if negative { -1 } else { 0 };
            ValueRef::Integer(bytes.iter().fold(start, |number, byte| number << 8 | i64::from(*byte)))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::types::Value;

    use super::*;

    fn key(values: &[Value]) -> Vec<u8> {
        let mut key = vec![];
        assert!(values.iter().all(|value| push(&mut key, value.into())));
        key
    }

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            (0_u32..64, any::<i64>()).prop_map(|(shift, number)| Value::Integer(number >> shift)),
            "[\u{0}-\u{2}a\u{10ffff}]{0,4}".prop_map(Value::Text),
        ]
    }

    /// SQLite's order.
    fn compare(a: &Value, b: &Value) -> std::cmp::Ordering {
        let class = |value: &Value| match value {
            Value::Null => 0,
            Value::Integer(_) => 1,
            _ => 2,
        };
        match (a, b) {
            (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
            (Value::Text(a), Value::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            _ => class(a).cmp(&class(b)),
        }
    }

    proptest! {
        #[test]
        fn keys_compare_as_their_values(a in proptest::collection::vec(value(), 3), b in proptest::collection::vec(value(), 3)) {
            let by_values = a.iter().zip(&b).map(|(a, b)| compare(a, b)).find(|order| order.is_ne());
            prop_assert_eq!(key(&a).cmp(&key(&b)), by_values.unwrap_or(std::cmp::Ordering::Equal));
        }

        #[test]
        fn no_value_is_the_start_of_another_one(a in value(), b in value()) {
            let [first, second] = [&a, &b].map(|value| key(std::slice::from_ref(value)));
            prop_assert_eq!(second.starts_with(&first), a == b);
        }

        #[test]
        fn values_come_back(values in proptest::collection::vec(value(), 3)) {
            let key = key(&values);
            let (mut rest, mut text) = (&key[..], vec![]);
            for value in &values {
                prop_assert_eq!(pop(&mut rest, &mut text), ValueRef::from(value));
            }
            prop_assert!(rest.is_empty());
        }
    }

    #[test]
    fn integers_at_each_boundary() {
        let mut numbers: Vec<i64> = (0..63).flat_map(|bit| [(1 << bit) - 1, 1 << bit]).collect();
        numbers.extend(numbers.clone().iter().flat_map(|number| [-number, !number]));
        numbers.extend([i64::MIN, i64::MAX]);
        numbers.sort_unstable();
        let keys: Vec<Vec<u8>> = numbers.iter().map(|number| key(&[Value::Integer(*number)])).collect();
        assert!(keys.is_sorted());
        for (number, key) in numbers.iter().zip(&keys) {
            assert_eq!(pop(&mut &key[..], &mut vec![]), ValueRef::Integer(*number));
        }
    }
}
