//! Requests for pages: what is read for one, through the same stages as data for programs.

mod changes;
mod frames;
mod front;
mod links;
mod refused;
mod row;
mod table;

use std::time::Duration;

use catalog::{Table, Version};
use serde_json::Value;

pub(super) use frames::Frames;
use front::parsed;
pub(super) use links::KnownLinks;

use super::Reader;
use super::file::Begun;
use super::mementos::kept;
use crate::config::Verbosity;
use crate::error::{Code, Error};
use crate::pages::{self, Page, Root, Site, Then};
use crate::past::Past;
use crate::plan::Tables;
use crate::release::Release;
use crate::request::{
    Headers, OPENAPI_FILE, ROBOTS, RawRequest, Request, SITEMAP, Target, no_parameters, page_path,
};
use crate::response::{ETag, Response};
use crate::storage::{self, NotHandled};

impl Reader {
    /// The page that is asked for; `None` where data is, or where there is no page of it.
    pub(super) fn shown(&self, raw: &RawRequest<'_>, time: Duration) -> Result<Option<Response>, Error> {
        let Some((path, fixed)) = page_path(raw) else { return Ok(None) };
        let headers = Headers { accept: None, ..raw.headers.clone() };
        let plain = RawRequest { method: raw.method, path, query: raw.query, headers };
        if let Target::At { when, path } = Target::parse(path) {
            let path = if fixed { format!("-/html/{path}") } else { path };
            let response = match self.at(&when, &path, raw, Some(time))? {
                Begun::Response(response) => response,
                Begun::File(file) => self.in_one_answer(*file, &raw.headers)?,
            };
            return Ok(Some(response));
        }
        let request = Request::parse(&plain).map_err(|error| self.guessed(error, &plain))?;
        if raw.method != "OPTIONS" && raw.headers.if_none_match.is_some() {
            // A tag is known only to who got the page of the same release and request.
            if let Some(held) = self.page_tag(path, raw.query)?.held(&raw.headers) {
                return Ok(Some(Response::not_modified(&held, &self.config)));
            }
        }
        let page = match &request.target {
            Target::Release => Some(whole(self.front_page()?)),
            Target::Table(name) => match self.table(name)? {
                Some(table) => Some(self.table_page(table, request, None, time)?),
                None if matches!(name.as_str(), OPENAPI_FILE | ROBOTS | SITEMAP) => None,
                None => self.table_or_download(name).map(|_| None)?,
            },
            Target::Row { table, key } => match self.table(table)? {
                Some(_) if !request.pairs.is_empty() => None,
                Some(table) => Some(self.row_page(&table, key, time)?),
                None => return Err(self.unknown_path(table, key)),
            },
            Target::Feed(feed) => self.changes_page(feed, &request.feed, &request.pairs, time)?.map(whole),
            Target::Columns(table) => match request.pairs.first() {
                Some((name, _)) => return Err(no_parameters(name)),
                None => Some(whole(self.columns_page(table)?)),
            },
            Target::Find(table) => return self.find_page(table, &request.pairs, time).map(Some),
            Target::At { .. } | Target::Versions(_) | Target::TimeMap(_) => None,
            Target::Reserved(_) | Target::Proof { .. } => None,
        };
        let Some(page) = page else { return if fixed { Err(no_page(path)) } else { Ok(None) } };
        if raw.method == "OPTIONS" {
            return Ok(Some(Response::options()));
        }
        let tag = self.page_tag(path, raw.query)?;
        // What is around the rows of then is of now, and kept no longer than that.
        let config = self.past.as_ref().map_or(&self.config, |past| &past.now);
        Response::html(page, &tag, &plain.headers, config).map(Some)
    }

    /// The entity tag of a page.
    fn page_tag(&self, path: &str, query: &str) -> Result<ETag, Error> {
        let origin = match self.origin.get() {
            Some(origin) => origin,
            None => {
                let address = self.config.public_url.as_deref().unwrap_or_default();
                let release = self.current_release();
                let origin = ETag::page_origin(release.read_manifest()?, address, &self.config);
                self.origin.get_or_init(|| origin)
            }
        };
        Ok(ETag::page(origin, path, query))
    }

    /// The newest version of a dataset, or that of the moment; `None` where the release was built without a history.
    pub(super) fn newest_version(&self, dataset: &str) -> Result<Option<Version>, Error> {
        if let Some(past) = &self.past {
            return Ok(past.version_of(dataset).cloned());
        }
        match storage::newest_version(self.release.pages(), dataset) {
            Ok(version) => Ok(version),
            Err(NotHandled) => Ok(catalog::newest_version(self.release.connection()?, dataset)?),
        }
    }

    /// The descriptors of a table and of its dataset.
    fn abouts(&self, table: &Table) -> Result<(Value, Value), Error> {
        let about =
            |kind, name: &str| self.current_pages().and_then(|pages| storage::about(pages, kind, name));
        let of_dataset = about("dataset", &table.dataset);
        let about = match about("table", &table.name) {
            Ok(about) => about,
            Err(NotHandled) => catalog::table_about(self.release.connection()?, &table.name)?,
        };
        let dataset = match of_dataset {
            Ok(about) => about,
            Err(NotHandled) => {
                catalog::dataset(self.release.connection()?, &table.dataset)?.map(|dataset| dataset.about)
            }
        };
        let parsed = |about: Option<String>| about.map_or(Ok(Value::Null), |about| parsed(&about));
        Ok((parsed(about)?, parsed(dataset)?))
    }

    /// What is on every page; `table` is the one that the page shows. Errors: the release can't be read.
    fn site(&self, table: Option<&Table>) -> Result<Site<'_>, Error> {
        let origin = self.config.public_url.as_deref().map(|url| url.trim_end_matches('/'));
        let root = self.root();
        if let Some(past) = &self.past {
            let manifest = past.base.read_manifest()?;
            return Ok(Site {
                commit: manifest.commit.as_deref(),
                sha256: &manifest.database.sha256,
                has_feed: false,
                has_proofs: false,
                origin,
                root,
                now: Root(&past.now.base_path),
                then: Some(self.then(past, table)),
            });
        }
        let manifest =
            table.map_or_else(|| self.release.manifest(), |table| self.release.manifest_of(table))?;
        let mut has_feed = false;
        for dataset in &manifest.datasets {
            has_feed = has_feed || self.newest_version(&dataset.name)?.is_some();
        }
        let (commit, sha256) = (manifest.commit.as_deref(), manifest.database.sha256.as_str());
        let has_proofs = manifest.root.is_some();
        Ok(Site { commit, sha256, has_feed, has_proofs, origin, root, now: root, then: None })
    }

    /// The release of now.
    fn current_release(&self) -> &Release {
        self.past.as_ref().map_or(&self.release, |past| &past.base)
    }

    /// What a page says of its moment.
    fn then<'p>(&'p self, past: &'p Past, table: Option<&Table>) -> Then<'p> {
        let when = self.named.when.as_str();
        let name = table.map(|table| table.dataset.as_str());
        let dataset = past.history.datasets().find(|(dataset, _)| name == Some(dataset));
        let version = name.and_then(|name| past.version_of(name));
        let (Some(table), Some((dataset, versions)), Some(version)) = (table, dataset, version) else {
            return Then { when, version: None, beside: [None, None] };
        };
        let kept = kept(&table.name, versions);
        let at = kept.iter().position(|other| other.ordinal == version.ordinal);
        let page = |at: Option<usize>| {
            let version = *kept.get(at?)?;
            let address = past.history.address(dataset, version);
            let name = version.version.as_deref().unwrap_or(catalog::version_address(versions, version));
            Some((name, Root(&past.now.base_path).path(&["-", "at", &address])))
        };
        let beside = [page(at.and_then(|at| at.checked_sub(1))), page(at.map(|at| at + 1))];
        Then { when, version: Some((dataset, version)), beside }
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
        let site = (error.code() != Code::Release).then(|| self.site(None).ok()).flatten();
        let body = pages::error(error, &self.ways(error, path), self.root(), site.as_ref());
        Response::error(error, &self.config).into_html(body)
    }
}

/// A page that lacks nothing.
fn whole(html: Vec<u8>) -> Page {
    Page { html, is_whole: true }
}

fn no_page(path: &str) -> Error {
    Error::new(Code::InvalidPath, "there is no page of this").hint(format!("ask at {path}, without /-/html"))
}
