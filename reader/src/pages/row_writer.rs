//! A row of a table of HTML, written while its members come.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use catalog::{Table, percent_encode};
use rusqlite::types::{Value, ValueRef};

use super::map::Points;
use super::rows::{Link, Role, Shape, linked, web};
use super::value::{IN_ROWS, Shown, write};
use crate::error::Error;
use crate::response::{MemberWriter, owned, row_key, value_json};
use crate::sql::{Kind, Label};

/// Where the values of a member that refers to rows lead: the member's place and the value.
pub(crate) type Follow<'a> = &'a dyn Fn(usize, &str) -> Result<Option<Rc<Link>>, Error>;

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
    head: Option<(usize, usize)>,
    /// The values of the primary key, by column.
    key: BTreeMap<usize, Value>,
    /// Points of the rows, where a column has some, and what the row is called there.
    pub(crate) points: Points,
    name: String,
}

impl<'a> RowWriter<'a> {
    pub(crate) fn new(table: &'a Table, path: &'a str, shapes: &'a [Shape], follow: Follow<'a>) -> Self {
        let (row, key, points, name) = (vec![], BTreeMap::new(), Points::default(), String::new());
        Self { table, path, shapes, follow, row, at: 0, head: None, key, points, name }
    }

    /// Appends the row to `body`. Errors: the file has a value that is not text.
    pub(crate) fn close(&mut self, body: &mut Vec<u8>) -> Result<(), Error> {
        let address = self.address()?;
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

    /// The address of the row's own page, if all of its key is there.
    fn address(&self) -> Result<Option<String>, Error> {
        let names = &self.table.schema.primary_key;
        if self.head.is_none() || self.key.len() != names.len() {
            return Ok(None);
        }
        let columns = &self.table.schema.columns;
        let value = |name: &String| {
            let index = columns.iter().position(|column| column.name == *name)?;
            Some((index, self.key.get(&index)?.clone()))
        };
        let Some(key) = names.iter().map(value).collect::<Option<Vec<_>>>() else { return Ok(None) };
        let key = row_key(self.table, &key)?;
        let mut address = String::with_capacity(self.path.len() + 1 + key.len());
        address.push_str(self.path);
        address.push('/');
        percent_encode(&key, &mut address);
        Ok(Some(address))
    }

    /// The value of a member, in its cell.
    fn cell(&mut self, write: impl FnOnce(&mut Self, &Shape) -> Result<(), Error>) -> Result<(), Error> {
        let shapes = self.shapes;
        let Some(shape) = shapes.get(self.at) else {
            return Err(Error::release("a row has too many members"));
        };
        self.row.extend_from_slice(shape.opens.as_bytes());
        let start = self.row.len();
        write(self, shape)?;
        if shape.role == Role::Head {
            self.head = Some((start, self.row.len()));
        }
        self.row.extend_from_slice(shape.closes.as_bytes());
        self.at += 1;
        Ok(())
    }

    /// Writes a value that leads somewhere; `false` where it does not.
    fn leading(&mut self, role: Role, value: &Shown) -> Result<bool, Error> {
        let markup = match (role, value) {
            (Role::Reference, value) => {
                let Some(text) = value.text() else { return Ok(false) };
                let Some(link) = (self.follow)(self.at, &text)? else { return Ok(false) };
                linked(&link, value)
            }
            (Role::Address, Shown::Text(text)) => web(text),
            _ => return Ok(false),
        };
        self.row.extend_from_slice(markup.into_string().as_bytes());
        Ok(true)
    }
}

impl MemberWriter for RowWriter<'_> {
    fn value(&mut self, _: &Label, value: ValueRef<'_>, kind: Kind) -> Result<(), Error> {
        self.cell(|this, shape| {
            if let Some(column) = shape.column.filter(|_| shape.is_key) {
                this.key.insert(column, owned(value));
            }
            if shape.is_point {
                this.points.take(this.at, &value_json(value, kind)?);
            }
            if shape.names {
                this.name = Shown::of(value, kind)?.text().map(Cow::into_owned).unwrap_or_default();
            }
            if matches!(shape.role, Role::Reference | Role::Address) {
                let shown = Shown::of(value, kind)?;
                if this.leading(shape.role, &shown)? {
                    return Ok(());
                }
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
