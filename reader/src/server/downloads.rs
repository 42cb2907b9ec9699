//! Threads that write files, each many side by side: a chunk of one, then a chunk of another, as their clients
//! take them. A client that is slow holds a chunk and nothing else.
//!
//! A file is of the release that was served when it began, however many are served until it ends.

use std::io::Write;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use flate2::write::GzEncoder;
use hyper::body::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{LocalSet, yield_now};

use super::current::{Current, Inbox, Shared};
use super::file_body::{Body, Chunk};
use crate::config::Config;
use crate::error::Error;
use crate::reader::{File, FileIndex, FilePlan, Later, Mark, Producer, Reader};
use crate::request::{Coding, Headers, RawRequest, WantedDigest};
use crate::response::{Response, Summing};

/// How long to wait for a download before a new release is looked for.
const PATIENCE: Duration = Duration::from_secs(1);

/// A file that is asked for, with its own copy of everything.
#[derive(Debug)]
pub(super) struct Download {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: Headers,
    /// Whether the client has to know the length beforehand.
    pub(super) with_length: bool,
    pub(super) answer: oneshot::Sender<Started>,
}

/// An answer that begins.
#[derive(Debug)]
pub(super) struct Started {
    pub(super) head: Response,
    /// What comes; `None` where the body is there.
    pub(super) body: Option<Body>,
}

/// The threads, by what they have to do.
#[derive(Debug, Clone)]
pub(super) struct Downloads(Arc<Vec<Thread>>);

#[derive(Debug)]
pub(super) struct Thread {
    waiting: mpsc::UnboundedSender<Download>,
    running: Arc<AtomicUsize>,
}

impl From<Response> for Started {
    fn from(head: Response) -> Self {
        Self { head, body: None }
    }
}

impl Downloads {
    pub(super) fn new(threads: Vec<Thread>) -> Self {
        Self(Arc::new(threads))
    }

    /// Has the thread with the fewest downloads begin one more.
    pub(super) fn begin(&self, download: Download) {
        let thread = self.0.iter().min_by_key(|thread| thread.running.load(Ordering::Relaxed));
        if let Some(thread) = thread {
            thread.running.fetch_add(1, Ordering::Relaxed);
            // A thread ends with the process.
            let _ = thread.waiting.send(download);
        }
    }
}

/// Starts a thread.
pub(super) fn start(inbox: Arc<Inbox>, config: Config, shared: Shared) -> Thread {
    let (waiting, mut downloads) = mpsc::unbounded_channel::<Download>();
    let running = Arc::<AtomicUsize>::default();
    let finished = Arc::clone(&running);
    thread::spawn(move || {
        let Some(mut current) = Current::new(inbox, config, shared) else { return };
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_time().build() else { return };
        LocalSet::new().block_on(&runtime, async {
            loop {
                // Also where nothing is asked for: the release before would be kept open, and on disk.
                let next = tokio::time::timeout(PATIENCE, downloads.recv()).await;
                let reader = current.reader();
                let Ok(next) = next else { continue };
                let Some(download) = next else { return };
                let (reader, counted) = (Rc::clone(reader), Running(Arc::clone(&finished)));
                tokio::task::spawn_local(async move {
                    send(&reader, download).await;
                    drop(counted);
                });
            }
        });
    });
    Thread { waiting, running }
}

/// Counts a download for as long as it lives, however it ends.
struct Running(Arc<AtomicUsize>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Why a download ends before its file does.
enum Stopped {
    Failed(Error),
    /// The client is gone.
    Left,
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

#[expect(clippy::print_stderr, reason = "the server's log")]
async fn send(reader: &Reader, download: Download) {
    let Download { method, path, query, headers, with_length, answer } = download;
    let raw = RawRequest { method: &method, path: &path, query: &query, headers };
    let mut file = match reader.answer_within(&raw, None) {
        Err(Later::File(file)) => *file,
        Ok(response) => return drop(answer.send(response.into())),
        // It has all the time.
        Err(Later::Query) => return,
    };
    let start = reader.config.server_timing.then(Instant::now);
    let mut client = Client { reader, raw: &raw, start, answer: Some(answer) };
    if let Err(Stopped::Failed(error)) = send_file(reader, &mut file, with_length, &mut client).await {
        let error = reader.explained(error, &file.root);
        match client.answer {
            Some(answer) => drop(answer.send(reader.refuse(&error, &method, &raw.headers).into())),
            None => eprintln!("error: a download of {path} was broken off: {}", error.message()),
        }
    }
}

/// Who gets the file.
struct Client<'a> {
    reader: &'a Reader,
    raw: &'a RawRequest<'a>,
    start: Option<Instant>,
    /// Where the head goes; `None` from then on.
    answer: Option<oneshot::Sender<Started>>,
}

impl Client<'_> {
    fn begin(&mut self, head: Response, body: Option<Body>) -> Result<(), Stopped> {
        let head = self.reader.to_client(head, self.raw.method, &self.raw.headers, self.start);
        match self.answer.take().map(|answer| answer.send(Started { head, body })) {
            Some(Ok(())) => Ok(()),
            _ => Err(Stopped::Left),
        }
    }

    /// Lets others of this thread go on. Errors: the client has left before the answer began.
    async fn pause(&self) -> Result<(), Stopped> {
        yield_now().await;
        let has_left = self.answer.as_ref().is_some_and(oneshot::Sender::is_closed);
        if has_left { Err(Stopped::Left) } else { Ok(()) }
    }
}

async fn send_file(
    reader: &Reader,
    file: &mut File,
    with_length: bool,
    client: &mut Client<'_>,
) -> Result<(), Stopped> {
    let time = reader.config.query_time;
    file.count_rows(reader, time)?;
    let mut index = reader.known_index(file)?;
    let is_as_it_is = file.needs_length() || with_length;
    let accepted = client.raw.headers.accept_encoding.as_deref().unwrap_or_default();
    let is_coded = !is_as_it_is && Coding::Gzip.is_taken(accepted);
    // A coded file has no digest: nobody knows it before the last byte, and then the head is gone.
    if index.is_none() && is_as_it_is || !is_coded && file.lacks_sum(index.as_deref()) {
        index = Some(count(reader, file, index, client).await?);
    }
    let (mut wanted, mut mark) = ((0, u64::MAX), Mark::default());
    let mut head = file.head.clone();
    // Of the body as it is sent.
    let mut length = index.as_ref().map(|index| index.length);
    let mut gzip = None;
    if let Some(index) = index.as_ref().filter(|_| file.is_head) {
        return client.begin(file.summed(head.of_length(index.length), index), None);
    }
    if let (Some(index), Some(range)) = (&index, file.range) {
        let Some((start, end)) = range.of(index.length) else {
            return client.begin(Response::no_such_bytes(index.length, &reader.config), None);
        };
        (wanted, mark, length) = ((start, end), index.before(start), Some(end - start));
        head = file.summed(head.part(start, end, index.length), index);
        file.behind(mark);
    } else if is_coded {
        gzip = Some(GzEncoder::new(vec![], flate2::Compression::new(Response::GZIP_LEVEL)));
    }
    let plan = FilePlan::of(reader, &file.root, time)?;
    let mut source = plan.source(reader, &file.root)?;
    let mut producer = Producer::new(reader, &mut source, file.writer(reader), mark, wanted);
    let mut chunk = vec![];
    while chunk.is_empty() && !producer.has_ended() {
        producer.chunk(&mut chunk, time)?;
        client.pause().await?;
    }
    if producer.has_ended() {
        // Coded as others are, unless it is a part.
        let response = head.with_body(chunk);
        let response = if is_as_it_is { response } else { response.coded(&client.raw.headers) };
        let is_refused = file.wanted_digest == WantedDigest::Refused;
        return client.begin(if is_refused { response } else { response.digested() }, None);
    }
    if gzip.is_some() {
        (head, length) = (head.in_coding(Coding::Gzip), None);
    } else if let Some(index) = index.as_ref().filter(|_| file.range.is_none()) {
        head = file.summed(head, index);
    }
    if let Some(length) = length {
        head = head.of_length(length);
    }
    let (sender, body) = mpsc::channel(1);
    client.begin(head, Some(Body::chunks(body, length)))?;
    loop {
        let mut bytes = std::mem::take(&mut chunk);
        if let Some(encoder) = &mut gzip {
            encoder.write_all(&bytes).map_err(Error::release)?;
            if producer.has_ended() {
                encoder.try_finish().map_err(Error::release)?;
            }
            bytes = std::mem::take(encoder.get_mut());
        }
        if !bytes.is_empty() {
            sender.send(Chunk::Bytes(Bytes::from(bytes))).await.map_err(|_| Stopped::Left)?;
        }
        if producer.has_ended() {
            return sender.send(Chunk::End).await.map_err(|_| Stopped::Left);
        }
        // Others on this thread come before the next chunk.
        yield_now().await;
        producer.chunk(&mut chunk, time)?;
    }
}

/// Writes the file for nobody, to know where its rows begin, and its digest where that is asked for.
async fn count(
    reader: &Reader,
    file: &File,
    known: Option<Arc<FileIndex>>,
    client: &Client<'_>,
) -> Result<Arc<FileIndex>, Stopped> {
    let time = reader.config.query_time;
    let plan = FilePlan::of(reader, &file.root, time)?;
    let mut source = plan.source(reader, &file.root)?;
    let writer = file.writer(reader);
    let mut producer =
        Producer::new(reader, &mut source, writer, Mark::default(), (0, u64::MAX)).with_index();
    let mut sum = file.lacks_sum(None).then(Summing::default);
    let mut chunk = vec![];
    while !producer.has_ended() {
        chunk.clear();
        producer.chunk(&mut chunk, time)?;
        sum.iter_mut().for_each(|sum| sum.add(&chunk));
        client.pause().await?;
    }
    Ok(reader.counted(file, known, producer.into_index(), sum))
}
