//! Requests for pages: what is read for one, through the same stages as data for programs.

mod changes;
mod front;
mod refused;
mod row;
mod table;

use std::time::Duration;

use catalog::Table;
use serde_json::Value;

use front::parsed;

use super::{OPENAPI, Reader};
use crate::config::Verbosity;
use crate::error::{Code, Error};
use crate::pages::{self, Site};
use crate::plan::Tables;
use crate::request::{Headers, ROBOTS, RawRequest, Request, SITEMAP, Target, no_parameters, page_path};
use crate::response::Response;

impl Reader {
    /// The page that is asked for; `None` where data is, or where there is no page of it.
    pub(super) fn shown(&self, raw: &RawRequest<'_>, time: Duration) -> Result<Option<Response>, Error> {
        let Some((path, fixed)) = page_path(raw) else { return Ok(None) };
        let headers = Headers { accept: None, ..raw.headers.clone() };
        let plain = RawRequest { method: raw.method, path, query: raw.query, headers };
        let request = Request::parse(&plain).map_err(|error| self.guessed(error, &plain))?;
        let body = match &request.target {
            Target::Release => Some(self.front_page()?),
            Target::Table(name) => match self.table(name)? {
                Some(table) => Some(self.table_page(table, request, None, time)?),
                None if matches!(name.as_str(), OPENAPI | ROBOTS | SITEMAP) => None,
                None => self.table_or_download(name).map(|_| None)?,
            },
            Target::Row { table, key } => match self.table(table)? {
                Some(_) if !request.pairs.is_empty() => None,
                Some(table) => Some(self.row_page(&table, key, time)?),
                None => return Err(self.unknown_path(table, key)),
            },
            Target::Feed(feed) => self.changes_page(feed, &request.feed, &request.pairs, time)?,
            Target::Columns(table) => match request.pairs.first() {
                Some((name, _)) => return Err(no_parameters(name)),
                None => Some(self.columns_page(table)?),
            },
            Target::Find(table) => return self.find_page(table, &request.pairs, time).map(Some),
            Target::Reserved(_) | Target::Proof { .. } => None,
        };
        let Some(body) = body else { return if fixed { Err(no_page(path)) } else { Ok(None) } };
        if raw.method == "OPTIONS" {
            return Ok(Some(Response::options()));
        }
        Response::html(self.with_base(body), &plain.headers, &self.config).map(Some)
    }

    /// The descriptors of a table and of its dataset.
    fn abouts(&self, table: &Table) -> Result<(Value, Value), Error> {
        let connection = self.release.connection()?;
        let about = catalog::table_about(connection, &table.name)?;
        let dataset = catalog::dataset(connection, &table.dataset)?.map(|dataset| dataset.about);
        let parsed = |about: Option<String>| about.map_or(Ok(Value::Null), |about| parsed(&about));
        Ok((parsed(about)?, parsed(dataset)?))
    }

    /// The server's address, for examples.
    fn base(&self) -> String {
        self.address().unwrap_or_else(|| format!("https://HOST{}", self.config.base_path))
    }

    /// What is on every page. Errors: the release can't be read.
    fn site(&self) -> Result<Site<'_>, Error> {
        let manifest = self.release.manifest()?;
        let connection = self.release.connection()?;
        let mut has_feed = false;
        for dataset in &manifest.datasets {
            has_feed = has_feed || catalog::newest_version(connection, &dataset.name)?.is_some();
        }
        let (commit, sha256) = (manifest.commit.as_deref(), manifest.database.sha256.as_str());
        let has_proofs = manifest.root.is_some();
        Ok(Site { commit, sha256, has_feed, has_proofs, address: self.address() })
    }

    /// The error as its client can read it.
    pub(super) fn refused(&self, error: &Error, raw: &RawRequest<'_>) -> Response {
        let path = self.config.below_base(raw.path).unwrap_or(raw.path);
        let below = RawRequest { method: raw.method, path, query: raw.query, headers: raw.headers.clone() };
        if page_path(&below).is_none() {
            return Response::error(error, &self.config);
        }
        let error = &match self.config.error_verbosity {
            Verbosity::Verbose => error.clone(),
            Verbosity::Minimal => error.minimal(),
        };
        // An error of the release itself says nothing of it, and needs nothing of it.
        let site = (error.code() != Code::Release).then(|| self.site().ok()).flatten();
        let body = pages::error(error, &self.ways(error, path), site.as_ref());
        Response::error(error, &self.config).into_html(self.with_base(body))
    }

    /// The page with its addresses under the base path. A quotation mark in text or in a value is escaped, so only
    /// an attribute has one.
    fn with_base(&self, page: Vec<u8>) -> Vec<u8> {
        match self.config.base_path.as_str() {
            "" => page,
            base => match String::from_utf8(page) {
                Ok(page) => page
                    .replace(" href=\"/", &format!(" href=\"{base}/"))
                    .replace(" action=\"/", &format!(" action=\"{base}/"))
                    .into_bytes(),
                Err(error) => error.into_bytes(),
            },
        }
    }
}

fn no_page(path: &str) -> Error {
    Error::new(Code::InvalidPath, "there is no page of this").hint(format!("ask at {path}, without /-/html"))
}
