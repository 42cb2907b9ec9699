//! Rows -> an answer: body, status and headers.

mod atom;
mod cell;
mod content_coding;
mod cors;
mod csv;
mod digest;
mod etag;
mod feed;
mod file;
mod json;
mod member_writer;
mod memento;
mod page;
mod release;
mod row;
mod rows;
mod size_limit;
mod strip_nulls;
mod timing;

use std::borrow::Cow;

use crate::config::Config;
use crate::error::{Code, Error};
use crate::pages::{Page, STYLE_POLICY};
use crate::request::{Format, Headers};

pub(crate) use cell::{Cell, columns, kept, owned, value_json};
pub(crate) use digest::{Sum, Summing};
pub(crate) use etag::ETag;
pub(crate) use feed::{FeedRequest, ListedChanges, row_key};
pub(crate) use file::{FileWriter, fits, no_room};
pub(crate) use member_writer::MemberWriter;
pub(crate) use memento::{Memento, TimeMap, http_date};
pub(crate) use page::{PageRequest, Written, each_row, next_query};
pub(crate) use release::release_json;
pub(crate) use size_limit::SizeLimit;

use crate::query::Rows;
use member_writer::Line;

/// An answer, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Lower-case names, each at most once.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body; empty for HEAD and 304.
    pub body: Vec<u8>,
    /// The body's length in bytes; for HEAD that of GET's body.
    pub length: usize,
}

impl Response {
    fn new(status: u16) -> Self {
        // Every answer may be read from any page, with all its headers: the data is public and
        // takes no credentials.
        let mut headers = Vec::with_capacity(12); // a page has ten
        headers.push(("access-control-allow-origin", Cow::Borrowed("*")));
        headers.push(("access-control-expose-headers", Cow::Borrowed("*")));
        Self { status, headers, body: vec![], length: 0 }
    }

    fn header(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn body(mut self, body: Vec<u8>) -> Self {
        self.length = body.len();
        Self { body, ..self }
    }

    /// The error as its client sees it.
    pub(crate) fn error(error: &Error, config: &Config) -> Self {
        let response = Self::new(error.code().status())
            .header("content-type", Format::Json.content_type())
            .header("cache-control", "no-store")
            .header("proxy-status", format!("Coldpress; error={}", error.code().name()));
        let response = match error.code() {
            Code::Method => response.header("allow", ALLOW),
            // Some of those that are before it have ended by then.
            Code::Busy => response.header("retry-after", "1"),
            _ => response,
        };
        response.body(error.to_json_of(config.error_verbosity).into_bytes())
    }

    /// A page for people. One that lacks what took too long is true for this moment alone.
    pub(crate) fn html(page: Page, etag: &ETag, headers: &Headers, config: &Config) -> Result<Self, Error> {
        SizeLimit::new(config.max_bytes).take(&page.html)?;
        let response = Self::new(200).header("content-type", HTML);
        let response = match page.is_whole {
            true if headers.has_any() => return Ok(Self::not_modified(etag, config)),
            true => response.cached(etag, config),
            false => response.header("cache-control", "no-store"),
        };
        Ok(response.body(page.html).page_headers())
    }

    /// Another address has what is asked for.
    pub(crate) fn see_other(address: String) -> Self {
        Self::new(303).header("location", address).header("cache-control", "no-store")
    }

    /// The same answer with a page as its body.
    pub(crate) fn into_html(self, body: Vec<u8>) -> Self {
        self.of_type(HTML).body(body).page_headers()
    }

    fn page_headers(mut self) -> Self {
        self.headers.extend(STYLE_POLICY.map(|(name, value)| (name, value.into())));
        self
    }

    /// The answer to OPTIONS.
    pub(crate) fn options() -> Self {
        Self::new(200)
            .header("allow", ALLOW)
            .header("access-control-allow-methods", ALLOW)
            .header("access-control-allow-headers", "*")
            .header("access-control-max-age", "86400")
    }

    /// The same answer without its body, for HEAD.
    pub(crate) fn without_body(self) -> Self {
        Self { body: vec![], ..self }
    }

    fn cached(self, etag: &ETag, config: &Config) -> Self {
        self.header("etag", etag.as_str().to_owned())
            .header("cache-control", config.cache_control.clone())
            .header("vary", "Accept, Accept-Datetime, Accept-Encoding, Prefer, Range")
    }

    /// The same for its client alone. A CDN takes `Range` for one of bytes: it passes it on and has
    /// no place for it in its key, so what it kept of this answer would be shown to everybody.
    pub(crate) fn private(mut self) -> Self {
        for (name, value) in &mut self.headers {
            if *name == "cache-control" {
                *value = "private, no-cache".into();
            }
        }
        self
    }

    /// 304: the client has it already.
    pub(crate) fn not_modified(etag: &ETag, config: &Config) -> Self {
        Self::new(304).cached(etag, config)
    }

    /// A representation that can be cached.
    fn representation(status: u16, format: Format, body: Vec<u8>, etag: &ETag, config: &Config) -> Self {
        Self::new(status).header("content-type", format.content_type()).cached(etag, config).body(body)
    }

    /// The same under another media type.
    pub(crate) fn of_type(mut self, media_type: &'static str) -> Self {
        for (name, value) in &mut self.headers {
            if *name == "content-type" {
                *value = media_type.into();
            }
        }
        self
    }

    /// The same with the address of the OpenAPI document (RFC 8631).
    pub(crate) fn described(self, config: &Config) -> Self {
        self.header("link", format!("<{}/-/openapi.json>; rel=\"service-desc\"", config.base_path))
    }

    /// JSON that is true for this moment.
    pub(crate) fn momentary(body: Vec<u8>) -> Self {
        Self::new(200)
            .header("content-type", Format::Json.content_type())
            .header("cache-control", "no-store")
            .body(body)
    }

    /// JSON that is made whole before it is known whether the client has it: its tag is its digest.
    pub(crate) fn document(body: Vec<u8>, headers: &Headers, config: &Config) -> Result<Self, Error> {
        let etag = ETag::release(&body);
        match etag.held(headers) {
            Some(held) => Ok(Self::not_modified(&held, config)),
            None => Self::json(body, &etag, headers, config),
        }
    }

    /// JSON that is there already.
    pub(crate) fn json(
        body: Vec<u8>,
        etag: &ETag,
        headers: &Headers,
        config: &Config,
    ) -> Result<Self, Error> {
        if headers.has_any() {
            return Ok(Self::not_modified(etag, config));
        }
        SizeLimit::new(config.max_bytes).take(&body)?;
        Ok(Self::representation(200, Format::Json, body, etag, config))
    }
}

/// The line of names above the rows.
fn csv_header<'a>(source: &impl Rows<'a>, body: &mut Vec<u8>) {
    let mut line = Line::new(body);
    for label in source.labels() {
        csv::cell(label.name().as_bytes(), line.cell());
    }
}

const HTML: &str = "text/html; charset=utf-8";

/// The warning of a page that ends where a limit of the deployment says (RFC 7234, section 5.5.7).
fn page_cut(limit: &str, rows: u64) -> String {
    format!("299 Coldpress \"page cut at the {limit} of {rows} rows: the Link header has the next page\"")
}

const ALLOW: &str = "OPTIONS,GET,HEAD";
