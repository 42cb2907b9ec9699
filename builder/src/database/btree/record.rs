//! Values -> a record (SQLite, "Database File Format", section 2.1).

use catalog::btree::serial;
use rusqlite::types::ValueRef;

/// A record that is put together, value after value. Cleared and used again, so that rows allocate nothing.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// The serial types.
    types: Vec<u8>,
    values: Vec<u8>,
    /// How much of both [`Record::reset`] keeps.
    marked: (usize, usize),
}

impl Record {
    /// Removes all values, and the memory of a huge one.
    #[inline]
    pub(crate) fn clear(&mut self) {
        if self.values.capacity() > KEPT {
            self.values = vec![];
        }
        self.types.clear();
        self.values.clear();
    }

    /// Marks what is there for [`Record::reset`].
    pub(crate) fn mark(&mut self) {
        self.marked = (self.types.len(), self.values.len());
    }

    /// Removes the values that were added since [`Record::mark`].
    #[inline]
    pub(crate) fn reset(&mut self) {
        self.types.truncate(self.marked.0);
        self.values.truncate(self.marked.1);
    }

    /// Adds a value as it is.
    #[inline]
    pub(crate) fn push(&mut self, value: ValueRef<'_>) {
        match value {
            ValueRef::Null => self.null(),
            ValueRef::Integer(number) => self.integer(number),
            ValueRef::Real(number) => self.real(number),
            ValueRef::Text(text) => self.text(text),
            ValueRef::Blob(blob) => self.bytes(serial::blob(blob.len()), blob),
        }
    }

    /// Adds a number to a column of type REAL, where SQLite stores whole numbers of at most six bytes as integers
    /// to save space (section 2.1, and `OP_MakeRecord` in its source).
    #[inline]
    pub(super) fn real_column(&mut self, number: f64) {
        let whole = number as i64;
        if whole as f64 == number && (SIX_BYTES_MIN..=SIX_BYTES_MAX).contains(&whole) {
            self.integer(whole);
        } else {
            self.real(number);
        }
    }

    /// How many bytes it takes.
    #[inline]
    pub(super) fn size(&self) -> usize {
        self.header() + self.values.len()
    }

    /// Writes it to `to`, which has its size.
    #[inline]
    pub(super) fn write(&self, to: &mut [u8]) {
        let header = self.header();
        let length = put_varint(to, header as u64);
        to[length..header].copy_from_slice(&self.types);
        to[header..].copy_from_slice(&self.values);
    }

    /// The size of its header, which counts the bytes that this size takes.
    #[inline]
    fn header(&self) -> usize {
        let types = self.types.len();
        let length = varint_size(types as u64 + 1);
        // One byte more for the length may be what makes it longer.
        types + varint_size((types + length) as u64)
    }

    /// Adds a NULL.
    #[inline]
    pub(super) fn null(&mut self) {
        self.types.push(serial::NULL as u8);
    }

    /// Adds a text.
    #[inline]
    pub(super) fn text(&mut self, text: &[u8]) {
        self.bytes(serial::text(text.len()), text);
    }

    /// Adds an integer.
    #[inline]
    pub(super) fn integer(&mut self, number: i64) {
        let (kind, length) = match number {
            0 => return self.types.push(serial::ZERO as u8),
            1 => return self.types.push(serial::ONE as u8),
            -0x80..=0x7f => (1, 1),
            -0x8000..=0x7fff => (2, 2),
            -0x80_0000..=0x7f_ffff => (3, 3),
            -0x8000_0000..=0x7fff_ffff => (4, 4),
            SIX_BYTES_MIN..=SIX_BYTES_MAX => (serial::SIX_BYTES, 6),
            _ => (serial::EIGHT_BYTES, 8),
        };
        self.types.push(kind as u8);
        self.values.extend_from_slice(&number.to_be_bytes()[8 - length..]);
    }

    #[inline]
    fn real(&mut self, number: f64) {
        self.types.push(serial::REAL as u8);
        self.values.extend_from_slice(&number.to_bits().to_be_bytes());
    }

    #[inline]
    fn bytes(&mut self, kind: u64, bytes: &[u8]) {
        if kind < 0x80 {
            self.types.push(kind as u8);
        } else {
            let mut varint = [0; 9];
            let length = put_varint(&mut varint, kind);
            self.types.extend_from_slice(&varint[..length]);
        }
        self.values.extend_from_slice(bytes);
    }
}

/// A record with more room than this is not used again.
const KEPT: usize = 1024 * 1024;

const SIX_BYTES_MIN: i64 = -(1 << 47);
const SIX_BYTES_MAX: i64 = (1 << 47) - 1;

/// How many bytes a number takes as a variable-length integer (section 1.6, "varint").
#[inline]
pub(super) fn varint_size(number: u64) -> usize {
    if number < 0x80 {
        return 1;
    }
    let bits = 64 - (number | 1).leading_zeros() as usize;
    bits.div_ceil(7).min(9)
}

/// Writes a number as a variable-length integer to the start of `to`, and returns how many bytes it takes.
#[inline]
pub(super) fn put_varint(to: &mut [u8], number: u64) -> usize {
    if number < 0x80 {
        to[0] = number as u8;
        return 1;
    }
    let length = varint_size(number);
    let mut rest = number;
    let mut high = 0;
    for (index, byte) in to[..length].iter_mut().enumerate().rev() {
        // The ninth byte, where there is one, has eight bits.
        if index == 8 {
            *byte = rest as u8;
            rest >>= 8;
        } else {
            *byte = (rest & 0x7f) as u8 | high;
            rest >>= 7;
        }
        high = 0x80;
    }
    length
}
