//! Cells -> values, and where those go.

use datapackage::cell::{Value, instant, spelling};
use datapackage::finding::Severity;
use rusqlite::types::ValueRef;

use super::super::field_use::{FieldUse, Kept, Noted};
use super::super::header::Columns;
use super::Rows;

impl Rows<'_, '_> {
    /// A row whose values are not known.
    pub(super) fn not_read(&mut self, columns: &Columns) {
        (0..columns.cells.len()).for_each(|field| self.not_read_value(field));
    }

    #[cold]
    pub(super) fn not_read_value(&mut self, field: usize) {
        self.unread.insert(field);
        self.value(field, &Value::Null);
    }

    #[inline(always)] // with the next: a tenth of what a check takes
    pub(super) fn cell(&mut self, field: usize, number: usize, cell: &str) {
        let parser = &self.fields[field].parser;
        match parser.parse(cell) {
            Ok(value) => {
                if let Some(warning) = parser.warning(cell, &value) {
                    self.problems.push((Some(number), warning, Severity::Warning));
                }
                self.value(field, &value);
            }
            Err(problem) => {
                self.problems.push((Some(number), *problem, Severity::Error));
                self.not_read_value(field);
            }
        }
    }

    #[inline(always)]
    pub(super) fn value(&mut self, field: usize, value: &Value<'_>) {
        let FieldUse { kept, noted, ascends, .. } = &self.fields[field];
        match (*kept, value) {
            (Kept::No, _) => {}
            (Kept::Instant, Value::Text(text)) => {
                let instant = instant(text);
                self.batch
                    .push(instant.as_ref().map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes())));
            }
            (_, Value::Null) => self.batch.push(ValueRef::Null),
            (_, Value::Integer(number)) => self.batch.push(ValueRef::Integer(*number)),
            (_, Value::Real(number)) => self.batch.push(ValueRef::Real(*number)),
            (_, Value::Text(text)) => self.batch.push(ValueRef::Text(text.as_bytes())),
        }
        if *ascends {
            self.ascends &= match value {
                Value::Integer(key) => self.last_key.replace(*key).is_none_or(|last| last < *key),
                _ => false,
            };
        }
        if *noted != Noted::Nothing
            && let Value::Text(text) = value
        {
            self.note(field, text);
        }
    }

    #[inline(never)]
    fn note(&mut self, field: usize, text: &str) {
        if self.fields[field].noted == Noted::NaN {
            self.nan.insert(field);
            return;
        }
        let (zone, digits) = spelling(text);
        match &self.spellings[field] {
            Some((first, of_first)) => self.respelled |= first != zone || *of_first != digits,
            None => self.spellings[field] = Some((zone.to_owned(), digits)),
        }
    }
}
