//! Comparisons of JSON: the order and the containment of PostgreSQL's `jsonb` and arrays.

use std::cmp::Ordering;

use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::Value as SqlValue;
use serde_json::{Number, Value};

use super::text;

/// The functions, by their names in SQL.
pub(super) const FUNCTIONS: [(&str, Function); 5] = [
    ("coldpress_compare_json", |this, other| SqlValue::Integer(compare(this, other, false) as i64)),
    ("coldpress_compare_arrays", |this, other| SqlValue::Integer(compare(this, other, true) as i64)),
    ("coldpress_contains", |this, other| SqlValue::Integer(contains(this, other).into())),
    ("coldpress_contained", |this, other| SqlValue::Integer(contained(this, other).into())),
    ("coldpress_overlaps", |this, other| SqlValue::Integer(overlaps(this, other).into())),
];

/// A function of a value in a row and a value of the request.
pub(super) type Function = fn(&Value, &Value) -> SqlValue;

pub(super) fn call(context: &Context<'_>, function: Function) -> Result<SqlValue> {
    let other = context
        .get_or_create_aux(1, |value| serde_json::from_str::<Value>(value.as_str().unwrap_or("null")))?;
    let Some(this) = text(context, 0)? else { return Ok(SqlValue::Null) };
    // An `any` column may hold text that is no JSON: it is that text.
    let this = serde_json::from_str(this).unwrap_or_else(|_| Value::from(this));
    Ok(function(&this, &other))
}

/// PostgreSQL, "jsonb Indexing": object > array > boolean > number > string > null. Of two arrays
/// the shorter is less, unless `by_element`: then the first difference decides, as it does
/// between PostgreSQL's own arrays.
fn compare(this: &Value, other: &Value, by_element: bool) -> Ordering {
    match (this, other) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Bool(this), Value::Bool(other)) => this.cmp(other),
        (Value::Number(this), Value::Number(other)) => numbers(this, other),
        (Value::String(this), Value::String(other)) => this.cmp(other),
        (Value::Array(this), Value::Array(other)) => {
            let lengths = this.len().cmp(&other.len());
            let elements = || {
                let pairs = this.iter().zip(other);
                pairs.map(|(this, other)| compare(this, other, by_element)).find(|order| order.is_ne())
            };
            match by_element {
                true => elements().unwrap_or(lengths),
                false if lengths.is_ne() => lengths,
                false => elements().unwrap_or(Ordering::Equal),
            }
        }
        (Value::Object(this), Value::Object(other)) => {
            let lengths = this.len().cmp(&other.len());
            lengths.then_with(|| {
                let pairs = this.iter().zip(other);
                pairs
                    .map(|((key, this), (other_key, other))| {
                        key.cmp(other_key).then_with(|| compare(this, other, by_element))
                    })
                    .find(|order| order.is_ne())
                    .unwrap_or(Ordering::Equal)
            })
        }
        // The elements of an array literal are text: what type they have, the other side knows.
        (Value::Number(this), Value::String(other)) if by_element => match other.parse() {
            Ok(other) => numbers(this, &other),
            Err(_) => this.to_string().as_str().cmp(other),
        },
        (Value::Bool(this), Value::String(other)) if by_element => match crate::plan::boolean(other) {
            Some(other) => this.cmp(&other),
            None => this.to_string().as_str().cmp(other),
        },
        (this, other) => rank(this).cmp(&rank(other)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::String(_) => 1,
        Value::Number(_) => 2,
        Value::Bool(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

fn numbers(this: &Number, other: &Number) -> Ordering {
    if let (Some(this), Some(other)) = (this.as_i64(), other.as_i64()) {
        return this.cmp(&other);
    }
    let (this, other) = (this.as_f64().unwrap_or(f64::NAN), other.as_f64().unwrap_or(f64::NAN));
    this.partial_cmp(&other).unwrap_or(Ordering::Equal)
}

fn equal(this: &Value, other: &Value) -> bool {
    compare(this, other, true).is_eq()
}

/// PostgreSQL, "jsonb Containment": arrays as sets, objects by their members.
fn contains(this: &Value, other: &Value) -> bool {
    match (this, other) {
        (Value::Array(this), Value::Array(other)) => other.iter().all(|element| {
            this.iter().any(|candidate| match element {
                Value::Array(_) | Value::Object(_) => contains(candidate, element),
                _ => equal(candidate, element),
            })
        }),
        (Value::Object(this), Value::Object(other)) => {
            other.iter().all(|(key, value)| this.get(key).is_some_and(|candidate| contains(candidate, value)))
        }
        // An array contains a plain value that is one of its elements.
        (Value::Array(this), other) if !other.is_object() => {
            this.iter().any(|candidate| equal(candidate, other))
        }
        (this, other) => equal(this, other),
    }
}

/// `contains` the other way; the value in the row stays on the left of every comparison.
fn contained(this: &Value, other: &Value) -> bool {
    match (this, other) {
        (Value::Array(this), Value::Array(other)) => this.iter().all(|element| {
            other.iter().any(|candidate| match element {
                Value::Array(_) | Value::Object(_) => contained(element, candidate),
                _ => equal(element, candidate),
            })
        }),
        (Value::Object(this), Value::Object(other)) => this
            .iter()
            .all(|(key, value)| other.get(key).is_some_and(|candidate| contained(value, candidate))),
        (this, Value::Array(other)) if !this.is_object() => {
            other.iter().any(|candidate| equal(this, candidate))
        }
        (this, other) => equal(this, other),
    }
}

fn overlaps(this: &Value, other: &Value) -> bool {
    match (this, other) {
        (Value::Array(this), Value::Array(other)) => {
            this.iter().any(|element| other.iter().any(|candidate| equal(element, candidate)))
        }
        _ => false,
    }
}
