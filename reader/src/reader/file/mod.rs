//! Tables as files: all rows in one answer, or a range of its bytes.
//!
//! A file is written in chunks by [`Producer`]. A server sends each as its client takes them; where an
//! answer is one piece, `whole` puts them together as long as it fits. Deliberately absent: what a file
//! looks like (`response`).

mod index;
mod producer;
mod whole;

use std::sync::Arc;
use std::time::Duration;

use catalog::Offsets;

use super::Reader;
use crate::error::Error;
use crate::plan::{Node, Output, Shown};
use crate::query::Scanned;
use crate::request::{ByteRange, Download, Headers, RawRequest, WantedDigest};
use crate::response::{ETag, FileWriter, PageRequest, Response, Summing};
use crate::sql::Scan;
use crate::storage::{self, NotHandled};

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
    /// Whether the head has to say how many rows there are.
    counts: bool,
    /// The bytes that are asked for, where these are not all.
    pub(crate) range: Option<ByteRange>,
    /// Whether the head is all that is asked for.
    pub(crate) is_head: bool,
    /// Whether the client wants its digest.
    pub(crate) wanted_digest: WantedDigest,
}

/// What a request begins: an answer, or a file that takes longer.
#[derive(Debug)]
pub(crate) enum Begun {
    Response(Response),
    File(Box<File>),
}

impl File {
    pub(super) fn new(
        reader: &Reader,
        root: Node,
        asked: &PageRequest<'_>,
        download: Download,
        etag: ETag,
        raw: &RawRequest<'_>,
    ) -> Self {
        let head = Response::file(&root, asked, download, &etag, &reader.config);
        Self {
            root,
            format: asked.format,
            head,
            counts: asked.preferences.count.is_some(),
            range: byte_range(raw, &etag),
            is_head: raw.method == "HEAD",
            wanted_digest: raw.headers.wanted_digest(),
            etag,
        }
    }

    /// Has the head say how many rows there are, where that is asked for. Errors: it takes longer than `time`.
    pub(crate) fn count_rows(&mut self, reader: &Reader, time: Duration) -> Result<(), Error> {
        if self.counts {
            let (connection, _limited) = reader.release.limited(time)?;
            let total = reader.total(&self.root, connection)?;
            self.head = self.head.clone().of_rows(&self.root, total);
        }
        Ok(())
    }

    /// What writes it.
    pub(crate) fn writer(&self, reader: &Reader) -> FileWriter {
        FileWriter::new(self.format, reader.config.max_bytes)
    }

    /// Whether it has all columns of a table, and all rows from the first on.
    fn is_whole_table(&self) -> bool {
        let Node { table, outputs, offset: 0, limit: Some(ALL_ROWS), after: None, .. } = &self.root else {
            return false;
        };
        let columns = outputs.iter().enumerate().map(|(index, output)| {
            matches!(output, Output::Value { label: None, shown: Shown::Scalar(scalar) } if scalar.column == index)
        });
        outputs.len() == table.schema.columns.len() && columns.fold(true, |all, is_next| all & is_next)
    }

    /// Whether its length has to be known before it can be answered.
    pub(crate) fn needs_length(&self) -> bool {
        self.is_head || self.range.is_some()
    }

    /// Whether its digest has to be known before it is answered, and `index` does not have it.
    pub(crate) fn lacks_sum(&self, index: Option<&FileIndex>) -> bool {
        self.wanted_digest == WantedDigest::Asked && index.is_none_or(|index| index.sum.get().is_none())
    }

    /// The head with the digest of the file without a coding, where that is known and the client takes it.
    pub(crate) fn summed(&self, head: Response, index: &FileIndex) -> Response {
        match index.sum.get() {
            Some(sum) if self.wanted_digest != WantedDigest::Refused => head.with_digest(sum),
            _ => head,
        }
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
    /// The index of a file that is known already, or that the release has.
    pub(crate) fn known_index(&self, file: &File) -> Result<Option<Arc<FileIndex>>, Error> {
        if let Some(index) = self.indexes.get(file.etag.as_str()) {
            return Ok(Some(index));
        }
        let Some(scan) = Scan::of(&file.root).filter(|_| file.is_whole_table()) else { return Ok(None) };
        let Some(offsets) = self.offsets(&file.root.table.name)? else { return Ok(None) };
        let Some(rows) = Scanned::new(self.release.pages(), &scan, &file.root.table) else { return Ok(None) };
        let mut before = vec![];
        file.writer(self).begin(&rows, &mut before);
        let index = FileIndex::stored(&offsets, file.format, before.len() as u64);
        Ok(Some(self.keep_index(file, index)))
    }

    fn offsets(&self, table: &str) -> Result<Option<Offsets>, Error> {
        match storage::offsets(self.release.pages(), table) {
            Ok(offsets) => Ok(offsets),
            Err(NotHandled) => Ok(catalog::offsets(self.release.connection()?, table)?),
        }
    }

    /// The index of a file that was written from beginning to end: `known` with its digest, or the one that was made.
    pub(crate) fn counted(
        &self,
        file: &File,
        known: Option<Arc<FileIndex>>,
        made: FileIndex,
        sum: Option<Summing>,
    ) -> Arc<FileIndex> {
        let index = known.unwrap_or_else(|| self.keep_index(file, made));
        if let Some(sum) = sum {
            index.sum.get_or_init(|| sum.finish());
        }
        index
    }

    /// Keeps the index of a file that was written from beginning to end.
    fn keep_index(&self, file: &File, index: FileIndex) -> Arc<FileIndex> {
        let index = Arc::new(index);
        self.indexes.put(file.etag.as_str(), Arc::clone(&index));
        index
    }
}
