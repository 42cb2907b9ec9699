//! Text after the quote that closes a cell, to which RFC 4180 gives no meaning (section 2, rules 5 to 7).
//!
//! csv-core adds it to the cell, as Python's csv does. What was meant is not what is read then, so
//! it is looked for here, in the bytes as they were before the quotes went. A quote within a cell
//! that does not begin with one is text, as every reader takes it, and no matter of this file.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use memchr::memchr_iter;

use datapackage::cell::{CellProblem, quoted};
use datapackage::finding::Code;
use datapackage::schema::Dialect;

/// A cell with text after its closing quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stray {
    /// The cell's index in its record.
    pub(crate) cell: usize,
    /// Where that text begins in the cell as it was read, in bytes.
    pub(crate) at: usize,
}

impl Stray {
    /// The problem of `cell`, which was read from a file in `dialect`.
    pub(crate) fn problem(self, cell: &str, dialect: &Dialect) -> CellProblem {
        let (within, behind) = cell.split_at_checked(self.at).unwrap_or((cell, ""));
        let quote = char::from(dialect.quote.unwrap_or(b'"'));
        let doubled = format!("double each quote that belongs to the text: {quote}{quote}");
        let help = match within.chars().next_back() {
            _ if behind.trim().is_empty() => "remove the white space after the quote".to_owned(),
            _ if behind.starts_with(quote) && !dialect.double_quote => {
                "`doubleQuote` is false, so two quotes don't mean one".to_owned()
            }
            Some(last @ ('\\' | '^' | '`')) if dialect.escape.is_none() => {
                let escape = if last == '\\' { "\\\\".to_owned() } else { last.to_string() };
                format!(
                    "if `{last}` escapes quotes in this file, set `\"escapeChar\": \"{escape}\"`; otherwise {doubled}"
                )
            }
            _ => match dialect.escape {
                Some(escape) if !dialect.double_quote => {
                    format!("write `{}` before each quote that belongs to the text", char::from(escape))
                }
                _ => doubled,
            },
        };
        let message = format!("{} follows the quote that closes the cell", quoted(behind));
        CellProblem { code: Code::StrayQuote, message, help: Some(help) }
    }
}

/// Finds strays in the bytes of records.
pub(super) struct Quotes {
    quote: u8,
    delimiter: u8,
    double: bool,
    terminator: Option<u8>,
    state: State,
    cell: usize,
    /// How much of the cell's text has come.
    length: usize,
}

#[derive(Clone, Copy)]
enum State {
    /// Before the first byte of a cell.
    Start,
    Unquoted,
    Quoted,
    /// Behind a quote in a quoted cell: its end, or half of a doubled quote.
    Quote,
}

impl Quotes {
    /// `None` where a file has no quotes.
    pub(super) fn new(dialect: &Dialect) -> Option<Self> {
        Some(Self {
            quote: dialect.quote?,
            delimiter: dialect.delimiter,
            double: dialect.double_quote,
            terminator: dialect.line_terminator,
            state: State::Start,
            cell: 0,
            length: 0,
        })
    }

    /// Whether a record, all of it, has no strays. Looks at its quotes only.
    pub(super) fn are_clean(&self, record: &[u8]) -> bool {
        let mut quotes = memchr_iter(self.quote, record);
        while let Some(open) = quotes.next() {
            if open > 0 && record[open - 1] != self.delimiter {
                continue;
            }
            while let Some(quote) = quotes.next() {
                match record.get(quote + 1) {
                    Some(next) if *next == self.quote && self.double => drop(quotes.next()),
                    Some(next) if *next != self.delimiter && !self.ends_record(*next) => return false,
                    _ => break,
                }
            }
        }
        true
    }

    /// Before the first byte of a record.
    pub(super) fn begin(&mut self) {
        (self.state, self.cell, self.length) = (State::Start, 0, 0);
    }

    /// The next bytes of a record.
    pub(super) fn pass(&mut self, bytes: &[u8], strays: &mut Vec<Stray>) {
        for byte in bytes {
            self.state = match self.state {
                State::Start if *byte == self.quote => {
                    self.length = 0;
                    State::Quoted
                }
                State::Quoted if *byte == self.quote => State::Quote,
                State::Quote if *byte == self.quote && self.double => {
                    self.length += 1;
                    State::Quoted
                }
                State::Quoted => {
                    self.length += 1;
                    State::Quoted
                }
                _ if *byte == self.delimiter => {
                    self.cell += 1;
                    State::Start
                }
                State::Quote if !self.ends_record(*byte) => {
                    strays.push(Stray { cell: self.cell, at: self.length });
                    State::Unquoted
                }
                _ => State::Unquoted,
            };
        }
    }

    fn ends_record(&self, byte: u8) -> bool {
        match self.terminator {
            Some(terminator) => byte == terminator,
            None => byte == b'\n' || byte == b'\r',
        }
    }
}

/// The strays of a file that is rewritten on its way: a queue from who writes to who reads. Clones
/// share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strays(Rc<RefCell<VecDeque<(u64, Stray)>>>);

impl Strays {
    /// There is one in the record that begins at `offset`, in bytes of the rewritten text.
    pub(super) fn push(&self, offset: u64, stray: Stray) {
        self.0.borrow_mut().push_back((offset, stray));
    }

    /// Moves those of the record that begins at `offset` to `strays`.
    pub(super) fn take(&self, offset: u64, strays: &mut Vec<Stray>) {
        let mut queue = self.0.borrow_mut();
        let own = queue.iter().take_while(|(from, _)| *from <= offset).count();
        strays.extend(queue.drain(..own).map(|(_, stray)| stray));
    }
}
