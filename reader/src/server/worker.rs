//! One thread: takes connections, answers requests.

use std::borrow::Cow;
use std::cell::RefCell;
use std::convert::Infallible;
use std::net::TcpListener;
use std::rc::Rc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::LocalSet;

use super::current::Current;
use crate::request::{Headers, RawRequest, decode_path};

/// How long requests that are under way may take once the server is told to end.
const GRACE: Duration = Duration::from_secs(5);

/// How long to wait when no connection can be taken, as when files run out.
const PAUSE: Duration = Duration::from_millis(50);

pub(super) fn run(
    listener: TcpListener,
    current: Current,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let current = Rc::new(RefCell::new(current));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, accept(listener, &current, stop))
}

#[expect(clippy::print_stderr, reason = "the server's log")]
async fn accept(
    listener: TcpListener,
    current: &Rc<RefCell<Current>>,
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
            Ok((stream, _)) => serve(stream, Rc::clone(current), &graceful),
            Err(error) => {
                eprintln!("error: can't take a connection: {error}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    // Whoever has not finished by then is cut off: the process is asked to end.
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
    Ok(())
}

fn serve(stream: TcpStream, current: Rc<RefCell<Current>>, graceful: &GracefulShutdown) {
    // Answers are written whole; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let response = answer(&request, current.borrow_mut().reader());
        std::future::ready(Ok::<_, Infallible>(response))
    });
    // The timer bounds how long a client may take to send its request's head (hyper: 30 s).
    let connection =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::task::spawn_local(async move {
        // A client that goes away in the middle is no event of ours.
        let _ = connection.await;
    });
}

fn answer(request: &hyper::Request<Incoming>, reader: &crate::Reader) -> hyper::Response<Full<Bytes>> {
    let mut headers = Headers::default();
    for (name, value) in request.headers() {
        if Headers::counts(name.as_str()) {
            headers.set(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        }
    }
    let response = match decode_path(request.uri().path()) {
        Ok(path) => reader.answer(&RawRequest {
            method: request.method().as_str(),
            path: &path,
            query: request.uri().query().unwrap_or_default(),
            headers,
        }),
        Err(error) => reader.refuse(&error, request.method().as_str(), &headers),
    };
    let mut answer = hyper::Response::new(Full::default());
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
    if response.status != 304 {
        answer.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(response.length));
    }
    *answer.body_mut() = Full::from(response.body);
    answer
}
