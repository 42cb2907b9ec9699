//! A cell's text -> a value as the release stores it, or its problem.
//!
//! One file per type. Deliberately absent: the position of a cell (`table`), and whether its value
//! is unique in its column (`table`, keys).

mod boolean;
mod constraint;
mod date;
mod datetime;
mod duration;
mod geojson;
mod geopoint;
mod integer;
mod json;
mod json_schema;
mod kind;
mod list;
mod missing;
mod number;
mod number_format;
mod parser;
mod pattern;
mod problem;
mod temporal_pattern;
mod text;
mod time;
mod year;

use std::borrow::Cow;

pub(crate) use boolean::{FALSE, TRUE};
pub use datetime::{instant, spelling};
pub use parser::Parser;
pub use problem::CellProblem;
pub use problem::{is_invisible, quoted};

/// A value in the storage class of its column (`catalog::ColumnType::storage`).
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// Integers, booleans, years.
    Integer(i64),
    /// Numbers, the infinities among them; never NaN, never -0.0.
    Real(f64),
    /// Everything else, NaN among it; JSON types as compact JSON text.
    Text(Cow<'a, str>),
}
