//! Which pages may read an answer (Fetch, "CORS protocol").
//!
//! The data is public, so by default all may, and every answer says so. A deployment may name
//! the origins instead; that keeps nothing secret, it only keeps other people's pages from
//! leaning on this server.

use super::Response;
use crate::config::Config;

/// The headers that a page may read beside those that Fetch always allows. With credentials `*`
/// is no wildcard.
const EXPOSED: &str = "Content-Disposition, Content-Encoding, Content-Location, Content-Range, Content-Type, Date, ETag, Link, \
                       Preference-Applied, Proxy-Status, Range-Unit, Repr-Digest, Warning";

/// The headers that a page may send beside those that Fetch always allows: what makes a
/// difference here, and what PostgREST's clients send along.
const ALLOWED: &str = "Accept, Accept-Profile, apikey, Authorization, Content-Type, If-None-Match, Prefer, \
                       Range, Range-Unit, Want-Repr-Digest, X-Client-Info";

impl Response {
    /// The answer for a page of `origin`.
    pub(crate) fn for_origin(mut self, origin: Option<&str>, config: &Config) -> Self {
        if config.cors_origins.is_empty() {
            return self;
        }
        self.headers.retain(|(name, _)| !name.starts_with("access-control-"));
        match self.headers.iter_mut().find(|(name, _)| *name == "vary") {
            Some((_, vary)) => vary.to_mut().push_str(", Origin"),
            None => self = self.header("vary", "Origin"),
        }
        let Some(origin) = origin.filter(|origin| config.cors_origins.iter().any(|known| known == origin))
        else {
            return self;
        };
        self.header("access-control-allow-origin", origin.to_owned())
            .header("access-control-allow-credentials", "true")
            .header("access-control-allow-headers", ALLOWED)
            .header("access-control-allow-methods", super::ALLOW)
            .header("access-control-expose-headers", EXPOSED)
            .header("access-control-max-age", "86400")
    }
}
