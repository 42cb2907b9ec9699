//! Leads a request through the four stages over one open release.

mod at;
mod crawlers;
mod delivery;
mod descriptions;
mod feeds;
mod file;
mod front;
mod in_order;
mod mementos;
mod page;
mod paths;
mod proofs;
mod reserved;
mod shown;
mod tables;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use catalog::Table;
use rusqlite::types::Value;
use sha2::Sha256;

use crate::config::Config;
use crate::describe::Description;
use crate::error::{Code, Error};
use crate::health::Health;
use crate::past::Past;
use crate::plan::{Node, Plan, Tables, unindexed_hint};
use crate::query::{self, IndexPages};
use crate::release::{OpenError, Release};
use crate::request::{
    Find, OPENAPI_FILE, ROBOTS, RawRequest, Request, SITEMAP, Target, canonical, no_parameters, wants_openapi,
};
use crate::response::{ETag, FeedRequest, PageRequest, Response};
use crate::sql::Statement;
use crate::storage::{self, NotHandled};

use at::{Moments, Named};
use file::{ALL_ROWS, Begun};
pub(crate) use file::{File, Indexes};
#[cfg(feature = "http")]
pub(crate) use file::{FileIndex, FilePlan, Mark, Producer};
use front::{Front, HEALTH};
use mementos::Beside;
use proofs::{ATTESTATION, MANIFEST};
use shown::{Frames, KnownLinks};

/// Answers requests from one release. Not shared between threads: each has its own.
#[derive(Debug)]
pub struct Reader {
    pub(crate) release: Rc<Release>,
    pub(crate) config: Config,
    /// Tables that were asked for; a catalog of hundreds costs only those.
    tables: RefCell<BTreeMap<String, Rc<Table>>>,
    front: OnceCell<Front>,
    /// What the entity tags of all pages have in common, what is around the rows of pages, and where their values lead.
    origin: OnceCell<Sha256>,
    frames: Frames,
    links: KnownLinks,
    /// The OpenAPI document.
    api: OnceCell<Vec<u8>>,
    health: Arc<Health>,
    indexes: Arc<Indexes>,
    index_pages: IndexPages,
    /// Whether the SQL functions are registered.
    functions: Cell<bool>,
    moments: Moments,
    /// Of a reader of an earlier moment alone: that moment, and how this reader is named.
    past: Option<Rc<Past>>,
    named: Named,
    /// What answers say of other versions, by table.
    beside: RefCell<BTreeMap<String, Rc<Beside>>>,
}

/// The media type of JSON-LD.
const LINKED_DATA: &str = "application/ld+json";

/// A request that is not answered at once.
#[cfg(feature = "http")]
#[derive(Debug)]
pub(crate) enum Later {
    /// A query that takes longer than it was given.
    Query,
    /// A file, which its caller sends.
    File(Box<File>),
}

impl Reader {
    /// A reader of an open release.
    pub fn new(release: Release, config: Config) -> Self {
        Self::sharing(release, config, Arc::default(), Arc::default())
    }

    /// The same, with what it knows together with others.
    pub(crate) fn sharing(
        release: Release,
        config: Config,
        health: Arc<Health>,
        indexes: Arc<Indexes>,
    ) -> Self {
        Self::of(Rc::new(release), config, health, indexes)
    }

    fn of(release: Rc<Release>, config: Config, health: Arc<Health>, indexes: Arc<Indexes>) -> Self {
        Self {
            release,
            config,
            tables: RefCell::default(),
            front: OnceCell::new(),
            origin: OnceCell::new(),
            frames: Frames::default(),
            links: KnownLinks::default(),
            api: OnceCell::new(),
            health,
            indexes,
            index_pages: IndexPages::default(),
            functions: Cell::default(),
            moments: Moments::default(),
            past: None,
            named: Named::default(),
            beside: RefCell::default(),
        }
    }

    /// Reads all that `GET /` shows, and so finds out whether the manifest belongs to the
    /// database. For servers that would rather not start than find out later.
    pub fn check(&self) -> Result<(), OpenError> {
        self.release.manifest().map(drop)
    }

    /// The release that it reads from.
    pub(crate) fn release(&self) -> &Release {
        &self.release
    }

    /// Answers a request; errors are answers too. A file has to have room in one answer.
    pub fn answer(&self, request: &RawRequest<'_>) -> Response {
        let start = self.config.server_timing.then(Instant::now);
        let headers = &request.headers;
        let response = match self.begin(request, None) {
            Ok(Begun::Response(response)) => response,
            Ok(Begun::File(file)) => match self.in_one_answer(*file, headers) {
                Ok(response) => return self.to_client(response, request.method, headers, start),
                Err(error) => self.refused(&error, request),
            },
            Err(error) => self.refused(&error, request),
        };
        self.finish(response, request.method, headers, start)
    }

    /// The answer, or a file that its caller sends. `time` is how long SQLite may take, `None` for as long as
    /// the configuration lets it: where that is not enough, or a file is asked for, it is an error.
    #[cfg(feature = "http")]
    pub(crate) fn answer_within(
        &self,
        request: &RawRequest<'_>,
        time: Option<Duration>,
    ) -> Result<Response, Later> {
        let start = self.config.server_timing.then(Instant::now);
        // A time that is no shorter than the limit is the limit.
        let time = time.filter(|time| *time < self.config.query_time);
        let response = match self.begin(request, time) {
            Ok(Begun::Response(response)) => response,
            Ok(Begun::File(file)) => return Err(Later::File(file)),
            Err(error) if error.code() == Code::TooSlow && time.is_some() => return Err(Later::Query),
            Err(error) => self.refused(&error, request),
        };
        Ok(self.finish(response, request.method, &request.headers, start))
    }

    /// The answer, or the file that is asked for. What asks without the base path is answered too: a proxy
    /// may take it away, and health checks go past the proxy.
    fn begin(&self, raw: &RawRequest<'_>, time: Option<Duration>) -> Result<Begun, Error> {
        let Some(path) = self.config.below_base(raw.path) else { return self.begin_below(raw, time) };
        let RawRequest { method, query, .. } = *raw;
        self.begin_below(&RawRequest { method, path, query, headers: raw.headers.clone() }, time)
    }

    /// The same for a path without the base path.
    fn begin_below(&self, raw: &RawRequest<'_>, time: Option<Duration>) -> Result<Begun, Error> {
        if raw.method == "OPTIONS" && raw.headers.origin.is_some() {
            // What a browser asks before it asks: the page may see any answer.
            return Ok(Begun::Response(Response::options()));
        }
        let query_time = time.unwrap_or(self.config.query_time);
        if let Some(accept) = raw.headers.accept.as_deref()
            && matches!(raw.path, "/" | "/openapi.json" | "/-/openapi.json")
            && matches!(raw.method, "GET" | "HEAD")
            && wants_openapi(accept)
        {
            return self.openapi(raw).map(Begun::Response);
        }
        if let Some(wanted) = raw.headers.accept_datetime.as_deref()
            && self.past.is_none()
            && let Some(response) = self.time_gate(wanted, raw)?
        {
            return Ok(response.into());
        }
        if let Some(page) = self.shown(raw, query_time)? {
            return Ok(page.into());
        }
        let Request { target, mut format, pairs, parameters, preferences, ranged, feed } =
            Request::parse(raw).map_err(|error| self.guessed(error, raw))?;
        let mut download = None;
        let plan = match &target {
            Target::Release if raw.method == "OPTIONS" => return Ok(Response::options().into()),
            Target::Release => return self.front(raw).map(Begun::Response),
            Target::Feed(_) if raw.method == "OPTIONS" => return Ok(Response::options().into()),
            Target::Feed(of) => {
                let asked = FeedRequest { feed: of, query: &feed, pairs: &pairs, headers: &raw.headers };
                return self.feed(&asked, query_time).map(Begun::Response);
            }
            Target::At { when, path } => return self.at(when, path, raw, time),
            Target::Versions(_) | Target::TimeMap(_) if raw.method == "OPTIONS" => {
                return Ok(Response::options().into());
            }
            Target::Versions(dataset) => return self.versions(dataset, &raw.headers).map(Begun::Response),
            Target::TimeMap(table) => return self.time_map(table, &raw.headers).map(Begun::Response),
            Target::Reserved(name) if name == HEALTH && raw.method == "OPTIONS" => {
                return Ok(Response::options().into());
            }
            Target::Reserved(name) if name == HEALTH => {
                let unasked = pairs.first().map_or(Ok(()), |(name, _)| Err(no_parameters(name)));
                return unasked.and_then(|()| self.health()).map(Begun::Response);
            }
            Target::Proof { table, key } => {
                return self.proof(table, key.as_deref(), raw, query_time).map(Begun::Response);
            }
            Target::Reserved(name) if name == ATTESTATION => {
                let unasked = pairs.first().map_or(Ok(()), |(name, _)| Err(no_parameters(name)));
                return match raw.method {
                    "OPTIONS" => Ok(Response::options().into()),
                    _ => unasked.and_then(|()| self.attestation_file(raw)).map(Begun::Response),
                };
            }
            Target::Reserved(name) if name == MANIFEST => {
                let unasked = pairs.first().map_or(Ok(()), |(name, _)| Err(no_parameters(name)));
                return match raw.method {
                    "OPTIONS" => Ok(Response::options().into()),
                    _ => unasked.and_then(|()| self.manifest_file(raw)).map(Begun::Response),
                };
            }
            Target::Find(name) => {
                let table = self.known_table(name)?;
                if raw.method == "OPTIONS" {
                    return Ok(Response::options().into());
                }
                return Ok(Response::see_other(self.find(&table, &Find::parse(&pairs)?)?).into());
            }
            // Pages, all of them: answered before.
            Target::Columns(_) => return self.description(None, raw).map(Begun::Response),
            Target::Reserved(name) => {
                let response = match Description::named(name) {
                    Some(of @ (Description::Croissant(_) | Description::Dcat)) => {
                        self.description(Some(of), raw)?.of_type(LINKED_DATA)
                    }
                    of => self.description(of, raw)?,
                };
                return pairs.first().map_or(Ok(response.into()), |(name, _)| Err(no_parameters(name)));
            }
            Target::Table(name)
                if name == OPENAPI_FILE && pairs.is_empty() && self.table(name)?.is_none() =>
            {
                return self.description(Some(Description::Api), raw).map(Begun::Response);
            }
            Target::Table(name)
                if matches!(name.as_str(), ROBOTS | SITEMAP)
                    && pairs.is_empty()
                    && self.table(name)?.is_none() =>
            {
                return self.for_crawlers(name, raw).map(Begun::Response);
            }
            Target::Table(name) => {
                let (table, wanted) = self.table_or_download(name)?;
                match wanted {
                    None => Plan::rows(table, parameters, self, &self.config)?,
                    // A file is no page: it has all rows, those of its embeds too.
                    Some(wanted) => {
                        (format, download) = (wanted.format, Some(wanted));
                        let limits =
                            Config { default_limit: ALL_ROWS, max_limit: ALL_ROWS, ..self.config.clone() };
                        Plan::rows(table, parameters, self, &limits)?
                    }
                }
            }
            Target::Row { table, key } => match self.table(table)? {
                None => return Err(self.unknown_path(table, key)),
                Some(table) => {
                    let plan = Plan::row(Rc::clone(&table), key, &self.config)?;
                    if let Some((name, _)) = pairs.first() {
                        return Err(self.row_with_query(&table, key, name, raw.query));
                    }
                    plan
                }
            },
        };
        if raw.method == "OPTIONS" {
            return Ok(Response::options().into());
        }
        let (config, headers) = (&self.config, &raw.headers);
        match plan {
            Plan::Row { table, key } => {
                let etag = ETag::row(&table, format);
                if let Some(held) = etag.held(headers) {
                    return Ok(Response::not_modified(&held, config).into());
                }
                match storage::row(self.release.pages(), &table, &key) {
                    Ok(Some(row)) => {
                        let get = |index: usize| {
                            row.get(index, &table).map_err(|_| Error::release("a row can't be read"))
                        };
                        Response::row(&table, get, format, &etag, headers, config).map(Begun::Response)
                    }
                    Ok(None) => Err(self.missing(&table, &key)?),
                    // SQLite answers, or names the problem.
                    Err(NotHandled) => {
                        if let Some(past) = &self.past {
                            return self.past_row(past, &table, &key, (format, &etag, headers));
                        }
                        let statement = Statement::row(&table, &key);
                        let found = query::one(&statement, self.release.connection()?, |row| {
                            Response::row(&table, |index| row.get(index), format, &etag, headers, config)
                        })?;
                        match found {
                            Some(response) => Ok(response.into()),
                            None => Err(self.missing(&table, &key)?),
                        }
                    }
                }
            }
            Plan::Rows(root) => {
                let canonical = canonical(&pairs);
                let asked =
                    PageRequest { format, preferences: &preferences, pairs: &pairs, canonical: &canonical };
                let kept = |response: Response| if ranged { response.private() } else { response };
                let etag = ETag::rows(&root, &asked, config);
                if let Some(held) = etag.held(headers) {
                    return Ok(kept(Response::not_modified(&held, config)).into());
                }
                if let Some(download) = download {
                    if headers.has_any() {
                        return Ok(Response::not_modified(&etag, config).into());
                    }
                    let file = File::new(self, *root, &asked, download, etag, raw);
                    return Ok(Begun::File(Box::new(file)));
                }
                let scanned = match self.scan(&root) {
                    Some(scan) => self
                        .scanned(&root, &scan, &asked, &etag, query_time)
                        .map_err(|error| self.explained(error, &root))?,
                    None => None,
                };
                let response = match scanned {
                    Some(response) => response,
                    None => {
                        let (connection, _limited) = self.release.limited(query_time)?;
                        self.page(&root, &asked, connection, &etag)
                            .map_err(|error| self.explained(error, &root))?
                    }
                };
                // Only now is it known whether there is anything to have.
                if headers.has_any() && response.status < 300 {
                    return Ok(kept(Response::not_modified(&etag, config)).into());
                }
                Ok(kept(response).into())
            }
        }
    }

    /// The error with what its client can do about it, where that depends on the question.
    pub(crate) fn explained(&self, error: Error, root: &Node) -> Error {
        if error.code() != Code::TooSlow {
            return error;
        }
        let milliseconds = self.config.query_time.as_millis();
        error.details(format!("it took longer than {milliseconds} ms")).hint(unindexed_hint(root))
    }

    /// The error of a key that no row has. Only now is the feed looked at: what is there costs
    /// nothing more.
    fn missing(&self, table: &Table, key: &[(usize, Value)]) -> Result<Error, Error> {
        let removed = Response::removed_row(table, key, self.release.connection()?, &self.config)?;
        Ok(removed.unwrap_or_else(|| Response::unknown_row(table, &self.config)))
    }
}
