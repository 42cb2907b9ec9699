//! Listens, and answers each connection on a thread of its own.

use std::collections::HashMap;
use std::io::{self, BufReader, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::read::{self, Connection, ReadError};
use super::{Request, Response};

/// A server that runs until it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    stopped: AtomicBool,
    /// What is open, so that it can be shut from outside.
    open: Mutex<HashMap<u64, TcpStream>>,
}

impl Server {
    /// Listens at `address` and answers with `handler`, which is also given the client's address.
    /// A body over `body_limit` bytes is refused with 413.
    pub(crate) fn start(
        address: SocketAddr,
        body_limit: usize,
        handler: impl Fn(Request, IpAddr) -> Response + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { stopped: AtomicBool::new(false), open: Mutex::default() });
        let handler = Arc::new(handler);
        thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                for (id, stream) in (0_u64..).zip(listener.incoming()) {
                    if shared.stopped.load(Ordering::SeqCst) {
                        return;
                    }
                    let Ok(stream) = stream else { continue };
                    let Ok(handle) = stream.try_clone() else { continue };
                    shared.open().insert(id, handle);
                    let (shared, handler) = (Arc::clone(&shared), Arc::clone(&handler));
                    thread::spawn(move || {
                        // A connection that breaks is the client's affair.
                        let _ = connection(&stream, body_limit, &*handler);
                        let _ = stream.shutdown(Shutdown::Both);
                        shared.open().remove(&id);
                    });
                }
            }
        });
        Ok(Self { address, shared })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address); // wakes the listener, which then returns
        for stream in self.shared.open().values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, HashMap<u64, TcpStream>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn connection(
    stream: &TcpStream,
    body_limit: usize,
    handler: &dyn Fn(Request, IpAddr) -> Response,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let client = stream.peer_addr()?.ip();
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    loop {
        match read::request(&mut reader, &mut writer, body_limit) {
            Ok(None) => return Ok(()),
            Ok(Some((request, connection))) => {
                let is_head = request.method == "HEAD";
                let response = handler(request, client);
                write(&mut writer, &response, is_head, connection)?;
                if connection == Connection::Close {
                    return Ok(());
                }
            }
            Err(ReadError::Refused(status, reason)) => {
                let response = Response::json(status, &serde_json::json!({ "message": reason }));
                return write(&mut writer, &response, false, Connection::Close);
            }
            Err(ReadError::Io(error)) => return Err(error),
        }
    }
}

/// Writes a response in one piece. `content-length` is that of the body, also for HEAD.
fn write(
    stream: &mut impl Write,
    response: &Response,
    is_head: bool,
    connection: Connection,
) -> io::Result<()> {
    let Response { status, headers, body } = response;
    let mut bytes = format!("HTTP/1.1 {status} {}\r\n", reason(*status)).into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    let has_body = !matches!(status, 204 | 304); // RFC 9110, section 6.4.1
    if has_body {
        bytes.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
    }
    if connection == Connection::Close {
        bytes.extend_from_slice(b"connection: close\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    if has_body && !is_head {
        bytes.extend_from_slice(body);
    }
    stream.write_all(&bytes)
}

/// For people: clients go by the number.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        202 => "Accepted",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        500 => "Internal Server Error",
        _ => "",
    }
}
