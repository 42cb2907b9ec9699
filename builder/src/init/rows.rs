//! Rows that are not what a table's rows should be: the first of each kind, and how many there are.

use super::notes::Notes;
use super::words::is_subtotal;
use crate::count::count;
use crate::table::records::{Record, TextRecord};
use datapackage::cell::quoted;

/// What was seen of such rows.
#[derive(Default)]
pub(super) struct Rows {
    /// Not as wide as the header; with the number of cells of the first.
    pub(super) odd: Option<(Place, usize)>,
    /// With text after a quote that closes a cell: the first such cell's index, and that text.
    pub(super) strays: Option<(Place, usize, String)>,
    /// Nothing but delimiters.
    empty: Option<Place>,
    /// With a label of totals and empty cells beside it: the first such label.
    totals: Option<(Place, String)>,
}

/// The first row of a kind, and how many there are.
#[derive(Default)]
pub(super) struct Place {
    /// 0 until it is known.
    line: u64,
    rows: u64,
}

impl Rows {
    /// Adds a row. True where it has no value to learn from.
    pub(super) fn add(&mut self, record: Record<'_>, row: TextRecord<'_>, width: usize) -> bool {
        if record.is_empty() && row.len() > 1 {
            self.empty.get_or_insert_default().rows += 1;
            return true;
        }
        if row.len() != width {
            self.odd.get_or_insert_with(|| (Place::default(), row.len())).0.rows += 1;
        }
        self.add_strays(record, row);
        let label = row.cells().find(|cell| !cell.is_empty()).unwrap_or_default();
        if label.starts_with(['t', 'T', 's', 'S', 'z', 'Z', 'g', 'G'])
            && is_subtotal(label)
            && row.cells().any(str::is_empty)
        {
            self.totals.get_or_insert_with(|| (Place::default(), label.to_owned())).0.rows += 1;
        }
        false
    }

    /// Adds a row for its quotes alone.
    pub(super) fn add_strays(&mut self, record: Record<'_>, row: TextRecord<'_>) {
        if let Some(stray) = record.strays().first() {
            let behind = || row.cell(stray.cell).get(stray.at..).unwrap_or_default().to_owned();
            self.strays.get_or_insert_with(|| (Place::default(), stray.cell, behind())).0.rows += 1;
        }
    }

    /// The line of the row that was added last.
    pub(super) fn on_line(&mut self, mut line: impl FnMut() -> u64) {
        let odd = self.odd.as_mut().map(|(place, _)| place);
        let strays = self.strays.as_mut().map(|(place, ..)| place);
        let totals = self.totals.as_mut().map(|(place, _)| place);
        for place in
            [odd, strays, totals, self.empty.as_mut()].into_iter().flatten().filter(|place| place.line == 0)
        {
            place.line = line();
        }
    }

    /// A doubt for each kind.
    pub(super) fn notes(&self, names: &[String], width: usize, notes: &mut Notes) {
        if let Some((place, found)) = &self.odd {
            notes.doubt(format!(
                "line {} has {}, the header has {width}{}",
                place.line,
                count(*found, "cell"),
                place.others()
            ));
        }
        if let Some((place, cell, behind)) = &self.strays {
            let column = names
                .get(*cell)
                .map_or_else(|| format!("cell {}", cell + 1), |name| format!("column `{name}`"));
            notes.doubt(format!(
                "line {}, {column}: {} follows the quote that closes the cell{}",
                place.line,
                quoted(behind),
                place.others()
            ));
        }
        if let Some((place, label)) = &self.totals {
            let others = match place.rows {
                1 => String::new(),
                rows => format!(", and {} more like it", rows - 1),
            };
            notes.doubt(format!(
                "line {} may sum up others: {}{others}; if so, add the numbers of such rows to `commentRows`",
                place.line,
                quoted(label)
            ));
        }
        if let Some(place) = &self.empty {
            notes.doubt(format!("line {} has only empty cells{}", place.line, place.others()));
        }
    }
}

impl Place {
    fn others(&self) -> String {
        let others = match self.rows {
            1 => String::new(),
            rows => format!(", and {} more like it", rows - 1),
        };
        format!("{others}; `builder check` finds every such row")
    }
}
