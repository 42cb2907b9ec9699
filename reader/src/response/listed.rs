//! Rows as values in memory, for a page that looks at them more than once.

use rusqlite::types::{Value, ValueRef};

use super::json;
use super::member_writer::MemberWriter;
use super::rows::{Run, members};
use super::size_limit::too_large;
use crate::error::{Code, Error};
use crate::query::{Row, RowCount, Rows};
use crate::sql::{Kind, Label};

/// A member of a row.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Value(Value, Kind),
    /// An embedded row, several, or an average.
    Json(Vec<u8>),
}

/// The rows of a page.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    /// The members' names.
    pub(crate) labels: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// There are more rows behind the last one.
    pub(crate) more: bool,
    /// The row number of the last one, where rows have one.
    pub(crate) last: Option<i64>,
}

impl Cell {
    /// The cell as JSON. Errors: the file has a value that is not text.
    pub(crate) fn json(&self) -> Result<String, Error> {
        let bytes = match self {
            Self::Json(json) => json.clone(),
            Self::Value(value, kind) => {
                let mut out = vec![];
                json::value(ValueRef::from(value), *kind, false, &mut out)?;
                out
            }
        };
        String::from_utf8(bytes).map_err(Error::release)
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Json(json) => json.len(),
            Self::Value(Value::Text(text), _) => text.len(),
            Self::Value(..) => 8,
        }
    }
}

impl Listed {
    /// The rows of `source`, as many as `most` bytes have room for. Errors: those of reading; the first row
    /// has no room.
    pub(crate) fn read<'a>(source: &mut impl Rows<'a>, most: usize) -> Result<Self, Error> {
        let labels = source.labels().iter().map(|label| label.name()).collect();
        let mut listed = Self { labels, ..Self::default() };
        let (mut run, mut bytes) = (Run::new(most), 0);
        let found = source.each(|row| {
            let mut cells = Cells(vec![]);
            members(row, &mut cells, &mut run)?;
            bytes += cells.0.iter().map(Cell::bytes).sum::<usize>();
            if bytes > most {
                return Err(too_large(most));
            }
            listed.rows.push(cells.0);
            listed.last = row.rowid;
            Ok(())
        });
        listed.more = match found {
            Err(error) if error.code() == Code::TooLarge && !listed.rows.is_empty() => true,
            found => found.map(|RowCount { more, .. }| more)?,
        };
        Ok(listed)
    }
}

/// The columns of one row, wherever it was found.
pub(crate) fn columns(row: Row<'_>, kinds: &[Kind]) -> Result<Vec<Cell>, Error> {
    let cell = |(index, kind): (usize, &Kind)| Ok(Cell::Value(owned(row.get(index)?), *kind));
    kinds.iter().enumerate().map(cell).collect()
}

struct Cells(Vec<Cell>);

impl MemberWriter for Cells {
    fn value(&mut self, _: &Label, value: ValueRef<'_>, kind: Kind) -> Result<(), Error> {
        self.0.push(Cell::Value(owned(value), kind));
        Ok(())
    }

    fn json(
        &mut self,
        _: &Label,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut json = vec![];
        write(&mut json)?;
        self.0.push(Cell::Json(json));
        Ok(())
    }

    fn stripped(&self) -> bool {
        false
    }
}

fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(blob) => Value::Blob(blob.to_vec()),
    }
}
