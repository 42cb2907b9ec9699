//! Statements run, or a table's pages read, and the rows written as they come.

use catalog::Table;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection};

use super::room::too_large;
use super::sink::{Arrays, Object, Sink};
use crate::btree::Unreadable;
use crate::error::Error;
use crate::lookup::{FoundRow, FoundRows};
use crate::sql::{Kind, Label, Scan, Slot, Statement, number};

/// Where rows come from.
pub(super) trait Source<'a> {
    /// Goes through the rows; `each` gets every row that is shown, with what writes its members.
    fn each(
        &mut self,
        run: &mut Run,
        each: impl FnMut(&mut Members<'_, 'a>, &mut Run) -> Result<(), Error>,
    ) -> Result<Found, Error>;

    /// The names of the members that a row makes, in order.
    fn labels(&self) -> Vec<&'a Label>;
}

/// A table's pages.
pub(super) struct Scanned<'a> {
    pub(super) rows: FoundRows<'a>,
    pub(super) scan: &'a Scan,
    pub(super) table: &'a Table,
    /// Whether the file was not what is read here: then the error is no answer.
    pub(super) unreadable: bool,
}

/// A statement with its children, prepared.
pub(super) struct Prepared<'a> {
    statement: CachedStatement<'a>,
    plan: &'a Statement,
    children: Vec<Prepared<'a>>,
}

/// How many rows there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) rows: u64,
    /// There are more than were asked for.
    pub(super) more: bool,
    /// Rows that were asked for had no room.
    pub(super) full: bool,
}

/// What the rows of a read are written with, beside the place where they go.
#[derive(Debug)]
pub(super) struct Run {
    /// Bytes of the body at the most.
    pub(super) most: usize,
    /// The row number of the last whole row, where rows have one.
    pub(super) last: Option<i64>,
    /// Embeds of which the server's maximum left rows out.
    pub(super) cut: Vec<String>,
}

impl Run {
    pub(super) fn new(most: usize) -> Self {
        Self { most, last: None, cut: vec![] }
    }

    fn cut(&mut self, label: &Label) {
        let name = label.name();
        if !self.cut.contains(&name) {
            self.cut.push(name);
        }
    }

    /// A row that is too large is given up while it grows: it may have millions of embedded ones.
    fn room_for(&self, bytes: usize) -> Result<(), Error> {
        if bytes > self.most { Err(too_large(self.most)) } else { Ok(()) }
    }
}

impl<'a> Prepared<'a> {
    pub(super) fn new(connection: &'a Connection, plan: &'a Statement) -> Result<Self, Error> {
        let mut statement = connection.prepare_cached(&plan.text)?;
        debug_assert!(statement.readonly(), "{}", plan.text);
        for (index, value) in plan.values.iter().enumerate() {
            if *value != Value::Null {
                statement.raw_bind_parameter(index + 1, value)?;
            }
        }
        let children =
            plan.children.iter().map(|child| Self::new(connection, child)).collect::<Result<_, _>>()?;
        Ok(Self { statement, plan, children })
    }

    /// The values that the statement takes from the row around it.
    fn bind(&mut self, row: Row<'_>) -> Result<(), Error> {
        for (parameter, column) in &self.plan.keys {
            let value = ToSqlOutput::Borrowed(row.get(*column)?);
            self.statement.raw_bind_parameter(*parameter, value)?;
        }
        Ok(())
    }
}

impl<'a> Source<'a> for Prepared<'a> {
    fn each(
        &mut self,
        run: &mut Run,
        mut each: impl FnMut(&mut Members<'_, 'a>, &mut Run) -> Result<(), Error>,
    ) -> Result<Found, Error> {
        let Self { statement, plan, children } = self;
        let mut rows = statement.raw_query();
        let mut found = Found::default();
        while let Some(row) = rows.next()? {
            if found.rows == plan.rows {
                found.more = true;
                break;
            }
            each(&mut Members { slots: &plan.slots, row: Row::Queried(row), children }, run)?;
            if let Some(column) = plan.rowid {
                run.last = Some(row.get(column)?);
            }
            found.rows += 1;
        }
        Ok(found)
    }

    fn labels(&self) -> Vec<&'a Label> {
        let mut labels = vec![];
        for slot in &self.plan.slots {
            match slot {
                Slot::Value { label, .. } | Slot::Object { label, .. } | Slot::Rows { label, .. } => {
                    labels.push(label);
                }
                Slot::Columns { child, .. } => labels.extend(self.children[*child].labels()),
            }
        }
        labels
    }
}

impl Scanned<'_> {
    fn next(&mut self) -> Result<Option<FoundRow>, Error> {
        self.rows.next().map_err(|Unreadable| {
            self.unreadable = true;
            Error::release("a page can't be read")
        })
    }
}

impl<'a> Source<'a> for Scanned<'a> {
    fn each(
        &mut self,
        run: &mut Run,
        mut each: impl FnMut(&mut Members<'_, 'a>, &mut Run) -> Result<(), Error>,
    ) -> Result<Found, Error> {
        let mut found = Found::default();
        while let Some(row) = self.next()? {
            if found.rows == self.scan.rows {
                found.more = true;
                break;
            }
            let got = Row::Scanned(&row, self.table);
            each(&mut Members { slots: &self.scan.slots, row: got, children: &mut [] }, run)?;
            run.last = Some(row.rowid());
            found.rows += 1;
        }
        Ok(found)
    }

    fn labels(&self) -> Vec<&'a Label> {
        let label = |slot: &'a Slot| match slot {
            Slot::Value { label, .. } => Some(label),
            _ => None,
        };
        self.scan.slots.iter().filter_map(label).collect()
    }
}

/// A row, wherever it was found.
#[derive(Clone, Copy)]
enum Row<'r> {
    Queried(&'r rusqlite::Row<'r>),
    Scanned(&'r FoundRow, &'r Table),
}

impl<'r> Row<'r> {
    /// A column: of the statement, or of the table.
    #[inline]
    fn get(self, column: usize) -> Result<ValueRef<'r>, Error> {
        match self {
            Self::Queried(row) => Ok(row.get_ref(column)?),
            Self::Scanned(row, table) => {
                row.get(column, table).map_err(|Unreadable| Error::release("a row can't be read"))
            }
        }
    }

    fn integer(self, column: usize) -> Result<Option<i64>, Error> {
        Ok(self.get(column)?.as_i64_or_null().map_err(rusqlite::Error::from)?)
    }
}

/// The members of one row.
pub(super) struct Members<'r, 'a> {
    slots: &'r [Slot],
    row: Row<'r>,
    children: &'r mut [Prepared<'a>],
}

impl Members<'_, '_> {
    /// Appends the row as a JSON object.
    pub(super) fn object(&mut self, stripped: bool, run: &mut Run, out: &mut Vec<u8>) -> Result<(), Error> {
        let mut object = Object::open(out, stripped);
        self.write(&mut object, run)?;
        object.close();
        Ok(())
    }

    pub(super) fn write<S: Sink>(&mut self, sink: &mut S, run: &mut Run) -> Result<(), Error> {
        for slot in self.slots {
            match slot {
                Slot::Value { label, column, kind: Kind::Average } => {
                    let sum = self.row.integer(*column)?;
                    let count = self.row.integer(column + 1)?.unwrap_or_default();
                    sink.json(label, &mut |out| {
                        let text = sum.map_or_else(|| "null".to_owned(), |sum| number::average(sum, count));
                        out.extend_from_slice(text.as_bytes());
                        Ok(())
                    })?;
                }
                Slot::Value { label, column, kind } => sink.value(label, self.row.get(*column)?, *kind)?,
                Slot::Object { label, present, slots } => {
                    let (stripped, there) = (sink.stripped(), self.there(Some(*present))?);
                    let (row, children) = (self.row, &mut *self.children);
                    sink.json(label, &mut |out| match there {
                        true => Members { slots, row, children }.object(stripped, run, out),
                        false => null(out),
                    })?;
                }
                Slot::Rows { label, child, single, guard } => {
                    let (stripped, there) = (sink.stripped(), self.there(*guard)?);
                    let (row, child) = (self.row, &mut self.children[*child]);
                    sink.json(label, &mut |out| match there {
                        true => child.rows(row, label, *single, stripped, run, out),
                        false => null(out),
                    })?;
                }
                Slot::Columns { child, guard } => {
                    let there = self.there(*guard)?;
                    self.children[*child].columns(self.row, there, sink, run)?;
                }
            }
        }
        Ok(())
    }

    /// Whether the joined row is there whose presence is the column `guard`.
    fn there(&self, guard: Option<usize>) -> Result<bool, Error> {
        guard.map_or(Ok(true), |column| Ok(self.row.get(column)? == ValueRef::Integer(1)))
    }
}

impl Prepared<'_> {
    /// The rows for one row around them, as an array of objects or as one object.
    fn rows(
        &mut self,
        around: Row<'_>,
        label: &Label,
        single: bool,
        stripped: bool,
        run: &mut Run,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        self.bind(around)?;
        let mut first = true;
        if !single {
            out.push(b'[');
        }
        let found = self.each(run, |members, run| {
            if !first {
                out.push(b',');
            }
            first = false;
            members.object(stripped, run, out)?;
            run.room_for(out.len())
        })?;
        match (single, found.rows) {
            (false, _) => out.push(b']'),
            (true, 0) => null(out)?,
            (true, _) => {}
        }
        if found.more {
            run.cut(label);
        }
        Ok(())
    }

    /// The rows for one row around them, each of their members an array in that row.
    fn columns<S: Sink>(
        &mut self,
        around: Row<'_>,
        there: bool,
        sink: &mut S,
        run: &mut Run,
    ) -> Result<(), Error> {
        let labels = self.labels();
        if !there {
            return labels.iter().try_for_each(|label| sink.json(label, &mut null));
        }
        let mut arrays = Arrays::new(labels.len(), sink.stripped());
        self.bind(around)?;
        let found = self.each(run, |members, run| {
            arrays.row();
            members.write(&mut arrays, run)?;
            run.room_for(arrays.len())
        })?;
        for (label, array) in labels.iter().zip(arrays.close()) {
            sink.json(label, &mut |out| {
                out.extend_from_slice(&array);
                Ok(())
            })?;
            if found.more {
                run.cut(label);
            }
        }
        Ok(())
    }
}

fn null(out: &mut Vec<u8>) -> Result<(), Error> {
    out.extend_from_slice(b"null");
    Ok(())
}
