//! An answer as its client gets it: coded, timed, with the headers of its origin, without a body for HEAD.

use std::time::{Duration, Instant};

use super::Reader;
#[cfg(feature = "http")]
use crate::error::Error;
#[cfg(feature = "http")]
use crate::request::RawRequest;
use crate::request::{Headers, WantedDigest};
use crate::response::Response;

impl Reader {
    /// An error that comes up before there is a request.
    #[cfg(feature = "http")]
    pub(crate) fn refuse(&self, error: &Error, method: &str, headers: &Headers) -> Response {
        let raw = RawRequest { method, path: "/", query: "", headers: headers.clone() };
        self.finish(self.refused(error, &raw), method, headers, None)
    }

    /// The answer as this client gets it.
    pub(super) fn finish(
        &self,
        response: Response,
        method: &str,
        headers: &Headers,
        start: Option<Instant>,
    ) -> Response {
        let found = start.map(|start| start.elapsed());
        let mut response = response.coded(headers);
        if headers.wanted_digest() == WantedDigest::Asked {
            response = response.digested();
        }
        self.sent(response, method, headers, start.zip(found))
    }

    /// A file, or a part of one, as this client gets it: it is in its coding already.
    pub(crate) fn to_client(
        &self,
        response: Response,
        method: &str,
        headers: &Headers,
        start: Option<Instant>,
    ) -> Response {
        self.sent(response, method, headers, start.map(|start| (start, start.elapsed())))
    }

    /// `times`: since when the answer was made, and how long it took until it was found.
    fn sent(
        &self,
        response: Response,
        method: &str,
        headers: &Headers,
        times: Option<(Instant, Duration)>,
    ) -> Response {
        let response = match times {
            Some((start, found)) => response.timed(found, start.elapsed()),
            None => response,
        };
        let response = response.for_origin(headers.origin.as_deref(), &self.config);
        if method == "HEAD" { response.without_body() } else { response }
    }
}
