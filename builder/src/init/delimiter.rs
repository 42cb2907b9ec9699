//! The delimiter under which the first rows are equally wide.

use std::path::Path;

use super::open;
use crate::failure::Failure;
use crate::table::records::Next;
use datapackage::schema::Dialect;

/// In the order in which they win.
const DELIMITERS: [(u8, &str); 4] = [(b',', ","), (b';', ";"), (b'\t', "tab"), (b'|', "|")];

/// How many rows are looked at.
const ROWS: usize = 100;

/// The delimiter that gives most of the first rows the header's width, more than one cell; of
/// those, the one that gives the most cells.
pub(super) fn guess(file: &Path, notes: &mut Vec<String>) -> Result<u8, Failure> {
    let mut best = (DELIMITERS[0], Fit { rows: 0, alike: 0, width: 1 });
    for delimiter in DELIMITERS {
        let fit = fit(file, delimiter.0)?;
        if fit.width > 1 && fit.is_better(&best.1) {
            best = (delimiter, fit);
        }
    }
    let ((delimiter, name), fit) = best;
    notes.push(match fit {
        Fit { width: 1, .. } => "delimiter: `,`, since no other delimiter splits the header".to_owned(),
        Fit { rows, alike, width } => {
            format!("delimiter: `{name}`, which splits {alike} of the first {rows} rows into {width} cells")
        }
    });
    Ok(delimiter)
}

/// How well a delimiter fits.
struct Fit {
    rows: usize,
    /// How many rows are as wide as the first.
    alike: usize,
    width: usize,
}

impl Fit {
    fn is_better(&self, other: &Self) -> bool {
        // Shares compared without division.
        let (this, that) = (self.alike * other.rows, other.alike * self.rows);
        other.width == 1 || this > that || this == that && self.width > other.width
    }
}

fn fit(file: &Path, delimiter: u8) -> Result<Fit, Failure> {
    let mut records = open(file, &Dialect { delimiter, ..Dialect::default() })?;
    let mut fit = Fit { rows: 0, alike: 0, width: 0 };
    while fit.rows < ROWS {
        let Next::Record(record) = records.next().map_err(Failure::io("read", file))? else { break };
        if fit.rows == 0 {
            fit.width = record.len();
        }
        fit.rows += 1;
        // Another delimiter after a quoted cell shows as text after its quote.
        fit.alike += usize::from(record.len() == fit.width && record.strays().is_empty());
    }
    Ok(fit)
}
