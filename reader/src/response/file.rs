//! A table as a file to keep: its form, byte by byte, and its headers.
//!
//! A file has all rows, so its length is known only to who wrote it once. Deliberately absent: where its
//! rows come from and how it gets to a client (`reader::file`).

use super::member_writer::Line;
use super::page::{PageRequest, content_range, location};
use super::rows::{Run, members, object};
use super::size_limit::SizeLimit;
use super::{ETag, Response, csv_header};
use crate::config::Config;
use crate::error::{Code, Error};
use crate::plan::Node;
use crate::query::{Fetched, Rows};
use crate::request::{Download, Format, encode};

/// Writes a file piece by piece.
#[derive(Debug)]
pub(crate) struct FileWriter {
    format: Format,
    run: Run,
}

impl FileWriter {
    /// A writer of CSV, JSON or NDJSON, in which a row has at most that many bytes.
    pub(crate) fn new(format: Format, most: usize) -> Self {
        Self { format, run: Run::new(most) }
    }

    /// What stands before the first row.
    pub(crate) fn begin<'a>(&self, source: &impl Rows<'a>, out: &mut Vec<u8>) {
        match self.format {
            Format::Csv => csv_header(source, out),
            Format::Lines => {}
            _ => out.push(b'['),
        }
    }

    /// A row with what separates it from the one before, of which the `first` has none. Errors: it is too
    /// large, or can't be read.
    pub(crate) fn row(
        &mut self,
        row: &mut Fetched<'_, '_>,
        first: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        match self.format {
            Format::Csv => {
                out.push(b'\n');
                members(row, &mut Line::new(out), &mut self.run)
            }
            Format::Lines => {
                object(row, false, &mut self.run, out)?;
                out.push(b'\n');
                Ok(())
            }
            _ => {
                if !first {
                    out.extend_from_slice(b",\n ");
                }
                object(row, false, &mut self.run, out)
            }
        }
    }

    /// What stands behind the last row.
    pub(crate) fn end(&self, out: &mut Vec<u8>) {
        if !matches!(self.format, Format::Csv | Format::Lines) {
            out.push(b']');
        }
    }
}

impl Response {
    /// The head of a file.
    pub(crate) fn file(
        root: &Node,
        asked: &PageRequest<'_>,
        download: Download,
        etag: &ETag,
        config: &Config,
    ) -> Self {
        let response = Self::representation(200, asked.format, vec![], etag, config)
            .header("accept-ranges", "bytes")
            .header("content-location", location(root, asked, download.extension, config))
            .header("content-disposition", disposition(&file_name(root, asked, download)));
        match asked.preferences.applied() {
            Some(applied) => response.header("preference-applied", applied),
            None => response,
        }
    }

    /// The head with the rows that the file has, of `total` without limit and offset.
    pub(crate) fn of_rows(self, root: &Node, total: u64) -> Self {
        let rows = total.saturating_sub(root.offset).min(root.limit.unwrap_or(u64::MAX));
        self.header("content-range", content_range(root.offset, rows, Some(total)))
    }

    /// The head with the length of the whole.
    pub(crate) fn of_length(self, length: u64) -> Self {
        Self { length: usize::try_from(length).unwrap_or(usize::MAX), ..self }
    }

    /// The head of the bytes from `start` to before `end`, of `length` (RFC 9110, section 15.3.7).
    pub(crate) fn part(mut self, start: u64, end: u64, length: u64) -> Self {
        self.headers.retain(|(name, _)| *name != "content-range");
        self.status = 206;
        self.header("content-range", format!("bytes {start}-{}/{length}", end - 1)).of_length(end - start)
    }

    /// 416: none of the bytes that were asked for are among the `length` of the file.
    pub(crate) fn no_such_bytes(length: u64, config: &Config) -> Self {
        let error = Error::new(Code::Range, "Requested range not satisfiable")
            .details(format!("the file has {length} bytes"))
            .hint("ask for bytes from 0 on; the header Content-Range has the file's length");
        Self::error(&error, config).header("content-range", format!("bytes */{length}"))
    }

    /// The head with a whole body.
    pub(crate) fn with_body(self, body: Vec<u8>) -> Self {
        self.body(body)
    }
}

/// Whether Lambda takes `body` in an answer of `most` bytes: what is not text is encoded as base64.
/// Errors: it does not.
pub(crate) fn fits(body: &[u8], most: usize) -> Result<(), Error> {
    let fits = match std::str::from_utf8(body) {
        Ok(_) => SizeLimit::new(most).take(body).is_ok(),
        Err(_) => body.len().div_ceil(3) * 4 <= most,
    };
    if fits { Ok(()) } else { Err(no_room(most)) }
}

/// The error of a file, or a part of one, that is too large for one answer.
pub(crate) fn no_room(most: usize) -> Error {
    Error::new(Code::TooLarge, "the file is too large for one answer")
        .details(format!("{most} bytes are allowed, counted as JSON text"))
        .hint("ask for ranges of bytes, as in Range: bytes=0-3999999, for pages, as in limit=1000&offset=1000, or for fewer rows and columns; a client that accepts gzip gets more in one answer")
}

/// The table's name, and which rows were asked for where these need not be all: who finds the file later
/// shall not take it for the whole.
fn file_name(root: &Node, asked: &PageRequest<'_>, download: Download) -> String {
    let has = |wanted: &str| asked.pairs.iter().any(|(name, _)| name == wanted);
    let first = root.offset;
    let part = match root.limit {
        Some(limit) if has("limit") && limit > 0 => format!("-{first}-{}", first.saturating_add(limit - 1)),
        _ if first > 0 => format!("-from-{first}"),
        _ => String::new(),
    };
    format!("{}{part}{}", root.table.name, download.extension)
}

/// RFC 6266: the name in ASCII for all clients, and where that is not all of it, in UTF-8 for
/// those that know RFC 8187.
fn disposition(name: &str) -> String {
    let plain = |c: char| (c.is_ascii_graphic() || c == ' ') && !matches!(c, '"' | '\\' | '%' | '/');
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let mut value = format!("attachment; filename=\"{ascii}\"");
    if ascii != name {
        value.push_str("; filename*=UTF-8''");
        encode(name, &mut value);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn names_are_quoted_or_encoded() {
        assert_eq!(disposition("a b.csv"), "attachment; filename=\"a b.csv\"");
        assert_eq!(
            disposition("Prix \"été\".csv"),
            "attachment; filename=\"Prix __t__.csv\"; filename*=UTF-8''Prix%20%22%C3%A9t%C3%A9%22.csv"
        );
    }
}
