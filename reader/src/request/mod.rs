//! Raw URL and headers -> typed request. Knows the grammar and no table.

mod headers;
mod page;
mod path;
mod query;

pub use headers::Headers;
pub(crate) use page::Page;
pub(crate) use path::Target;

use crate::error::{Code, Error};

/// The longest path and query together, in bytes. API Gateway takes 10,240 bytes for the request
/// line and all headers; this leaves the headers their share.
const MAX_URL: usize = 8192;

/// A request as it comes through a door.
#[derive(Debug)]
pub struct RawRequest<'a> {
    /// The method, upper case.
    pub method: &'a str,
    /// The path, percent-decoded.
    pub path: &'a str,
    /// What stands behind `?`, as sent: not decoded.
    pub query: &'a str,
    /// The headers that make a difference.
    pub headers: Headers,
}

/// A request whose every part is understood.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) target: Target,
    pub(crate) page: Page,
}

/// Decodes a path for [`RawRequest::path`], for doors that get it encoded.
#[cfg(feature = "http")]
pub(crate) fn decode_path(path: &str) -> Result<String, Error> {
    query::decode(path)
}

impl Request {
    pub(crate) fn parse(raw: &RawRequest<'_>) -> Result<Self, Error> {
        if raw.path.len() + raw.query.len() > MAX_URL {
            return Err(Error::new(Code::UrlTooLong, "the URL is too long")
                .details(format!("{} bytes; {MAX_URL} are allowed", raw.path.len() + raw.query.len())));
        }
        match raw.method {
            "GET" | "HEAD" | "OPTIONS" => {}
            other => {
                return Err(Error::new(Code::Method, format!("Unsupported HTTP method: {other}"))
                    .hint("the data is read-only: GET, HEAD and OPTIONS are served"));
            }
        }
        raw.headers.check_accept()?;
        let target = Target::parse(raw.path);
        let mut page = Page::default();
        for (name, value) in query::pairs(raw.query)? {
            match (name.as_str(), &target) {
                ("limit" | "offset", Target::Table(_)) => page.set(&name, &value)?,
                _ => return Err(unknown_parameter(&name, &target)),
            }
        }
        Ok(Self { target, page })
    }
}

fn unknown_parameter(name: &str, target: &Target) -> Error {
    let error = Error::new(Code::UnknownParameter, format!("unknown query parameter \"{name}\""));
    match target {
        Target::Table(_) => error.hint("a table takes limit and offset"),
        Target::Release | Target::Row { .. } => error.hint("this path takes no query parameters"),
    }
}
