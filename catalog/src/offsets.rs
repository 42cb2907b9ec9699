//! Where rows begin in a table's files: the builder adds up what a row is long as CSV and as JSON, and notes
//! the sums every some kilobytes. With them the reader knows a file's length without writing it, and begins
//! near any byte of it.
//!
//! ```text
//! base64, without padding, of numbers in LEB128:
//!   1                          version
//!   rows  json  csv            of the whole table
//!   then for each place, as differences from the one before:
//!   rows  rowid  json  csv     rows before it, the row number of the last of them (zigzag), bytes of these rows
//! ```
//!
//! `json` counts a row's object, `csv` its line with the end of the line before it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::csv::write_csv;
use crate::json::{write_cell, write_json_string};
use crate::leb128::{read, unzigzag, write, zigzag};
use crate::number::number_length;
use crate::store;
use crate::table::{ColumnType, Schema, Storage};

/// Bytes between two places, in the form of which there are more.
const STEP: u64 = 8192;

/// The `kind` of their rows in the catalog.
const KIND: &str = "offsets";

/// Raised when a number gets another meaning; readers do without others.
const VERSION: u64 = 1;

/// A place between two rows, or behind the last one.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// How many rows are before it.
    pub rows: u64,
    /// The row number of the last of them.
    pub rowid: i64,
    /// Bytes of their objects as JSON, without what separates them.
    pub json: u64,
    /// Bytes of their lines as CSV, each with the end of the line before it.
    pub csv: u64,
}

/// Where rows begin.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Offsets {
    /// Behind the last row; it has no row number.
    pub end: Place,
    /// Some places, in order.
    pub places: Vec<Place>,
}

/// Adds up what rows are long while they pass by.
#[derive(Debug)]
pub struct OffsetsWriter {
    columns: Vec<ColumnType>,
    /// What a row is long without its values.
    frame: (u64, u64),
    offsets: Offsets,
    scratch: Vec<u8>,
}

impl OffsetsWriter {
    /// A writer that has seen no row of a table with that schema.
    pub fn new(schema: &Schema) -> Self {
        let mut names = vec![];
        for column in &schema.columns {
            write_json_string(&column.name, &mut names);
        }
        let columns = schema.columns.len() as u64;
        // Braces, names with their colons, commas; the end of a line, commas.
        let frame = (2 + names.len() as u64 + columns + columns.saturating_sub(1), columns);
        let columns = schema.columns.iter().map(|column| column.column_type).collect();
        Self { columns, frame, offsets: Offsets::default(), scratch: vec![] }
    }

    /// Adds a value of the column with that index.
    #[inline]
    pub fn value(&mut self, column: usize, value: ValueRef<'_>) {
        let column = self.columns[column];
        let (json, csv) = match value {
            ValueRef::Null => (4, 0),
            ValueRef::Integer(number) if column.storage() != Storage::Boolean => {
                let length = digits(number);
                (length, length)
            }
            ValueRef::Real(number) if number.is_finite() => {
                let length = number_length(number);
                (length, length)
            }
            // Digits and hyphens.
            ValueRef::Text(text) if matches!(column, ColumnType::Date | ColumnType::Yearmonth) => {
                let length = text.len() as u64;
                (length + 2, length)
            }
            ValueRef::Text(text) if column != ColumnType::Any && column.storage() != Storage::Json => {
                if is_plain(text) {
                    let length = text.len() as u64;
                    (length + 2, length)
                } else {
                    counted(text)
                }
            }
            value => self.written(column, value),
        };
        self.offsets.end.json += json;
        self.offsets.end.csv += csv;
    }

    /// Ends the row with that row number.
    #[inline]
    pub fn end_row(&mut self, rowid: i64) {
        let end = &mut self.offsets.end;
        end.rows += 1;
        end.json += self.frame.0;
        end.csv += self.frame.1;
        let last = self.offsets.places.last().copied().unwrap_or_default();
        if end.json - last.json >= STEP || end.csv - last.csv >= STEP {
            self.offsets.places.push(Place { rowid, ..*end });
        }
    }

    /// The sums of all that was added.
    pub fn finish(self) -> Offsets {
        self.offsets
    }

    /// What is not counted is written.
    fn written(&mut self, column: ColumnType, value: ValueRef<'_>) -> (u64, u64) {
        self.scratch.clear();
        // The builder stores no blob, and text is UTF-8: what can't be written has no file.
        let _ = write_cell(value, column, &mut self.scratch);
        let json = self.scratch.len() as u64;
        self.scratch.clear();
        let _ = write_csv(value, column.storage(), &mut self.scratch);
        (json, self.scratch.len() as u64)
    }
}

/// Whether text is the same in every form but for the quotes of JSON.
#[inline]
fn is_plain(text: &[u8]) -> bool {
    // The last bytes are looked at together with some before them again: one by one they would take as long as all.
    let found = match (text.last_chunk::<16>(), text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(last), ..) => text
            .as_chunks::<16>()
            .0
            .iter()
            .fold(has_special(last), |found, sixteen| found | has_special(sixteen)),
        (None, Some(first), Some(last)) => has_special(first) | has_special(last),
        _ => text.is_empty() || text.iter().any(|byte| has_special(&[*byte])),
    };
    !found
}

/// Whether a byte needs quotes or an escape in one of the forms.
#[inline]
fn has_special<const N: usize>(bytes: &[u8; N]) -> bool {
    bytes.iter().fold(false, |found, byte| {
        found | (*byte < 0x20) | (*byte == b'"') | (*byte == b'\\') | (*byte == b',')
    })
}

/// What text is long as a JSON string, whose quotes it needs, and as a cell, which may do without.
#[inline(never)]
fn counted(text: &[u8]) -> (u64, u64) {
    // Each look at all bytes is done sixteen at a time, which one look for everything is not.
    let count = |wanted: u8| text.iter().filter(|byte| **byte == wanted).count() as u64;
    let length = text.len() as u64;
    let quotes = count(b'"');
    let (escapes, has_line_end) = match text.iter().fold(false, |found, byte| found | (*byte < 0x20)) {
        false => (quotes + count(b'\\'), false),
        true => (
            text.iter().map(|byte| u64::from(ESCAPES[usize::from(*byte)])).sum(),
            text.iter().any(|byte| matches!(byte, b'\n' | b'\r')),
        ),
    };
    let is_quoted = text.is_empty() || has_line_end || quotes > 0 || count(b',') > 0;
    (length + 2 + escapes, length + quotes + if is_quoted { 2 } else { 0 })
}

/// How much longer a byte is in a JSON string (RFC 8259, section 7): `\n`, `\u0001`.
const ESCAPES: [u8; 256] = {
    let mut escapes = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        escapes[byte] = 5;
        byte += 1;
    }
    let short = *b"\"\\\n\r\t\x08\x0c";
    let mut index = 0;
    while index < short.len() {
        escapes[short[index] as usize] = 1;
        index += 1;
    }
    escapes
};

fn digits(number: i64) -> u64 {
    let digits = number.unsigned_abs().checked_ilog10().unwrap_or(0) + 1;
    u64::from(digits) + u64::from(number < 0)
}

impl Offsets {
    /// As the catalog has them.
    pub fn to_text(&self) -> String {
        let mut bytes = Vec::with_capacity(16 + self.places.len() * 8);
        let Place { rows, json, csv, .. } = self.end;
        [VERSION, rows, json, csv].into_iter().for_each(|number| write(number, &mut bytes));
        let mut last = Place::default();
        for place in &self.places {
            let rowid = place.rowid.wrapping_sub(last.rowid);
            for number in
                [place.rows - last.rows, zigzag(rowid), place.json - last.json, place.csv - last.csv]
            {
                write(number, &mut bytes);
            }
            last = *place;
        }
        STANDARD_NO_PAD.encode(bytes)
    }

    /// Reads what [`Offsets::to_text`] wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD_NO_PAD.decode(text).ok()?;
        let bytes = &mut &bytes[..];
        if read(bytes)? != VERSION {
            return None;
        }
        let end = Place { rows: read(bytes)?, rowid: 0, json: read(bytes)?, csv: read(bytes)? };
        let (mut places, mut last) = (vec![], Place::default());
        while !bytes.is_empty() {
            let rows = last.rows.checked_add(read(bytes)?)?;
            let rowid = unzigzag(read(bytes)?);
            last = Place {
                rows,
                rowid: last.rowid.wrapping_add(rowid),
                json: last.json.checked_add(read(bytes)?)?,
                csv: last.csv.checked_add(read(bytes)?)?,
            };
            places.push(last);
        }
        Some(Self { end, places })
    }
}

/// Adds the offsets of a table. Errors: SQLite's, also if they already exist.
pub fn put_offsets(connection: &Connection, table: &str, offsets: &Offsets) -> rusqlite::Result<()> {
    store::put(connection, KIND, table, "", &offsets.to_text())
}

/// The offsets of a table; `None` where there are none that can be read: a release can do without.
pub fn offsets(connection: &Connection, table: &str) -> rusqlite::Result<Option<Offsets>> {
    let text = store::about(connection, KIND, table)?;
    Ok(text.and_then(|text| Offsets::parse(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{is_document, write_document, write_json};
    use crate::table::Column;

    #[test]
    fn what_is_written_is_read() {
        let place = |rows, rowid, json, csv| Place { rows, rowid, json, csv };
        let offsets = Offsets {
            end: place(900, 0, u64::MAX, 70_000),
            places: vec![
                place(1, i64::MIN, 9000, 8000),
                place(300, i64::MAX, 20_000, 18_000),
                place(700, 5, 50_000, 44_000),
            ],
        };
        let text = offsets.to_text();
        assert_eq!(Offsets::parse(&text), Some(offsets));
        assert_eq!(Offsets::parse(&text[..text.len() - 2]), None);
        assert_eq!(Offsets::parse("AgAAAA"), None);
        assert_eq!(Offsets::parse(""), None);
    }

    #[test]
    fn lengths_are_those_of_what_is_written() {
        let texts = [
            "",
            "a",
            "é",
            "a,b",
            "\"",
            "\\",
            "a\nb",
            "\u{1}\u{8}\u{c}\t\r\u{1f}\u{7f}",
            "[1,\n2]",
            "{",
            "[draft]",
            "null",
        ];
        let integers = [0, 1, 9, 10, -1, -10, 99, 100, i64::MAX, i64::MIN];
        let reals = [0.5, -1.0, 1e300, 0.1, f64::INFINITY, f64::NEG_INFINITY, 123.0];
        let values: Vec<ValueRef<'_>> = [ValueRef::Null]
            .into_iter()
            .chain(texts.iter().map(|text| ValueRef::Text(text.as_bytes())))
            .chain(integers.map(ValueRef::Integer))
            .chain(reals.map(ValueRef::Real))
            .collect();
        for column_type in [
            ColumnType::String,
            ColumnType::Integer,
            ColumnType::Number,
            ColumnType::Boolean,
            ColumnType::Any,
            ColumnType::Object,
        ] {
            let column = Column { name: "a\"b".into(), column_type, required: false };
            let schema = Schema {
                columns: vec![column],
                primary_key: vec![],
                unique_keys: vec![],
                foreign_keys: vec![],
            };
            for value in &values {
                let mut writer = OffsetsWriter::new(&schema);
                writer.value(0, *value);
                writer.end_row(1);
                let (mut json, mut csv) = (b"{\"a\\\"b\":".to_vec(), b"\n".to_vec());
                match value {
                    ValueRef::Text(text) if column_type == ColumnType::Any && is_document(text) => {
                        write_document(text, &mut json);
                    }
                    value => write_json(*value, column_type.storage(), &mut json).unwrap(),
                }
                json.push(b'}');
                write_csv(*value, column_type.storage(), &mut csv).unwrap();
                let end = writer.finish().end;
                assert_eq!(
                    (end.json, end.csv),
                    (json.len() as u64, csv.len() as u64),
                    "{column_type:?} {value:?}"
                );
            }
        }
    }
}
