//! The rows of all tables into the database's file, as b-trees that its schema does not know yet.

use super::btree::{PageFile, RowError, TableWriter};
use super::layout::Layout;
use super::load::BuildError;
use crate::failure::Failure;
use crate::table::batch::Batch;
use crate::table::pipeline::Store;
use crate::table::rows::Summary;
use datapackage::schema::Table;

/// Takes the rows of all tables, in order.
pub(super) struct Rows<'a> {
    file: PageFile,
    tables: &'a [&'a Table],
    current: Option<Current>,
    written: Vec<Written>,
}

/// The table whose rows are taken.
struct Current {
    table: usize,
    ascends: bool,
    /// The file's first page that is the table's.
    first: u32,
    writer: TableWriter,
}

/// A table whose rows are in the file.
pub(super) struct Written {
    /// Whether its key ascends, as in [`Layout::new`].
    pub(super) ascends: bool,
    /// Where its b-tree starts.
    pub(super) root: u32,
    /// What is known of its rows.
    pub(super) summary: Summary,
}

impl<'a> Rows<'a> {
    /// No rows yet: those of `tables` are appended to `file`.
    pub(super) fn new(file: PageFile, tables: &'a [&'a Table]) -> Self {
        Self { file, tables, current: None, written: Vec::with_capacity(tables.len()) }
    }

    /// The tables whose rows were all read. Errors: those of writing.
    pub(super) fn finish(self) -> Result<Vec<Written>, BuildError> {
        self.file.finish().map_err(failed)?;
        Ok(self.written)
    }
}

impl Store for Rows<'_> {
    type Error = BuildError;

    fn begin(&mut self, table: usize, ascends: bool, nan: &[usize]) -> Result<(), BuildError> {
        let first = match self.current.take() {
            Some(begun) if begun.table == table => {
                self.file.truncate(begun.first).map_err(failed)?;
                begun.first
            }
            _ => self.file.next(),
        };
        let writer = TableWriter::new(Layout::new(self.tables[table], ascends, nan).columns());
        self.current = Some(Current { table, ascends, first, writer });
        Ok(())
    }

    fn batch(&mut self, batch: &Batch) -> Result<(), BuildError> {
        let Some(Current { writer, .. }) = &mut self.current else { return Ok(()) };
        for row in 0..batch.rows() {
            writer.row(&mut self.file, batch.row(row)).map_err(|error| match error {
                // The row has a finding already.
                RowError::Constraint => BuildError::Data,
                RowError::Io(error) => failed(error),
            })?;
        }
        Ok(())
    }

    fn end(&mut self, _: usize, summary: Summary) -> Result<(), BuildError> {
        if let Some(Current { ascends, writer, .. }) = self.current.take() {
            let root = writer.finish(&mut self.file).map_err(failed)?;
            self.written.push(Written { ascends, root, summary });
        }
        Ok(())
    }
}

fn failed(error: std::io::Error) -> BuildError {
    BuildError::Failure(Failure::Io { tried: "can't write the database".to_owned(), error })
}
