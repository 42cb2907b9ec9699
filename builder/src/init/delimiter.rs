//! The delimiter: the one that the file names, or under which most of the first rows are equally wide.

use std::io::Read;
use std::path::Path;

use encoding_rs::Encoding;

use super::notes::Notes;
use super::open;
use crate::failure::Failure;
use crate::table::records::Next;
use datapackage::schema::Dialect;

/// In the order in which they win.
const DELIMITERS: [(u8, &str); 4] = [(b',', ","), (b';', ";"), (b'\t', "tab"), (b'|', "|")];

/// How many rows are looked at.
const ROWS: usize = 100;

/// A delimiter, and whether the first row names it.
pub(super) struct Delimiter {
    pub(super) byte: u8,
    pub(super) is_named: bool,
}

/// The delimiter of a file.
pub(super) fn find(
    file: &Path,
    encoding: &'static Encoding,
    notes: &mut Notes,
) -> Result<Delimiter, Failure> {
    if let Some(byte) = named(file, encoding)? {
        notes.detail(format!(
            "delimiter: `{}`, as the first line says (`sep=`)",
            char::from(byte).escape_debug()
        ));
        return Ok(Delimiter { byte, is_named: true });
    }
    let mut best = (DELIMITERS[0], Fit { rows: 0, alike: 0, width: 1 });
    for delimiter in DELIMITERS {
        let fit = fit(file, encoding, delimiter.0)?;
        if fit.width > 1 && fit.is_better(&best.1) {
            best = (delimiter, fit);
        }
    }
    let ((byte, name), fit) = best;
    notes.detail(match fit {
        Fit { width: 1, .. } => "delimiter: `,`, since no other delimiter splits the rows".to_owned(),
        Fit { rows, alike, width } => {
            format!("delimiter: `{name}`, which splits {alike} of the first {rows} rows into {width} cells")
        }
    });
    Ok(Delimiter { byte, is_named: false })
}

/// What the line `sep=;` says, with which Excel exports begin.
fn named(file: &Path, encoding: &'static Encoding) -> Result<Option<u8>, Failure> {
    let mut start = vec![0; 4096];
    let mut input = open(file, encoding, &Dialect::default())?.into_input();
    let read = input.read(&mut start).map_err(Failure::io("read", file))?;
    let start = &start[..read];
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let line = start.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    Ok(match line {
        [s, e, p, b'=', byte] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") && byte.is_ascii() => Some(*byte),
        _ => None,
    })
}

/// How well a delimiter fits.
struct Fit {
    rows: usize,
    /// How many rows are as wide as most are.
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

fn fit(file: &Path, encoding: &'static Encoding, delimiter: u8) -> Result<Fit, Failure> {
    let mut records = open(file, encoding, &Dialect { delimiter, ..Dialect::default() })?;
    let mut rows = 0;
    let mut widths: Vec<(usize, usize)> = vec![];
    while rows < ROWS {
        let Next::Record(record) = records.next().map_err(Failure::io("read", file))? else { break };
        rows += 1;
        // Another delimiter after a quoted cell shows as text after its quote.
        if record.len() == 1 || !record.strays().is_empty() {
            continue;
        }
        match widths.iter_mut().find(|(width, _)| *width == record.len()) {
            Some((_, alike)) => *alike += 1,
            None => widths.push((record.len(), 1)),
        }
    }
    let most = widths.iter().map(|(_, alike)| *alike).max();
    let (width, alike) = widths.into_iter().find(|(_, alike)| Some(*alike) == most).unwrap_or((1, 0));
    Ok(Fit { rows, alike, width })
}
