//! A cell's text -> a value as the release stores it, or what is wrong with it.
//!
//! One file per type. Deliberately absent: where a cell stands (`table`), and whether its value
//! stands twice in a column (`table`, keys).

mod boolean;
mod date;
mod datetime;
mod integer;
mod json;
mod list;
mod missing;
mod number;
mod parser;
mod problem;
mod time;
mod year;

use std::borrow::Cow;

pub use parser::Parser;
pub use problem::Problem;
pub(crate) use problem::quoted;

/// A value in the storage class of its column (`catalog::ColumnType::storage`).
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// Integers, booleans, years.
    Integer(i64),
    /// Numbers; never NaN, never -0.0.
    Real(f64),
    /// Everything else; JSON types as compact JSON text.
    Text(Cow<'a, str>),
}
