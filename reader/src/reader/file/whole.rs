//! A file as one answer, for Lambda: whole where there is room, or a range of it.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use flate2::write::GzEncoder;

use super::{File, FileIndex, FilePlan, Mark, Producer};
use crate::deadline::Interrupted;
use crate::error::Error;
use crate::reader::Reader;
use crate::request::{Coding, Headers};
use crate::response::{Response, fits, no_room};

/// What takes a file's bytes.
type Sink<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Error>;

impl Reader {
    /// The whole file, in gzip where the client takes that, or the range that is asked for. Errors: there is
    /// no room for it, or it takes too long.
    pub(in crate::reader) fn in_one_answer(
        &self,
        mut file: File,
        headers: &Headers,
    ) -> Result<Response, Error> {
        let limit = Limit { start: Instant::now(), time: self.config.query_time };
        let explained = |error, file: &File| self.explained(error, &file.root);
        let most = self.config.max_bytes;
        if file.needs_length() {
            let index = self.index(&file, &limit).map_err(|error| explained(error, &file))?;
            let Some(range) = file.range.filter(|_| !file.is_head) else {
                return Ok(file.head.of_length(index.length));
            };
            let Some((start, end)) = range.of(index.length) else {
                return Ok(Response::no_such_bytes(index.length, &self.config));
            };
            if end - start > most as u64 {
                return Err(no_room(most));
            }
            let mark = index.before(start);
            file.behind(mark);
            let mut body = vec![];
            self.produce(&file, mark, (start, end), &limit, &mut |chunk| {
                body.extend_from_slice(chunk);
                Ok(())
            })
            .map_err(|error| explained(error, &file))?;
            fits(&body, most)?;
            return Ok(file.head.part(start, end, index.length).with_body(body));
        }
        let accepted = headers.accept_encoding.as_deref().unwrap_or_default();
        let whole = (0, u64::MAX);
        if !Coding::Gzip.is_taken(accepted) {
            let mut body = vec![];
            self.produce(&file, Mark::default(), whole, &limit, &mut |chunk| {
                body.extend_from_slice(chunk);
                if body.len() > most { Err(no_room(most)) } else { Ok(()) }
            })
            .map_err(|error| explained(error, &file))?;
            fits(&body, most)?;
            return Ok(file.head.with_body(body));
        }
        // Bytes that are no text go through Lambda as base64, a third more.
        let room = most / 4 * 3;
        let mut encoder = GzEncoder::new(vec![], flate2::Compression::new(Response::GZIP_LEVEL));
        self.produce(&file, Mark::default(), whole, &limit, &mut |chunk| {
            encoder.write_all(chunk).map_err(Error::release)?;
            if encoder.get_ref().len() > room { Err(no_room(most)) } else { Ok(()) }
        })
        .map_err(|error| explained(error, &file))?;
        let body = encoder.finish().map_err(Error::release)?;
        fits(&body, most)?;
        Ok(file.head.in_coding(Coding::Gzip).with_body(body))
    }

    fn index(&self, file: &File, limit: &Limit) -> Result<Arc<FileIndex>, Error> {
        if let Some(index) = self.known_index(file)? {
            return Ok(index);
        }
        let plan = FilePlan::of(self, &file.root, limit.left()?)?;
        let mut source = plan.source(self, &file.root)?;
        let writer = file.writer(self);
        let mut producer =
            Producer::new(self, &mut source, writer, Mark::default(), (0, u64::MAX)).with_index();
        let mut chunk = vec![];
        while !producer.has_ended() {
            chunk.clear();
            producer.chunk(&mut chunk, limit.left()?)?;
        }
        Ok(self.keep_index(file, producer.into_index()))
    }

    fn produce(
        &self,
        file: &File,
        mark: Mark,
        wanted: (u64, u64),
        limit: &Limit,
        sink: Sink<'_>,
    ) -> Result<(), Error> {
        let plan = FilePlan::of(self, &file.root, limit.left()?)?;
        let mut source = plan.source(self, &file.root)?;
        let mut producer = Producer::new(self, &mut source, file.writer(self), mark, wanted);
        let mut chunk = vec![];
        while !producer.has_ended() {
            chunk.clear();
            producer.chunk(&mut chunk, limit.left()?)?;
            sink(&chunk)?;
        }
        Ok(())
    }
}

/// How long all of it may take.
struct Limit {
    start: Instant,
    time: Duration,
}

impl Limit {
    fn left(&self) -> Result<Duration, Error> {
        self.time.checked_sub(self.start.elapsed()).ok_or_else(|| Interrupted.into())
    }
}
