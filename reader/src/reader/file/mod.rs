//! Tables as files: all rows in one answer, or a range of its bytes.
//!
//! A file is written in chunks by [`Producer`]. A server sends each as its client takes them; where an
//! answer is one piece, `whole` puts them together as far as there is room. Deliberately absent: what a file
//! looks like (`response`).

mod index;
mod producer;
mod whole;

use std::sync::Arc;

use super::Reader;
use crate::error::Error;
use crate::plan::Node;
use crate::query;
use crate::request::{ByteRange, Download, Headers, RawRequest};
use crate::response::{ETag, FileWriter, PageRequest, Response};

pub(crate) use index::{FileIndex, Indexes, Mark};
pub(crate) use producer::{FilePlan, Producer};

/// Rows of a file: all, since no page has that many.
pub(super) const ALL_ROWS: u64 = i64::MAX.unsigned_abs() - 1;

/// A file that was asked for.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) root: Node,
    format: crate::request::Format,
    pub(crate) etag: ETag,
    /// The answer without its body, as it is for the whole file.
    pub(crate) head: Response,
    /// The bytes that are asked for, where these are not all.
    pub(crate) range: Option<ByteRange>,
    /// Whether the head is all that is asked for.
    pub(crate) is_head: bool,
}

/// What a request begins: an answer, or a file that takes longer.
#[derive(Debug)]
pub(crate) enum Begun {
    Response(Response),
    File(Box<File>),
}

impl File {
    /// Errors: those of counting rows, where their number is asked.
    pub(super) fn new(
        reader: &Reader,
        root: Node,
        asked: &PageRequest<'_>,
        download: Download,
        etag: ETag,
        raw: &RawRequest<'_>,
    ) -> Result<Self, Error> {
        let total = match asked.preferences.count {
            Some(_) => {
                let (connection, _limited) = reader.release.limited(reader.config.query_time)?;
                Some(query::total(&root, connection).map_err(|error| reader.explained(error, &root))?)
            }
            None => None,
        };
        let head = Response::file(&root, asked, download, total, &etag, &reader.config);
        let range = byte_range(raw, &etag);
        Ok(Self { root, format: asked.format, etag, head, range, is_head: raw.method == "HEAD" })
    }

    /// What writes it.
    pub(crate) fn writer(&self, reader: &Reader) -> FileWriter {
        FileWriter::new(self.format, reader.config.max_bytes)
    }

    /// Whether its length has to be known before it can be answered.
    pub(crate) fn needs_length(&self) -> bool {
        self.is_head || self.range.is_some()
    }

    /// The file from `mark` on.
    pub(crate) fn behind(&mut self, mark: Mark) {
        if mark.rows > 0 {
            self.root.behind(mark.rows, mark.rowid);
        }
    }
}

/// The bytes that are asked for (RFC 9110, sections 13.1.5 and 14.2): by GET alone, and not where the client
/// has parts of another representation.
fn byte_range(raw: &RawRequest<'_>, etag: &ETag) -> Option<ByteRange> {
    let Headers { range, if_range, .. } = &raw.headers;
    let is_current = if_range.as_deref().is_none_or(|tag| tag.trim() == etag.as_str());
    let range = range.as_deref().filter(|_| raw.method == "GET" && is_current)?;
    ByteRange::parse(range)
}

impl From<Response> for Begun {
    fn from(response: Response) -> Self {
        Self::Response(response)
    }
}

impl Reader {
    /// The index of a file that is known already.
    pub(crate) fn known_index(&self, file: &File) -> Result<Option<Arc<FileIndex>>, Error> {
        Ok(self.indexes.get(file.etag.as_str()))
    }

    /// Keeps the index of a file that was written from beginning to end.
    pub(crate) fn keep_index(&self, file: &File, index: FileIndex) -> Arc<FileIndex> {
        let index = Arc::new(index);
        self.indexes.put(file.etag.as_str(), Arc::clone(&index));
        index
    }
}
