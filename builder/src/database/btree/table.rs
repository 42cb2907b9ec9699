//! The b-tree of a table's rows.

use std::io;

use catalog::Storage;
use catalog::btree::{PAGE_SIZE, PageKind};
use rusqlite::types::ValueRef;

use super::file::PageFile;
use super::interior::Interior;
use super::overflow;
use super::page::PageBuilder;
use super::record::{Record, put_varint, varint_size};

/// What a column's values are stored as, and what a STRICT table accepts in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnFormat {
    /// INTEGER PRIMARY KEY: the row number, which is the row's key and not in its record.
    RowNumber,
    /// A value of that storage, NOT NULL where it is required.
    Stored {
        /// As the schema says.
        storage: Storage,
        /// Whether NULL is refused.
        required: bool,
    },
    /// ANY: a value as it is, NOT NULL where it is required.
    Any {
        /// Whether NULL is refused.
        required: bool,
    },
}

/// Why a row was not added.
#[derive(Debug)]
pub(crate) enum RowError {
    /// The table's declaration does not accept its values.
    Constraint,
    /// It can't be written.
    Io(io::Error),
}

impl From<io::Error> for RowError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Takes rows in the order of their numbers.
#[derive(Debug)]
pub(crate) struct TableWriter {
    columns: Vec<ColumnFormat>,
    has_row_number: bool,
    leaf: PageBuilder,
    interior: Interior,
    record: Record,
    /// The number of the last row.
    last: Option<i64>,
}

impl TableWriter {
    /// Writes an empty table with these columns.
    pub(crate) fn new(columns: Vec<ColumnFormat>) -> Self {
        Self {
            has_row_number: columns.contains(&ColumnFormat::RowNumber),
            columns,
            leaf: PageBuilder::new(PageKind::LeafTable),
            interior: Interior::new(PageKind::InteriorTable),
            record: Record::default(),
            last: None,
        }
    }

    /// Adds a row with these values, one for each column. Without a row number among them it is one more than that
    /// of the row before, from 1, as SQLite numbers rows. Returns the number.
    pub(crate) fn row<'v>(
        &mut self,
        file: &mut PageFile,
        values: impl Iterator<Item = ValueRef<'v>>,
    ) -> Result<i64, RowError> {
        self.record.clear();
        let mut number =
            self.last.map_or(Some(1), |last| last.checked_add(1)).filter(|_| !self.has_row_number);
        for (column, value) in self.columns.iter().zip(values) {
            // Each kind by itself: a value that is added as any kind is distinguished twice.
            match (column, value) {
                (ColumnFormat::RowNumber, ValueRef::Integer(value)) => {
                    number = Some(value);
                    self.record.null();
                }
                (ColumnFormat::Stored { storage: Storage::Real, .. }, ValueRef::Real(value)) => {
                    self.record.real_column(value);
                }
                (
                    ColumnFormat::Any { required: false } | ColumnFormat::Stored { required: false, .. },
                    ValueRef::Null,
                ) => self.record.null(),
                (
                    ColumnFormat::Stored { storage: Storage::Text | Storage::Json, .. },
                    ValueRef::Text(text),
                ) => {
                    self.record.text(text);
                }
                (
                    ColumnFormat::Stored { storage: Storage::Integer | Storage::Boolean, .. },
                    ValueRef::Integer(value),
                ) => self.record.integer(value),
                (
                    ColumnFormat::Any { .. },
                    ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_),
                ) => self.record.push(value),
                _ => return Err(RowError::Constraint),
            }
        }
        match number.filter(|number| self.last.is_none_or(|last| last < *number)) {
            Some(number) => {
                self.cell(file, number)?;
                Ok(number)
            }
            None => Err(RowError::Constraint),
        }
    }

    /// Writes what remains, and returns the number of the root page. Errors: those of writing.
    pub(crate) fn finish(mut self, file: &mut PageFile) -> io::Result<u32> {
        let last = file.append(self.leaf.finish(None))?;
        self.interior.finish(file, last)
    }

    /// Adds the record as the row with that number.
    fn cell(&mut self, file: &mut PageFile, number: i64) -> io::Result<()> {
        let payload = self.record.size();
        let key = number.cast_unsigned();
        let head = varint_size(payload as u64) + varint_size(key);
        let local = PageKind::LeafTable.local(PAGE_SIZE, payload);
        let overflows = local < payload;
        let size = head + local + if overflows { 4 } else { 0 };
        if !self.leaf.fits(size) {
            self.end_leaf(file)?;
        }
        self.last = Some(number);
        let cell = self.leaf.cell(size);
        let at = put_varint(cell, payload as u64);
        put_varint(&mut cell[at..], key);
        if !overflows {
            self.record.write(&mut cell[head..]);
            return Ok(());
        }
        let mut payload = vec![0; payload];
        self.record.write(&mut payload);
        let (here, rest) = payload.split_at(local);
        let first = overflow::append(file, rest)?;
        cell[head..head + local].copy_from_slice(here);
        cell[head + local..].copy_from_slice(&first.to_be_bytes());
        Ok(())
    }

    /// Writes the leaf, which is not the last one.
    fn end_leaf(&mut self, file: &mut PageFile) -> io::Result<()> {
        let Some(last) = self.last else { return Ok(()) };
        let number = file.append(self.leaf.finish(None))?;
        let mut divider = [0; 9];
        let length = put_varint(&mut divider, last.cast_unsigned());
        self.interior.add(file, number, &divider[..length])?;
        self.leaf.clear();
        Ok(())
    }
}
