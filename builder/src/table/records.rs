//! Bytes of a CSV file -> records of cells, each with the physical line that it starts on.
//!
//! The grammar is csv-core's, which `plain` spares the records without quotes; what it leaves open is done here: where a record starts (csv-core
//! leaves the LF of a CR LF to the next record, and blank lines too), a bound on a record's size,
//! a quote that nothing closes or that closes a cell too early, comments, the BOM.
//!
//! Deliberately absent: what a cell means, and any thought of the header.

mod plain;

use std::io::{self, Read};

use self::plain::{Line, PlainLines};
use super::lines::Lines;
use super::quotes::{Quotes, Stray};
pub(crate) use super::record::{Record, TextRecord};
use super::source::SourceFacts;
use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};
use datapackage::schema::Dialect;
use memchr::memchr_iter;

/// How much is read at once.
const BUFFER: usize = 256 * 1024;

/// The largest record, in bytes after unquoting. Lambda sends at most 6 MB in a response, so no
/// larger row could be served; and the bound keeps a quote that is never closed from pulling the
/// rest of the file into memory.
pub(crate) const MAX_RECORD: usize = 8 * 1024 * 1024;

/// The most cells in a record: well above the 2,000 columns that SQLite allows.
pub(crate) const MAX_CELLS: usize = 32 * 1024;

/// Reads records from `input`. Memory is bounded by [`MAX_RECORD`].
pub(crate) struct Records<R> {
    input: R,
    parser: csv_core::Reader,
    plain: Option<PlainLines>,
    comment: Option<Box<[u8]>>,
    terminator: Option<u8>,
    buffer: Vec<u8>,
    position: usize,
    filled: usize,
    at_end: bool,
    /// Lines up to `counted` in the buffer.
    lines: Lines,
    counted: usize,
    /// What the input no longer shows of the file, if it was rewritten; and by how many lines the
    /// file is further at the current record.
    facts: Option<SourceFacts>,
    shift: i64,
    /// How many bytes of the input were before the buffer.
    before: u64,
    /// Where the current record starts: in the buffer, or on a line already counted.
    start: Start,
    /// The last byte read was a CR that ended a line; an LF after it does not end another.
    after_cr: bool,
    row: u64,
    text: Vec<u8>,
    ends: Vec<usize>,
    quotes: Option<Quotes>,
    strays: Vec<Stray>,
    /// Whether the buffer has had a control character; then each record is looked at.
    controls: bool,
}

enum Start {
    Offset(usize),
    Line(u64),
}

/// What comes next in a file.
pub(crate) enum Next<'a> {
    /// A record.
    Record(Record<'a>),
    /// Nothing: the file ends.
    End,
    /// A record larger than [`MAX_RECORD`] or with more cells than [`MAX_CELLS`]; nothing can
    /// be read after it.
    TooLong,
    /// The file ends within a quoted cell.
    UnclosedQuote,
}

impl<R: Read> Records<R> {
    /// Reads `input` from its start.
    pub(crate) fn new(input: R, dialect: &Dialect) -> Self {
        Self::with_buffer(input, dialect, BUFFER)
    }

    fn with_buffer(input: R, dialect: &Dialect, buffer: usize) -> Self {
        let mut builder = ReaderBuilder::new();
        builder
            .delimiter(dialect.delimiter)
            .double_quote(dialect.double_quote)
            .escape(dialect.escape)
            .quoting(dialect.quote.is_some());
        if let Some(quote) = dialect.quote {
            builder.quote(quote);
        }
        if let Some(terminator) = dialect.line_terminator {
            builder.terminator(Terminator::Any(terminator));
        }
        let mut parser = builder.build();
        // csv-core takes a BOM for one wherever its first input starts, which may be after blank
        // lines, comments, or another BOM. So its first input is an end of line.
        parser.read_record(&[dialect.line_terminator.unwrap_or(b'\n')], &mut [0; 8], &mut [0; 8]);
        Self {
            input,
            parser,
            plain: PlainLines::new(dialect),
            comment: dialect.comment_char.as_ref().map(|text| text.as_bytes().into()),
            terminator: dialect.line_terminator,
            buffer: vec![0; buffer],
            position: 0,
            filled: 0,
            at_end: false,
            lines: Lines::new(),
            counted: 0,
            facts: None,
            shift: 0,
            before: 0,
            start: Start::Line(1),
            after_cr: false,
            row: 0,
            text: vec![0; 1024],
            ends: vec![0; 64],
            quotes: Quotes::new(dialect),
            strays: vec![],
            controls: false,
        }
    }

    /// The same, with what an input that was rewritten no longer shows of the file.
    pub(crate) fn rewritten(self, facts: Option<SourceFacts>) -> Self {
        let quotes = self.quotes.filter(|_| facts.is_none());
        Self { facts, quotes, ..self }
    }

    /// The next record. Errors: those of reading.
    #[inline]
    pub(crate) fn next(&mut self) -> io::Result<Next<'_>> {
        if !self.find_start()? {
            return Ok(Next::End);
        }
        let rest = &self.buffer[self.position..self.filled];
        if let Some(Line { length, whole, cells }) =
            self.plain.and_then(|plain| plain.line(rest, &mut self.ends))
        {
            let from = self.position;
            self.position += whole;
            self.after_cr = false;
            self.strays.clear();
            return Ok(Next::Record(self.record(&self.buffer[from..from + length], cells, 1)));
        }
        let (mut text, mut ends) = (0, 0);
        let start = self.before + self.position as u64;
        // The part of the record that is in the buffer, and whether that is all of it.
        let (mut from, mut whole) = (self.position, true);
        loop {
            if self.position == self.filled {
                self.pass_part(from, whole);
                whole = false;
                let more = self.fill()?;
                from = self.position;
                if more {
                    continue;
                }
                // A final line end that the file may lack: within quotes it ends nothing.
                let end = [self.terminator.unwrap_or(b'\n')];
                let (result, _, t, e) =
                    self.parser.read_record(&end, &mut self.text[text..], &mut self.ends[ends..]);
                (text, ends) = (text + t, ends + e);
                match result {
                    ReadRecordResult::InputEmpty => return Ok(Next::UnclosedQuote),
                    ReadRecordResult::OutputFull if self.grow_text() => continue,
                    ReadRecordResult::OutputEndsFull if self.grow_ends() => continue,
                    ReadRecordResult::Record => break,
                    _ => return Ok(Next::TooLong),
                }
            }
            let input = &self.buffer[self.position..self.filled];
            let (result, read, t, e) =
                self.parser.read_record(input, &mut self.text[text..], &mut self.ends[ends..]);
            self.position += read;
            (text, ends) = (text + t, ends + e);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.grow_text() => {}
                ReadRecordResult::OutputEndsFull if self.grow_ends() => {}
                ReadRecordResult::Record => break,
                _ => return Ok(Next::TooLong),
            }
        }
        self.after_cr = self.terminator.is_none() && self.buffer[..self.position].ends_with(b"\r");
        // All that a record loses are its quotes: what it has besides text are a delimiter or an end
        // of line after each cell.
        if whole && self.position - from == text + ends {
            self.strays.clear();
        } else {
            self.find_strays(from, whole, start);
        }
        Ok(Next::Record(self.record(&self.text[..text], ends, 0)))
    }

    #[inline]
    fn record<'a>(&'a self, text: &'a [u8], cells: usize, gap: usize) -> Record<'a> {
        let Self { row, ends, strays, controls, .. } = self;
        Record { row: *row, text, ends: &ends[..cells], gap, strays, controls: *controls }
    }

    /// The line that the last record starts on, from 1.
    pub(crate) fn line(&mut self) -> u64 {
        match self.start {
            Start::Line(line) => line,
            Start::Offset(offset) => {
                self.count_to(offset);
                if let Some(facts) = &self.facts {
                    self.shift = facts.shifts.take(self.before + offset as u64).unwrap_or(self.shift);
                }
                let line = self.lines.line().saturating_add_signed(self.shift);
                self.start = Start::Line(line);
                line
            }
        }
    }

    /// The input, to read the rest of it.
    pub(crate) fn into_input(self) -> R {
        self.input
    }

    /// The strays of a record that has quotes, or more of which was in the buffer before.
    #[inline(never)]
    fn find_strays(&mut self, from: usize, whole: bool, start: u64) {
        if whole {
            self.strays.clear();
        }
        if let Some(facts) = &self.facts {
            facts.strays.take(start, &mut self.strays);
        }
        let rest = &self.buffer[from..self.position];
        if !whole || self.quotes.as_ref().is_some_and(|quotes| !quotes.are_clean(rest)) {
            self.pass_part(from, whole);
        }
    }

    /// Passes what the buffer has of a record, from its first byte on or not.
    #[cold]
    fn pass_part(&mut self, from: usize, first: bool) {
        if first {
            self.strays.clear();
        }
        let Some(quotes) = &mut self.quotes else { return };
        if first {
            quotes.begin();
        }
        quotes.pass(&self.buffer[from..self.position], &mut self.strays);
    }

    /// Moves to the next record's first byte, past line ends, blank lines and comments. False
    /// at the end of the file.
    fn find_start(&mut self) -> io::Result<bool> {
        let mut in_comment = false;
        loop {
            if self.position == self.filled && !self.fill()? {
                return Ok(false);
            }
            let byte = self.buffer[self.position];
            let ends_line = match self.terminator {
                Some(terminator) => byte == terminator,
                None => byte == b'\r' || byte == b'\n',
            };
            if ends_line {
                let second_half = self.after_cr && byte == b'\n';
                if !in_comment && !second_half {
                    self.row += 1; // a blank line
                }
                in_comment = false;
                self.after_cr = self.terminator.is_none() && byte == b'\r';
            } else if !in_comment {
                if !self.at_comment()? {
                    break;
                }
                in_comment = true;
                self.row += 1;
            }
            self.position += 1;
        }
        self.row += 1;
        self.start = Start::Offset(self.position);
        Ok(true)
    }

    fn at_comment(&mut self) -> io::Result<bool> {
        let Some(length) = self.comment.as_ref().map(|comment| comment.len()) else { return Ok(false) };
        while self.filled - self.position < length && self.fill()? {}
        let next = &self.buffer[self.position..self.filled];
        Ok(self.comment.as_ref().is_some_and(|comment| next.starts_with(comment)))
    }

    /// Reads more after the unused part of the buffer. False at the end of the file.
    fn fill(&mut self) -> io::Result<bool> {
        if self.at_end {
            return Ok(false);
        }
        self.line();
        self.count_to(self.position);
        let first = self.filled == 0;
        self.buffer.copy_within(self.position..self.filled, 0);
        self.filled -= self.position;
        self.before += self.position as u64;
        (self.position, self.counted) = (0, 0);
        let before = self.filled;
        // The BOM has three bytes; a pipe may give them one by one.
        while self.filled - before < if first { 3 } else { 1 } {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Ok(0) => {
                    self.at_end = true;
                    break;
                }
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.controls = self.controls || has_controls(&self.buffer[before.saturating_sub(1)..self.filled]);
        if first && self.buffer[..self.filled].starts_with(b"\xEF\xBB\xBF") {
            self.position = 3;
            // A file of nothing but a BOM is at its end.
            return Ok(self.position < self.filled || self.fill()?);
        }
        Ok(self.filled > before)
    }

    fn count_to(&mut self, offset: usize) {
        if self.counted < offset {
            self.lines.pass(&self.buffer[self.counted..offset]);
            self.counted = offset;
        }
    }

    fn grow_text(&mut self) -> bool {
        let grown = self.text.len() * 2;
        self.text.resize(grown.min(MAX_RECORD), 0);
        grown <= MAX_RECORD
    }

    fn grow_ends(&mut self) -> bool {
        let grown = self.ends.len() * 2;
        self.ends.resize(grown.min(MAX_CELLS), 0);
        grown <= MAX_CELLS
    }
}

/// Whether there are control characters besides tabs and ends of lines: those of ASCII, or in UTF-8 those from
/// U+0080 to U+009F. A pass without branches, which the compiler makes one over vectors of bytes, and a search for the
/// first byte of those in UTF-8, which most files do not have.
fn has_controls(bytes: &[u8]) -> bool {
    let mut found = false;
    for byte in bytes {
        let is_control = (*byte < b' ') & (*byte != b'\t') & (*byte != b'\n') & (*byte != b'\r');
        found |= is_control | (*byte == 0x7F);
    }
    found || memchr_iter(0xC2, bytes).any(|at| bytes.get(at + 1).is_some_and(|next| *next < 0xA0))
}

#[cfg(test)]
mod tests;
