//! Rows written as they come.

use rusqlite::types::ValueRef;

use super::member_writer::{Arrays, MemberWriter, Object};
use super::size_limit::too_large;
use crate::error::Error;
use crate::query::{Embedded, Fetched, Row, Rows};
use crate::sql::{Kind, Label, Slot, number};

/// What the rows of a read are written with, beside the place where they go.
#[derive(Debug)]
pub(super) struct Run {
    /// Largest body in bytes.
    pub(super) most: usize,
    /// Embeds of which the server's maximum left rows out.
    pub(super) cut: Vec<String>,
}

impl Run {
    pub(super) fn new(most: usize) -> Self {
        Self { most, cut: vec![] }
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

/// Appends the row as a JSON object.
pub(super) fn object(
    fetched: &mut Fetched<'_, '_>,
    stripped: bool,
    run: &mut Run,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let mut object = Object::open(out, stripped);
    members(fetched, &mut object, run)?;
    object.close();
    Ok(())
}

/// Gives the members of a row to `writer`, in order.
pub(super) fn members<S: MemberWriter>(
    fetched: &mut Fetched<'_, '_>,
    writer: &mut S,
    run: &mut Run,
) -> Result<(), Error> {
    for slot in fetched.slots {
        match slot {
            Slot::Value { label, column, kind: kind @ (Kind::Sum | Kind::Average) } => {
                let high = fetched.row.integer(*column)?;
                let low = fetched.row.integer(column + 1)?.unwrap_or_default();
                let sum = high.map(|high| (i128::from(high) << 32) + i128::from(low));
                let count = match kind {
                    Kind::Average => fetched.row.integer(column + 2)?.unwrap_or_default(),
                    _ => 1,
                };
                writer.json(label, &mut |out| {
                    let text = match sum {
                        None => "null".to_owned(),
                        Some(sum) if *kind == Kind::Sum => sum.to_string(),
                        Some(sum) => number::average(sum, count),
                    };
                    out.extend_from_slice(text.as_bytes());
                    Ok(())
                })?;
            }
            Slot::Value { label, column, kind } => writer.value(label, fetched.row.get(*column)?, *kind)?,
            Slot::Object { label, present, slots } => {
                let (stripped, there) = (writer.stripped(), there(fetched.row, Some(*present))?);
                let (row, children) = (fetched.row, &mut *fetched.children);
                writer.json(label, &mut |out| match there {
                    true => object(&mut Fetched { slots, row, children, rowid: None }, stripped, run, out),
                    false => null(out),
                })?;
            }
            Slot::Rows { label, child, single, guard } => {
                let (stripped, there) = (writer.stripped(), there(fetched.row, *guard)?);
                let (row, child) = (fetched.row, &mut fetched.children[*child]);
                writer.json(label, &mut |out| match there {
                    true => embedded(child, row, label, *single, stripped, run, out),
                    false => null(out),
                })?;
            }
            Slot::Columns { child, guard } => {
                let there = there(fetched.row, *guard)?;
                arrays(&mut fetched.children[*child], fetched.row, there, writer, run)?;
            }
        }
    }
    Ok(())
}

/// Whether the joined row is there whose presence is the column `guard`.
fn there(row: Row<'_>, guard: Option<usize>) -> Result<bool, Error> {
    guard.map_or(Ok(true), |column| Ok(row.get(column)? == ValueRef::Integer(1)))
}

/// The rows for one row around them, as an array of objects or as one object.
fn embedded(
    statement: &mut Embedded<'_>,
    around: Row<'_>,
    label: &Label,
    single: bool,
    stripped: bool,
    run: &mut Run,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    statement.bind(around)?;
    let mut first = true;
    if !single {
        out.push(b'[');
    }
    let found = statement.each(|fetched| {
        if !first {
            out.push(b',');
        }
        first = false;
        object(fetched, stripped, run, out)?;
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
fn arrays<S: MemberWriter>(
    statement: &mut Embedded<'_>,
    around: Row<'_>,
    there: bool,
    writer: &mut S,
    run: &mut Run,
) -> Result<(), Error> {
    let labels = statement.labels();
    if !there {
        return labels.iter().try_for_each(|label| writer.json(label, &mut null));
    }
    let mut arrays = Arrays::new(labels.len(), writer.stripped());
    statement.bind(around)?;
    let found = statement.each(|fetched| {
        arrays.row();
        members(fetched, &mut arrays, run)?;
        run.room_for(arrays.len())
    })?;
    for (label, array) in labels.iter().zip(arrays.close()) {
        writer.json(label, &mut |out| {
            out.extend_from_slice(&array);
            Ok(())
        })?;
        if found.more {
            run.cut(label);
        }
    }
    Ok(())
}

fn null(out: &mut Vec<u8>) -> Result<(), Error> {
    out.extend_from_slice(b"null");
    Ok(())
}
