//! Comparisons of JSON: the order and the containment of PostgreSQL's `jsonb` and arrays.

use std::cmp::Ordering;

use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::Value as SqlValue;
use serde_json::Value;

use super::stopped;
use crate::deadline::Work;
use crate::plan;

/// The functions, by their names in SQL. `untyped` are those of an array literal, whose elements
/// are text: what type they have, the other side knows.
pub(super) const FUNCTIONS: [(&str, Function); 7] = [
    ("coldpress_compare_arrays_untyped", |this, other, work| order(compare(this, other, UNTYPED.with(work)))),
    ("coldpress_contains", |this, other, work| truth(contains(this, other, TYPED.with(work)))),
    ("coldpress_contains_untyped", |this, other, work| truth(contains(this, other, UNTYPED.with(work)))),
    ("coldpress_contained", |this, other, work| truth(contained(this, other, TYPED.with(work)))),
    ("coldpress_contained_untyped", |this, other, work| truth(contained(this, other, UNTYPED.with(work)))),
    ("coldpress_overlaps", |this, other, work| truth(overlaps(this, other, TYPED.with(work)))),
    ("coldpress_overlaps_untyped", |this, other, work| truth(overlaps(this, other, UNTYPED.with(work)))),
];

/// A function of a value in a row and a value of the request.
pub(super) type Function = fn(&Value, &Value, &Work<'_>) -> SqlValue;

/// How values are compared.
#[derive(Clone, Copy)]
struct Rules<'a> {
    /// Text of the request stands for a value of the type that the row has.
    untyped: bool,
    /// A unit is a comparison.
    work: &'a Work<'a>,
}

/// Rules without their work: whether they are for untyped text.
struct Typing(bool);

const TYPED: Typing = Typing(false);
const UNTYPED: Typing = Typing(true);

impl Typing {
    fn with<'a>(&self, work: &'a Work<'a>) -> Rules<'a> {
        Rules { untyped: self.0, work }
    }
}

fn order(order: Ordering) -> SqlValue {
    SqlValue::Integer(order as i64)
}

fn truth(truth: bool) -> SqlValue {
    SqlValue::Integer(truth.into())
}

/// The result for `this`, the text of the value in the row, and the request's value.
pub(super) fn call(
    context: &Context<'_>,
    this: Option<&str>,
    function: Function,
    work: &Work<'_>,
) -> Result<SqlValue> {
    let other = context
        .get_or_create_aux(1, |value| serde_json::from_str::<Value>(value.as_str().unwrap_or("null")))?;
    let Some(this) = this else { return Ok(SqlValue::Null) };
    let found = function(&plan::read_json(this), &other, work);
    work.finish().map_err(stopped)?;
    Ok(found)
}

/// The order of PostgreSQL's arrays: the first element that differs decides.
fn compare(this: &Value, other: &Value, rules: Rules<'_>) -> Ordering {
    // What is found from here on is thrown away: it only has to be found soon.
    if rules.work.spend(1).is_err() {
        return Ordering::Less;
    }
    match (this, other) {
        (Value::Array(this), Value::Array(other)) => {
            let mut pairs = this.iter().zip(other).map(|(this, other)| compare(this, other, rules));
            pairs.find(|order| order.is_ne()).unwrap_or_else(|| this.len().cmp(&other.len()))
        }
        (Value::Number(this), Value::String(other)) if rules.untyped => match other.parse() {
            Ok(other) => plan::place(this).cmp(&plan::place(&other)),
            Err(_) => this.to_string().as_str().cmp(other),
        },
        (Value::Bool(this), Value::String(other)) if rules.untyped => match plan::boolean(other) {
            Some(other) => this.cmp(&other),
            None => this.to_string().as_str().cmp(other),
        },
        (this, other) => plan::elements_key(this).cmp(&plan::elements_key(other)),
    }
}

/// Whether they are the same; a null in an array literal is no element of anything.
fn equal(this: &Value, other: &Value, rules: Rules<'_>) -> bool {
    !(rules.untyped && other.is_null()) && compare(this, other, rules).is_eq()
}

fn contains(this: &Value, other: &Value, rules: Rules<'_>) -> bool {
    holds(this, other, rules.work, &|this, other| equal(this, other, rules))
}

/// `contains` the other way; the value in the row stays on the left of every comparison.
fn contained(this: &Value, other: &Value, rules: Rules<'_>) -> bool {
    holds(other, this, rules.work, &|other, this| equal(this, other, rules))
}

type Equal<'a> = &'a dyn Fn(&Value, &Value) -> bool;

/// PostgreSQL, "jsonb Containment". An array holds a plain value that is one of its elements; only
/// here, not further inside.
fn holds(outer: &Value, inner: &Value, work: &Work<'_>, equal: Equal<'_>) -> bool {
    match outer {
        Value::Array(elements) if !inner.is_array() && !inner.is_object() => {
            elements.iter().any(|element| equal(element, inner))
        }
        _ => holds_inside(outer, inner, work, equal),
    }
}

/// Arrays as sets, objects by their members.
fn holds_inside(outer: &Value, inner: &Value, work: &Work<'_>, equal: Equal<'_>) -> bool {
    if work.spend(1).is_err() {
        return false;
    }
    match (outer, inner) {
        (Value::Array(outer), Value::Array(inner)) => {
            inner.iter().all(|inner| outer.iter().any(|outer| holds_inside(outer, inner, work, equal)))
        }
        (Value::Object(outer), Value::Object(inner)) => inner
            .iter()
            .all(|(key, inner)| outer.get(key).is_some_and(|outer| holds_inside(outer, inner, work, equal))),
        (outer, inner) => equal(outer, inner),
    }
}

fn overlaps(this: &Value, other: &Value, rules: Rules<'_>) -> bool {
    match (this, other) {
        (Value::Array(this), Value::Array(other)) => {
            this.iter().any(|element| other.iter().any(|candidate| equal(element, candidate, rules)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::deadline::Interrupted;

    /// Each pair of elements is a comparison: some kilobytes on both sides are millions.
    #[test]
    fn every_function_asks_whether_to_go_on() {
        let list = |element: Value, length: usize, last: Value| {
            Value::from([vec![element; length], vec![last]].concat())
        };
        let many = |element: &str| -> Value { serde_json::from_str(element).unwrap() };
        let (zeros, ones) = (list(0.into(), 200_000, 0.into()), list(0.into(), 200_000, 1.into()));
        let (empty, one) = (list(many("[]"), 200_000, many("[]")), list(many("[1]"), 0, many("[1]")));
        let two = Value::from(vec![2]);
        for (name, function) in FUNCTIONS {
            let (this, other) = match name.trim_end_matches("_untyped") {
                "coldpress_contains" => (&empty, &one),
                "coldpress_contained" => (&one, &empty),
                "coldpress_overlaps" => (&ones, &two),
                _ => (&zeros, &ones),
            };
            let looks = Cell::new(0);
            let stop_at_second = || {
                looks.set(looks.get() + 1);
                looks.get() == 2
            };
            let work = Work::new(&stop_at_second);
            function(this, other, &work);
            assert_eq!((name, work.finish()), (name, Err(Interrupted)));
        }
    }
}
