//! HTTP/1.1 (RFC 9112) for the two servers of the double: blocking, a thread per connection,
//! nothing between the bytes and the test. Small on purpose: its own time is part of what the
//! benchmarks measure.
//!
//! Deliberately absent: HTTP/2, TLS, compression, upgrades, trailers' contents.

mod read;
mod server;

use serde_json::Value;

pub(crate) use server::Server;

/// A request, read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// As it stands in the request line.
    pub(crate) target: String,
    /// In order, names as they were sent.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    /// Without its transfer coding.
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The values of that header, in order.
    pub(crate) fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.headers
            .iter()
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names in lower case, in order; `content-length` is not among them.
    pub headers: Vec<(String, String)>,
    /// The body; that of an answer to HEAD is empty.
    pub body: Vec<u8>,
}

impl Response {
    pub(crate) fn new(status: u16, headers: &[(&str, &str)], body: Vec<u8>) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Self { status, headers, body }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, &[("content-type", "application/json")], body.to_string().into_bytes())
    }

    /// The first value of the header of that name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The body as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
