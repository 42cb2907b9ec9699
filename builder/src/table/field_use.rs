//! What is done with the cells of a field, and with their values once they are checked: decided once per table.

use catalog::ColumnType;

use super::keys::unique_keys;
use super::rows::Wanted;
use datapackage::cell::Parser;

/// What is done with a field.
pub(super) struct FieldUse {
    /// For its cells.
    pub(super) parser: Parser,
    /// What goes into the batches.
    pub(super) kept: Kept,
    /// What is noted of texts.
    pub(super) noted: Noted,
    /// Whether values must ascend.
    pub(super) ascends: bool,
}

impl FieldUse {
    /// For each field of the table.
    pub(super) fn all(wanted: &Wanted<'_>) -> Vec<Self> {
        let keys = unique_keys(wanted.table);
        let of = |(field, described)| Self {
            parser: Parser::new(described),
            kept: Kept::new(wanted, field),
            noted: Noted::new(wanted, &keys, field),
            ascends: wanted.ascending == Some(field),
        };
        wanted.table.fields.iter().enumerate().map(of).collect()
    }
}

/// What goes into the batches of a field.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kept {
    No,
    Value,
    /// The point in time: a check compares nothing else of datetimes.
    Instant,
}

impl Kept {
    pub(super) fn new(wanted: &Wanted<'_>, field: usize) -> Self {
        let is_datetime = wanted.table.fields[field].field_type == ColumnType::Datetime;
        match wanted.kept.contains(&field) {
            true if is_datetime && wanted.digest.is_none() => Self::Instant,
            true => Self::Value,
            false => Self::No,
        }
    }
}

/// What is noted of a field's texts.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Noted {
    Nothing,
    /// NaN, of number fields that are not known to have it.
    NaN,
    /// The spelling of a datetime in a key.
    Spelling,
}

impl Noted {
    pub(super) fn new(wanted: &Wanted<'_>, keys: &[Vec<usize>], field: usize) -> Self {
        match wanted.table.fields[field].field_type {
            _ if wanted.digest.is_none() => Self::Nothing,
            ColumnType::Number if !wanted.nan.contains(&field) => Self::NaN,
            ColumnType::Datetime if keys.iter().flatten().any(|part| *part == field) => Self::Spelling,
            _ => Self::Nothing,
        }
    }
}
