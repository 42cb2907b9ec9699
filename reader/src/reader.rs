//! Leads a request through the four stages over one open release.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use catalog::Table;

use crate::btree::Unreadable;
use crate::config::Config;
use crate::error::{Code, Error};
use crate::lookup;
use crate::plan::{Node, Plan, Tables, unindexed_hint};
use crate::release::{OpenError, Release};
use crate::request::{RawRequest, Request, Target, canonical, similar};
use crate::response::{Asked, ETag, Response, release_json};
use crate::sql::{Statement, register};

/// Answers requests from one release. Not shared between threads: each has its own.
#[derive(Debug)]
pub struct Reader {
    release: Release,
    config: Config,
    /// Tables that were asked for; a catalog of hundreds costs only those.
    tables: RefCell<BTreeMap<String, Rc<Table>>>,
    front: OnceCell<Front>,
    /// Whether the SQL functions are registered.
    functions: Cell<bool>,
}

/// The answer to `GET /`.
#[derive(Debug)]
struct Front {
    body: Vec<u8>,
    etag: ETag,
}

impl Reader {
    /// A reader of an open release.
    pub fn new(release: Release, config: Config) -> Self {
        Self {
            release,
            config,
            tables: RefCell::default(),
            front: OnceCell::new(),
            functions: Cell::default(),
        }
    }

    /// Reads all that `GET /` shows, and so finds out whether the manifest belongs to the
    /// database. For servers that would rather not start than find out later.
    pub fn check(&self) -> Result<(), OpenError> {
        self.release.manifest().map(drop)
    }

    /// The release that it reads from.
    #[cfg(feature = "lambda")]
    pub(crate) fn release(&self) -> &Release {
        &self.release
    }

    /// Answers a request; errors are answers too.
    pub fn answer(&self, request: &RawRequest<'_>) -> Response {
        let response = self.try_answer(request).unwrap_or_else(|error| Response::error(&error));
        let response = response.for_origin(request.headers.origin.as_deref(), &self.config);
        if request.method == "HEAD" { response.without_body() } else { response }
    }

    fn try_answer(&self, raw: &RawRequest<'_>) -> Result<Response, Error> {
        let Request { target, format, pairs, parameters, preferences } = Request::parse(raw)?;
        let plan = match &target {
            Target::Release if raw.method == "OPTIONS" => return Ok(Response::options()),
            Target::Release => return self.front(raw),
            Target::Table(table) => Plan::rows(self.known(table)?, parameters, self, &self.config)?,
            Target::Row { table, key } => match self.table(table)? {
                None if key.contains('/') => {
                    return Err(Error::new(Code::InvalidPath, "Invalid path specified in request URL"));
                }
                None => return Err(self.unknown_table(table)),
                Some(table) => Plan::row(table, key)?,
            },
        };
        if raw.method == "OPTIONS" {
            return Ok(Response::options());
        }
        let (config, headers) = (&self.config, &raw.headers);
        match plan {
            Plan::Row { table, key } => {
                let etag = ETag::row(&table, format);
                if headers.has(etag.as_str()) {
                    return Ok(Response::not_modified(&etag, config));
                }
                match lookup::row(self.release.pages(), &table, &key) {
                    Ok(Some(row)) => {
                        let get = |index: usize| {
                            let storage = table.schema.columns[index].column_type.storage();
                            row.get(index, storage).map_err(|_| Error::release("a row can't be read"))
                        };
                        Response::row(&table, get, format, &etag, headers, config)
                    }
                    Ok(None) => Err(Response::unknown_row(&table)),
                    // SQLite answers, or says what is wrong.
                    Err(Unreadable) => {
                        let (statement, connection) =
                            (Statement::row(&table, &key), self.release.connection()?);
                        Response::queried_row(&table, &statement, connection, format, &etag, headers, config)
                    }
                }
            }
            Plan::Rows(root) => {
                let canonical = canonical(&pairs);
                let asked = Asked { format, preferences: &preferences, pairs: &pairs, canonical: &canonical };
                let etag = ETag::rows(&root, &asked, config);
                if headers.has(etag.as_str()) {
                    return Ok(Response::not_modified(&etag, config));
                }
                let statement = Statement::rows(&root)?;
                let (connection, _limited) = self.release.limited(self.config.query_time)?;
                if statement.functions && !self.functions.replace(true) {
                    register(connection)?;
                }
                let response = Response::rows(&root, &statement, &asked, connection, &etag, config)
                    .map_err(|error| self.explained(error, &root))?;
                // Only now is it known whether there is anything to have.
                if headers.has_any() && response.status < 300 {
                    return Ok(Response::not_modified(&etag, config));
                }
                Ok(response)
            }
        }
    }

    /// The error with what its client can do about it, where that depends on the question.
    fn explained(&self, error: Error, root: &Node) -> Error {
        if error.code() != Code::TooSlow {
            return error;
        }
        let milliseconds = self.config.query_time.as_millis();
        error.details(format!("it took longer than {milliseconds} ms")).hint(unindexed_hint(root))
    }

    fn front(&self, raw: &RawRequest<'_>) -> Result<Response, Error> {
        let front = match self.front.get() {
            Some(front) => front,
            None => {
                let front = self.read_front()?;
                self.front.get_or_init(|| front)
            }
        };
        if raw.headers.has(front.etag.as_str()) {
            return Ok(Response::not_modified(&front.etag, &self.config));
        }
        Response::json(front.body.clone(), &front.etag, &raw.headers, &self.config)
    }

    fn read_front(&self) -> Result<Front, Error> {
        let connection = self.release.connection()?;
        let manifest = self.release.manifest()?;
        let mut datasets = vec![];
        for name in catalog::dataset_names(connection)? {
            if let Some(dataset) = catalog::dataset(connection, &name)? {
                datasets.push((name, dataset.about));
            }
        }
        let tables = catalog::tables(connection)?;
        let body = release_json(&manifest, &datasets, &tables).map_err(Error::release)?;
        Ok(Front { etag: ETag::release(&manifest.to_bytes()), body })
    }

    fn known(&self, name: &str) -> Result<Rc<Table>, Error> {
        match self.table(name)? {
            Some(table) => Ok(table),
            None => Err(self.unknown_table(name)),
        }
    }

    fn table_names(&self) -> Result<Vec<String>, Error> {
        Ok(catalog::table_names(self.release.connection()?)?)
    }

    fn unknown_table(&self, name: &str) -> Error {
        let error =
            Error::new(Code::UnknownTable, format!("Could not find the table '{name}' in the schema cache"));
        let names = match self.table_names() {
            Ok(names) => names,
            Err(failure) => return failure,
        };
        match similar(name, names.iter().map(String::as_str), 0.75) {
            Some(known) => error.hint(format!("Perhaps you meant the table '{known}'")),
            None => error,
        }
    }
}

impl Tables for Reader {
    fn table(&self, name: &str) -> Result<Option<Rc<Table>>, Error> {
        if let Some(table) = self.tables.borrow().get(name) {
            return Ok(Some(Rc::clone(table)));
        }
        let table = match lookup::table(self.release.pages(), name) {
            Ok(table) => table,
            Err(Unreadable) => catalog::table(self.release.connection()?, name)?,
        };
        let Some(table) = table else { return Ok(None) };
        let table = Rc::new(table);
        self.tables.borrow_mut().insert(name.to_owned(), Rc::clone(&table));
        Ok(Some(table))
    }
}
