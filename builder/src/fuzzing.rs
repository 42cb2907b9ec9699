//! What the fuzz targets in fuzz/ need to see of files and databases, which are nobody else's business.

use std::io::{self, Read};
use std::path::Path;

use encoding_rs::UTF_8;
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};

use crate::database::{Adopted, ColumnFormat, PageFile, RowError, TableWriter, adopt, create, open_to_write};
use crate::failure::Failure;
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

/// Writes a database at `file`, which does not exist, with a table `t` of these rows as b-tree pages, and opens it.
/// Each row has `width` values, in columns of the type ANY. Errors: those of writing.
pub fn table(file: &Path, width: usize, rows: &[Vec<Value>]) -> Result<Connection, Failure> {
    let sqlite = Failure::sqlite;
    let io = || Failure::io("write", file);
    create(file).map_err(sqlite("can't create the database"))?;
    let mut pages = PageFile::open(file).map_err(io())?;
    let mut writer = TableWriter::new(vec![ColumnFormat::Any { required: false }; width]);
    for row in rows {
        writer.row(&mut pages, row.iter().map(ValueRef::from)).map_err(|error| match error {
            RowError::Constraint => Failure::Refused("a column of the type ANY refused a value".into()),
            RowError::Io(error) => io()(error),
        })?;
    }
    let root = writer.finish(&mut pages).map_err(io())?;
    pages.finish().map_err(io())?;
    let columns: Vec<String> = (0..width).map(|column| format!("c{column} ANY")).collect();
    let sql = format!("CREATE TABLE t({}) STRICT", columns.join(", "));
    let connection = open_to_write(file).map_err(sqlite("can't open the database"))?;
    adopt(&connection, std::iter::once(Adopted { kind: "table", name: "t".into(), table: "t", root, sql }))
        .map_err(sqlite("can't read the schema"))?;
    Ok(connection)
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
