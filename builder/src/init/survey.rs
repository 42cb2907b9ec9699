//! A first look at a file: its first rows and its last ones.

use std::collections::VecDeque;
use std::path::Path;

use super::{open, refused, stop};
use crate::failure::Failure;
use crate::table::records::Next;
use datapackage::schema::Dialect;
use encoding_rs::Encoding;

/// How many rows are kept from the start, and from the end.
const FIRST: usize = 200;
const LAST: usize = 40;

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its number, as in `commentRows`.
    pub(super) number: u64,
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

impl Row {
    /// How many cells are not empty.
    pub(super) fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_empty()).count()
    }
}

/// The first and the last rows.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) first: Vec<Row>,
    /// Rows after the first ones.
    pub(super) last: VecDeque<Row>,
    /// Some cells have text after their closing quotes.
    pub(super) has_strays: bool,
    /// Some rows are not as wide as most.
    pub(super) is_ragged: bool,
}

impl Survey {
    /// Reads a whole file. Errors: it can't be read as CSV.
    pub(super) fn new(file: &Path, encoding: &'static Encoding, dialect: &Dialect) -> Result<Self, Failure> {
        let mut records = open(file, encoding, dialect)?;
        let mut survey = Self::default();
        let mut width = None;
        loop {
            let (number, cells) = match records.next().map_err(Failure::io("read", file))? {
                Next::End => break,
                Next::Record(record) => {
                    survey.has_strays |= !record.strays().is_empty();
                    match record.text() {
                        Ok(row) => (record.row(), row.cells().map(str::to_owned).collect::<Vec<_>>()),
                        Err(_) => (record.row(), vec![]),
                    }
                }
                problem => {
                    let problem = stop(&problem);
                    return Err(refused(file, records.line(), problem));
                }
            };
            let row = Row { number, line: records.line(), cells };
            if survey.first.len() < FIRST {
                survey.first.push(row);
                continue;
            }
            let width = *width.get_or_insert_with(|| survey.width());
            survey.is_ragged |= row.cells.len() != width;
            if survey.last.len() == LAST {
                survey.last.pop_front();
            }
            survey.last.push_back(row);
        }
        let width = survey.width();
        survey.is_ragged |= survey.first.iter().any(|row| row.cells.len() != width);
        Ok(survey)
    }

    /// How many cells most rows have that have several.
    pub(super) fn width(&self) -> usize {
        let mut widths: Vec<(usize, usize)> = vec![];
        for row in self.first.iter().filter(|row| row.cells.len() > 1) {
            match widths.iter_mut().find(|(width, _)| *width == row.cells.len()) {
                Some((_, rows)) => *rows += 1,
                None => widths.push((row.cells.len(), 1)),
            }
        }
        // Of several that are as frequent, the first.
        let most = widths.iter().map(|(_, rows)| *rows).max();
        widths.iter().find(|(_, rows)| Some(*rows) == most).map_or(1, |(width, _)| *width)
    }

    /// Whether cells begin with spaces that belong to the delimiters before them: most cells of some column do.
    pub(super) fn has_initial_spaces(&self) -> bool {
        (1..self.width()).any(|column| {
            let cells =
                self.first.iter().filter_map(|row| row.cells.get(column)).filter(|cell| !cell.is_empty());
            let (mut all, mut spaced) = (0_usize, 0_usize);
            for cell in cells {
                all += 1;
                spaced += usize::from(cell.starts_with(' '));
            }
            spaced >= 2 && spaced * 10 >= all * 9
        })
    }

    /// The rows at the end of the file, the last one first.
    pub(super) fn backwards(&self) -> impl Iterator<Item = &Row> {
        self.last.iter().rev().chain(self.first.iter().rev())
    }
}
