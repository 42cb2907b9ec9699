//! A record: the columns of one row or index entry (SQLite, "Database File Format", section 2.1).

use catalog::btree::serial;
use rusqlite::types::ValueRef;

use super::NotHandled;
use super::page::{Payload, length, varint};

/// The columns of one row or index entry.
#[derive(Debug, Default)]
pub(crate) struct Record {
    rowid: i64,
    payload: Payload,
    columns: Vec<Column>,
}

/// Where a column is in the payload, in bytes, and its serial type.
#[derive(Debug, Clone, Copy)]
struct Column {
    serial: i64,
    start: usize,
    end: usize,
}

impl Record {
    /// Reads the record's header; the columns may be after the payload's end as long as nobody
    /// asks for them.
    pub(super) fn parse(rowid: i64, payload: Payload) -> Result<Self, NotHandled> {
        let mut record = Self { columns: Vec::with_capacity(16), ..Self::default() };
        record.replace(rowid, payload)?;
        Ok(record)
    }

    /// The same in the place of the record before, of which nothing is left.
    pub(super) fn replace(&mut self, rowid: i64, payload: Payload) -> Result<(), NotHandled> {
        self.columns.clear();
        let mut columns = Columns::new(payload.bytes())?;
        while let Some(column) = columns.column()? {
            self.columns.push(column);
        }
        (self.rowid, self.payload) = (rowid, payload);
        Ok(())
    }

    /// The row number; 0 for an index entry.
    pub(crate) fn rowid(&self) -> i64 {
        self.rowid
    }

    /// The payload, as far as it is there.
    pub(super) fn bytes(&self) -> &[u8] {
        self.payload.bytes()
    }

    /// Where column `index` ends in the payload, in bytes.
    pub(super) fn end(&self, index: usize) -> Result<usize, NotHandled> {
        Ok(self.columns.get(index).ok_or(NotHandled)?.end)
    }

    /// Column `index`, from 0. A column beyond the record's end is [`NotHandled`], not null: no
    /// column was ever added to a table of ours.
    #[inline]
    pub(crate) fn get(&self, index: usize) -> Result<ValueRef<'_>, NotHandled> {
        self.columns.get(index).ok_or(NotHandled)?.of(self.payload.bytes())
    }
}

/// The columns of a record one after another, without a list of them.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    bytes: &'a [u8],
    /// Of the header.
    rest: &'a [u8],
    /// Where the next column starts.
    start: usize,
}

impl<'a> Columns<'a> {
    /// Of the record that starts with `bytes`, which have to hold its header.
    #[inline]
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, NotHandled> {
        let (header, read) = length(bytes)?;
        let rest = bytes.get(read..header).ok_or(NotHandled)?;
        Ok(Self { bytes, rest, start: header })
    }

    #[inline]
    fn column(&mut self) -> Result<Option<Column>, NotHandled> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (serial, read) = varint(self.rest)?;
        self.rest = &self.rest[read..];
        let start = self.start;
        self.start = start.checked_add(size(serial)?).ok_or(NotHandled)?;
        Ok(Some(Column { serial, start, end: self.start }))
    }

    /// The next column's value, as [`Record::get`].
    #[inline]
    pub(super) fn value(&mut self) -> Result<ValueRef<'a>, NotHandled> {
        self.column()?.ok_or(NotHandled)?.of(self.bytes)
    }
}

impl Column {
    /// Its value in a record of these bytes.
    #[inline]
    fn of(self, bytes: &[u8]) -> Result<ValueRef<'_>, NotHandled> {
        let bytes = bytes.get(self.start..self.end).ok_or(NotHandled)?;
        Ok(match self.serial {
            0 => ValueRef::Null,
            1..=6 => ValueRef::Integer(integer(bytes)),
            7 => ValueRef::Real(f64::from_bits(integer(bytes).cast_unsigned())),
            8 => ValueRef::Integer(0),
            9 => ValueRef::Integer(1),
            serial if serial % 2 == 0 => ValueRef::Blob(bytes),
            _ => ValueRef::Text(bytes),
        })
    }
}

/// Big-endian two's complement of up to eight bytes.
#[inline]
fn integer(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|first| *first >= 0x80);
    bytes.iter().fold(if negative { -1 } else { 0 }, |value, byte| value << 8 | i64::from(*byte))
}

/// How many bytes a value of that serial type takes.
#[inline]
fn size(serial: i64) -> Result<usize, NotHandled> {
    let size = u64::try_from(serial).ok().and_then(serial::size).ok_or(NotHandled)?;
    usize::try_from(size).map_err(|_| NotHandled)
}
