//! One row by its key: its columns as they are, from SQLite or straight from the file.

use catalog::Table;
use rusqlite::types::ValueRef;

use super::{ETag, Response, SizeLimit, csv, json};
use crate::config::Config;
use crate::error::{Code, Error};
use crate::request::{Format, Headers};
use crate::sql::Kind;

impl Response {
    /// The error of a key that no row has.
    pub(crate) fn unknown_row(table: &Table, config: &Config) -> Error {
        Error::new(Code::UnknownRow, "no row has this key")
            .details(format!("table '{}' has {} rows", table.name, table.rows))
            .hint(format!("read the rows at {}/{}", config.base_path, table.name))
    }

    /// The row whose columns `get` gives.
    pub(crate) fn row<'v>(
        table: &Table,
        get: impl Fn(usize) -> Result<ValueRef<'v>, Error>,
        format: Format,
        etag: &ETag,
        headers: &Headers,
        config: &Config,
    ) -> Result<Self, Error> {
        if headers.has_any() {
            return Ok(Self::not_modified(etag, config));
        }
        let mut body = Vec::with_capacity(512);
        match format {
            Format::Csv => line(table, get, &mut body)?,
            Format::Json => object(table, get, false, &mut body)?,
            Format::Lines => {
                object(table, get, false, &mut body)?;
                body.push(b'\n');
            }
            Format::Stripped => object(table, get, true, &mut body)?,
            Format::Object { stripped } => object(table, get, stripped, &mut body)?,
        }
        SizeLimit::new(config.max_bytes).take(&body)?;
        Ok(Self::representation(200, format, body, etag, config))
    }
}

fn object<'v>(
    table: &Table,
    get: impl Fn(usize) -> Result<ValueRef<'v>, Error>,
    stripped: bool,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let mut before = b'{';
    for (index, column) in table.schema.columns.iter().enumerate() {
        let value = get(index)?;
        if stripped && value == ValueRef::Null {
            continue;
        }
        out.push(before);
        before = b',';
        json::string(&column.name, out);
        out.push(b':');
        json::value(value, Kind::of(column.column_type), stripped, out)?;
    }
    if before == b'{' {
        out.push(b'{');
    }
    out.push(b'}');
    Ok(())
}

fn line<'v>(
    table: &Table,
    get: impl Fn(usize) -> Result<ValueRef<'v>, Error>,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    for (index, column) in table.schema.columns.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        csv::cell(column.name.as_bytes(), out);
    }
    out.push(b'\n');
    for (index, column) in table.schema.columns.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        csv::value(get(index)?, Kind::of(column.column_type), out)?;
    }
    Ok(())
}
