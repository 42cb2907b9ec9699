//! Where the members of a row go: into an object, into arrays, or into a line of CSV.

use rusqlite::types::ValueRef;

use super::{csv, json};
use crate::error::Error;
use crate::sql::{Kind, Label};

/// Takes the members of one row, in order.
pub(crate) trait MemberWriter {
    /// A value of SQLite.
    fn value(&mut self, label: &Label, value: ValueRef<'_>, kind: Kind) -> Result<(), Error>;

    /// JSON that `write` appends.
    fn json(
        &mut self,
        label: &Label,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), Error>,
    ) -> Result<(), Error>;

    /// Whether members that are null are left out, at all levels.
    fn stripped(&self) -> bool;
}

/// The members of a JSON object.
pub(super) struct Object<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
    stripped: bool,
}

impl<'a> Object<'a> {
    pub(super) fn open(out: &'a mut Vec<u8>, stripped: bool) -> Self {
        out.push(b'{');
        Self { out, first: true, stripped }
    }

    pub(super) fn close(self) {
        self.out.push(b'}');
    }

    #[inline]
    fn label(&mut self, label: &Label) {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
        self.out.extend_from_slice(&label.json);
    }
}

impl MemberWriter for Object<'_> {
    #[inline]
    fn value(&mut self, label: &Label, value: ValueRef<'_>, kind: Kind) -> Result<(), Error> {
        if self.stripped && value == ValueRef::Null {
            return Ok(());
        }
        self.label(label);
        json::value(value, kind, self.stripped, self.out)
    }

    fn json(
        &mut self,
        label: &Label,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (before, first) = (self.out.len(), self.first);
        self.label(label);
        let start = self.out.len();
        write(self.out)?;
        if self.stripped && &self.out[start..] == b"null" {
            self.out.truncate(before);
            self.first = first;
        }
        Ok(())
    }

    fn stripped(&self) -> bool {
        self.stripped
    }
}

/// One JSON array for each member, over all rows.
pub(super) struct Arrays {
    arrays: Vec<Vec<u8>>,
    at: usize,
    rows: usize,
    stripped: bool,
}

impl Arrays {
    pub(super) fn new(members: usize, stripped: bool) -> Self {
        Self { arrays: vec![vec![b'[']; members], at: 0, rows: 0, stripped }
    }

    /// The next member belongs to the next row.
    pub(super) fn row(&mut self) {
        self.at = 0;
        self.rows += 1;
    }

    /// How many bytes there are so far.
    pub(super) fn len(&self) -> usize {
        self.arrays.iter().map(Vec::len).sum()
    }

    /// The arrays, complete.
    pub(super) fn close(self) -> impl Iterator<Item = Vec<u8>> {
        self.arrays.into_iter().map(|mut array| {
            array.push(b']');
            array
        })
    }

    fn next(&mut self) -> &mut Vec<u8> {
        let array = &mut self.arrays[self.at];
        self.at += 1;
        if self.rows > 1 {
            array.push(b',');
        }
        array
    }
}

impl MemberWriter for Arrays {
    fn value(&mut self, _: &Label, value: ValueRef<'_>, kind: Kind) -> Result<(), Error> {
        let stripped = self.stripped;
        json::value(value, kind, stripped, self.next())
    }

    fn json(
        &mut self,
        _: &Label,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        write(self.next())
    }

    fn stripped(&self) -> bool {
        self.stripped
    }
}

/// One line of CSV, without its end.
pub(super) struct Line<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl<'a> Line<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, first: true }
    }

    pub(super) fn cell(&mut self) -> &mut Vec<u8> {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
        self.out
    }
}

impl MemberWriter for Line<'_> {
    fn value(&mut self, _: &Label, value: ValueRef<'_>, kind: Kind) -> Result<(), Error> {
        csv::value(value, kind, self.cell())
    }

    fn json(
        &mut self,
        _: &Label,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut json = vec![];
        write(&mut json)?;
        csv::json(&json, self.cell());
        Ok(())
    }

    fn stripped(&self) -> bool {
        false
    }
}
