//! The Runtime API's side of a cold start: one thread, no HTTP library, nothing between two
//! time stamps but a poll(2) and a read(2).
//!
//! It is apart from the double of the end-to-end tests on purpose. That one stands for API Gateway
//! and Lambda as a whole and shall be faithful; this one shall cost next to nothing, since what it
//! costs is measured. It checks no more than it needs to tell a poll from an answer.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// How long a function may stay silent before the run counts as failed: far above what callgrind
/// needs for a cold start.
const SILENCE: Duration = Duration::from_secs(30);

/// What a function says to the Runtime API.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// It asks for the next event.
    Next,
    /// It answers the event that it has, with this body.
    Response(Vec<u8>),
    /// It reports that it failed, with this body.
    Error(Vec<u8>),
}

/// A Runtime API on 127.0.0.1 that serves one function at a time.
#[derive(Debug)]
pub struct Double {
    listener: TcpListener,
    connections: Vec<Connection>,
}

#[derive(Debug)]
struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
    open: bool,
}

/// The connection that a request came over; its answer goes back the same way.
#[derive(Debug, Clone, Copy)]
pub struct Via(usize);

impl Double {
    /// Listens on a port that the kernel chooses.
    pub fn bind() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("can't listen on 127.0.0.1")?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener, connections: vec![] })
    }

    /// What AWS_LAMBDA_RUNTIME_API has to say.
    pub fn address(&self) -> Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Forgets the connections of a function that has ended.
    pub fn hang_up(&mut self) {
        self.connections.clear();
        while self.listener.accept().is_ok() {}
    }

    /// Waits for the next whole request on any connection.
    pub fn receive(&mut self) -> Result<(Via, Request)> {
        let timeout = Timespec::try_from(SILENCE).context("the time to wait fits")?;
        loop {
            let mut sources = vec![PollFd::new(&self.listener, PollFlags::IN)];
            // A client may close a connection that it has no use for; poll(2) shall not report it again.
            let wanted = |open| if open { PollFlags::IN } else { PollFlags::empty() };
            sources.extend(self.connections.iter().map(|each| PollFd::new(&each.stream, wanted(each.open))));
            if poll(&mut sources, Some(&timeout))? == 0 {
                bail!("the function said nothing for {} seconds", SILENCE.as_secs());
            }
            let ready: Vec<bool> = sources.iter().map(|source| !source.revents().is_empty()).collect();
            if ready[0] {
                self.accept()?;
            }
            for (index, _) in ready[1..].iter().enumerate().filter(|(_, ready)| **ready) {
                if let Some(request) = self.connections[index].receive()? {
                    return Ok((Via(index), request));
                }
            }
        }
    }

    /// Answers [`Request::Next`] with an event.
    pub fn event(&mut self, via: Via, event: &str) -> Result<()> {
        let answer = format!(
            "HTTP/1.1 200 OK\r\n\
             Content-Type: application/json\r\n\
             Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
             Lambda-Runtime-Deadline-Ms: 4102444800000\r\n\
             Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-central-1:123456789012:function:reader:live\r\n\
             Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0\r\n\
             Content-Length: {}\r\n\r\n{event}",
            event.len()
        );
        Ok(self.connections[via.0].stream.write_all(answer.as_bytes())?)
    }

    /// Answers [`Request::Response`].
    pub fn accepted(&mut self, via: Via) -> Result<()> {
        let answer = b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n";
        Ok(self.connections[via.0].stream.write_all(answer)?)
    }

    fn accept(&mut self) -> Result<()> {
        loop {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nodelay(true)?;
                    self.connections.push(Connection {
                        stream,
                        received: Vec::with_capacity(4096),
                        open: true,
                    });
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Connection {
    /// Reads what has come; the request, once it is whole.
    fn receive(&mut self) -> Result<Option<Request>> {
        let mut chunk = [0; 16 * 1024];
        let read = self.stream.read(&mut chunk)?;
        if read == 0 {
            self.open = false;
            return Ok(None);
        }
        self.received.extend_from_slice(&chunk[..read]);
        let Some((request, length)) = parse(&self.received)? else { return Ok(None) };
        self.received.drain(..length);
        Ok(Some(request))
    }
}

/// The first request in `received` and its length in bytes, if it is whole.
fn parse(received: &[u8]) -> Result<Option<(Request, usize)>> {
    let Some(head) = received.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&received[..head])?;
    let mut lines = text.split("\r\n");
    let start = lines.next().unwrap_or_default();
    let mut length = 0;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().context("content-length is a number")?;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            bail!("the function streams its answer; none of those measured here does");
        }
    }
    let end = head + 4 + length;
    let Some(body) = received.get(head + 4..end) else { return Ok(None) };
    let path = start.split(' ').nth(1).unwrap_or_default();
    let request = match path.strip_prefix("/2018-06-01/runtime/") {
        Some("invocation/next") => Request::Next,
        Some(path) if path.ends_with("/response") => Request::Response(body.to_vec()),
        Some(path) if path.ends_with("/error") => Request::Error(body.to_vec()),
        _ => bail!("the function asked for something else: {start}"),
    };
    Ok(Some((request, end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_told_apart() {
        let next = b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: x\r\n\r\n";
        assert_eq!(parse(next).unwrap(), Some((Request::Next, next.len())));
        let response =
            b"POST /2018-06-01/runtime/invocation/8/response HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(parse(response).unwrap(), Some((Request::Response(b"{}".to_vec()), response.len())));
        let error = b"POST /2018-06-01/runtime/init/error HTTP/1.1\r\ncontent-length: 1\r\n\r\n{and more";
        assert_eq!(parse(error).unwrap(), Some((Request::Error(b"{".to_vec()), error.len() - 8)));
    }

    #[test]
    fn a_request_may_come_in_pieces() {
        let whole =
            b"POST /2018-06-01/runtime/invocation/8/response HTTP/1.1\r\nContent-Length: 5\r\n\r\n12345";
        for end in 0..whole.len() {
            assert_eq!(parse(&whole[..end]).unwrap(), None, "{end}");
        }
    }

    #[test]
    fn anything_else_fails_loudly() {
        assert!(parse(b"GET / HTTP/1.1\r\n\r\n").is_err());
        let streamed =
            b"POST /2018-06-01/runtime/invocation/8/response HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert!(parse(streamed).is_err());
    }
}
