//! The types that a value can be cast to: PostgreSQL's names, and what they are here.

use catalog::ColumnType;

use crate::error::{Code, Error};

/// Every cast; docs/query.md lists them.
pub(crate) const CASTS: [(&str, ColumnType); 33] = [
    ("text", ColumnType::String),
    ("varchar", ColumnType::String),
    ("character varying", ColumnType::String),
    ("char", ColumnType::String),
    ("character", ColumnType::String),
    ("bpchar", ColumnType::String),
    ("name", ColumnType::String),
    ("int", ColumnType::Integer),
    ("integer", ColumnType::Integer),
    ("int2", ColumnType::Integer),
    ("int4", ColumnType::Integer),
    ("int8", ColumnType::Integer),
    ("smallint", ColumnType::Integer),
    ("bigint", ColumnType::Integer),
    ("numeric", ColumnType::Number),
    ("decimal", ColumnType::Number),
    ("real", ColumnType::Number),
    ("float", ColumnType::Number),
    ("float4", ColumnType::Number),
    ("float8", ColumnType::Number),
    ("double precision", ColumnType::Number),
    ("bool", ColumnType::Boolean),
    ("boolean", ColumnType::Boolean),
    ("json", ColumnType::Object),
    ("jsonb", ColumnType::Object),
    ("date", ColumnType::Date),
    ("time", ColumnType::Time),
    ("timestamp", ColumnType::Datetime),
    ("timestamptz", ColumnType::Datetime),
    ("_int4", ColumnType::Array),
    ("_int8", ColumnType::Array),
    ("_text", ColumnType::Array),
    ("_numeric", ColumnType::Array),
];

/// Whether the type of that name has all integers as they are, with all their digits.
pub(super) fn keeps_integers(name: &str) -> bool {
    ["numeric", "decimal"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The type of that name.
pub(super) fn named(name: &str) -> Result<ColumnType, Error> {
    let lower = name.to_ascii_lowercase();
    CASTS
        .iter()
        .find(|(known, _)| *known == lower)
        .map(|(_, of)| *of)
        .ok_or_else(|| Error::new(Code::UnknownType, format!("type \"{name}\" does not exist")))
}
