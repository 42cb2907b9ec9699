//! What is asked of groups by the names of their aggregates: `having`, and an order. PostgREST has neither.

use catalog::{Column, ColumnType, Schema, Table};

use super::condition;
use super::node::{Condition, Node, Output, Path, Scalar, Shape, Shown};
use crate::error::{Code, Error};
use crate::request::{self, Field, Function};

/// The output that is an aggregate of that name. A column of the name takes precedence, as in PostgREST.
pub(super) fn named(node: &Node, field: &Field) -> Option<usize> {
    if !field.path.is_empty() || node.table.column(&field.name).is_some() {
        return None;
    }
    node.outputs.iter().position(|output| match output {
        Output::Value { label, shown: shown @ Shown::Aggregate { .. } } => {
            node.label(label, shown) == field.name
        }
        _ => false,
    })
}

/// The condition on groups of `root`: its scalars are of a table whose columns are the aggregates, in order.
pub(super) fn having(root: &Node, asked: &request::Condition) -> Result<Condition, Error> {
    let columns = root.outputs.iter().filter_map(|output| match output {
        Output::Value { label, shown: shown @ Shown::Aggregate { function, of, cast } } => Some(Column {
            name: root.label(label, shown).to_owned(),
            column_type: result(*function, of.as_ref(), *cast),
            required: false,
        }),
        _ => None,
    });
    let schema = Schema { columns: columns.collect(), ..no_keys() };
    let groups = Table { schema, search: None, stemmed: vec![], nan: vec![], ..(*root.table).clone() };
    let condition = condition::condition(&groups, &[], asked)?;
    if is_within(&condition) {
        return Err(Error::new(Code::NotImplemented, "Feature not implemented")
            .details("a filter on a part of an aggregate"));
    }
    Ok(condition)
}

/// That what rows show says whether they are the same. Errors: they have embeds.
pub(super) fn check_distinct(root: &Node) -> Result<(), Error> {
    let is_row = |shape| matches!(shape, Shape::SpreadOne | Shape::Hidden);
    if !root.distinct || root.children.iter().all(|child| is_row(child.shape)) {
        return Ok(());
    }
    Err(Error::new(Code::NotImplemented, "Feature not implemented")
        .details("distinct rows with embeds that are objects or arrays")
        .hint("spread a single row among the columns, as in ...embed(column)"))
}

fn no_keys() -> Schema {
    Schema { columns: vec![], primary_key: vec![], unique_keys: vec![], foreign_keys: vec![] }
}

/// The type that an aggregate is compared as.
fn result(function: Function, of: Option<&Scalar>, cast: Option<ColumnType>) -> ColumnType {
    cast.unwrap_or(match (function, of) {
        (Function::Min | Function::Max, Some(of)) => of.of(),
        (Function::Sum | Function::Avg, _) => ColumnType::Number,
        _ => ColumnType::Integer,
    })
}

/// Whether it asks for something inside a value.
fn is_within(condition: &Condition) -> bool {
    match condition {
        Condition::Test(scalar, _) => scalar.path != Path::Whole,
        Condition::Search { .. } | Condition::Embed { .. } => true,
        Condition::Not(inner) => is_within(inner),
        Condition::All(all) | Condition::Any(all) => all.iter().any(is_within),
    }
}
