//! A cell's text -> a value as the release stores it, or what is wrong with it.

use std::borrow::Cow;

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
