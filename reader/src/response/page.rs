//! A page of rows: how many there are, which these are, and where the next ones are.

use super::member_writer::{Line, MemberWriter};
use super::rows::{Run, members, object};
use super::{ETag, Response, SizeLimit, csv_header};
use crate::config::Config;
use crate::cursor::Cursor;
use crate::error::{Code, Error};
use crate::plan::Node;
use crate::query::{Fetched, RowCount, Rows};
use crate::request::{Format, Preferences, encode, question, unpaged, unsatisfiable};

/// What is asked of a page, beside its rows.
#[derive(Debug)]
pub(crate) struct PageRequest<'a> {
    pub(crate) format: Format,
    pub(crate) preferences: &'a Preferences,
    /// The query's parameters, decoded.
    pub(crate) pairs: &'a [(String, String)],
    /// The same as one text.
    pub(crate) canonical: &'a str,
}

impl Response {
    /// A page of the rows of the tree `root`; `count` says how many there are over all pages.
    pub(crate) fn page<'a>(
        root: &Node,
        source: &mut impl Rows<'a>,
        count: &dyn Fn() -> Result<u64, Error>,
        asked: &PageRequest<'_>,
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
            return Ok(Self::error(&error, config).header("content-range", format!("*/{total}")));
        }
        let mut run = Run::new(config.max_bytes);
        let mut body = Vec::with_capacity(1024);
        let found = match asked.format {
            Format::Csv => csv(source, &mut run, &mut body)?,
            Format::Lines => lines(source, &mut run, &mut body)?,
            Format::Json => array(source, false, &mut run, &mut body)?,
            Format::Stripped => array(source, true, &mut run, &mut body)?,
            Format::Object { stripped } => {
                let RowCount { rows, more } = source.each(|row| {
                    body.clear();
                    object(row, stripped, &mut run, &mut body)
                })?;
                SizeLimit::new(config.max_bytes).take(&body)?;
                if rows != 1 {
                    // Rows that the request itself leaves out are none of the result's.
                    return Err(not_singular(if more && root.limited_by_us {
                        count()?.saturating_sub(root.offset)
                    } else {
                        rows
                    }));
                }
                Written { rows, more, ..Written::default() }
            }
        };
        let (first, Written { rows, more, full, last }) = (root.offset, found);
        let status = if total.is_some_and(|total| rows < total) { 206 } else { 200 };
        let mut response = Self::representation(status, asked.format, body, etag, config)
            .header("content-range", content_range(first, rows, total))
            .header("content-location", location(root, asked, "", config));
        if let Some(applied) = asked.preferences.applied() {
            response = response.header("preference-applied", applied);
        }
        if more && rows > 0 && !matches!(asked.format, Format::Object { .. }) {
            response = response.header("link", next(root, asked, rows, last, config));
        }
        let mut warnings = vec![];
        if more && !full && rows > 0 && !matches!(asked.format, Format::Object { .. }) {
            warnings.extend(cut_by_limit(root, rows));
        }
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

/// What an answer says that has fewer rows than were asked for because of a limit of the deployment.
fn cut_by_limit(root: &Node, rows: u64) -> Option<String> {
    let limit = match (root.limited_by_us, root.over_maximum) {
        (true, _) => "default limit",
        (false, true) => "maximum",
        (false, false) => return None,
    };
    Some(super::page_cut(limit, rows))
}

fn array<'a>(
    source: &mut impl Rows<'a>,
    stripped: bool,
    run: &mut Run,
    body: &mut Vec<u8>,
) -> Result<Written, Error> {
    body.push(b'[');
    let found = whole_rows(source, run, body, |row, first, run, body| {
        if !first {
            body.extend_from_slice(b",\n ");
        }
        object(row, stripped, run, body)
    })?;
    body.push(b']');
    Ok(found)
}

/// The rows of a page.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) rows: u64,
    /// There are more than were asked for.
    pub(crate) more: bool,
    /// Rows that were asked for had no room.
    full: bool,
    /// The row number of the last one, where rows have one.
    pub(crate) last: Option<i64>,
}

/// Appends each row to `body` as the writer that `open` makes of it takes its members and `close` ends it, as long as
/// `most` bytes have room. Errors: those of reading; the first row has no room.
pub(crate) fn each_row<'a, W: MemberWriter>(
    source: &mut impl Rows<'a>,
    most: usize,
    body: &mut Vec<u8>,
    writer: &mut W,
    close: impl Fn(&mut W, &mut Vec<u8>) -> Result<(), Error>,
) -> Result<Written, Error> {
    whole_rows(source, &mut Run::new(most), body, |row, _, run, body| {
        members(row, writer, run)?;
        close(writer, body)
    })
}

/// Writes rows as long as there is room; the first that has none is left out with all behind it.
/// Errors: that is the very first.
fn whole_rows<'a>(
    source: &mut impl Rows<'a>,
    run: &mut Run,
    body: &mut Vec<u8>,
    mut write: impl FnMut(&mut Fetched<'_, 'a>, bool, &mut Run, &mut Vec<u8>) -> Result<(), Error>,
) -> Result<Written, Error> {
    let mut room = SizeLimit::new(run.most);
    let (mut rows, mut end, mut last) = (0, body.len(), None);
    let found = source.each(|row| {
        write(row, rows == 0, run, body)?;
        room.take(body)?;
        (rows, end, last) = (rows + 1, body.len(), row.rowid);
        Ok(())
    });
    match found {
        Err(error) if error.code() == Code::TooLarge && rows > 0 => {
            body.truncate(end);
            Ok(Written { rows, more: true, full: true, last })
        }
        found => found.map(|RowCount { rows, more }| Written { rows, more, full: false, last }),
    }
}

fn lines<'a>(source: &mut impl Rows<'a>, run: &mut Run, body: &mut Vec<u8>) -> Result<Written, Error> {
    whole_rows(source, run, body, |row, _, run, body| {
        object(row, false, run, body)?;
        body.push(b'\n');
        Ok(())
    })
}

fn csv<'a>(source: &mut impl Rows<'a>, run: &mut Run, body: &mut Vec<u8>) -> Result<Written, Error> {
    csv_header(source, body);
    whole_rows(source, run, body, |row, _, run, body| {
        body.push(b'\n');
        members(row, &mut Line::new(body), run)
    })
}

fn not_singular(rows: u64) -> Error {
    Error::new(Code::NotSingular, "Cannot coerce the result to a single JSON object")
        .details(format!("The result contains {rows} rows"))
}

/// As PostgREST writes it: the rows from 0, `*` for none, and the total, `*` where nobody asked.
pub(super) fn content_range(first: u64, rows: u64, total: Option<u64>) -> String {
    let total = total.map_or_else(|| "*".to_owned(), |total| total.to_string());
    match rows {
        0 => format!("*/{total}"),
        rows => format!("{first}-{}/{total}", first + rows - 1),
    }
}

fn path(root: &Node, extension: &str, config: &Config) -> String {
    let mut path = String::with_capacity(config.base_path.len() + root.table.name.len() + 1);
    path.push_str(&config.base_path);
    path.push('/');
    encode(&root.table.name, &mut path);
    path.push_str(extension);
    path
}

/// The address of the answer, in one spelling. `extension` is that of a file.
pub(super) fn location(root: &Node, asked: &PageRequest<'_>, extension: &str, config: &Config) -> String {
    let mut location = path(root, extension, config);
    if !asked.canonical.is_empty() {
        location.push('?');
        location.push_str(asked.canonical);
    }
    location
}

/// The next page, as a link.
fn next(root: &Node, asked: &PageRequest<'_>, rows: u64, last: Option<i64>, config: &Config) -> String {
    // A page that was cut is no reason to make the next ones as short.
    let limit = root.limit.unwrap_or(rows);
    let query = next_query(root, asked.pairs, rows, last, Some(limit));
    format!("<{}?{query}>; rel=\"next\"", path(root, "", config))
}

/// The query of the next page: the same question, further on. Groups are no rows of a table, so theirs begin
/// at an offset.
pub(crate) fn next_query(
    root: &Node,
    pairs: &[(String, String)],
    rows: u64,
    last: Option<i64>,
    limit: Option<u64>,
) -> String {
    let mut query = unpaged(pairs);
    let mut add = |parameter: String| {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(&parameter);
    };
    if let Some(limit) = limit {
        add(format!("limit={limit}"));
    }
    let offset = root.offset + rows;
    add(match last {
        Some(rowid) => {
            let question = question(&root.table.name, pairs);
            let cursor = Cursor { tables: root.content(), question, offset, rowid };
            format!("cursor={}", cursor.to_text())
        }
        None => format!("offset={offset}"),
    });
    query
}
