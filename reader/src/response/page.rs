//! A page of rows: how many there are, which these are, and where the next ones are.

use rusqlite::Connection;

use super::rows::{Found, Prepared, Run};
use super::sink::Line;
use super::{ETag, Response, csv_header};
use crate::config::Config;
use crate::cursor::Cursor;
use crate::error::{Code, Error};
use crate::plan::Node;
use crate::request::{Format, Preferences, encode, question, unpaged, unsatisfiable};
use crate::sql::Statement;

/// What is asked of a page, beside its rows.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) format: Format,
    pub(crate) preferences: &'a Preferences,
    /// The query's parameters, decoded.
    pub(crate) pairs: &'a [(String, String)],
    /// The same as one text.
    pub(crate) canonical: &'a str,
}

impl Response {
    /// Runs the statement of the tree `root` and writes a page.
    pub(crate) fn rows(
        root: &Node,
        statement: &Statement,
        asked: &Asked<'_>,
        connection: &Connection,
        etag: &ETag,
        config: &Config,
    ) -> Result<Self, Error> {
        let total = match asked.preferences.count {
            Some(_) => Some(total(root, connection)?),
            None => None,
        };
        if let Some(total) = total.filter(|total| root.offset > *total) {
            let offset = root.offset;
            let error = unsatisfiable(format!(
                "An offset of {offset} was requested, but there are only {total} rows."
            ));
            return Ok(Self::error(&error).header("content-range", format!("*/{total}")));
        }
        let mut run = Run::default();
        let mut body = Vec::with_capacity(1024);
        let mut prepared = Prepared::new(connection, statement)?;
        let found = match asked.format {
            Format::Csv => csv(&mut prepared, &mut run, &mut body)?,
            Format::Json => array(&mut prepared, false, &mut run, &mut body)?,
            Format::Stripped => array(&mut prepared, true, &mut run, &mut body)?,
            Format::Object { stripped } => {
                let found = prepared.each(&mut run, |row, run| {
                    body.clear();
                    row.object(stripped, run, &mut body)
                })?;
                if found.rows != 1 {
                    return Err(not_singular(if found.more {
                        total_of(root, connection)?
                    } else {
                        found.rows
                    }));
                }
                found
            }
        };
        let (first, rows) = (root.offset, found.rows);
        let status = if total.is_some_and(|total| rows < total) { 206 } else { 200 };
        let mut response = Self::representation(status, asked.format, body, etag, config)
            .header("content-range", content_range(first, rows, total))
            .header("content-location", location(root, asked));
        if let Some(applied) = asked.preferences.applied() {
            response = response.header("preference-applied", applied);
        }
        if found.more && rows > 0 && !matches!(asked.format, Format::Object { .. }) {
            response = response.header("link", next(root, asked, found));
        }
        if !run.cut.is_empty() {
            let mut cut = vec![];
            for name in &run.cut {
                let mut encoded = String::new();
                encode(name, &mut encoded);
                cut.push(encoded);
            }
            let (most, cut) = (config.max_limit, cut.join(", "));
            let warning = format!("299 Coldpress \"embedded rows cut at the maximum of {most}: {cut}\"");
            response = response.header("warning", warning);
        }
        Ok(response)
    }
}

fn array(
    prepared: &mut Prepared<'_>,
    stripped: bool,
    run: &mut Run,
    body: &mut Vec<u8>,
) -> Result<Found, Error> {
    body.push(b'[');
    let mut first = true;
    let found = prepared.each(run, |row, run| {
        if !first {
            body.extend_from_slice(b",\n ");
        }
        first = false;
        row.object(stripped, run, body)
    })?;
    body.push(b']');
    Ok(found)
}

fn csv(prepared: &mut Prepared<'_>, run: &mut Run, body: &mut Vec<u8>) -> Result<Found, Error> {
    csv_header(prepared, body);
    prepared.each(run, |row, run| {
        body.push(b'\n');
        row.write(&mut Line::new(body), run)
    })
}

/// How many rows there are over all pages. What the whole table has, the builder counted.
fn total(root: &Node, connection: &Connection) -> Result<u64, Error> {
    if root.is_whole() { Ok(root.table.rows) } else { total_of(root, connection) }
}

fn total_of(root: &Node, connection: &Connection) -> Result<u64, Error> {
    let statement = Statement::count(root)?;
    let mut prepared = connection.prepare_cached(&statement.text)?;
    debug_assert!(prepared.readonly(), "{}", statement.text);
    let count: i64 = prepared.query_row(rusqlite::params_from_iter(statement.values), |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

fn not_singular(rows: u64) -> Error {
    Error::new(Code::NotSingular, "Cannot coerce the result to a single JSON object")
        .details(format!("The result contains {rows} rows"))
}

/// As PostgREST writes it: the rows from 0, `*` for none, and the total, `*` where nobody asked.
fn content_range(first: u64, rows: u64, total: Option<u64>) -> String {
    let total = total.map_or_else(|| "*".to_owned(), |total| total.to_string());
    match rows {
        0 => format!("*/{total}"),
        rows => format!("{first}-{}/{total}", first + rows - 1),
    }
}

fn path(root: &Node) -> String {
    let mut path = String::from("/");
    encode(&root.table.name, &mut path);
    path
}

fn location(root: &Node, asked: &Asked<'_>) -> String {
    let mut location = path(root);
    if !asked.canonical.is_empty() {
        location.push('?');
        location.push_str(asked.canonical);
    }
    location
}

/// The next page: the same question, further on. Groups are no rows of a table, so theirs begin
/// at an offset.
fn next(root: &Node, asked: &Asked<'_>, found: Found) -> String {
    let mut query = unpaged(asked.pairs);
    if !query.is_empty() {
        query.push('&');
    }
    let offset = root.offset + found.rows;
    let begin = match found.last {
        Some(rowid) => {
            let question = question(&root.table.name, asked.pairs);
            let cursor = Cursor { tables: root.content(), question, offset, rowid };
            format!("cursor={}", cursor.to_text())
        }
        None => format!("offset={offset}"),
    };
    let limit = root.limit.unwrap_or(found.rows);
    format!("<{}?{query}limit={limit}&{begin}>; rel=\"next\"", path(root))
}
