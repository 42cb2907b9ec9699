//! Where rows begin in a file, so that any range of its bytes can be written without what is before it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use catalog::{Offsets, Place};

use crate::request::Format;
use crate::response::Sum;

/// Bytes between two places that are noted: what has to be written in vain for a range is less.
pub(super) const STEP: u64 = 8192;

/// Files whose index is kept.
const KEPT: usize = 8;

/// A place in a file: where a row begins.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Its first byte, with what separates it from the row before.
    pub(crate) at: u64,
    /// How many rows are before it.
    pub(crate) rows: u64,
    /// The row number of the last of them, where rows have one.
    pub(crate) rowid: Option<i64>,
}

/// A file's length in bytes, and places in it, in order.
#[derive(Debug, Default)]
pub(crate) struct FileIndex {
    pub(crate) length: u64,
    pub(crate) marks: Vec<Mark>,
    /// The digest of the file as it is without a coding, from when a client asked for it on.
    pub(crate) sum: OnceLock<Sum>,
}

/// The indexes of files that were counted, of all threads. By entity tag: that stands for one sequence of
/// bytes, so it never has to be forgotten.
#[derive(Debug, Default)]
pub(crate) struct Indexes(Mutex<VecDeque<(String, Arc<FileIndex>)>>);

impl FileIndex {
    /// Of the file of a whole table, whose rows begin behind `before` bytes.
    pub(super) fn stored(offsets: &Offsets, format: Format, before: u64) -> Self {
        // Objects are separated by three bytes, or each has the end of its line.
        let at = |place: &Place| match format {
            Format::Csv => before + place.csv,
            Format::Lines => before + place.json + place.rows,
            _ => before + place.json + 3 * place.rows.saturating_sub(1),
        };
        let close = u64::from(!matches!(format, Format::Csv | Format::Lines));
        let marks = offsets.places.iter().filter(|place| place.rows < offsets.end.rows);
        Self {
            sum: OnceLock::new(),
            length: at(&offsets.end) + close,
            marks: marks
                .map(|place| Mark { at: at(place), rows: place.rows, rowid: Some(place.rowid) })
                .collect(),
        }
    }

    /// The last place at or before that byte; the beginning is one.
    pub(crate) fn before(&self, byte: u64) -> Mark {
        let behind = self.marks.partition_point(|mark| mark.at <= byte);
        behind.checked_sub(1).map_or_else(Mark::default, |index| self.marks[index])
    }
}

impl Indexes {
    pub(crate) fn get(&self, etag: &str) -> Option<Arc<FileIndex>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(tag, _)| tag == etag).map(|(_, index)| Arc::clone(index))
    }

    /// Keeps it in place of the oldest.
    pub(crate) fn put(&self, etag: &str, index: Arc<FileIndex>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((etag.to_owned(), index));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_before_a_byte() {
        let mark = |at, rows| Mark { at, rows, rowid: None };
        let index = FileIndex { length: 100, marks: vec![mark(10, 1), mark(50, 4)], ..FileIndex::default() };
        assert_eq!(index.before(9), Mark::default());
        assert_eq!(index.before(10), mark(10, 1));
        assert_eq!(index.before(49), mark(10, 1));
        assert_eq!(index.before(99), mark(50, 4));
    }
}
