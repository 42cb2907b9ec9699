//! Writes a file in chunks. Between two of them nothing runs, so that who sends them can wait.

use std::time::{Duration, Instant};

use super::index::{FileIndex, Mark, STEP};
use crate::error::Error;
use crate::plan::Node;
use crate::query::{Opened, Prepared, Scanned};
use crate::reader::Reader;
use crate::response::FileWriter;
use crate::sql::{Scan, Statement};

/// Bytes after which a chunk ends: few to keep for a client that waits, many enough that what a chunk costs
/// by itself does not show.
const CHUNK: usize = 64 * 1024;

/// Time after which a chunk ends where rows are far between.
const SLICE: Duration = Duration::from_millis(50);

/// How the rows of a file are read.
pub(crate) enum FilePlan {
    Scan(Scan),
    Statement(Statement),
}

/// What they are read from.
pub(crate) enum Source<'a> {
    Scanned(Scanned<'a>),
    Prepared(Prepared<'a>),
}

/// A file that is being written.
pub(crate) struct Producer<'s, 'a> {
    reader: &'a Reader,
    rows: Opened<'s, 'a>,
    writer: FileWriter,
    /// What stands before the first row, until it is written.
    before: Vec<u8>,
    /// The place of the next row.
    next: Mark,
    /// The bytes that are wanted: from the first to before the second.
    wanted: (u64, u64),
    /// Places that are noted, where they are.
    marks: Option<Vec<Mark>>,
    ended: bool,
}

impl FilePlan {
    /// Of the rows of the tree `root`. Errors: those of finding where it begins.
    pub(crate) fn of(reader: &Reader, root: &Node, time: Duration) -> Result<Self, Error> {
        if let Some(scan) = Scan::of(root)
            && Scanned::new(reader.release.pages(), &scan, &root.table).is_some()
        {
            return Ok(Self::Scan(scan));
        }
        let (connection, _limited) = reader.release.limited(time)?;
        reader.statement(root, connection).map(Self::Statement)
    }

    /// Errors: SQLite's.
    pub(crate) fn source<'a>(&'a self, reader: &'a Reader, root: &'a Node) -> Result<Source<'a>, Error> {
        match self {
            Self::Scan(scan) => Scanned::new(reader.release.pages(), scan, &root.table)
                .map(Source::Scanned)
                .ok_or_else(|| Error::release("a table's pages can't be read any more")),
            Self::Statement(statement) => {
                Prepared::new(reader.release.connection()?, statement, None).map(Source::Prepared)
            }
        }
    }
}

impl<'a> Source<'a> {
    fn begin(&self, writer: &FileWriter, out: &mut Vec<u8>) {
        match self {
            Self::Scanned(rows) => writer.begin(rows, out),
            Self::Prepared(rows) => writer.begin(rows, out),
        }
    }

    fn open(&mut self) -> Opened<'_, 'a> {
        match self {
            Self::Scanned(rows) => rows.open(),
            Self::Prepared(rows) => rows.open(),
        }
    }
}

impl<'s, 'a> Producer<'s, 'a> {
    /// Of the rows of `source`, which begins at `mark`; the bytes `wanted` of the file, from the first to
    /// before the second.
    pub(crate) fn new(
        reader: &'a Reader,
        source: &'s mut Source<'a>,
        writer: FileWriter,
        mark: Mark,
        wanted: (u64, u64),
    ) -> Self {
        let mut before = vec![];
        if mark.at == 0 {
            source.begin(&writer, &mut before);
        }
        Self { reader, rows: source.open(), writer, before, next: mark, wanted, marks: None, ended: false }
    }

    /// Notes places.
    pub(crate) fn with_index(self) -> Self {
        Self { marks: Some(vec![]), ..self }
    }

    /// Whether there is nothing more.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended
    }

    /// What was noted, behind the last chunk.
    pub(crate) fn into_index(self) -> FileIndex {
        FileIndex { length: self.next.at, marks: self.marks.unwrap_or_default(), ..FileIndex::default() }
    }

    /// Writes the next bytes into `out`, which is empty: some, or none where rows are far between, and then
    /// there may be more. Errors: from one row to the next it took longer than `time`; and those of reading.
    pub(crate) fn chunk(&mut self, out: &mut Vec<u8>, time: Duration) -> Result<(), Error> {
        let first = self.next.at;
        out.append(&mut self.before);
        let is_sparse = self.rows.is_sparse();
        let start = Instant::now();
        let mut limited = None;
        if is_sparse {
            limited = Some(self.reader.release.limited(time)?);
        }
        while out.len() < CHUNK && first + (out.len() as u64) < self.wanted.1 {
            if is_sparse && start.elapsed() >= SLICE {
                break;
            }
            let Some(mut row) = self.rows.next()? else {
                self.writer.end(out);
                self.ended = true;
                break;
            };
            self.next.at = first + out.len() as u64;
            if let Some(marks) = &mut self.marks
                && self.next.rows > 0
                && self.next.at >= marks.last().map_or(0, |mark| mark.at) + STEP
            {
                marks.push(self.next);
            }
            self.writer.row(&mut row, self.next.rows == 0, out)?;
            (self.next.rows, self.next.rowid) = (self.next.rows + 1, row.rowid);
        }
        drop(limited);
        self.next.at = first + out.len() as u64;
        self.ended |= self.next.at >= self.wanted.1;
        self.cut(first, out);
        Ok(())
    }

    /// Leaves the bytes that are wanted.
    fn cut(&self, first: u64, out: &mut Vec<u8>) {
        let (start, end) = self.wanted;
        let behind = end.saturating_sub(first).min(out.len() as u64);
        out.truncate(usize::try_from(behind).unwrap_or(usize::MAX));
        let before = start.saturating_sub(first).min(out.len() as u64);
        out.drain(..usize::try_from(before).unwrap_or(usize::MAX));
    }
}
