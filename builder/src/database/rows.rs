//! The rows of all tables and their indexes into the database's file, as b-trees that its schema does not know yet.

use std::path::{Path, PathBuf};

use super::btree::{PageFile, RowError, TableWriter};
use super::index::{IndexKeys, WrittenIndex};
use super::layout::{Index, Layout};
use super::load::BuildError;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::table::batch::{Batch, values};
use crate::table::pipeline::Store;
use crate::table::rows::Summary;
use datapackage::schema::Table;

/// How many bytes of a table's indexes are sorted in memory.
const INDEX_MEMORY: usize = 4 * 1024 * 1024;

/// Takes the rows of all tables, in order.
pub(super) struct Rows<'a> {
    file: PageFile,
    /// Where temporary files go.
    directory: PathBuf,
    progress: &'a Progress,
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
    /// One for each index, without those that SQLite makes.
    indexes: Vec<Option<IndexKeys>>,
}

/// A table whose rows are in the file.
pub(super) struct Written {
    /// Whether its key ascends, as in [`Layout::new`].
    pub(super) ascends: bool,
    /// Where its b-tree starts.
    pub(super) root: u32,
    /// One for each of [`Layout::indexes`], without those that SQLite has to make.
    pub(super) indexes: Vec<Option<WrittenIndex>>,
    /// What is known of its rows.
    pub(super) summary: Summary,
}

impl<'a> Rows<'a> {
    /// No rows yet: those of `tables` are appended to `file`. Temporary files go to `directory`.
    pub(super) fn new(
        file: PageFile,
        directory: &Path,
        tables: &'a [&'a Table],
        progress: &'a Progress,
    ) -> Self {
        let written = Vec::with_capacity(tables.len());
        Self { file, directory: directory.to_owned(), progress, tables, current: None, written }
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
        let layout = Layout::new(self.tables[table], ascends, nan);
        let indexes = layout.indexes();
        let memory = INDEX_MEMORY / indexes.len().max(1);
        let keys = |index: Index| {
            let is_sorted_run = layout.is_sorted_run(&index);
            is_sorted_run.then(|| IndexKeys::new(index.fields, index.unique, &self.directory, memory))
        };
        let indexes = indexes.into_iter().map(keys).collect();
        let writer = TableWriter::new(layout.columns());
        self.current = Some(Current { table, ascends, first, writer, indexes });
        Ok(())
    }

    fn batch(&mut self, batch: &Batch) -> Result<(), BuildError> {
        let Some(Current { writer, indexes, .. }) = &mut self.current else { return Ok(()) };
        let mut indexed = vec![];
        for (_, row) in batch.rows() {
            let number = writer.row(&mut self.file, values(row)).map_err(refused)?;
            if !indexes.is_empty() {
                indexed.clear();
                indexed.extend(values(row));
            }
            for index in indexes.iter_mut().flatten() {
                index.row(number, &indexed).map_err(refused)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, table: usize, summary: Summary) -> Result<(), BuildError> {
        let Some(Current { ascends, writer, indexes, .. }) = self.current.take() else { return Ok(()) };
        let root = writer.finish(&mut self.file).map_err(failed)?;
        let mut written = Vec::with_capacity(indexes.len());
        for keys in indexes {
            written.push(match keys {
                Some(keys) => {
                    self.progress.step(&format!("indexing {}", self.tables[table].name));
                    Some(keys.write(&mut self.file).map_err(refused)?)
                }
                None => None,
            });
        }
        self.written.push(Written { ascends, root, indexes: written, summary });
        Ok(())
    }
}

/// A value that the table's declaration refuses is a matter of the data: of a row that has a finding already, or of
/// a duplicate key.
fn refused(error: RowError) -> BuildError {
    match error {
        RowError::Constraint => BuildError::Data,
        RowError::Io(error) => failed(error),
    }
}

fn failed(error: std::io::Error) -> BuildError {
    BuildError::Failure(Failure::Io { tried: "can't write the database".to_owned(), error })
}
