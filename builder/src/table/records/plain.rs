//! Records without quotes, which most files have by the million: their cells are in the buffer as they are, so one
//! pass over a line finds all of them, and nothing is copied. Everything else is csv-core's.

use std::io::Read;

use memchr::memchr3_iter;

use super::Records;
use datapackage::schema::Dialect;

/// The bytes that a plain record's line is searched for.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlainLines {
    delimiter: u8,
    /// A record that has one is not plain.
    quote: u8,
}

impl PlainLines {
    /// `None` for a dialect in which a line without quotes is not yet a record.
    pub(super) fn new(dialect: &Dialect) -> Option<Self> {
        let is_simple =
            dialect.escape.is_none() && dialect.line_terminator.is_none() && dialect.delimiter.is_ascii();
        is_simple.then_some(Self { delimiter: dialect.delimiter, quote: dialect.quote.unwrap_or(b'\n') })
    }
}

impl<R: Read> Records<R> {
    /// The length of the plain record at the current position, without its line's end, and how many cells it has;
    /// their ends are in `ends`. `None` where csv-core has to look: at a quote, a CR, more cells than there is room
    /// for, or where the buffer ends before the line.
    #[inline]
    pub(super) fn plain_line(&mut self) -> Option<(usize, usize)> {
        let PlainLines { delimiter, quote } = self.plain.filter(|_| !self.has_cr)?;
        let rest = &self.buffer[self.position..self.filled];
        let mut ends = self.ends.iter_mut();
        let mut cells = 0;
        for at in memchr3_iter(delimiter, b'\n', quote, rest) {
            *ends.next()? = at;
            cells += 1;
            match rest[at] {
                byte if byte == delimiter => {}
                b'\n' => return Some((at, cells)),
                _ => return None,
            }
        }
        None
    }
}
