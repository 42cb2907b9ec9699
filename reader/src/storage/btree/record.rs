//! A record: the columns of one row or index entry (SQLite, "Database File Format", section 2.1).

use catalog::btree::serial;
use rusqlite::types::ValueRef;

use super::NotHandled;
use super::page::{Payload, length, varint};

/// The columns of one row or index entry.
#[derive(Debug)]
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
        let bytes = payload.bytes();
        let (header, mut at) = length(bytes)?;
        let mut start = header;
        let mut columns = Vec::with_capacity(16);
        let head = bytes.get(..header).ok_or(NotHandled)?;
        while at < header {
            let (serial, read) = varint(&head[at..])?;
            at += read;
            let end = start.checked_add(size(serial)?).ok_or(NotHandled)?;
            columns.push(Column { serial, start, end });
            start = end;
        }
        Ok(Self { rowid, payload, columns })
    }

    /// The row number; 0 for an index entry.
    pub(crate) fn rowid(&self) -> i64 {
        self.rowid
    }

    /// How many bytes of the payload are there.
    pub(super) fn bytes(&self) -> usize {
        self.payload.bytes().len()
    }

    /// Where column `index` ends in the payload, in bytes.
    pub(super) fn end(&self, index: usize) -> Result<usize, NotHandled> {
        Ok(self.columns.get(index).ok_or(NotHandled)?.end)
    }

    /// Column `index`, from 0. A column beyond the record's end is [`NotHandled`], not null: no
    /// column was ever added to a table of ours.
    #[inline]
    pub(crate) fn get(&self, index: usize) -> Result<ValueRef<'_>, NotHandled> {
        let &Column { serial, start, end } = self.columns.get(index).ok_or(NotHandled)?;
        let bytes = self.payload.bytes().get(start..end).ok_or(NotHandled)?;
        Ok(match serial {
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
