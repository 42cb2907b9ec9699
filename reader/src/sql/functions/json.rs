//! Comparisons of JSON: the order and the containment of PostgreSQL's `jsonb` and arrays.

use std::cmp::Ordering;

use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::Value as SqlValue;
use serde_json::{Number, Value};

use super::text;

/// The functions, by their names in SQL. `untyped` are those of an array literal, whose elements
/// are text: what type they have, the other side knows.
pub(super) const FUNCTIONS: [(&str, Function); 9] = [
    ("coldpress_compare_json", |this, other| order(compare(this, other, JSON))),
    ("coldpress_compare_arrays", |this, other| order(compare(this, other, TYPED))),
    ("coldpress_compare_arrays_untyped", |this, other| order(compare(this, other, UNTYPED))),
    ("coldpress_contains", |this, other| truth(contains(this, other, TYPED))),
    ("coldpress_contains_untyped", |this, other| truth(contains(this, other, UNTYPED))),
    ("coldpress_contained", |this, other| truth(contained(this, other, TYPED))),
    ("coldpress_contained_untyped", |this, other| truth(contained(this, other, UNTYPED))),
    ("coldpress_overlaps", |this, other| truth(overlaps(this, other, TYPED))),
    ("coldpress_overlaps_untyped", |this, other| truth(overlaps(this, other, UNTYPED))),
];

/// A function of a value in a row and a value of the request.
pub(super) type Function = fn(&Value, &Value) -> SqlValue;

/// How values are compared.
#[derive(Debug, Clone, Copy)]
struct Rules {
    /// The first element that differs decides between arrays, as it does between PostgreSQL's own;
    /// otherwise the shorter is less, as in `jsonb`.
    by_element: bool,
    /// Text of the request stands for a value of the type that the row has.
    untyped: bool,
}

const JSON: Rules = Rules { by_element: false, untyped: false };
const TYPED: Rules = Rules { by_element: true, untyped: false };
const UNTYPED: Rules = Rules { by_element: true, untyped: true };

fn order(order: Ordering) -> SqlValue {
    SqlValue::Integer(order as i64)
}

fn truth(truth: bool) -> SqlValue {
    SqlValue::Integer(truth.into())
}

pub(super) fn call(context: &Context<'_>, function: Function) -> Result<SqlValue> {
    let other = context
        .get_or_create_aux(1, |value| serde_json::from_str::<Value>(value.as_str().unwrap_or("null")))?;
    let Some(this) = text(context, 0)? else { return Ok(SqlValue::Null) };
    // An `any` column may hold text that is no JSON: it is that text.
    let this = serde_json::from_str(this).unwrap_or_else(|_| Value::from(this));
    Ok(function(&this, &other))
}

/// PostgreSQL, "jsonb Indexing": object > array > boolean > number > string > null.
fn compare(this: &Value, other: &Value, rules: Rules) -> Ordering {
    match (this, other) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Bool(this), Value::Bool(other)) => this.cmp(other),
        (Value::Number(this), Value::Number(other)) => numbers(this, other),
        (Value::String(this), Value::String(other)) => this.cmp(other),
        (Value::Array(this), Value::Array(other)) => {
            let lengths = this.len().cmp(&other.len());
            let elements = || {
                let pairs = this.iter().zip(other);
                pairs.map(|(this, other)| compare(this, other, rules)).find(|order| order.is_ne())
            };
            match rules.by_element {
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
                        key.cmp(other_key).then_with(|| compare(this, other, rules))
                    })
                    .find(|order| order.is_ne())
                    .unwrap_or(Ordering::Equal)
            })
        }
        (Value::Number(this), Value::String(other)) if rules.untyped => match other.parse() {
            Ok(other) => numbers(this, &other),
            Err(_) => this.to_string().as_str().cmp(other),
        },
        (Value::Bool(this), Value::String(other)) if rules.untyped => match crate::plan::boolean(other) {
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
    let whole = |number: &Number| number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    if let (Some(this), Some(other)) = (whole(this), whole(other)) {
        return this.cmp(&other);
    }
    let (this, other) = (this.as_f64().unwrap_or(f64::NAN), other.as_f64().unwrap_or(f64::NAN));
    this.partial_cmp(&other).unwrap_or(Ordering::Equal)
}

/// Whether they are the same; a null in an array literal is no element of anything.
fn equal(this: &Value, other: &Value, rules: Rules) -> bool {
    !(rules.untyped && other.is_null()) && compare(this, other, rules).is_eq()
}

fn contains(this: &Value, other: &Value, rules: Rules) -> bool {
    holds(this, other, &|this, other| equal(this, other, rules))
}

/// `contains` the other way; the value in the row stays on the left of every comparison.
fn contained(this: &Value, other: &Value, rules: Rules) -> bool {
    holds(other, this, &|other, this| equal(this, other, rules))
}

type Equal<'a> = &'a dyn Fn(&Value, &Value) -> bool;

/// PostgreSQL, "jsonb Containment". An array holds a plain value that is one of its elements; only
/// here, not further inside.
fn holds(outer: &Value, inner: &Value, equal: Equal<'_>) -> bool {
    match outer {
        Value::Array(elements) if !inner.is_array() && !inner.is_object() => {
            elements.iter().any(|element| equal(element, inner))
        }
        _ => holds_inside(outer, inner, equal),
    }
}

/// Arrays as sets, objects by their members.
fn holds_inside(outer: &Value, inner: &Value, equal: Equal<'_>) -> bool {
    match (outer, inner) {
        (Value::Array(outer), Value::Array(inner)) => {
            inner.iter().all(|inner| outer.iter().any(|outer| holds_inside(outer, inner, equal)))
        }
        (Value::Object(outer), Value::Object(inner)) => inner
            .iter()
            .all(|(key, inner)| outer.get(key).is_some_and(|outer| holds_inside(outer, inner, equal))),
        (outer, inner) => equal(outer, inner),
    }
}

fn overlaps(this: &Value, other: &Value, rules: Rules) -> bool {
    match (this, other) {
        (Value::Array(this), Value::Array(other)) => {
            this.iter().any(|element| other.iter().any(|candidate| equal(element, candidate, rules)))
        }
        _ => false,
    }
}
