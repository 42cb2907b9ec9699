//! Cells -> values, and where those go.

use datapackage::cell::{Value, instant, spelling};
use datapackage::finding::Severity;
use rusqlite::types::ValueRef;

use super::super::field_use::{Kept, Noted};
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

    #[inline(always)] // with the next two: a tenth of what a check takes
    pub(super) fn cell(&mut self, field: usize, number: usize, cell: &str) {
        let parser = &self.parsers[field];
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

    #[inline]
    pub(super) fn value(&mut self, field: usize, value: &Value<'_>) {
        if self.is_used[field] {
            self.used_value(field, value);
        }
    }

    fn used_value(&mut self, field: usize, value: &Value<'_>) {
        if let Value::Text(text) = value
            && self.noted[field] != Noted::Nothing
        {
            self.note(field, text);
        }
        if let Some(content) = &mut self.content {
            let value = match value {
                Value::Null => ValueRef::Null,
                Value::Integer(number) => ValueRef::Integer(*number),
                Value::Real(number) => ValueRef::Real(*number),
                Value::Text(text) => ValueRef::Text(text.as_bytes()),
            };
            content.value(field, value);
        }
        match self.kept[field] {
            Kept::No => {}
            Kept::Value => self.batch.push(value),
            Kept::Instant => match value {
                Value::Text(text) => {
                    self.batch.push(&instant(text).map_or(Value::Null, |text| Value::Text(text.into())));
                }
                value => self.batch.push(value),
            },
        }
        if self.wanted.ascending == Some(field) {
            self.ascends &= match value {
                Value::Integer(key) => self.last_key.replace(*key).is_none_or(|last| last < *key),
                _ => false,
            };
        }
    }

    #[inline(never)]
    fn note(&mut self, field: usize, text: &str) {
        if self.noted[field] == Noted::NaN {
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
