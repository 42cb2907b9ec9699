//! Rows -> JSON and headers.

mod etag;
mod json;
mod release;

use std::borrow::Cow;

use rusqlite::{Connection, params_from_iter};

use crate::config::Config;
use crate::error::{Code, Error};
use crate::lookup::FoundRow;
use crate::plan::{Rows, Scope};
use crate::request::Headers;
use crate::sql::Statement;

pub(crate) use etag::ETag;
pub(crate) use release::release_json;

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

const JSON: &str = "application/json; charset=utf-8";

impl Response {
    fn new(status: u16) -> Self {
        // Every answer may be read from any page: the data is public and takes no credentials.
        let headers = vec![("access-control-allow-origin", Cow::Borrowed("*"))];
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
    pub(crate) fn error(error: &Error) -> Self {
        let response = Self::new(error.code().status())
            .header("content-type", JSON)
            .header("cache-control", "no-store")
            .header("proxy-status", format!("Coldpress; error={}", error.code().name()));
        let response = match error.code() {
            Code::Method => response.header("allow", ALLOW),
            _ => response,
        };
        response.body(error.to_json().into_bytes())
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
        self.header("etag", etag.as_str().to_owned()).header("cache-control", config.cache_control.clone())
    }

    /// 304: the client has it already.
    pub(crate) fn not_modified(etag: &ETag, config: &Config) -> Self {
        Self::new(304).cached(etag, config)
    }

    /// JSON that is there already.
    pub(crate) fn json(body: Vec<u8>, etag: &ETag, headers: &Headers, config: &Config) -> Self {
        if headers.has_any() {
            return Self::not_modified(etag, config);
        }
        Self::new(200).header("content-type", JSON).cached(etag, config).body(body)
    }

    /// The error of a key that no row has.
    pub(crate) fn unknown_row(rows: &Rows) -> Error {
        Error::new(Code::UnknownRow, "no row has this key")
            .details(format!("table '{}' has {} rows", rows.table.name, rows.table.rows))
            .hint(format!("read the rows at /{}", rows.table.name))
    }

    /// The one row that was found without SQLite.
    pub(crate) fn found(
        rows: &Rows,
        row: &FoundRow,
        etag: &ETag,
        headers: &Headers,
        config: &Config,
    ) -> Result<Self, Error> {
        let mut body = Vec::with_capacity(512);
        json::RowWriter::new(&rows.table).found(row, &mut body)?;
        Ok(Self::json(body, etag, headers, config))
    }

    /// Runs the statement of `rows` and writes what it yields.
    pub(crate) fn rows(
        rows: &Rows,
        connection: &Connection,
        etag: &ETag,
        headers: &Headers,
        config: &Config,
    ) -> Result<Self, Error> {
        let Statement { text, values } = Statement::rows(rows)?;
        let mut statement = connection.prepare_cached(&text)?;
        let mut found = statement.query(params_from_iter(values))?;
        let writer = json::RowWriter::new(&rows.table);
        let mut body = Vec::with_capacity(1024);
        match rows.scope {
            Scope::Key(_) => {
                let Some(row) = found.next()? else { return Err(Self::unknown_row(rows)) };
                writer.row(row, &mut body)?;
                Ok(Self::json(body, etag, headers, config))
            }
            Scope::Page { limit, offset } => {
                let mut count = 0;
                let mut more = false;
                body.push(b'[');
                while let Some(row) = found.next()? {
                    if count == limit {
                        more = true;
                        break;
                    }
                    if count > 0 {
                        body.extend_from_slice(b",\n ");
                    }
                    writer.row(row, &mut body)?;
                    count += 1;
                }
                body.push(b']');
                let mut response = Self::json(body, etag, headers, config);
                response = response.header("content-range", content_range(offset, count));
                if more && limit > 0 {
                    let (table, next) = (encode(&rows.table.name), offset + limit);
                    let link = format!("</{table}?limit={limit}&offset={next}>; rel=\"next\"");
                    response = response.header("link", link);
                }
                Ok(response)
            }
        }
    }
}

const ALLOW: &str = "OPTIONS,GET,HEAD";

/// As PostgREST writes it; the total is not counted for a page.
fn content_range(offset: u64, count: u64) -> String {
    match count {
        0 => "*/*".to_owned(),
        count => format!("{offset}-{}/*", offset + count - 1),
    }
}

/// A name as a path segment (RFC 3986, section 3.3): everything but unreserved characters encoded.
fn encode(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}
