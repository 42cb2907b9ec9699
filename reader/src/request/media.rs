//! The header `Accept` -> the form of the answer (RFC 9110, section 12.5.1).

use super::RawRequest;
use super::quality::thousandths;
use crate::error::{Code, Error};

/// The form of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// An array of objects; of a single row, the object.
    #[default]
    Json,
    /// The same without the members that are null.
    Stripped,
    /// One object, or an error where there is not exactly one row.
    Object {
        /// Without the members that are null.
        stripped: bool,
    },
    /// RFC 4180, with a header line.
    Csv,
    /// A line for each object (NDJSON, also called JSON Lines).
    Lines,
}

impl Format {
    /// The value of `Content-Type`.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Stripped => "application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8",
            Self::Object { stripped: false } => "application/vnd.pgrst.object+json; charset=utf-8",
            Self::Object { stripped: true } => {
                "application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8"
            }
            Self::Csv => "text/csv; charset=utf-8",
            Self::Lines => "application/x-ndjson; charset=utf-8",
        }
    }

    pub(super) fn parse(accept: Option<&str>) -> Result<Self, Error> {
        let Some(accept) = accept else { return Ok(Self::Json) };
        if accept == "*/*" || accept == "application/json" {
            return Ok(Self::Json); // what nearly every client sends
        }
        let mut ranges: Vec<_> = accept.split(',').map(MediaRange::parse).collect();
        // What says more of what it wants takes precedence over what takes anything, as PostgREST has it; the
        // order that the client wrote decides between equals.
        ranges.sort_by_key(|range| std::cmp::Reverse((range.quality, range.precision)));
        ranges.iter().filter(|range| range.quality > 0).find_map(MediaRange::format).ok_or_else(|| {
            Error::new(Code::NotAcceptable, format!("None of these media types are available: {accept}"))
        })
    }
}

/// OpenAPI's media type, as PostgREST's clients name it.
pub(crate) const OPENAPI: &str = "application/openapi+json";

/// Whether it is wanted rather than any other form that is served.
pub(crate) fn wants_openapi(accept: &str) -> bool {
    let mut ranges: Vec<_> = accept.split(',').map(MediaRange::parse).collect();
    ranges.sort_by_key(|range| std::cmp::Reverse((range.quality, range.precision)));
    let mut known = ranges.iter().filter(|range| range.quality > 0);
    let first = known.find(|range| range.name == OPENAPI || range.format().is_some());
    first.is_some_and(|range| range.name == OPENAPI)
}

/// Where pages have a fixed address: behind it is the path of what is shown.
const PAGES: &str = "/-/html";

/// Where there are pages alone.
const COLUMNS: &str = "/-/columns/";

/// The path of the page that is asked for, and whether by the fixed address; `None` where data is asked for.
pub(crate) fn page_path<'a>(raw: &RawRequest<'a>) -> Option<(&'a str, bool)> {
    match raw.path.strip_prefix(PAGES) {
        Some("") => return Some(("/", true)),
        Some(path) if path.starts_with('/') => return Some((path, true)),
        _ => {}
    }
    if raw.path.starts_with(COLUMNS) {
        return Some((raw.path, true));
    }
    // What an answer looks like is no matter to OPTIONS.
    let accept = raw.headers.accept.as_deref().filter(|_| raw.method != "OPTIONS")?;
    is_html(accept).then_some((raw.path, false))
}

/// Whether somebody wants a document. Browsers name XHTML beside HTML; Java's HTTP client names HTML among others and
/// expects data, so HTML without XHTML is wanted only where data would be refused. Who names data first, or rather,
/// gets data.
fn is_html(accept: &str) -> bool {
    const HTML: &str = "text/html";
    // Most programs name no HTML, or JSON before anything: that takes no reading of the list.
    if accept.len() < HTML.len()
        || accept
            .strip_prefix("application/json")
            .is_some_and(|more| more.is_empty() || more.starts_with(','))
        || !accept.as_bytes().windows(4).any(|part| part.eq_ignore_ascii_case(b"html"))
    {
        return false;
    }
    let ranges: Vec<_> = accept.split(',').map(MediaRange::parse).collect();
    let place = |name: &str| ranges.iter().position(|range| range.name == name && range.quality > 0);
    let Some(html) = place(HTML) else { return false };
    let mut served = ranges.iter().enumerate().filter(|(_, range)| range.quality > 0 && range.is_served());
    if place("application/xhtml+xml").is_none() {
        return served.next().is_none();
    }
    !served.any(|(at, range)| {
        let is_data = !range.name.is_empty() && !range.name.contains('*') && range.name != OPENAPI;
        is_data && (at < html || range.quality > ranges[html].quality)
    })
}

struct MediaRange {
    name: String,
    stripped: bool,
    /// In thousandths.
    quality: u32,
    /// How much it says: its parameters less its asterisks (RFC 9110, section 12.5.1).
    precision: i32,
}

impl MediaRange {
    fn parse(range: &str) -> Self {
        let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
        let name = parts.next().unwrap_or_default();
        let precision = -(name.bytes().filter(|byte| *byte == b'*').count() as i32);
        let mut parsed = Self { name, stripped: false, quality: 1000, precision };
        for parameter in parts {
            let parameter = parameter.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
            if let Some(("q", value)) = parameter {
                parsed.quality = thousandths(value).unwrap_or(1000);
                continue;
            }
            parsed.precision += 1;
            if let Some(("nulls", value)) = parameter {
                parsed.stripped = value.trim_matches('"') == "stripped";
            }
        }
        parsed
    }

    /// Whether it is answered with data.
    fn is_served(&self) -> bool {
        self.name == OPENAPI || self.format().is_some()
    }

    fn format(&self) -> Option<Format> {
        match self.name.as_str() {
            "application/json" | "application/*" | "*/*" | "" => Some(Format::Json),
            "application/vnd.pgrst.array+json" | "application/vnd.pgrst.array" => {
                Some(if self.stripped { Format::Stripped } else { Format::Json })
            }
            "application/vnd.pgrst.object+json" | "application/vnd.pgrst.object" => {
                Some(Format::Object { stripped: self.stripped })
            }
            "text/csv" => Some(Format::Csv),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Some(Format::Lines),
            _ => None,
        }
    }
}
