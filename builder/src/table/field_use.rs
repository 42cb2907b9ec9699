//! What is done with the values of a field once they are checked: decided once per table.

use catalog::ColumnType;

use super::rows::Wanted;

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
