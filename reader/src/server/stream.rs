//! A client's connection between hyper and TCP: request lines are encoded on their way in, and hyper's own
//! answers to what is no request get the body that every error has.

use std::future::Future as _;
use std::io::{self, IoSlice, Write as _};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

use super::connections::Open;
use super::heads::Heads;
use super::worker::Worker;
use crate::error::{Code, Error};
use crate::request::{Headers, MAX_URL};
use crate::response::Response;

/// The longest head of a request, in bytes: a longer one is a 431. hyper has a buffer of this size for each
/// connection at most.
pub(super) const MAX_HEAD: usize = 65_536;

/// How much of what a refused client still sends is read, so that it can read the answer: a
/// connection that is closed with unread bytes is reset.
const LINGER: usize = 1 << 20;

/// Bytes that are read at a time: as many as hyper asks for, as a rule.
pub(super) const CHUNK: usize = 8192;

/// A connection, for hyper.
pub(super) struct Stream {
    stream: TcpStream,
    worker: Rc<Worker>,
    open: Rc<Open>,
    /// Until when the client has to take something.
    patience: Option<Pin<Box<Sleep>>>,
    heads: Heads,
    /// Read and encoded, but not taken by hyper.
    read: Vec<u8>,
    /// The answer in place of hyper's, as far as it is not written.
    refusal: Vec<u8>,
    /// How much more is read of a client that was refused; `None` for others.
    linger: Option<usize>,
}

impl Stream {
    pub(super) fn new(stream: TcpStream, worker: Rc<Worker>, open: Rc<Open>) -> Self {
        Self {
            stream,
            worker,
            open,
            patience: None,
            heads: Heads::default(),
            read: vec![],
            refusal: vec![],
            linger: None,
        }
    }

    /// Has an answer of hyper's own replaced: one that is an error without a body.
    fn refuses(&mut self, written: &[u8]) -> bool {
        let Some(status) = own_status(written) else { return false };
        let error = match status {
            414 => too_long(),
            431 if self.heads.in_request_line() => too_long(),
            431 => Error::new(Code::HeadersTooLarge, "the request's headers are too large")
                .details(format!("{MAX_HEAD} bytes and 100 headers are allowed"))
                .hint("send fewer or shorter headers"),
            _ => Error::new(Code::Malformed, "this is not a valid HTTP/1.1 request").hint(
                "check the request line and the headers; a space in a URL is %20, and a path begins with /",
            ),
        };
        let method = if self.heads.is_head() { "HEAD" } else { "GET" };
        let response = self.worker.refuse(&error, method, &Headers::default());
        (self.refusal, self.linger) = (to_bytes(&response), Some(LINGER));
        true
    }

    /// The same, with a limit to the time in which the client takes nothing.
    fn watched<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.open.sends();
            self.patience = None;
            return written;
        }
        self.open.stalls();
        let time = self.open.all.limits.send_time;
        let patience = self.patience.get_or_insert_with(|| Box::pin(tokio::time::sleep(time)));
        ready!(patience.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Writes what is left of a refusal.
    fn poll_refusal(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.refusal.is_empty() {
            let written = Pin::new(&mut self.stream).poll_write(cx, &self.refusal);
            let written = ready!(self.watched(cx, written))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.refusal.drain(..written);
        }
        Poll::Ready(Ok(()))
    }
}

fn too_long() -> Error {
    Error::new(Code::UrlTooLong, "the URL is too long").details(format!("{MAX_URL} bytes are allowed"))
}

/// The status of an answer that hyper makes itself. It has these headers alone; every answer of ours has
/// others.
fn own_status(written: &[u8]) -> Option<u16> {
    let head = written.strip_prefix(b"HTTP/1.1 ").filter(|head| head.starts_with(b"4"))?;
    let head = std::str::from_utf8(head).ok()?.strip_suffix("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.get(..3)?.parse().ok()?;
    let mut own = lines.map(|line| line.split_once(": "));
    own.all(|header| matches!(header, Some(("connection" | "date", _) | ("content-length", "0"))))
        .then_some(status)
}

pub(super) fn to_bytes(response: &Response) -> Vec<u8> {
    let status = hyper::StatusCode::from_u16(response.status).ok();
    let reason = status.and_then(|status| status.canonical_reason()).unwrap_or_default();
    let mut bytes = vec![];
    // Writing to a Vec does not fail.
    let _ = write!(bytes, "HTTP/1.1 {} {reason}\r\n", response.status);
    for (name, value) in &response.headers {
        let _ = write!(bytes, "{name}: {value}\r\n");
    }
    let _ = write!(bytes, "content-length: {}\r\nconnection: close\r\n\r\n", response.length);
    bytes.extend_from_slice(&response.body);
    bytes
}

impl Read for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut cursor: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.read.is_empty() {
            let mut buffer = this.worker.buffer.borrow_mut();
            let room = cursor.remaining().min(buffer.len());
            let mut buffer = ReadBuf::new(&mut buffer[..room]);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut buffer))?;
            match this.heads.encoded(buffer.filled()) {
                None => cursor.put_slice(buffer.filled()),
                Some(encoded) => this.read = encoded,
            }
        }
        let taken = this.read.len().min(cursor.remaining());
        cursor.put_slice(&this.read[..taken]);
        this.read.drain(..taken);
        Poll::Ready(Ok(()))
    }
}

impl Write for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.refuses(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.watched(cx, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if let [bytes] = slices
            && this.refuses(bytes)
        {
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        this.watched(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_refusal(cx))?;
        ready!(Pin::new(&mut this.stream).poll_flush(cx))?;
        this.open.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_refusal(cx))?;
        ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
        let lingering = this.poll_linger(cx);
        this.watched(cx, lingering)
    }
}

impl Stream {
    /// Reads what a refused client still sends.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(left) = self.linger.filter(|left| *left > 0) {
            let mut buffer = self.worker.buffer.borrow_mut();
            let mut buffer = ReadBuf::new(&mut buffer);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer))?;
            let read = buffer.filled().len();
            self.linger = (read > 0).then(|| left.saturating_sub(read));
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_of_hypers_own_is_replaced() {
        let date = "date: Fri, 27 Nov 2026 01:00:00 GMT\r\n";
        let own = format!("HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n{date}\r\n");
        assert_eq!(own_status(own.as_bytes()), Some(431));
        let closing =
            format!("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n{date}\r\n");
        assert_eq!(own_status(closing.as_bytes()), Some(400));
        for other in [
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 3\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n1",
            "HTTP/1.1 4",
        ] {
            assert_eq!(own_status(other.as_bytes()), None, "{other}");
        }
    }
}
