//! A row of a table of HTML, written while its members come.

use std::borrow::Cow;
use std::rc::Rc;

use catalog::{Storage, Table, percent_encode};
use rusqlite::types::{Value, ValueRef};

use super::map::Points;
use super::reading::reads_from_right_to_left;
use super::rows::{Role, Shape, web};
use super::value::{IN_ROWS, Shown, write};
use crate::error::Error;
use crate::response::{MemberWriter, owned, row_key, value_json};
use crate::sql::{Kind, Label};

/// The markup of a value that leads to a row: of the member's place, the value as a filter has it, and as it is.
pub(crate) type Follow<'a> =
    &'a dyn Fn(usize, &str, &dyn Fn() -> Result<Shown, Error>) -> Result<Option<Rc<str>>, Error>;

/// What the tag of a cell says that reads from right to left.
const RIGHT_TO_LEFT: &[u8; 8] = b" dir=rtl";

/// Writes one row after another.
pub(crate) struct RowWriter<'a> {
    table: &'a Table,
    /// The path of the table, as it begins the addresses of its rows.
    path: &'a str,
    shapes: &'a [Shape],
    follow: Follow<'a>,
    /// The row so far, its member's place, and where the value stands that links to the row's own page.
    row: Vec<u8>,
    at: usize,
    /// Whether members read from right to left, where that is known: their first value with a letter says it.
    reading: Vec<Option<bool>>,
    head: Option<(usize, usize)>,
    /// The values of the primary key, by column, and the address that they make.
    key: Vec<(usize, Value)>,
    address: Option<String>,
    /// Points of the rows, where a column has some, and what the row is called there.
    pub(crate) points: Points,
    name: String,
}

impl<'a> RowWriter<'a> {
    pub(crate) fn new(table: &'a Table, path: &'a str, shapes: &'a [Shape], follow: Follow<'a>) -> Self {
        let (row, key, points, name) = (vec![], vec![], Points::default(), String::new());
        let reading = shapes.iter().map(|shape| (!shape.has_letters()).then_some(false)).collect();
        Self {
            table,
            path,
            shapes,
            follow,
            row,
            at: 0,
            reading,
            head: None,
            key,
            address: None,
            points,
            name,
        }
    }

    /// Which members read from right to left.
    pub(crate) fn right_to_left(&self) -> Vec<bool> {
        self.reading.iter().map(|reading| *reading == Some(true)).collect()
    }

    /// Appends the row to `body`. Errors: the file has a value that is not text.
    pub(crate) fn close(&mut self, body: &mut Vec<u8>) -> Result<(), Error> {
        let address = match self.address.take() {
            None if self.head.is_some() => self.composite()?,
            address => address,
        };
        body.extend_from_slice(b"<tr>");
        match (self.head.take(), &address) {
            (Some((start, end)), Some(address)) => {
                body.extend_from_slice(&self.row[..start]);
                body.extend_from_slice(b"<a href=\"");
                body.extend_from_slice(address.as_bytes());
                body.extend_from_slice(b"\">");
                body.extend_from_slice(&self.row[start..end]);
                body.extend_from_slice(b"</a>");
                body.extend_from_slice(&self.row[end..]);
            }
            _ => body.extend_from_slice(&self.row),
        }
        body.extend_from_slice(b"</tr>");
        self.points.of_row(address.as_deref(), &self.name);
        self.row.clear();
        self.key.clear();
        self.name.clear();
        self.at = 0;
        Ok(())
    }

    /// A value of the primary key. That of a single column makes the address at once.
    fn key(&mut self, column: usize, value: ValueRef<'_>) -> Result<(), Error> {
        if self.table.schema.primary_key.len() > 1 {
            self.key.push((column, owned(value)));
            return Ok(());
        }
        let mut address = String::with_capacity(self.path.len() + 24);
        address.push_str(self.path);
        address.push('/');
        match value {
            ValueRef::Text(text) => {
                percent_encode(str::from_utf8(text).map_err(Error::release)?, &mut address)
            }
            // The digits, as below.
            ValueRef::Integer(number)
                if self.table.schema.columns[column].column_type.storage() == Storage::Integer =>
            {
                address.push_str(&number.to_string());
            }
            other => percent_encode(&row_key(self.table, &[(column, owned(other))])?, &mut address),
        }
        self.address = Some(address);
        Ok(())
    }

    /// The address of the row's own page by a key of several columns, if all of it is there.
    fn composite(&self) -> Result<Option<String>, Error> {
        let columns = &self.table.schema.columns;
        let value = |name: &String| self.key.iter().find(|(index, _)| columns[*index].name == *name).cloned();
        let key = self.table.schema.primary_key.iter().map(value).collect::<Option<Vec<_>>>();
        let Some(key) = key else { return Ok(None) };
        let mut address = format!("{}/", self.path);
        percent_encode(&row_key(self.table, &key)?, &mut address);
        Ok(Some(address))
    }

    /// The value of a member, in its cell.
    fn cell(&mut self, write: impl FnOnce(&mut Self, &Shape) -> Result<(), Error>) -> Result<(), Error> {
        let shapes = self.shapes;
        let Some(shape) = shapes.get(self.at) else {
            return Err(Error::release("a row has too many members"));
        };
        self.row.extend_from_slice(shape.opens.as_bytes());
        let mut start = self.row.len();
        write(self, shape)?;
        if self.reading[self.at] != Some(false) {
            start += self.read(start);
        }
        if shape.role == Role::Head {
            self.head = Some((start, self.row.len()));
        }
        self.row.extend_from_slice(shape.closes.as_bytes());
        self.at += 1;
        Ok(())
    }

    /// Marks the cell that begins before `start` where its member reads from right to left; how many bytes that takes.
    fn read(&mut self, start: usize) -> usize {
        let reading = &mut self.reading[self.at];
        *reading = reading.or_else(|| reads_from_right_to_left(&String::from_utf8_lossy(&self.row[start..])));
        if *reading != Some(true) {
            return 0;
        }
        // Within the tag, before its end.
        self.row.splice(start - 1..start - 1, *RIGHT_TO_LEFT);
        RIGHT_TO_LEFT.len()
    }

    /// Writes a value that refers to a row; `false` where it leads nowhere.
    fn reference(&mut self, value: ValueRef<'_>, kind: Kind) -> Result<bool, Error> {
        let shown = || Shown::of(value, kind);
        let found = match (value, kind) {
            (ValueRef::Text(text), Kind::Plain) => {
                (self.follow)(self.at, str::from_utf8(text).map_err(Error::release)?, &shown)?
            }
            (ValueRef::Integer(number), Kind::Plain) => (self.follow)(self.at, &number.to_string(), &shown)?,
            _ => match shown()?.text() {
                Some(text) => (self.follow)(self.at, &text, &shown)?,
                None => None,
            },
        };
        if let Some(markup) = &found {
            self.row.extend_from_slice(markup.as_bytes());
        }
        Ok(found.is_some())
    }
}

impl MemberWriter for RowWriter<'_> {
    fn value(&mut self, _: &Label, value: ValueRef<'_>, kind: Kind) -> Result<(), Error> {
        self.cell(|this, shape| {
            if let Some(column) = shape.column.filter(|_| shape.is_key) {
                this.key(column, value)?;
            }
            if shape.is_point {
                this.points.take(this.at, &value_json(value, kind)?);
            }
            if shape.names {
                this.name = Shown::of(value, kind)?.text().map(Cow::into_owned).unwrap_or_default();
            }
            match shape.role {
                Role::Reference if this.reference(value, kind)? => return Ok(()),
                Role::Address => {
                    if let Shown::Text(text) = Shown::of(value, kind)? {
                        this.row.extend_from_slice(web(&text).0.as_bytes());
                        return Ok(());
                    }
                }
                _ => {}
            }
            write(value, kind, IN_ROWS, &mut this.row)
        })
    }

    fn json(
        &mut self,
        _: &Label,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.cell(|this, _| {
            let mut json = vec![];
            write(&mut json)?;
            let shown = Shown::of_text(String::from_utf8(json).map_err(Error::release)?);
            this.row.extend_from_slice(shown.markup(IN_ROWS).into_string().as_bytes());
            Ok(())
        })
    }

    fn stripped(&self) -> bool {
        false
    }
}
