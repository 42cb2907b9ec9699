//! What the fuzz targets in fuzz/ need to see of the tables, which are nobody else's business.

use std::io::{self, Read};
use std::path::Path;

use encoding_rs::UTF_8;

use crate::table::records::{Next, Records};
use crate::table::source::Input;
use datapackage::schema::{DataFile, Dialect};

/// A record of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line it starts on, from 1.
    pub line: u64,
    /// Its number among the file's rows, from 1.
    pub number: u64,
    /// Its cells, unquoted.
    pub cells: Vec<Vec<u8>>,
}

/// How a file ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// As it should.
    Complete,
    /// Within quotes that begin in the record on this line.
    UnclosedQuote(u64),
    /// With a record that is too large.
    TooLong,
}

/// The records of a CSV file in UTF-8, read at most `step` bytes at a time. Errors: those of
/// reading.
pub fn records(file: &Path, dialect: &Dialect, step: usize) -> io::Result<(Vec<Row>, End)> {
    let (input, dialect, facts) = Input::open(&DataFile::plain(file), UTF_8, dialect, false)?;
    let mut records = Records::new(Steps { input, step }, &dialect).rewritten(facts);
    let mut rows = vec![];
    loop {
        let (number, cells) = match records.next()? {
            Next::Record(record) => {
                (record.row(), (0..record.len()).map(|cell| record.cell(cell).to_owned()).collect())
            }
            Next::End => return Ok((rows, End::Complete)),
            Next::UnclosedQuote => return Ok((rows, End::UnclosedQuote(records.line()))),
            Next::TooLong => return Ok((rows, End::TooLong)),
        };
        rows.push(Row { line: records.line(), number, cells });
    }
}

struct Steps {
    input: Input,
    step: usize,
}

impl Read for Steps {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.step.min(buffer.len());
        self.input.read(&mut buffer[..length])
    }
}
