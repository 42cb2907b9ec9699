//! A file as one answer, for Lambda: whole where there is room, or a range of it.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use flate2::write::GzEncoder;

use super::{File, FileIndex, FilePlan, Mark, Producer};
use crate::deadline::Interrupted;
use crate::error::{Code, Error};
use crate::reader::Reader;
use crate::request::{Coding, Headers, WantedDigest};
use crate::response::{Response, Summing, fits, no_room};

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
        self.one_answer(&mut file, headers).map_err(|error| self.explained(error, &file.root))
    }

    fn one_answer(&self, file: &mut File, headers: &Headers) -> Result<Response, Error> {
        let limit = Limit { start: Instant::now(), time: self.config.query_time };
        let most = self.config.max_bytes;
        file.count_rows(self, limit.left()?)?;
        let head = file.head.clone();
        let (mut wanted, mut mark) = ((0, u64::MAX), Mark::default());
        let mut part = None;
        if file.needs_length() {
            let index = self.index(file, &limit)?;
            let Some(range) = file.range.filter(|_| !file.is_head) else {
                return Ok(file.summed(head.of_length(index.length), &index));
            };
            let Some((start, end)) = range.of(index.length) else {
                return Ok(Response::no_such_bytes(index.length, &self.config));
            };
            if end - start > most as u64 {
                return Err(no_room(most));
            }
            (wanted, mark) = ((start, end), index.before(start));
            part = Some(Arc::clone(&index));
            file.behind(mark);
        }
        let accepted = headers.accept_encoding.as_deref().unwrap_or_default();
        let (body, head) = if part.is_none() && Coding::Gzip.is_taken(accepted) {
            // Bytes that are not text go through Lambda as base64, a third more.
            let room = most / 4 * 3;
            let mut encoder = GzEncoder::new(vec![], flate2::Compression::new(Response::GZIP_LEVEL));
            self.produce(file, mark, wanted, &limit, &mut |chunk| {
                encoder.write_all(chunk).map_err(Error::release)?;
                if encoder.get_ref().len() > room { Err(no_room(most)) } else { Ok(()) }
            })?;
            (encoder.finish().map_err(Error::release)?, head.in_coding(Coding::Gzip))
        } else {
            let mut body = vec![];
            self.produce(file, mark, wanted, &limit, &mut |chunk| {
                body.extend_from_slice(chunk);
                if body.len() > most { Err(no_room(most)) } else { Ok(()) }
            })?;
            (body, head)
        };
        fits(&body, most)?;
        Ok(match part {
            Some(index) => file.summed(head.part(wanted.0, wanted.1, index.length), &index).with_body(body),
            None if file.wanted_digest == WantedDigest::Refused => head.with_body(body),
            None => head.with_body(body).digested(),
        })
    }

    /// The file's index, with its digest where that is asked for. A digest that takes more than half the time is left
    /// out: it is a wish, and what is asked for takes the other half.
    fn index(&self, file: &File, limit: &Limit) -> Result<Arc<FileIndex>, Error> {
        let known = self.known_index(file)?;
        match known {
            None => self.count_bytes(file, None, limit),
            Some(index) if !file.lacks_sum(Some(&index)) => Ok(index),
            Some(index) => {
                let half = Limit { start: limit.start, time: limit.time / 2 };
                match self.count_bytes(file, Some(Arc::clone(&index)), &half) {
                    Err(error) if error.code() == Code::TooSlow => Ok(index),
                    counted => counted,
                }
            }
        }
    }

    fn count_bytes(
        &self,
        file: &File,
        known: Option<Arc<FileIndex>>,
        limit: &Limit,
    ) -> Result<Arc<FileIndex>, Error> {
        let plan = FilePlan::of(self, &file.root, limit.left()?)?;
        let mut source = plan.source(self, &file.root)?;
        let writer = file.writer(self);
        let mut producer =
            Producer::new(self, &mut source, writer, Mark::default(), (0, u64::MAX)).with_index();
        let mut sum = file.lacks_sum(None).then(Summing::default);
        let mut chunk = vec![];
        while !producer.has_ended() {
            chunk.clear();
            producer.chunk(&mut chunk, limit.left()?)?;
            sum.iter_mut().for_each(|sum| sum.add(&chunk));
        }
        Ok(self.counted(file, known, producer.into_index(), sum))
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
