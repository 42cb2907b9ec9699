//! Raw URL and headers -> typed request. Knows the grammar and no table.

mod byte_range;
mod coding;
mod download;
mod feed;
mod filter;
mod find;
mod headers;
mod logic;
mod media;
mod name;
mod operator;
mod order;
mod page;
mod parameters;
mod path;
mod prefer;
mod quality;
mod query;
mod quoting;
mod scanner;
mod select;
mod want_digest;
mod when;

pub(crate) use byte_range::ByteRange;
pub(crate) use catalog::percent_encode as encode;
pub(crate) use coding::Coding;
pub(crate) use download::Download;
pub(crate) use feed::{Feed, FeedCursor, FeedQuery};
pub(crate) use filter::{Filter, Quantifier, Test, Truth};
#[cfg(test)]
pub(crate) use find::CONDITIONS;
pub(crate) use find::{Find, query_of};
pub use headers::Headers;
pub(crate) use logic::Condition;
pub(crate) use media::{Format, OPENAPI, page_path, wants_openapi};
pub(crate) use name::{Field, Operand, PathStep};
pub(crate) use operator::{Family, OPERATORS, Operator};
pub(crate) use order::Term;
pub(crate) use page::unsatisfiable;
pub(crate) use parameters::{Level, Parameters};
pub(crate) use path::{OPENAPI_FILE, ROBOTS, SITEMAP, Target};
pub(crate) use prefer::Preferences;
pub(crate) use query::{canonical, pairs as query_pairs, question, unpaged};
pub(crate) use quoting::field_name;
pub(crate) use select::{Column, Embed, Function, Item};
pub(crate) use want_digest::WantedDigest;
pub(crate) use when::{When, no_moment};

#[cfg(feature = "http")]
use std::borrow::Cow;

use crate::cursor;
use crate::error::{Code, Error};

/// The longest path and query together, in bytes. API Gateway takes 10,240 bytes for the request
/// line and all headers; this leaves the headers their share.
pub(crate) const MAX_URL: usize = 8192;

/// How deep conditions or embeds may be nested. Each level is one of the stack, here and in
/// SQLite; what people write has three.
const MAX_DEPTH: usize = 16;

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
    pub(crate) format: Format,
    /// The parameters in order, decoded.
    pub(crate) pairs: Vec<(String, String)>,
    /// What they mean to a table; empty for other targets.
    pub(crate) parameters: Parameters,
    pub(crate) preferences: Preferences,
    /// Whether the header `Range` has a say in which rows are shown.
    pub(crate) ranged: bool,
    /// What is asked of a feed; empty for other targets.
    pub(crate) feed: FeedQuery,
}

/// Decodes a path for [`RawRequest::path`], for doors that get it encoded.
#[cfg(feature = "http")]
pub(crate) fn decode_path(path: &str) -> Result<Cow<'_, str>, Error> {
    if path.contains('%') { query::decode(path).map(Cow::Owned) } else { Ok(Cow::Borrowed(path)) }
}

/// The table that is asked with a parameter that can't be read, and that parameter.
pub(crate) fn misread(raw: &RawRequest<'_>) -> Option<(String, String, String)> {
    let Target::Table(table) = Target::parse(raw.path) else { return None };
    let pairs = query::pairs(raw.query).ok()?;
    Parameters::misread(&pairs).map(|(name, value)| (table, name.clone(), value.clone()))
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
        let target = Target::parse(raw.path);
        // What an answer looks like is no matter to OPTIONS.
        let accept = raw.headers.accept.as_deref().filter(|_| raw.method != "OPTIONS");
        let accept = accept.filter(|_| !target.has_one_form());
        let format = Format::parse(accept)?;
        let preferences = Preferences::parse(raw.headers.prefer.as_deref())?;
        let pairs = query::pairs(raw.query)?;
        let (mut parameters, mut feed) = (Parameters::default(), FeedQuery::default());
        let mut ranged = false;
        match &target {
            Target::Table(table) => {
                parameters = Parameters::parse(&pairs)?;
                // RFC 9110, section 14.2: Range has a meaning for GET alone.
                if let Some(range) = raw.headers.range.as_deref().filter(|_| raw.method == "GET") {
                    let root = parameters.levels.entry(vec![]).or_default();
                    root.page = root.page.within(range)?;
                    ranged = page::rows(range).is_some();
                }
                if let Some(cursor) = parameters.cursor {
                    let page = parameters.levels.get(&vec![]).map(|root| root.page);
                    if page.is_some_and(|page| page.offset.is_some()) {
                        return Err(cursor::invalid(
                            "it comes with an offset or a range, and says itself where to begin",
                        ));
                    }
                    if cursor.question != question(table, &pairs) {
                        return Err(cursor::invalid("it belongs to another table, filter, order or select"));
                    }
                }
            }
            Target::Feed(of) => {
                if format != Format::Json {
                    return Err(Error::new(Code::NotAcceptable, "feeds are served as JSON")
                        .hint("Accept: application/json"));
                }
                feed = FeedQuery::parse(of, &pairs)?;
            }
            Target::Release | Target::Versions(_) | Target::TimeMap(_) => {
                if let Some((name, _)) = pairs.first() {
                    return Err(no_parameters(name));
                }
            }
            // Whether the path names anything is for who knows the tables, and comes first.
            Target::Row { .. }
            | Target::At { .. }
            | Target::Reserved(_)
            | Target::Find(_)
            | Target::Columns(_)
            | Target::Proof { .. } => {}
        }
        Ok(Self { target, format, pairs, parameters, preferences, ranged, feed })
    }
}

/// The error of a parameter if there isn't one to give.
pub(crate) fn no_parameters(name: &str) -> Error {
    Error::new(Code::UnknownParameter, format!("unknown query parameter \"{name}\""))
        .hint("this path takes no query parameters")
}

fn too_deep(what: &str) -> Error {
    Error::new(Code::TooMuch, format!("{what} are nested too deeply"))
        .details(format!("{MAX_DEPTH} levels are allowed"))
}
