//! Versions as answers (RFC 7089): the headers of one, and lists of all.

use std::borrow::Cow;
use std::collections::BTreeMap;

use catalog::{TableVersion, Version};
use serde::Serialize;

use super::Response;
use crate::config::Config;
use crate::error::Error;
use crate::plan::seconds;
use crate::request::Headers;

/// What the answer of a version says of it and of others.
#[derive(Debug)]
pub(crate) struct Memento {
    /// The version's date, as HTTP writes dates.
    pub(crate) datetime: String,
    /// The links to what is current, to the list of versions and to the versions beside it.
    pub(crate) links: String,
}

/// A version of a dataset, as it is listed.
#[derive(Serialize)]
struct Listed<'a> {
    version: Option<&'a str>,
    date: &'a str,
    commit: &'a str,
    digest: &'a str,
    tables: &'a BTreeMap<String, TableVersion>,
}

/// The versions of a table.
#[derive(Debug)]
pub(crate) struct TimeMap<'a> {
    /// What the addresses begin with.
    pub(crate) base: &'a str,
    /// The table's name as it stands in a URL.
    pub(crate) table: &'a str,
    /// Each with its address, the oldest first.
    pub(crate) mementos: &'a [(String, &'a Version)],
}

impl Response {
    /// The same answer as that of a version.
    pub(crate) fn remembered(mut self, memento: &Memento) -> Self {
        match self.headers.iter_mut().find(|(name, _)| *name == "link") {
            Some((_, links)) => *links = Cow::Owned(format!("{links}, {}", memento.links)),
            None => self.headers.push(("link", Cow::Owned(memento.links.clone()))),
        }
        self.header("memento-datetime", memento.datetime.clone())
    }

    /// 302: the version of a time is at `location`.
    pub(crate) fn found(location: String, memento: &Memento) -> Self {
        Self::new(302)
            .header("location", location)
            .header("vary", "Accept-Datetime")
            .header("cache-control", "no-store")
            .header("link", memento.links.clone())
    }

    /// The versions of a dataset as JSON.
    pub(crate) fn versions(versions: &[Version], headers: &Headers, config: &Config) -> Result<Self, Error> {
        let mut body = vec![b'['];
        for (index, version) in versions.iter().enumerate() {
            if index > 0 {
                body.extend_from_slice(b",\n ");
            }
            let Version { version, date, commit, digest, tables, .. } = version;
            let shown = Listed { version: version.as_deref(), date, commit, digest, tables };
            serde_json::to_writer(&mut body, &shown).map_err(Error::release)?;
        }
        body.push(b']');
        Self::document(body, headers, config)
    }

    /// The versions of a table as links (RFC 7089, section 5).
    pub(crate) fn time_map(map: &TimeMap<'_>, headers: &Headers, config: &Config) -> Result<Self, Error> {
        let TimeMap { base, table, mementos } = map;
        let mut body = format!(
            "<{base}/{table}>; rel=\"original timegate\",\n<{base}/-/timemap/{table}>; rel=\"self\"; type=\"{LINKS}\""
        );
        for (index, (address, version)) in mementos.iter().enumerate() {
            let rel = match (index == 0, index + 1 == mementos.len()) {
                (true, true) => "first last memento",
                (true, false) => "first memento",
                (false, true) => "last memento",
                (false, false) => "memento",
            };
            let date = http_date(&version.date);
            body.push_str(&format!(",\n<{base}{address}>; rel=\"{rel}\"; datetime=\"{date}\""));
        }
        Ok(Self::document(body.into_bytes(), headers, config)?.of_type(LINKS))
    }
}

/// A version's date as HTTP writes dates.
pub(crate) fn http_date(date: &str) -> String {
    let seconds = seconds(date).and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or_default();
    httpdate::fmt_http_date(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds))
}

/// The media type of lists of links (RFC 6690).
const LINKS: &str = "application/link-format";
