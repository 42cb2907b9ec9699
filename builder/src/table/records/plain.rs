//! Records without quotes, which most files have by the million: their cells are in the buffer as they are, so one
//! pass over a line finds all of them, and nothing is copied. Everything else is csv-core's.

use std::io::Read;

use memchr::{memchr, memrchr};

use super::{Records, Start};
use crate::table::record::TextRecord;
use datapackage::schema::Dialect;

/// How many bytes are validated as UTF-8 in one go, at least a line: enough that the call costs nothing, few enough
/// that little is validated again where records with quotes come between.
const TOGETHER: usize = 2048;

/// The bytes that a plain record's line is searched for.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlainLines {
    delimiter: u8,
    /// A record that has one is not plain.
    quote: u8,
}

/// A line with a plain record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Without its end.
    pub(super) length: usize,
    /// With it: LF or CR LF.
    pub(super) whole: usize,
    /// How many cells it has; their ends are where the search put them.
    pub(super) cells: usize,
}

/// How many bytes are searched at once.
const WIDTH: usize = 32;

impl PlainLines {
    /// `None` for a dialect in which a line without quotes is not yet a record.
    pub(super) fn new(dialect: &Dialect) -> Option<Self> {
        let is_simple =
            dialect.escape.is_none() && dialect.line_terminator.is_none() && dialect.delimiter.is_ascii();
        is_simple.then_some(Self { delimiter: dialect.delimiter, quote: dialect.quote.unwrap_or(b'\n') })
    }

    /// The plain record at the start of `bytes`, with the ends of its cells in `ends`. `None` where csv-core has to
    /// look: at a quote, a CR alone, more cells than there is room for, or where the bytes end before the line.
    #[inline]
    pub(super) fn line(self, bytes: &[u8], ends: &mut [usize]) -> Option<Line> {
        let mut cells = 0;
        let mut start = 0;
        loop {
            let mut found = self.search(bytes, start)?;
            while found != 0 {
                let at = start + found.trailing_zeros() as usize;
                found &= found - 1;
                *ends.get_mut(cells)? = at;
                cells += 1;
                match bytes[at] {
                    byte if byte == self.delimiter => {}
                    b'\n' => return Some(Line { length: at, whole: at + 1, cells }),
                    b'\r' if bytes.get(at + 1) == Some(&b'\n') => {
                        return Some(Line { length: at, whole: at + 2, cells });
                    }
                    _ => return None,
                }
            }
            start += WIDTH;
        }
    }

    /// A bit for each of the bytes from `start` on that may end a cell; `None` behind the last one.
    #[inline]
    fn search(self, bytes: &[u8], start: usize) -> Option<u32> {
        let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
        if let Some(next) = rest.first_chunk() {
            return Some(self.search_all(next));
        }
        let mut last = [0; WIDTH];
        last[..rest.len()].copy_from_slice(rest);
        Some(self.search_all(&last) & ((1 << rest.len()) - 1))
    }

    /// Comparisons without branches, which the compiler makes ones over vectors of bytes.
    #[inline]
    fn search_all(self, bytes: &[u8; WIDTH]) -> u32 {
        let mut found = [0; WIDTH];
        for (found, byte) in found.iter_mut().zip(bytes) {
            let is_end = (*byte == b'\n') | (*byte == b'\r');
            *found = u8::from(is_end | (*byte == self.delimiter) | (*byte == self.quote));
        }
        let (eights, _) = found.as_chunks::<8>();
        let bits = |eight: &[u8; 8]| (u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56) as u32;
        bits(&eights[0]) | bits(&eights[1]) << 8 | bits(&eights[2]) << 16 | bits(&eights[3]) << 24
    }
}

/// Moves the lowest bit of byte `n` to bit `56 + n` of a product; no two bits meet elsewhere.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// Plain records that follow one another in the buffer, all of them UTF-8.
pub(crate) struct PlainRecords<'a> {
    /// Whether control characters may be in them.
    pub(crate) may_have_controls: bool,
    plain: PlainLines,
    comment: Option<&'a [u8]>,
    text: &'a str,
    /// How many cells they have.
    width: usize,
    ends: &'a mut [usize],
    passed: Passed,
}

/// How far plain records were read.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Passed {
    rows: u64,
    bytes: usize,
    /// Where the last one starts.
    last: usize,
}

impl PlainRecords<'_> {
    /// The next record. `None` where [`Records::next`] has to look: at one that is not plain, that has another number of
    /// cells or only empty ones, and behind the last one.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<TextRecord<'_>> {
        let start = self.passed.bytes;
        let rest = &self.text.as_bytes()[start..];
        let Line { length, whole, cells } = self.plain.line(rest, self.ends)?;
        let is_comment = self.comment.is_some_and(|comment| rest.starts_with(comment));
        if cells != self.width || length < cells || is_comment {
            return None;
        }
        self.passed = Passed { rows: self.passed.rows + 1, bytes: start + whole, last: start };
        Some(TextRecord { text: &self.text[start..start + length], ends: &self.ends[..cells], gap: 1 })
    }

    /// How far they were read, for [`Records::pass`].
    pub(crate) fn passed(self) -> Passed {
        self.passed
    }
}

impl<R: Read> Records<R> {
    /// The plain records of `width` cells at the current position, if there may be any. What was read of them has to be
    /// passed.
    #[inline]
    pub(crate) fn plain(&mut self, width: usize) -> Option<PlainRecords<'_>> {
        let plain = self.plain?;
        let rest = &self.buffer[self.position..self.filled];
        let (first, behind) = rest.split_at(rest.len().min(TOGETHER));
        let end = match memrchr(b'\n', first) {
            Some(end) => end + 1,
            None => first.len() + memchr(b'\n', behind)? + 1,
        };
        Some(PlainRecords {
            may_have_controls: self.controls,
            plain,
            comment: self.comment.as_deref(),
            text: simdutf8::basic::from_utf8(&rest[..end]).ok()?,
            width,
            ends: &mut self.ends,
            passed: Passed::default(),
        })
    }

    /// Goes behind plain records that were read.
    #[inline]
    pub(crate) fn pass(&mut self, passed: Passed) {
        if passed.rows > 0 {
            self.row += passed.rows;
            self.start = Start::Offset(self.position + passed.last);
            self.position += passed.bytes;
            self.after_cr = false;
            self.strays.clear();
        }
    }
}
