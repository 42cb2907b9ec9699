//! Comparisons of JSON: the order and the containment of PostgreSQL's `jsonb` and arrays.

use std::cmp::Ordering;

use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::Value as SqlValue;
use serde_json::Value;

use super::text;
use crate::plan;

/// The functions, by their names in SQL. `untyped` are those of an array literal, whose elements
/// are text: what type they have, the other side knows.
pub(super) const FUNCTIONS: [(&str, Function); 7] = [
    ("coldpress_compare_arrays_untyped", |this, other| order(compare(this, other, true))),
    ("coldpress_contains", |this, other| truth(contains(this, other, false))),
    ("coldpress_contains_untyped", |this, other| truth(contains(this, other, true))),
    ("coldpress_contained", |this, other| truth(contained(this, other, false))),
    ("coldpress_contained_untyped", |this, other| truth(contained(this, other, true))),
    ("coldpress_overlaps", |this, other| truth(overlaps(this, other, false))),
    ("coldpress_overlaps_untyped", |this, other| truth(overlaps(this, other, true))),
];

/// A function of a value in a row and a value of the request.
pub(super) type Function = fn(&Value, &Value) -> SqlValue;

/// Whether text of the request stands for a value of the type that the row has.
type Untyped = bool;

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
    Ok(function(&plan::read_json(this), &other))
}

/// The order of PostgreSQL's arrays: the first element that differs decides.
fn compare(this: &Value, other: &Value, untyped: Untyped) -> Ordering {
    match (this, other) {
        (Value::Array(this), Value::Array(other)) => {
            let mut pairs = this.iter().zip(other).map(|(this, other)| compare(this, other, untyped));
            pairs.find(|order| order.is_ne()).unwrap_or_else(|| this.len().cmp(&other.len()))
        }
        (Value::Number(this), Value::String(other)) if untyped => match other.parse() {
            Ok(other) => plan::place(this).cmp(&plan::place(&other)),
            Err(_) => this.to_string().as_str().cmp(other),
        },
        (Value::Bool(this), Value::String(other)) if untyped => match plan::boolean(other) {
            Some(other) => this.cmp(&other),
            None => this.to_string().as_str().cmp(other),
        },
        (this, other) => plan::elements_key(this).cmp(&plan::elements_key(other)),
    }
}

/// Whether they are the same; a null in an array literal is no element of anything.
fn equal(this: &Value, other: &Value, untyped: Untyped) -> bool {
    !(untyped && other.is_null()) && compare(this, other, untyped).is_eq()
}

fn contains(this: &Value, other: &Value, untyped: Untyped) -> bool {
    holds(this, other, &|this, other| equal(this, other, untyped))
}

/// `contains` the other way; the value in the row stays on the left of every comparison.
fn contained(this: &Value, other: &Value, untyped: Untyped) -> bool {
    holds(other, this, &|other, this| equal(this, other, untyped))
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

fn overlaps(this: &Value, other: &Value, untyped: Untyped) -> bool {
    match (this, other) {
        (Value::Array(this), Value::Array(other)) => {
            this.iter().any(|element| other.iter().any(|candidate| equal(element, candidate, untyped)))
        }
        _ => false,
    }
}
