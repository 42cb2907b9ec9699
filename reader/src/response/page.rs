//! A page of rows: how many there are, which these are, and where the next ones are.

use rusqlite::Connection;

use super::rows::{Found, Members, Prepared, Run, Scanned, Source};
use super::sink::Line;
use super::{ETag, Response, Room, csv_header};
use crate::btree::Pages;
use crate::config::Config;
use crate::cursor::Cursor;
use crate::error::{Code, Error};
use crate::lookup;
use crate::plan::Node;
use crate::request::{Download, Format, Preferences, encode, question, unpaged, unsatisfiable};
use crate::sql::{Scan, Statement};

/// What is asked of a page, beside its rows.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) format: Format,
    pub(crate) preferences: &'a Preferences,
    /// The query's parameters, decoded.
    pub(crate) pairs: &'a [(String, String)],
    /// The same as one text.
    pub(crate) canonical: &'a str,
    /// Where it is to be kept as a file.
    pub(crate) download: Option<Download>,
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
        let mut prepared = Prepared::new(connection, statement)?;
        Self::page(root, &mut prepared, &|| total(root, connection), asked, etag, config)
    }

    /// A page of rows as they lie in the file, without SQLite; `None` where only SQLite can say
    /// what is there.
    pub(crate) fn scanned(
        root: &Node,
        scan: &Scan,
        asked: &Asked<'_>,
        pages: &Pages,
        etag: &ETag,
        config: &Config,
    ) -> Result<Option<Self>, Error> {
        let Ok(rows) = lookup::rows(pages, &root.table, scan.after) else { return Ok(None) };
        let mut scanned = Scanned { rows, scan, table: &root.table, unreadable: false };
        let response = Self::page(root, &mut scanned, &|| Ok(root.table.rows), asked, etag, config);
        if scanned.unreadable { Ok(None) } else { response.map(Some) }
    }

    /// `count` says how many rows there are over all pages.
    fn page<'a>(
        root: &Node,
        source: &mut impl Source<'a>,
        count: &dyn Fn() -> Result<u64, Error>,
        asked: &Asked<'_>,
        etag: &ETag,
        config: &Config,
    ) -> Result<Self, Error> {
        let total = match asked.preferences.count {
            Some(_) => Some(count()?),
            None => None,
        };
        if let Some(total) = total.filter(|total| root.offset > *total) {
            let offset = root.offset;
            let error = unsatisfiable(format!(
                "An offset of {offset} was requested, but there are only {total} rows."
            ));
            return Ok(Self::error(&error).header("content-range", format!("*/{total}")));
        }
        let mut run = Run::new(config.max_bytes);
        let mut body = Vec::with_capacity(1024);
        let found = match asked.format {
            Format::Csv => csv(source, &mut run, &mut body)?,
            Format::Lines => lines(source, &mut run, &mut body)?,
            Format::Json => array(source, false, &mut run, &mut body)?,
            Format::Stripped => array(source, true, &mut run, &mut body)?,
            Format::Object { stripped } => {
                let found = source.each(&mut run, |row, run| {
                    body.clear();
                    row.object(stripped, run, &mut body)
                })?;
                Room::new(config.max_bytes).take(&body)?;
                if found.rows != 1 {
                    // Rows that the request itself leaves out are none of the result's.
                    return Err(not_singular(if found.more && root.limited_by_us {
                        count()?.saturating_sub(root.offset)
                    } else {
                        found.rows
                    }));
                }
                found
            }
        };
        let (first, Found { rows, more, full }) = (root.offset, found);
        let status = if total.is_some_and(|total| rows < total) { 206 } else { 200 };
        let mut response = Self::representation(status, asked.format, body, etag, config)
            .header("content-range", content_range(first, rows, total))
            .header("content-location", location(root, asked));
        if let Some(applied) = asked.preferences.applied() {
            response = response.header("preference-applied", applied);
        }
        if more && rows > 0 && !matches!(asked.format, Format::Object { .. }) {
            response = response.header("link", next(root, asked, rows, run.last));
        }
        if let Some(download) = asked.download {
            let part = (rows > 0 && (first > 0 || more)).then(|| (first, first + rows - 1));
            response = response.into_file(&root.table.name, part, download);
        }
        let mut warnings = vec![];
        if full {
            let most = config.max_bytes;
            warnings.push(format!(
                "299 Coldpress \"page cut at {rows} rows: more have no room in {most} bytes\""
            ));
        }
        if !run.cut.is_empty() {
            let mut cut = vec![];
            for name in &run.cut {
                let mut encoded = String::new();
                encode(name, &mut encoded);
                cut.push(encoded);
            }
            let (most, cut) = (config.max_limit, cut.join(", "));
            warnings.push(format!("299 Coldpress \"embedded rows cut at the maximum of {most}: {cut}\""));
        }
        if !warnings.is_empty() {
            response = response.header("warning", warnings.join(", "));
        }
        Ok(response)
    }
}

fn array<'a>(
    source: &mut impl Source<'a>,
    stripped: bool,
    run: &mut Run,
    body: &mut Vec<u8>,
) -> Result<Found, Error> {
    body.push(b'[');
    let found = whole_rows(source, run, body, |row, first, run, body| {
        if !first {
            body.extend_from_slice(b",\n ");
        }
        row.object(stripped, run, body)
    })?;
    body.push(b']');
    Ok(found)
}

/// Writes rows as long as there is room; the first that has none is left out with all behind it.
/// Errors: that is the very first.
fn whole_rows<'a>(
    source: &mut impl Source<'a>,
    run: &mut Run,
    body: &mut Vec<u8>,
    mut write: impl FnMut(&mut Members<'_, 'a>, bool, &mut Run, &mut Vec<u8>) -> Result<(), Error>,
) -> Result<Found, Error> {
    let mut room = Room::new(run.most);
    let (mut rows, mut end) = (0, body.len());
    let found = source.each(run, |row, run| {
        write(row, rows == 0, run, body)?;
        room.take(body)?;
        (rows, end) = (rows + 1, body.len());
        Ok(())
    });
    match found {
        Err(error) if error.code() == Code::TooLarge && rows > 0 => {
            body.truncate(end);
            Ok(Found { rows, more: true, full: true })
        }
        found => found,
    }
}

fn lines<'a>(source: &mut impl Source<'a>, run: &mut Run, body: &mut Vec<u8>) -> Result<Found, Error> {
    whole_rows(source, run, body, |row, _, run, body| {
        row.object(false, run, body)?;
        body.push(b'\n');
        Ok(())
    })
}

fn csv<'a>(source: &mut impl Source<'a>, run: &mut Run, body: &mut Vec<u8>) -> Result<Found, Error> {
    csv_header(source, body);
    whole_rows(source, run, body, |row, _, run, body| {
        body.push(b'\n');
        row.write(&mut Line::new(body), run)
    })
}

/// How many rows there are over all pages. What the whole table has, the builder counted.
fn total(root: &Node, connection: &Connection) -> Result<u64, Error> {
    if root.is_whole() {
        return Ok(root.table.rows);
    }
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

fn path(root: &Node, asked: &Asked<'_>) -> String {
    let mut path = String::from("/");
    encode(&root.table.name, &mut path);
    path.push_str(asked.download.map_or("", |download| download.extension));
    path
}

fn location(root: &Node, asked: &Asked<'_>) -> String {
    let mut location = path(root, asked);
    if !asked.canonical.is_empty() {
        location.push('?');
        location.push_str(asked.canonical);
    }
    location
}

/// The next page: the same question, further on. Groups are no rows of a table, so theirs begin
/// at an offset.
fn next(root: &Node, asked: &Asked<'_>, rows: u64, last: Option<i64>) -> String {
    let mut query = unpaged(asked.pairs);
    if !query.is_empty() {
        query.push('&');
    }
    let offset = root.offset + rows;
    let begin = match last {
        Some(rowid) => {
            // The name as it stands in the path, which is all that the next request knows.
            let extension = asked.download.map_or("", |download| download.extension);
            let question = question(&format!("{}{extension}", root.table.name), asked.pairs);
            let cursor = Cursor { tables: root.content(), question, offset, rowid };
            format!("cursor={}", cursor.to_text())
        }
        None => format!("offset={offset}"),
    };
    // A page that was cut is no reason to make the next ones as short. A file may have no limit.
    let is_limited = asked.download.is_none() || asked.pairs.iter().any(|(name, _)| name == "limit");
    let limit = match is_limited {
        true => format!("limit={}&", root.limit.unwrap_or(rows)),
        false => String::new(),
    };
    format!("<{}?{query}{limit}{begin}>; rel=\"next\"", path(root, asked))
}
