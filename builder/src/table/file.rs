//! A data file, opened: its header read, its first data row next.

use std::io;

use super::delimiter;
use super::header::Columns;
use super::quotes::Stray;
use super::records::{MAX_CELLS, MAX_RECORD, Next, Record, Records, TextRecord};
use super::source::Input;
use datapackage::cell::CellProblem;
use datapackage::finding::{Code, Finding, Findings, Severity};
use datapackage::schema::{DataFile, Dialect, Table};

/// The data rows of a file.
pub(crate) struct DataRows<'a> {
    /// Gives the rows that follow the header.
    pub(crate) records: Records<Input>,
    /// Where their cells belong.
    pub(crate) columns: Columns,
    /// The numbers of the comment rows (`commentRows`).
    pub(crate) comments: &'a [u64],
}

/// A problem, with the index of the cell that it concerns.
pub(crate) type Found = (Option<usize>, CellProblem, Severity);

impl<'a> DataRows<'a> {
    /// Opens a file of `table` and reads its header. Problems of the header go to
    /// `findings`, under the name `path`; `None` where no row can be read for it. Errors: those
    /// of reading.
    pub(crate) fn open(
        table: &'a Table,
        file: &DataFile,
        path: &str,
        digest: bool,
        findings: &mut Findings,
    ) -> io::Result<Option<Self>> {
        let comments = &table.dialect.comment_rows[..];
        let (input, dialect, facts) = Input::open(file, table.encoding, &table.dialect, digest)?;
        let mut records = Records::new(input, &dialect).rewritten(facts);
        if !table.dialect.header {
            return Ok(Some(Self { records, columns: Columns::by_position(table), comments }));
        }
        let names = names(table, &mut records)?;
        let names = names.and_then(|names| delimiter::of_header(table, &names).map_or(Ok(names), Err));
        let names = match names {
            Ok(names) => names,
            Err((cell, CellProblem { code, message, help }, severity)) => {
                let line = Some(records.line());
                let message = match cell {
                    Some(cell) if code == Code::StrayQuote => format!("header cell {}: {message}", cell + 1),
                    _ => message,
                };
                findings.push(Finding {
                    path: path.to_owned(),
                    line,
                    column: None,
                    code,
                    severity,
                    message,
                    help,
                });
                return Ok(None);
            }
        };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let columns = Columns::by_name(table, &names, path, records.line(), findings);
        Ok(Some(Self { records, columns, comments }))
    }
}

/// The names in the header rows. Where the descriptor does not say otherwise, that is the first
/// row which is not a comment.
fn names(table: &Table, records: &mut Records<Input>) -> io::Result<Result<Vec<String>, Found>> {
    let dialect = &table.dialect;
    let rows = Some(&dialect.header_rows[..]).filter(|rows| *rows != [1]);
    let mut parts: Vec<Vec<String>> = Vec::new();
    loop {
        let (number, row, stray) = match records.next()? {
            Next::Record(record) => match record.text() {
                Ok(row) => {
                    let cells: Vec<String> = row.cells().map(str::to_owned).collect();
                    let stray = record.strays().first().map(|stray| {
                        // A quoted cell ends before what separates it from the next, as the dialect has it.
                        delimiter::of_header(table, &cells)
                            .unwrap_or_else(|| stray_quote(*stray, row, dialect))
                    });
                    (record.row(), cells, stray)
                }
                Err(cell) => return Ok(Err(not_utf8(record, cell))),
            },
            Next::End => return Ok(Err(empty_file())),
            Next::TooLong => return Ok(Err(too_long())),
            Next::UnclosedQuote => return Ok(Err(unclosed_quote())),
        };
        match rows {
            _ if dialect.comment_rows.contains(&number) => {}
            None => return Ok(stray.map_or(Ok(row), Err)),
            Some(rows) => {
                if rows.contains(&number) {
                    if let Some(stray) = stray {
                        return Ok(Err(stray));
                    }
                    parts.push(row);
                }
                if rows.last().is_none_or(|last| number >= *last) {
                    return Ok(Ok(join(&parts, &dialect.header_join)));
                }
            }
        }
    }
}

/// One name for each column from the cells of several rows. A cell that repeats the one above
/// it, as the parts of a spanned title do, is taken once; so is an empty one not at all.
fn join(rows: &[Vec<String>], between: &str) -> Vec<String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    (0..width)
        .map(|column| {
            let mut parts: Vec<&str> = rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(String::as_str)
                .filter(|part| !part.is_empty())
                .collect();
            parts.dedup();
            parts.join(between)
        })
        .collect()
}

fn error(cell: Option<usize>, code: Code, message: String, help: Option<&str>) -> Found {
    (cell, CellProblem { code, message, help: help.map(str::to_owned) }, Severity::Error)
}

fn empty_file() -> Found {
    error(None, Code::EmptyFile, "file has no rows, a header was expected".into(), None)
}

pub(crate) fn not_utf8(record: Record<'_>, cell: usize) -> Found {
    let bytes = record.cell(cell);
    let at = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), |_| 0);
    let found = bytes.get(at).map_or_else(|| "cell".into(), |byte| format!("byte 0x{byte:02X}"));
    let help = "save the file as UTF-8, or give its `encoding` in the descriptor";
    error(Some(cell), Code::NotUtf8, format!("{found} is not UTF-8"), Some(help))
}

pub(crate) fn stray_quote(stray: Stray, row: TextRecord<'_>, dialect: &Dialect) -> Found {
    (Some(stray.cell), stray.problem(row.cell(stray.cell), dialect), Severity::Error)
}

pub(crate) fn too_long() -> Found {
    error(
        None,
        Code::RowTooLong,
        format!("row is longer than {} MiB or has more than {MAX_CELLS} cells", MAX_RECORD >> 20),
        Some("an unclosed quote can cause this; the rest of the file was not checked"),
    )
}

pub(crate) fn unclosed_quote() -> Found {
    let help = "everything after it, to the end of the file, was read as one cell";
    error(None, Code::UnclosedQuote, "row has a quote that is never closed".into(), Some(help))
}
