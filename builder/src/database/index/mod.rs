//! A table's index while its rows are read: its keys are sorted, then written as a b-tree.
//!
//! SQLite would read the table again for each index. Deliberately absent: indexes with columns that SQLite does not
//! compare byte by byte (`Layout::is_sorted_run`), which remain its work.

mod key;
mod merge;
mod sort;
#[cfg(test)]
mod tests;

use std::path::Path;

use rusqlite::types::ValueRef;

use super::btree::{IndexWriter, PageFile, Record, RowError};
use sort::Sorter;

/// An index whose keys are taken row by row.
pub(super) struct IndexKeys {
    fields: Vec<usize>,
    unique: bool,
    sorter: Sorter,
}

/// An index whose b-tree is in the file.
pub(super) struct WrittenIndex {
    /// Where it starts.
    pub(super) root: u32,
    entries: u64,
    /// How many different keys there are: by the first column, by the first two, and so on. NULLs are equal.
    distinct: Vec<u64>,
}

impl IndexKeys {
    /// No keys yet. They use `memory` bytes, and files in `directory` beyond that.
    pub(super) fn new(fields: Vec<usize>, unique: bool, directory: &Path, memory: usize) -> Self {
        Self { fields, unique, sorter: Sorter::new(directory, memory) }
    }

    /// Adds a row's key. [`RowError::Constraint`] where this module does not compare a value.
    #[inline]
    pub(super) fn row(&mut self, number: i64, values: &[ValueRef<'_>]) -> Result<(), RowError> {
        let mut accepted = true;
        let fields = &self.fields;
        self.sorter
            .push(number, |bytes| accepted = fields.iter().all(|field| key::push(bytes, values[*field])))?;
        if accepted { Ok(()) } else { Err(RowError::Constraint) }
    }

    /// Writes the index. [`RowError::Constraint`] where it has to be unique and is not; a key with a NULL always is.
    pub(super) fn write(self, file: &mut PageFile) -> Result<WrittenIndex, RowError> {
        let columns = self.fields.len();
        let mut sorted = self.sorter.finish()?;
        let mut writer = IndexWriter::new();
        let mut written = WrittenIndex { root: 0, entries: 0, distinct: vec![0; columns] };
        let mut last = LastKey::default();
        while let Some((bytes, row)) = sorted.next()? {
            match last.first_difference(bytes).filter(|_| written.entries > 0) {
                None if written.entries > 0 => {
                    if self.unique && !last.has_null {
                        return Err(RowError::Constraint);
                    }
                }
                differs => {
                    written.distinct[differs.unwrap_or(0)..].iter_mut().for_each(|count| *count += 1);
                    last.replace(bytes, columns);
                }
            }
            written.entries += 1;
            writer.entry(file, last.record(row))?;
        }
        written.root = writer.finish(file)?;
        Ok(written)
    }
}

impl WrittenIndex {
    /// What ANALYZE would write into `sqlite_stat1`: the number of rows, then how many a key of the first column
    /// finds, of the first two, and so on (`statGet` in SQLite's source).
    pub(super) fn statistics(&self) -> String {
        let mut text = self.entries.to_string();
        for distinct in &self.distinct {
            let rows = match self.entries.div_ceil(*distinct) {
                2 if self.entries * 10 <= distinct * 11 => 1,
                rows => rows,
            };
            text.push_str(&format!(" {rows}"));
        }
        text
    }
}

/// The key that was written last, which the next ones often equal.
#[derive(Default)]
struct LastKey {
    bytes: Vec<u8>,
    /// Where each column ends.
    ends: Vec<usize>,
    has_null: bool,
    record: Record,
    text: Vec<u8>,
}

impl LastKey {
    /// The first column that another key has otherwise; `None` where it is the same.
    #[inline]
    fn first_difference(&self, other: &[u8]) -> Option<usize> {
        if self.bytes == other {
            return None;
        }
        let common = self.bytes.iter().zip(other).take_while(|(a, b)| a == b).count();
        self.ends.iter().position(|end| common < *end)
    }

    fn replace(&mut self, bytes: &[u8], columns: usize) {
        self.bytes.clear();
        self.bytes.extend_from_slice(bytes);
        self.ends.clear();
        self.has_null = false;
        self.record.clear();
        let mut rest = bytes;
        for _ in 0..columns {
            let value = key::pop(&mut rest, &mut self.text);
            self.has_null |= value == ValueRef::Null;
            self.record.push(value);
            self.ends.push(bytes.len() - rest.len());
        }
        self.record.mark();
    }

    /// The index's entry of that key and row.
    #[inline]
    fn record(&mut self, row: i64) -> &Record {
        self.record.reset();
        self.record.push(ValueRef::Integer(row));
        &self.record
    }
}
