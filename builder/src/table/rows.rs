//! The files of a table -> checked rows, in batches.
//!
//! Every row of a file becomes a row here, also a wrong one: what can't be read of it is null,
//! so that a row's number in the table is its number in the files. Deliberately absent: where
//! the rows go, and what needs more than one row to be checked.

mod values;

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use catalog::{ColumnType, SourceFile};

use super::batch::{Batch, Batches};
use super::content::ContentWriter;
use super::delimiter;
use super::field_use::FieldUse;
use super::file::{DataRows, Found, not_utf8, stray_quote, too_long, unclosed_quote};
use super::header::Columns;
use super::records::{Next, Record, Records, TextRecord};
use super::row_findings::{control_character, empty_row, only_words, unreadable, whole_file, wrong_width};
use super::source::{Input, Mismatch};
pub(crate) use super::wanted::{Ended, Summary, Wanted};
use crate::progress::Progress;
use datapackage::cell::{Parser, Value};
use datapackage::finding::{Column, Finding, Findings};
use datapackage::schema::{DataFile, Field};

/// Reads all files of a table. Problems in the data, unreadable files included, go to `findings`.
pub(crate) fn read(
    wanted: &Wanted<'_>,
    findings: &mut Findings,
    progress: &Progress,
    batches: &mut Batches<'_>,
) -> Ended {
    let table = wanted.table;
    let fields = FieldUse::all(wanted);
    let mut parsers = fields.iter().map(|field| &field.parser);
    let content = wanted
        .digest
        .map(|schema| ContentWriter::new(schema, wanted.ascending.is_some(), batches.returns.clone()));
    let is_optional = |field: &Field| !field.required;
    let mut state = Rows {
        wanted,
        findings,
        batches,
        empty_is_missing: parsers.clone().all(|parser| parser.is_missing("")),
        may_have_words_only: fields.len() > 1
            && parsers.any(Parser::has_missing_words)
            && table.fields.iter().all(is_optional),
        fields,
        nan: BTreeSet::new(),
        spellings: vec![None; table.fields.len()],
        respelled: false,
        batch: Batch::default(),
        content,
        last_key: None,
        ascends: true,
        rows: 0,
        unread: BTreeSet::new(),
        problems: vec![],
        progress,
    };
    let mut sources = Vec::with_capacity(table.files.len());
    for file in &table.files {
        let path = format!("{}/{}", wanted.datasets, file.path);
        match state.file(file, &path) {
            Ok(source) => sources.extend(source),
            Err(Interrupted::End(ended)) => return ended,
            Err(Interrupted::Io(error)) => {
                state.unread.extend(0..table.fields.len());
                state.findings.push(unreadable(&path, &error));
            }
        }
        if wanted.stop_at_error && state.findings.has_errors() {
            return Ended::Stopped;
        }
    }
    if !state.nan.is_empty() {
        return Ended::NaN(state.nan);
    }
    if !state.batch.is_empty()
        && let Err(ended) = state.hand_over()
    {
        return ended;
    }
    let content = state.content.map(ContentWriter::finish);
    let (nan, respelled) = (wanted.nan.to_vec(), state.respelled);
    let (rows, unread) = (state.rows, state.unread);
    let summary = Summary { rows, unread, content, tree: None, sources, nan, respelled };
    Ended::Complete(Box::new(summary))
}

struct Rows<'a, 'b> {
    wanted: &'a Wanted<'a>,
    findings: &'a mut Findings,
    batches: &'a mut Batches<'b>,
    fields: Vec<FieldUse>,
    /// Whether an empty cell means "no value" in every field.
    empty_is_missing: bool,
    /// Whether a row can do without values by words that mean so.
    may_have_words_only: bool,
    /// The number fields that turn out to have NaN: from then on the rest is only read to find the
    /// others.
    nan: BTreeSet<usize>,
    /// Of the datetimes in keys, the spelling of the first.
    spellings: Vec<Option<(String, usize)>>,
    respelled: bool,
    batch: Batch,
    content: Option<ContentWriter>,
    last_key: Option<i64>,
    ascends: bool,
    rows: u64,
    /// The fields with a value that could not be read.
    unread: BTreeSet<usize>,
    /// Of the row that is read: findings need its line, which is looked up when there are any.
    problems: Vec<Found>,
    progress: &'a Progress,
}

/// Why plain records were not read to the last.
#[derive(Default)]
struct Stop {
    /// The last one has a problem, or filled the batch.
    ends_early: bool,
    full: bool,
}

/// Why a file was not read to its end.
enum Interrupted {
    Io(io::Error),
    End(Ended),
}

impl From<Ended> for Interrupted {
    fn from(ended: Ended) -> Self {
        Self::End(ended)
    }
}

impl From<io::Error> for Interrupted {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Rows<'_, '_> {
    fn file(&mut self, file: &DataFile, path: &str) -> Result<Option<SourceFile>, Interrupted> {
        let table = self.wanted.table;
        let opened = DataRows::open(table, file, path, self.wanted.digest.is_some(), self.findings)?;
        let Some(DataRows { mut records, columns, comments }) = opened else {
            self.unread.extend(0..table.fields.len());
            return Ok(None);
        };
        self.unread.extend((0..table.fields.len()).filter(|field| columns.cells[*field].is_none()));
        let aligned = columns.are_fields();
        let before = self.rows;
        let mut more = true;
        while more {
            if aligned && comments.is_empty() {
                let stop = self.plain(&mut records, &columns)?;
                if stop.ends_early {
                    if !self.problems.is_empty() {
                        self.report(&mut records, &columns, path);
                    }
                    if stop.full {
                        self.hand_over()?;
                    }
                    continue;
                }
            }
            let mut full = false;
            match records.next()? {
                Next::End => break,
                Next::Record(record) if comments.contains(&record.row()) => {}
                Next::Record(record) => {
                    let text = record.text();
                    match text {
                        Ok(row) if aligned && record.is_plain() && row.len() == columns.cells.len() => {
                            self.aligned(row, &columns);
                        }
                        Ok(row) => match delimiter::of_row(table, row).filter(|_| self.rows == before) {
                            Some(found) => {
                                self.problems.push(found);
                                self.not_read(&columns);
                                more = false;
                            }
                            None => self.remapped(record, row, &columns),
                        },
                        Err(cell) => self.not_utf8(record, cell, &columns),
                    }
                    if record.may_have_controls()
                        && let Ok(row) = text
                    {
                        self.controls(row, &columns);
                    }
                    full = self.end_row()?;
                }
                Next::TooLong => {
                    self.problems.push(too_long());
                    self.unread.extend(0..columns.cells.len());
                    more = false;
                }
                Next::UnclosedQuote => {
                    self.problems.push(unclosed_quote());
                    self.unread.extend(0..columns.cells.len());
                    more = false;
                }
            }
            if !self.problems.is_empty() {
                self.report(&mut records, &columns, path);
            }
            if full {
                self.hand_over()?;
            }
        }
        let finished = records.into_input().finish(file)?;
        for Mismatch { code, message } in finished.mismatches {
            self.findings.push(whole_file(path, code, message));
        }
        Ok(finished.source)
    }

    /// The plain records that are next in the buffer: up to one with a problem, and to one that fills the batch.
    fn plain(&mut self, records: &mut Records<Input>, columns: &Columns) -> Result<Stop, Ended> {
        let mut stop = Stop::default();
        let Some(mut plain) = records.plain(columns.cells.len()) else { return Ok(stop) };
        let may_have_controls = plain.may_have_controls;
        while let Some(row) = plain.next() {
            self.aligned(row, columns);
            if may_have_controls {
                self.controls(row, columns);
            }
            stop.full = self.end_row()?;
            stop.ends_early = stop.full || !self.problems.is_empty();
            if stop.ends_early {
                break;
            }
        }
        let passed = plain.passed();
        records.pass(passed);
        Ok(stop)
    }

    /// A row whose cells are the fields, in order: the usual case, and the fast one.
    #[inline(always)]
    fn aligned(&mut self, row: TextRecord<'_>, columns: &Columns) {
        for (index, cell) in row.cells().enumerate() {
            self.cell(index, index, cell);
        }
        if self.may_have_words_only {
            self.words_only(row, columns);
        }
    }

    /// A row of a file whose columns are not the fields, or that has no text, too few or too many
    /// cells, or text after a quote that closes a cell.
    #[cold]
    fn remapped(&mut self, record: Record<'_>, row: TextRecord<'_>, columns: &Columns) {
        let width = columns.fields.len();
        if record.is_empty() && row.len() > 1 && self.empty_is_missing {
            self.problems.push(empty_row());
            return self.nulls(columns);
        }
        let strays = record.strays();
        let dialect = &self.wanted.table.dialect;
        self.problems.extend(strays.iter().map(|stray| stray_quote(*stray, row, dialect)));
        if row.len() != width {
            // Which column a cell belongs to is not known: more problems would come of this one alone.
            if strays.is_empty() {
                self.problems.push(wrong_width(self.wanted.table, row, columns));
            }
            return self.not_read(columns);
        }
        for field in 0..columns.cells.len() {
            match columns.cells[field] {
                Some(cell) if strays.iter().all(|stray| stray.cell != cell) => {
                    self.cell(field, cell, row.cell(cell));
                }
                Some(_) => self.not_read_value(field),
                None => self.value(field, &Value::Null),
            }
        }
        if self.may_have_words_only && strays.is_empty() {
            self.words_only(row, columns);
        }
    }

    /// Reports the control characters in texts. Cells of other types have none that are valid, and the items of
    /// a list are stored as JSON, which escapes them.
    #[cold]
    fn controls(&mut self, row: TextRecord<'_>, columns: &Columns) {
        if row.len() != columns.fields.len() {
            return;
        }
        for (index, cell) in row.cells().enumerate() {
            let field = columns.fields.get(index).copied().flatten();
            let holds_any = |field: usize| {
                let known = self.wanted.table.fields[field].field_type;
                matches!(known, ColumnType::String | ColumnType::Any)
            };
            if field.is_some_and(holds_any) {
                self.problems.extend(control_character(index, cell));
            }
        }
    }

    /// Warns of a row that has words for no value in place of values.
    #[inline(never)]
    fn words_only(&mut self, row: TextRecord<'_>, columns: &Columns) {
        let mut cells = columns.cells.iter().zip(&self.fields);
        if !cells.all(|(cell, field)| cell.is_none_or(|cell| field.parser.is_missing(row.cell(cell)))) {
            return;
        }
        let mut cells = columns.cells.iter().flatten().map(|cell| row.cell(*cell));
        if let Some(word) = cells.find(|cell| !cell.is_empty()) {
            self.problems.push(only_words(word));
        }
    }

    fn nulls(&mut self, columns: &Columns) {
        for field in 0..columns.cells.len() {
            self.value(field, &Value::Null);
        }
    }

    #[cold]
    fn not_utf8(&mut self, record: Record<'_>, cell: usize, columns: &Columns) {
        self.problems.push(not_utf8(record, cell));
        self.not_read(columns);
    }

    /// Ends the row; true where the batch is full.
    fn end_row(&mut self) -> Result<bool, Ended> {
        self.rows += 1;
        if !self.ascends {
            return Err(Ended::NotAscending);
        }
        // The key that ascends is the row number.
        Ok(self.batch.end_row(self.last_key.unwrap_or_else(|| self.rows.cast_signed())))
    }

    fn hand_over(&mut self) -> Result<(), Ended> {
        self.progress.rows(self.rows);
        let batch = std::mem::take(&mut self.batch);
        if self.wanted.stop_at_error && self.findings.has_errors() {
            return Err(Ended::Stopped);
        }
        let is_wanted = self.content.is_some() || !self.wanted.kept.is_empty();
        if !is_wanted || !self.nan.is_empty() {
            self.batch = batch.cleared();
            return Ok(());
        }
        let batch = Arc::new(batch);
        self.content = self.content.take().map(|content| content.add(Arc::clone(&batch)));
        if !(self.batches.give)(&batch) {
            return Err(Ended::Stopped);
        }
        self.batches.returns.give(batch);
        self.batch = self.batches.empty.try_recv().unwrap_or_default();
        Ok(())
    }

    /// Moves the row's problems to the findings.
    #[cold]
    fn report(&mut self, records: &mut Records<Input>, columns: &Columns, path: &str) {
        let line = records.line();
        for (cell, problem, severity) in self.problems.drain(..) {
            let field = cell.and_then(|cell| columns.fields.get(cell).copied().flatten());
            let column = cell.zip(field).map(|(cell, field)| Column {
                number: cell + 1,
                name: self.wanted.table.fields[field].name.clone(),
            });
            let message = match &column {
                Some(column) => format!("column `{}`: {}", column.name, problem.message),
                None => problem.message,
            };
            self.findings.push(Finding {
                path: path.to_owned(),
                line: Some(line),
                column,
                code: problem.code,
                severity,
                message,
                help: problem.help,
            });
        }
    }
}
