//! Conditions as SQL.

use rusqlite::types::Value;

use super::expression::{Bound, alias, named, rowid};
use super::search::Place;
use crate::error::Error;
use crate::pattern;
use crate::plan::{
    ArrayOperator, Check, Child, Comparison, Condition, Node, Output, Path, Scalar, Shown, around,
};

impl Bound {
    /// What holds for every row of `node` that is shown: its conditions, and that its inner
    /// embeds have rows.
    pub(super) fn conditions(&mut self, node: &Node) -> Result<Vec<String>, Error> {
        let mut conditions = vec![];
        for condition in &node.conditions {
            conditions.push(self.condition(node, condition, false)?);
        }
        for child in node.children.iter().filter(|child| child.inner) {
            conditions.push(self.exists(node, child)?);
        }
        Ok(conditions)
    }

    /// `negated` is whether an odd number of negations stands around it.
    fn condition(&mut self, node: &Node, condition: &Condition, negated: bool) -> Result<String, Error> {
        let all = |bound: &mut Self, branches: &[Condition]| {
            let each = branches.iter().map(|branch| bound.condition(node, branch, negated));
            each.collect::<Result<Vec<_>, _>>()
        };
        Ok(match condition {
            Condition::Search { column, index, place, words, .. } => {
                let place = Place { index, column: *place };
                self.search(node, *column, place, words, negated)?
            }
            Condition::Test(scalar, check) => self.check(node, scalar, check),
            Condition::Embed { child, exists: true } => self.exists(node, &node.children[*child])?,
            Condition::Embed { child, exists: false } => {
                format!("NOT {}", self.exists(node, &node.children[*child])?)
            }
            Condition::Not(condition) => format!("NOT ({})", self.condition(node, condition, !negated)?),
            Condition::All(branches) => joined(&all(self, branches)?, " AND ", "1"),
            Condition::Any(branches) => joined(&all(self, branches)?, " OR ", "0"),
        })
    }

    fn check(&mut self, node: &Node, scalar: &Scalar, check: &Check) -> String {
        let value = self.scalar(&node.table, node.number, scalar);
        match check {
            Check::Compare { by: Comparison::Instant, sql, key } if is_stored(scalar) => {
                self.instant(&value, sql, std::slice::from_ref(key), check)
            }
            Check::In { by: Comparison::Instant, keys } if is_stored(scalar) => {
                self.instant(&value, "=", keys, check)
            }
            _ => self.check_of(value, check),
        }
    }

    /// A check of a datetime as it is stored, which starts with the clock where it was noted. As a text, nearly every one shows
    /// whether it is earlier or later than all that is asked for; the instant is computed of the others only, since that is a call
    /// of a function for each row.
    fn instant(&mut self, value: &str, sql: &str, keys: &[Value], check: &Check) -> String {
        let exact = self.check_of(value.to_owned(), check);
        let between = |key: &Value| match key {
            Value::Text(key) => around(key),
            _ => None,
        };
        let Some(between) = keys.iter().map(between).collect::<Option<Vec<_>>>() else { return exact };
        let first = between.iter().map(|(first, _)| first).min();
        let Some((first, last)) = first.zip(between.iter().map(|(_, last)| last).max()) else { return exact };
        let mut bind = |text: &String| self.bind(Value::Text(text.clone()));
        let (first, last) = (bind(first), bind(last));
        match sql {
            "<" | "<=" => format!("({value} <= {last} AND ({value} < {first} OR {exact}))"),
            ">" | ">=" => format!("({value} >= {first} AND ({value} > {last} OR {exact}))"),
            "<>" | "IS NOT" => format!("({value} < {first} OR {value} > {last} OR {exact})"),
            "=" => format!("({value} >= {first} AND {value} <= {last} AND {exact})"),
            _ => exact,
        }
    }

    /// What is asked of `value`.
    pub(super) fn check_of(&mut self, value: String, check: &Check) -> String {
        let text = |text: &str| Value::Text(text.to_owned());
        match check {
            Check::Compare { by, sql, key } => {
                format!("{} {sql} {}", self.key_of(*by, value), self.bind(key.clone()))
            }
            Check::In { by, keys } => {
                let value = self.key_of(*by, value);
                // Nothing is in the empty list, not even null: false, where IN would say unknown
                // of a row without a value.
                if keys.is_empty() {
                    return "0".into();
                }
                if let Some(list) = json_list(keys) {
                    return format!("{value} IN (SELECT value FROM json_each({}))", self.bind(text(&list)));
                }
                let keys: Vec<_> = keys.iter().map(|key| self.bind(key.clone())).collect();
                format!("{value} IN ({})", keys.join(","))
            }
            Check::IsNull => format!("{value} IS NULL"),
            Check::IsTrue => format!("{value} IS TRUE"),
            Check::IsFalse => format!("{value} IS FALSE"),
            Check::Like { pattern, fold: false } => {
                let mut conditions = vec![];
                // SQLite sees no range in a pattern that is bound.
                if let Some((from, below)) = pattern::range(pattern) {
                    conditions.push(format!("{value} >= {}", self.bind(text(&from))));
                    conditions.extend(below.map(|below| format!("{value} < {}", self.bind(text(&below)))));
                }
                conditions.push(match pattern::globs(pattern) {
                    Some(glob) => format!("{value} GLOB {}", self.bind(text(&glob))),
                    None => {
                        let pattern = self.bind(text(pattern));
                        self.call("like", &format!("{value}, {pattern}"))
                    }
                });
                format!("({})", conditions.join(" AND "))
            }
            Check::Like { pattern, fold: true } => {
                let pattern = self.bind(text(pattern));
                self.call("ilike", &format!("{value}, {pattern}"))
            }
            Check::Regex { pattern, fold } => {
                let pattern = self.bind(text(pattern));
                self.call(if *fold { "imatch" } else { "match" }, &format!("{value}, {pattern}"))
            }
            Check::Array { operator, other } => {
                let arguments = format!("{value}, {}", self.bind(text(&other.text)));
                let function = match operator {
                    ArrayOperator::Compare(_) => "compare_arrays",
                    ArrayOperator::Contains => "contains",
                    ArrayOperator::Contained => "contained",
                    ArrayOperator::Overlaps => "overlaps",
                };
                let untyped = if other.untyped { "_untyped" } else { "" };
                let call = self.call(&format!("{function}{untyped}"), &arguments);
                match operator {
                    ArrayOperator::Compare(sql) => format!("{call} {sql} 0"),
                    _ => call,
                }
            }
        }
    }

    /// Whether `child` has a row for a row of `parent`.
    fn exists(&mut self, parent: &Node, child: &Child) -> Result<String, Error> {
        let node = &child.node;
        // Aggregates over all rows are one row also where there are none.
        let aggregate =
            |output: &Output| matches!(output, Output::Value { shown: Shown::Aggregate { .. }, .. });
        if node.is_grouped() && node.outputs.iter().all(aggregate) {
            return Ok("1".to_owned());
        }
        let mut conditions = self.links(parent, child);
        conditions.extend(self.conditions(node)?);
        let mut text = format!("EXISTS (SELECT 1 FROM {} WHERE ", source(child)?);
        text.push_str(&joined(&conditions, " AND ", "1"));
        if node.limit == Some(0) {
            text.push_str(" LIMIT 0");
        } else if node.offset > 0 {
            text.push_str(&format!(" LIMIT 1 OFFSET {}", node.offset));
        }
        text.push(')');
        Ok(text)
    }

    /// The columns that a row of `child` and the row of `parent` share.
    pub(super) fn links(&mut self, parent: &Node, child: &Child) -> Vec<String> {
        let (here, there) = (alias(parent.number), linked(child));
        let columns = &child.relation.columns;
        columns
            .iter()
            .map(|(one, other)| format!("{} = {}", named(&there, other), named(&here, one)))
            .collect()
    }
}

/// Whether it is a column's value as it is stored.
fn is_stored(scalar: &Scalar) -> bool {
    scalar.path == Path::Whole && scalar.cast.is_none()
}

/// From how many values on a list is bound as one: each of its own is looked for among those before.
const LONG: usize = 32;

/// A long list of integers or texts as JSON; `None` where it is short, or JSON might give another value back.
fn json_list(keys: &[Value]) -> Option<String> {
    if keys.len() < LONG {
        return None;
    }
    let values = keys.iter().map(|key| match key {
        Value::Null => Some(serde_json::Value::Null),
        Value::Integer(number) => Some((*number).into()),
        Value::Text(text) if !text.contains('\0') => Some(text.as_str().into()),
        Value::Text(_) | Value::Real(_) | Value::Blob(_) => None,
    });
    values.collect::<Option<Vec<_>>>().map(|values| serde_json::Value::from(values).to_string())
}

/// The table whose columns link a child to its parent: its own, or the junction.
pub(super) fn linked(child: &Child) -> String {
    match child.relation.junction {
        Some(_) => format!("j{}", child.node.number),
        None => alias(child.node.number),
    }
}

/// The child's table, and the junction that leads to it.
pub(super) fn source(child: &Child) -> Result<String, Error> {
    let node = &child.node;
    // The row number always has a name.
    rowid(&node.table, node.number)?;
    let mut text = format!("{} AS {}", catalog::quote(&node.table.name), alias(node.number));
    if let Some(junction) = &child.relation.junction {
        let between = linked(child);
        let on: Vec<_> = junction
            .columns
            .iter()
            .map(|(one, other)| format!("{} = {}", named(&between, one), named(&alias(node.number), other)))
            .collect();
        let table = catalog::quote(&junction.table.name);
        text.push_str(&format!(" JOIN {table} AS {between} ON {}", on.join(" AND ")));
    }
    Ok(text)
}

/// The terms joined with `operator`, halved again and again: SQLite walks expressions by
/// recursion, and a thousand terms in a row would be a thousand levels deep.
pub(super) fn joined(terms: &[String], operator: &str, none: &str) -> String {
    match terms {
        [] => none.to_owned(),
        [one] => one.clone(),
        [..] if terms.len() <= 8 => format!("({})", terms.join(operator)),
        several => {
            let (left, right) = several.split_at(several.len() / 2);
            format!("({}{operator}{})", joined(left, operator, none), joined(right, operator, none))
        }
    }
}
