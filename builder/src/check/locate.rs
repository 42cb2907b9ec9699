//! Numbers of rows -> lines and cells. Files are read again, and only when there is something to
//! report: keeping a line for every row would cost every check.

use std::collections::{BTreeSet, HashMap};
use std::io;

use crate::failure::Failure;
use crate::table::file::DataRows;
use crate::table::records::Next;
use datapackage::cell::quoted;
use datapackage::finding::Findings;
use datapackage::schema::Table;

/// A row of a file.
pub(super) struct Located {
    /// The index of the file in its table.
    pub(super) file: usize,
    /// From 1.
    pub(super) line: u64,
    /// For each field the cell's number in its row, from 1, and its text.
    pub(super) cells: Vec<Option<(usize, String)>>,
}

impl Located {
    /// The cells of these fields, each in quotes.
    pub(super) fn values(&self, fields: &[usize]) -> String {
        let cells = fields.iter().map(|field| quoted(self.cells[*field].as_ref().map_or("", |cell| &cell.1)));
        cells.collect::<Vec<_>>().join(", ")
    }
}

/// Finds rows by their numbers in the table, from 1. What is not found, because the files have
/// changed, is not in the result.
pub(super) fn locate(
    table: &Table,
    rows: impl Iterator<Item = Option<u64>>,
) -> Result<HashMap<u64, Located>, Failure> {
    let mut wanted: BTreeSet<u64> = rows.flatten().collect();
    let mut found = HashMap::new();
    let mut number = 0;
    for (file, source) in table.files.iter().enumerate() {
        if wanted.is_empty() {
            break;
        }
        search(table, file, &mut number, &mut wanted, &mut found)
            .map_err(Failure::io("read", &source.file))?;
    }
    Ok(found)
}

fn search(
    table: &Table,
    file: usize,
    number: &mut u64,
    wanted: &mut BTreeSet<u64>,
    found: &mut HashMap<u64, Located>,
) -> io::Result<()> {
    let Some(mut rows) = DataRows::open(table, &table.files[file], "", false, &mut Findings::default())?
    else {
        return Ok(());
    };
    while let Some(next) = wanted.first().copied() {
        let Next::Record(record) = rows.records.next()? else { break };
        if rows.comments.contains(&record.row()) {
            continue;
        }
        *number += 1;
        if *number < next {
            continue;
        }
        wanted.pop_first();
        let cells = rows.columns.cells.iter().map(|cell| {
            let cell = cell.filter(|cell| *cell < record.len())?;
            Some((cell + 1, String::from_utf8_lossy(record.cell(cell)).into_owned()))
        });
        let cells = cells.collect();
        let line = rows.records.line();
        found.insert(*number, Located { file, line, cells });
    }
    Ok(())
}
