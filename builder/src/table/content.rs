//! What a table's rows amount to, counted while they pass by: by the build from the cells of files, by the
//! verification from the rows of a release, with the same result.

use catalog::{Offsets, OffsetsWriter, Schema, Sha256Hex, Statistics};
use rusqlite::types::ValueRef;

use super::leaves::Leaves;
use super::row_hashes::RowHasher;
use super::statistics::StatisticsWriter;

/// What follows from a table's schema and rows.
#[derive(Debug)]
pub(crate) struct Content {
    /// The content digest.
    pub(crate) digest: Sha256Hex,
    /// The leaves of its tree.
    pub(crate) leaves: Leaves,
    /// Where rows begin in the table's files.
    pub(crate) offsets: Offsets,
    /// The columns in numbers.
    pub(crate) statistics: Statistics,
}

/// Takes rows, value after value.
pub(crate) struct ContentWriter {
    hashes: RowHasher,
    offsets: OffsetsWriter,
    statistics: StatisticsWriter,
}

impl ContentWriter {
    /// A writer that has seen no row of a table with that schema. `row_number_is_key`: the key ascends through
    /// the file.
    pub(crate) fn new(schema: &Schema, row_number_is_key: bool) -> Self {
        Self {
            hashes: RowHasher::new(schema, row_number_is_key || schema.primary_key.is_empty()),
            offsets: OffsetsWriter::new(schema),
            statistics: StatisticsWriter::new(schema),
        }
    }

    /// Adds a value of the column with that index, as it is stored.
    #[inline]
    pub(crate) fn value(&mut self, column: usize, value: ValueRef<'_>) {
        self.hashes.value(value);
        self.offsets.value(column, value);
        self.statistics.value(column, value);
    }

    /// Ends the row with that row number.
    #[inline]
    pub(crate) fn end_row(&mut self, rowid: i64) {
        self.hashes.end_row(rowid);
        self.offsets.end_row(rowid);
        self.statistics.end_row();
    }

    /// What all of it amounts to.
    pub(crate) fn finish(self) -> Content {
        let (digest, leaves) = self.hashes.finish();
        Content { digest, leaves, offsets: self.offsets.finish(), statistics: self.statistics.finish() }
    }
}
