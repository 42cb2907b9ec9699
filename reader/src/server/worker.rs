//! One thread: takes connections, answers requests, and hands on those that take long.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::net::{IpAddr, TcpListener};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpStream;
use tokio::sync::{oneshot, watch};
use tokio::task::LocalSet;

use super::GRACE;
use super::connections::{Connections, Open};
use super::current::Current;
use super::downloads::{Download, Downloads, Started};
use super::file_body::Body;
use super::queue::{Job, Queue};
use super::stream::{CHUNK, MAX_HEAD, Stream, to_bytes};
use crate::error::{Code, Error};
use crate::reader::Later;
use crate::request::{Headers, RawRequest, decode_path};
use crate::response::Response;

/// How long to wait when no connection can be taken, as when files run out.
const PAUSE: Duration = Duration::from_millis(50);

/// Clients of a thread that get an answer at once that there is no room, and how long that may take; others are
/// closed without a word.
const REFUSED: usize = 16;
const REFUSING: Duration = Duration::from_secs(1);

/// How long SQLite may have a thread that others wait for: most queries end sooner, and a hundred that do
/// not take a tenth of a second together.
const FIRST: Duration = Duration::from_millis(1);

pub(super) struct Worker {
    current: RefCell<Current>,
    queue: Arc<Queue>,
    downloads: Downloads,
    connections: Arc<Connections>,
    /// Clients that are getting the answer that there is no room.
    refused: Cell<usize>,
    /// What is read from any connection goes through here: zeroing one of its own would cost each read.
    pub(super) buffer: RefCell<Box<[u8]>>,
}

pub(super) fn run(
    listener: TcpListener,
    current: Current,
    queue: Arc<Queue>,
    downloads: Downloads,
    connections: Arc<Connections>,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let worker = Rc::new(Worker {
        current: RefCell::new(current),
        queue,
        downloads,
        connections,
        refused: Cell::new(0),
        buffer: RefCell::new(vec![0; CHUNK].into()),
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, accept(listener, &worker, stop))
}

async fn accept(
    listener: TcpListener,
    worker: &Rc<Worker>,
    mut stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let graceful = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        match stream {
            Ok((stream, client)) => match enter(&worker.connections, client.ip()).await {
                Some(open) => serve(stream, client.ip(), open, Rc::clone(worker), &graceful),
                None => refuse(stream, worker),
            },
            Err(error) => {
                worker.connections.log("accept", &format!("error: can't take a connection: {error}"));
                worker.connections.make_room();
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    // Clients that have not finished by then are cut off: the process is asked to end.
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
    Ok(())
}

/// Lets a client in, for which another may have to end first.
async fn enter(connections: &Arc<Connections>, client: IpAddr) -> Option<Open> {
    loop {
        let left = connections.left.notified();
        if let Some(open) = connections.enter(client) {
            return Some(open);
        }
        if !connections.make_room() {
            let message = "warning: all connections are in use: a client was refused";
            connections.log("refused", message);
            return None;
        }
        // It ends at once, or is in use again; then the next one is looked for.
        let _ = tokio::time::timeout(PAUSE, left).await;
    }
}

/// Tells a client that there is no room for it.
fn refuse(stream: TcpStream, worker: &Rc<Worker>) {
    if worker.refused.get() >= REFUSED {
        return;
    }
    worker.refused.set(worker.refused.get() + 1);
    let worker = Rc::clone(worker);
    tokio::task::spawn_local(async move {
        let error = Error::new(Code::Busy, "all connections are in use").hint("try again later");
        let answer = to_bytes(&worker.refuse(&error, "GET", &Headers::default()));
        // It gets the answer once it has sent its request: a connection that is closed with unread bytes is reset.
        let answered = async {
            stream.readable().await?;
            let _ = stream.try_read(&mut worker.buffer.borrow_mut());
            stream.writable().await?;
            stream.try_write(&answer)
        };
        let _ = tokio::time::timeout(REFUSING, answered).await;
        worker.refused.set(worker.refused.get() - 1);
    });
}

fn serve(stream: TcpStream, client: IpAddr, open: Open, worker: Rc<Worker>, graceful: &GracefulShutdown) {
    // Answers are written whole; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let open = Rc::new(open);
    let stream = Stream::new(stream, Rc::clone(&worker), Rc::clone(&open));
    let (limits, told) = (worker.connections.limits.clone(), Rc::clone(&open));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (worker, open) = (Rc::clone(&worker), Rc::clone(&open));
        async move {
            let answering = open.answer();
            let started = worker.answer(&request, client).await;
            let mut answer = worker.sent(started, &open, &request);
            answer.body_mut().answering = Some(answering);
            if !request.body().is_end_stream() {
                // Nobody reads it, and what is behind it is not looked for.
                answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(answer)
        }
    });
    // The timer begins with the end of an answer, and ends with the head of a request.
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle_time)
        .max_buf_size(MAX_HEAD)
        .serve_connection(stream, service);
    let connection = graceful.watch(connection);
    tokio::task::spawn_local(async move {
        let mut connection = std::pin::pin!(connection);
        loop {
            tokio::select! {
                // A client that goes away in the middle is no event of ours.
                _ = &mut connection => return,
                () = told.this.end.notified() => if told.has_to_end() { return },
            }
        }
    });
}

impl Worker {
    async fn answer(&self, request: &hyper::Request<Incoming>, client: IpAddr) -> Started {
        let mut headers = Headers::default();
        let mut hosts = 0;
        for (name, value) in request.headers() {
            if name == HOST {
                hosts += 1;
            } else if Headers::counts(name.as_str()) {
                headers.set(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
            }
        }
        let method = request.method().as_str();
        let query = request.uri().query().unwrap_or_default();
        if let Some(error) = malformed(request, hosts) {
            return self.refuse(&error, method, &headers).into();
        }
        let (path, raw);
        let answered = {
            let mut current = self.current.borrow_mut();
            path = match decode_path(request.uri().path()) {
                Ok(path) => path,
                Err(error) => return current.reader().refuse(&error, method, &headers).into(),
            };
            raw = RawRequest { method, path: &path, query, headers };
            current.reader().answer_within(&raw, Some(FIRST))
        };
        match answered {
            Ok(response) => response.into(),
            Err(Later::Query) => self.answer_later(raw, client).await.into(),
            Err(Later::File(_)) => self.send_file(raw, request.version()).await,
        }
    }

    /// An error that comes up before there is a request.
    pub(super) fn refuse(&self, error: &Error, method: &str, headers: &Headers) -> Response {
        self.current.borrow_mut().reader().refuse(error, method, headers)
    }

    /// The file, from a thread that writes it as its client takes it.
    async fn send_file(&self, raw: RawRequest<'_>, version: hyper::Version) -> Started {
        let (answer, answered) = oneshot::channel();
        let RawRequest { method, path, query, headers } = raw;
        self.downloads.begin(Download {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: headers.clone(),
            // HTTP/1.0 has no other sign of the end.
            with_length: version < hyper::Version::HTTP_11,
            answer,
        });
        answered.await.unwrap_or_else(|_| {
            let error = Error::release("a download panicked");
            self.refuse(&error, method, &headers).into()
        })
    }

    /// The answer of a thread that has time for it. This one goes on with other requests.
    async fn answer_later(&self, raw: RawRequest<'_>, client: IpAddr) -> Response {
        let (answer, answered) = oneshot::channel();
        let RawRequest { method, path, query, headers } = raw;
        self.queue.put(Job {
            client,
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: headers.clone(),
            answer,
        });
        match answered.await {
            Ok(response) => response,
            Err(_) => {
                let error = Error::new(Code::Busy, "too many requests that take long are waiting")
                    .hint("try again later, or ask for less: rows by their key and pages in the file's order are served meanwhile");
                self.refuse(&error, method, &headers)
            }
        }
    }
}

/// What hyper lets pass and HTTP does not (RFC 9112, sections 3.2 and 3.2.3).
fn malformed(request: &hyper::Request<Incoming>, hosts: usize) -> Option<Error> {
    if hosts > 1 || (hosts == 0 && request.version() >= hyper::Version::HTTP_11) {
        let found = if hosts == 0 { "it has none".to_owned() } else { format!("it has {hosts}") };
        return Some(
            Error::new(Code::Malformed, "a request needs exactly one Host header")
                .details(found)
                .hint("name the server's host and port in it, once"),
        );
    }
    let is_path = request.uri().path().starts_with('/');
    if !is_path && matches!(request.method(), &hyper::Method::GET | &hyper::Method::HEAD) {
        return Some(Error::new(Code::Malformed, "the request's path does not begin with /"));
    }
    None
}

impl Worker {
    /// The answer, with room for what of it is in memory until its client takes it.
    fn sent(
        &self,
        Started { mut head, body }: Started,
        open: &Open,
        request: &hyper::Request<Incoming>,
    ) -> hyper::Response<Body> {
        if let Some(body) = body {
            return sent(head, body);
        }
        if let Some(body) = open.all.unsent(&open.this, std::mem::take(&mut head.body)) {
            return sent(head, Body::whole(body));
        }
        let error = Error::new(Code::Busy, "too many large answers wait for their clients to read them")
            .hint("try again later, or ask for fewer rows or columns");
        let mut head = self.refuse(&error, request.method().as_str(), &Headers::default());
        let body = std::mem::take(&mut head.body);
        sent(head, Body::whole(body.into()))
    }
}

fn sent(response: Response, body: Body) -> hyper::Response<Body> {
    let mut answer = hyper::Response::new(Body::default());
    *answer.status_mut() =
        hyper::StatusCode::from_u16(response.status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    // And the length and hyper's date.
    answer.headers_mut().reserve(response.headers.len() + 2);
    for (name, value) in response.headers {
        let value = match value {
            Cow::Borrowed(value) => HeaderValue::from_static(value),
            Cow::Owned(value) => match HeaderValue::try_from(value) {
                Ok(value) => value,
                // It would be one of ours: names are encoded, the rest is ASCII.
                Err(_) => continue,
            },
        };
        answer.headers_mut().append(HeaderName::from_static(name), value);
    }
    if response.status != 304 && body.has_length() {
        answer.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(response.length));
    }
    *answer.body_mut() = body;
    answer
}
