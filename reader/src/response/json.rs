//! One row as a JSON object, written from the columns: on flat rows about twice as fast as JSON
//! that SQLite builds.

use catalog::{Storage, Table};
use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::error::Error;
use crate::lookup::FoundRow;

/// Writes rows of one table.
pub(super) struct RowWriter {
    columns: Vec<(Vec<u8>, Storage)>,
}

impl RowWriter {
    pub(super) fn new(table: &Table) -> Self {
        let columns = table.schema.columns.iter().map(|column| {
            let mut label = Vec::with_capacity(column.name.len() + 3);
            string(&column.name, &mut label);
            label.push(b':');
            (label, column.column_type.storage())
        });
        Self { columns: columns.collect() }
    }

    /// Appends `row`, whose columns are those of the table in order.
    pub(super) fn row(&self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
        self.write(|index, _| Ok(row.get_ref(index)?), out)
    }

    /// The same for a row that was found without SQLite.
    pub(super) fn found(&self, row: &FoundRow, out: &mut Vec<u8>) -> Result<(), Error> {
        self.write(
            |index, storage| row.get(index, storage).map_err(|_| Error::release("a row can't be read")),
            out,
        )
    }

    fn write<'v>(
        &self,
        get: impl Fn(usize, Storage) -> Result<ValueRef<'v>, Error>,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        out.push(b'{');
        for (index, (label, storage)) in self.columns.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            out.extend_from_slice(label);
            value(get(index, *storage)?, *storage, out)?;
        }
        out.push(b'}');
        Ok(())
    }
}

fn value(value: ValueRef<'_>, storage: Storage, out: &mut Vec<u8>) -> Result<(), Error> {
    match (value, storage) {
        (ValueRef::Null, _) => out.extend_from_slice(b"null"),
        (ValueRef::Integer(truth), Storage::Boolean) => {
            out.extend_from_slice(if truth == 0 { b"false" } else { b"true" });
        }
        (ValueRef::Integer(number), _) => write(&number, out),
        (ValueRef::Real(number), _) => real(number, out),
        (ValueRef::Text(json), Storage::Json) => out.extend_from_slice(json),
        (ValueRef::Text(text), _) => {
            string(std::str::from_utf8(text).map_err(Error::release)?, out);
        }
        (ValueRef::Blob(_), _) => return Err(Error::release("a column holds a blob")),
    }
    Ok(())
}

/// The shortest digits that give the same double back; whole numbers without a fraction, as
/// JavaScript writes them. JSON has no infinity (RFC 8259, section 6): a string, as PostgreSQL
/// does it.
fn real(number: f64, out: &mut Vec<u8>) {
    if number.is_infinite() {
        return string(if number > 0.0 { "Infinity" } else { "-Infinity" }, out);
    }
    write(&number, out);
    if out.ends_with(b".0") {
        out.truncate(out.len() - 2);
    }
}

fn string(text: &str, out: &mut Vec<u8>) {
    write(text, out);
}

fn write<T: serde::Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("a Vec takes every byte, and numbers and strings are JSON");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_what_they_are() {
        let shown = |input: ValueRef<'_>, storage| {
            let mut out = vec![];
            value(input, storage, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(shown(ValueRef::Null, Storage::Text), "null");
        assert_eq!(shown(ValueRef::Integer(1), Storage::Boolean), "true");
        assert_eq!(shown(ValueRef::Integer(i64::MIN), Storage::Integer), "-9223372036854775808");
        assert_eq!(shown(ValueRef::Real(100.0), Storage::Real), "100");
        assert_eq!(shown(ValueRef::Real(0.1), Storage::Real), "0.1");
        assert_eq!(shown(ValueRef::Real(1e300), Storage::Real), "1e+300");
        assert_eq!(shown(ValueRef::Real(f64::NEG_INFINITY), Storage::Real), "\"-Infinity\"");
        assert_eq!(shown(ValueRef::Text(b"[1,2]"), Storage::Json), "[1,2]");
        assert_eq!(shown(ValueRef::Text("a\"\n\u{1}é".as_bytes()), Storage::Text), r#""a\"\n\u0001é""#);
    }
}
