//! CSV with escapes or with spaces after its delimiters -> the same with quotes only.
//!
//! csv-core knows escapes in quoted cells alone, and no `skipInitialSpace`. Files that need
//! either are rewritten on their way: every cell quoted, line ends as they were. So lines count as
//! in the file, unless a removed or added byte is between a CR and an LF: an escape or the end of
//! quotes within a cell, the quote after an escaped CR that ends a cell. Then the [`Shifts`] say
//! from which record on they differ, and by how much.

use std::io::{self, Read};

use super::stage::{ByteStage, FileBytes};
use crate::table::lines::{Lines, Shifts};
use crate::table::quotes::{Stray, Strays};
use datapackage::schema::Dialect;

const BUFFER: usize = 64 * 1024;

/// The byte order mark in UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What the rewritten text no longer shows of the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct SourceFacts {
    pub(in crate::table) shifts: Shifts,
    pub(in crate::table) strays: Strays,
}

/// A reader that rewrites.
pub(super) struct DialectNormalizer {
    input: Box<dyn ByteStage>,
    rewriter: Rewriter,
    read: Vec<u8>,
    at_start: bool,
    at_end: bool,
    given: usize,
}

impl DialectNormalizer {
    /// Whether a dialect has a feature that csv-core lacks.
    pub(super) fn is_needed(dialect: &Dialect) -> bool {
        dialect.escape.is_some() || dialect.skip_initial_space
    }

    /// What remains of a dialect when its files have been rewritten.
    pub(super) fn dialect(dialect: &Dialect) -> Dialect {
        let Written { quote, delimiter, comment } = Written::new(dialect);
        Dialect {
            quote: Some(quote),
            delimiter,
            double_quote: true,
            escape: None,
            skip_initial_space: false,
            comment_char: dialect.comment_char.as_ref().map(|_| char::from(comment).to_string()),
            ..dialect.clone()
        }
    }

    /// Reads `input`; `facts` gets lines and stray quotes as records are rewritten.
    pub(super) fn new(input: Box<dyn ByteStage>, dialect: &Dialect, facts: SourceFacts) -> Self {
        let rewriter = Rewriter::new(dialect.clone(), facts);
        Self { input, rewriter, read: vec![0; BUFFER], at_start: true, at_end: false, given: 0 }
    }
}

impl DialectNormalizer {
    /// Reads the first bytes: how many of them are a BOM, which is not part of the first cell, and
    /// how many there are.
    fn start(&mut self) -> io::Result<(usize, usize)> {
        self.at_start = false;
        let mut read = 0;
        while read < BOM.len() {
            match self.input.read(&mut self.read[read..]) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok((if self.read[..read].starts_with(BOM) { BOM.len() } else { 0 }, read))
    }
}

impl Read for DialectNormalizer {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.rewriter.out.len() {
            if self.at_end {
                return Ok(0);
            }
            self.rewriter.clear();
            self.given = 0;
            let (skipped, read) =
                if self.at_start { self.start()? } else { (0, self.input.read(&mut self.read)?) };
            self.read[skipped..read].iter().for_each(|byte| self.rewriter.pass(*byte));
            if read == 0 {
                self.at_end = true;
                self.rewriter.end();
            }
        }
        let rest = &self.rewriter.out[self.given..];
        let length = rest.len().min(out.len());
        out[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}

impl ByteStage for DialectNormalizer {
    fn into_bytes(self: Box<Self>) -> FileBytes {
        self.input.into_bytes()
    }
}

/// The characters that are written, none of which ends a row. A comment can't be taken for a row,
/// which begins with a quote.
#[derive(Clone, Copy)]
struct Written {
    quote: u8,
    delimiter: u8,
    comment: u8,
}

impl Written {
    fn new(dialect: &Dialect) -> Self {
        let unless_it_ends_rows =
            |usual, other| if dialect.line_terminator == Some(usual) { other } else { usual };
        Self {
            quote: unless_it_ends_rows(b'"', b'\''),
            delimiter: unless_it_ends_rows(b',', b';'),
            comment: unless_it_ends_rows(b'#', b'%'),
        }
    }
}

struct Rewriter {
    dialect: Dialect,
    /// `nullSequence`, where an escape would change it; else empty.
    null: Vec<u8>,
    written: Written,
    state: State,
    out: Vec<u8>,
    /// How many bytes were written before `out`.
    before: u64,
    /// Lines read, up to the current byte.
    read: Lines,
    /// Lines written, up to `counted` in `out`.
    written_lines: Lines,
    counted: usize,
    /// By how many lines the file is further than what is written, as reported last.
    shift: i64,
    facts: SourceFacts,
    /// Where the current record begins in what is written, the cell in it, and how long its text is.
    record: u64,
    cell: usize,
    length: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Before the first byte of a record.
    Record,
    /// After this many bytes of a possible `commentChar`.
    CommentPrefix(usize),
    Comment,
    /// Before the first byte of a cell.
    Cell,
    /// After this many bytes of a possible `nullSequence` at a cell's start.
    NullPrefix(usize),
    Unquoted,
    /// Behind an escape.
    UnquotedEscape,
    Quoted,
    QuotedEscape,
    /// Behind a quote in a quoted cell: its end, or half of a doubled quote.
    Quote,
}

impl Rewriter {
    fn new(dialect: Dialect, facts: SourceFacts) -> Self {
        let written = Written::new(&dialect);
        let lines = Lines::new();
        let null = dialect.null_sequence.clone().unwrap_or_default().into_bytes();
        let is_escaped = |null: &[u8]| dialect.escape.is_some_and(|escape| null.first() == Some(&escape));
        Self {
            null: Some(null).filter(|null| is_escaped(null)).unwrap_or_default(),
            dialect,
            written,
            state: State::Record,
            out: Vec::new(),
            before: 0,
            read: lines,
            written_lines: lines,
            counted: 0,
            shift: 0,
            facts,
            record: 0,
            cell: 0,
            length: 0,
        }
    }

    /// Takes the next byte of the file.
    fn pass(&mut self, byte: u8) {
        self.byte(byte);
        self.read.pass_byte(byte);
    }

    /// Forgets what was written.
    fn clear(&mut self) {
        self.count();
        self.before += self.out.len() as u64;
        self.out.clear();
        self.counted = 0;
    }

    fn count(&mut self) {
        self.written_lines.pass(&self.out[self.counted..]);
        self.counted = self.out.len();
    }

    /// Notes the line of a record whose first quote is written next. What was read of it already,
    /// spaces or a part of `commentChar`, has no line ends.
    fn begin_record(&mut self) {
        self.count();
        (self.record, self.cell) = (self.before + self.out.len() as u64, 0);
        let shift = self.read.line().cast_signed() - self.written_lines.line().cast_signed();
        if shift != self.shift {
            self.shift = shift;
            self.facts.shifts.push(self.record, shift);
        }
    }

    fn byte(&mut self, byte: u8) {
        self.state = match self.state {
            State::Record => self.record(byte),
            State::CommentPrefix(length) => self.comment_prefix(length, byte),
            State::Comment => {
                self.out.push(byte);
                if self.ends_record(byte) { State::Record } else { State::Comment }
            }
            State::Cell if byte == b' ' && self.dialect.skip_initial_space => State::Cell,
            State::Cell if self.null.first() == Some(&byte) => State::NullPrefix(1),
            State::NullPrefix(length) => self.null_prefix(length, byte),
            State::Cell => {
                self.out.push(self.written.quote);
                self.length = 0;
                if Some(byte) == self.dialect.quote { State::Quoted } else { self.unquoted(byte) }
            }
            State::Unquoted => self.unquoted(byte),
            State::UnquotedEscape => self.text(byte, State::Unquoted),
            State::Quoted if Some(byte) == self.dialect.escape => State::QuotedEscape,
            State::Quoted if Some(byte) != self.dialect.quote => self.text(byte, State::Quoted),
            State::Quoted => State::Quote,
            State::QuotedEscape => self.text(byte, State::Quoted),
            State::Quote if Some(byte) == self.dialect.quote && self.dialect.double_quote => {
                self.text(byte, State::Quoted)
            }
            State::Quote => {
                if byte != self.dialect.delimiter && !self.ends_record(byte) {
                    self.facts.strays.push(self.record, Stray { cell: self.cell, at: self.length });
                }
                self.unquoted(byte)
            }
        };
    }

    fn record(&mut self, byte: u8) -> State {
        if self.ends_record(byte) {
            self.out.push(byte);
            return State::Record;
        }
        if self.dialect.comment_char.is_some() {
            return self.comment_prefix(0, byte);
        }
        self.begin_record();
        self.cell(byte)
    }

    /// The first bytes of a record are held back until they are a comment's, or are not.
    fn comment_prefix(&mut self, length: usize, byte: u8) -> State {
        let prefix = self.dialect.comment_char.clone().unwrap_or_default().into_bytes();
        if prefix[length] == byte {
            if length + 1 < prefix.len() {
                return State::CommentPrefix(length + 1);
            }
            self.out.push(self.written.comment);
            return State::Comment;
        }
        self.begin_record();
        self.state = State::Cell;
        prefix[..length].iter().for_each(|byte| self.byte(*byte));
        self.cell_or_on(byte)
    }

    fn cell(&mut self, byte: u8) -> State {
        self.state = State::Cell;
        self.cell_or_on(byte)
    }

    fn cell_or_on(&mut self, byte: u8) -> State {
        self.byte(byte);
        self.state
    }

    /// The first bytes of a cell are held back until they are the whole cell, or are not.
    fn null_prefix(&mut self, length: usize, byte: u8) -> State {
        if self.null.get(length) == Some(&byte) {
            return State::NullPrefix(length + 1);
        }
        let ends_cell = byte == self.dialect.delimiter || self.ends_record(byte);
        self.end_null_prefix(length, ends_cell);
        self.byte(byte);
        self.state
    }

    /// Begins a cell with the first `length` bytes of the `nullSequence`: as they are where they are that and the
    /// cell ends, else as text with escapes.
    fn end_null_prefix(&mut self, length: usize, ends_cell: bool) {
        self.out.push(self.written.quote);
        (self.length, self.state) = (0, State::Unquoted);
        let is_null = ends_cell && length == self.null.len();
        for at in 0..length {
            let byte = self.null[at];
            if is_null {
                self.text(byte, State::Unquoted);
            } else {
                self.byte(byte);
            }
        }
    }

    fn unquoted(&mut self, byte: u8) -> State {
        if Some(byte) == self.dialect.escape {
            State::UnquotedEscape
        } else if byte == self.dialect.delimiter {
            self.out.extend_from_slice(&[self.written.quote, self.written.delimiter]);
            self.cell += 1;
            State::Cell
        } else if self.ends_record(byte) {
            self.out.extend_from_slice(&[self.written.quote, byte]);
            State::Record
        } else {
            self.text(byte, State::Unquoted)
        }
    }

    fn text(&mut self, byte: u8, next: State) -> State {
        if byte == self.written.quote {
            self.out.push(byte);
        }
        self.out.push(byte);
        self.length += 1;
        next
    }

    fn ends_record(&self, byte: u8) -> bool {
        match self.dialect.line_terminator {
            Some(terminator) => byte == terminator,
            None => byte == b'\n' || byte == b'\r',
        }
    }

    /// Closes the last cell. One whose own quote is missing stays open, for the parser to say so.
    fn end(&mut self) {
        match self.state {
            State::CommentPrefix(length) => {
                let prefix = self.dialect.comment_char.clone().unwrap_or_default().into_bytes();
                self.begin_record();
                self.state = State::Cell;
                prefix[..length].iter().for_each(|byte| self.byte(*byte));
                self.end();
            }
            State::NullPrefix(length) => {
                self.end_null_prefix(length, true);
                self.end();
            }
            State::Cell => self.out.extend_from_slice(&[self.written.quote; 2]),
            State::UnquotedEscape => {
                // An escape that escapes nothing is text.
                if let Some(escape) = self.dialect.escape {
                    self.text(escape, State::Unquoted);
                }
                self.out.push(self.written.quote);
            }
            State::Unquoted | State::Quote => self.out.push(self.written.quote),
            State::Record | State::Comment | State::Quoted | State::QuotedEscape => {}
        }
    }
}

#[cfg(test)]
mod tests;
