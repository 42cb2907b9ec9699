//! Names resolved against the catalog: from here on every table and column is one that exists,
//! and every value is of its column's type.

mod aggregated;
mod array;
mod build;
mod cast;
mod comparison;
mod condition;
mod datetime;
mod document;
mod find;
mod key;
mod meant;
mod node;
mod pattern;
mod relation;
mod scalar;
mod search;
mod tables;
mod unindexed;
mod value;

use std::rc::Rc;

use catalog::Table;
use rusqlite::types::Value;

pub(crate) use build::MAX_VALUES;
pub(crate) use cast::CASTS;
pub(crate) use comparison::Comparison;
pub(crate) use datetime::{around, date, instant, instant_of, seconds, time};
pub(crate) use document::{elements_key, place, read as read_json};
pub(crate) use meant::meant;
pub(crate) use node::{ArrayOperator, By, Check, Child, Condition, Node, Output, Path, Scalar, Shape, Shown};
pub(crate) use search::Words;
pub(crate) use tables::Tables;
pub(crate) use unindexed::hint as unindexed_hint;
pub(crate) use value::{boolean, invalid, is_whole, number, out_of_range, parse_number};

use crate::config::Config;
use crate::cursor::{self, Cursor};
use crate::error::{Code, Error};
use crate::request::Parameters;

/// What is read.
#[derive(Debug)]
pub(crate) enum Plan {
    /// The row of a table with this primary key: a value for each of the key's columns.
    Row { table: Rc<Table>, key: Vec<(usize, Value)> },
    /// A page of rows.
    Rows(Box<Node>),
}

impl Plan {
    /// A page of a table. A limit over the maximum is cut to it; the answer's `Content-Range`,
    /// `Link` and `Warning` say so.
    pub(crate) fn rows(
        table: Rc<Table>,
        parameters: Parameters,
        tables: &dyn Tables,
        config: &Config,
    ) -> Result<Self, Error> {
        let cursor = parameters.cursor;
        let mut root = build::Builder::tree(table, parameters, tables, config)?;
        pattern::check_lengths(&root, config)?;
        if let Some(cursor) = cursor {
            begin(&mut root, cursor)?;
        }
        Ok(Self::Rows(Box::new(root)))
    }

    /// The row of a table that the text `key` names.
    pub(crate) fn row(table: Rc<Table>, key: &str, config: &Config) -> Result<Self, Error> {
        let key = Self::key(&table, key, config)?;
        Ok(Self::Row { table, key })
    }

    /// The values that the text names, one for each column of the table's primary key.
    pub(crate) fn key(table: &Table, key: &str, config: &Config) -> Result<Vec<(usize, Value)>, Error> {
        let base = &config.base_path;
        if table.schema.primary_key.is_empty() {
            return Err(Error::new(Code::NoKey, format!("table '{}' has no primary key", table.name))
                .hint(format!("read its rows at {base}/{}", table.name)));
        }
        key::parse(table, key, base)
    }
}

/// Has the page begin where the cursor says, unless the data is other than that it was made for:
/// then rows would be left out or come twice.
fn begin(root: &mut Node, cursor: Cursor) -> Result<(), Error> {
    if root.is_grouped() {
        return Err(cursor::invalid("groups have offsets"));
    }
    if cursor.tables != root.content() {
        return Err(Error::new(Code::StaleCursor, "the data changed since the page before")
            .details("going on from there would leave rows out or show them twice")
            .hint("start over: repeat the request without the cursor"));
    }
    (root.offset, root.after) = (cursor.offset, Some(cursor.rowid));
    Ok(())
}
