//! Leads a request through the four stages over one open release.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use catalog::Table;

use crate::btree::Unreadable;
use crate::config::Config;
use crate::error::{Code, Error};
use crate::lookup;
use crate::plan::{Rows, Scope};
use crate::release::{OpenError, Release};
use crate::request::{RawRequest, Request, Target};
use crate::response::{ETag, Response, release_json};

/// Answers requests from one release. Not shared between threads: each has its own.
#[derive(Debug)]
pub struct Reader {
    release: Release,
    config: Config,
    /// Tables that were asked for; a catalog of hundreds costs only those.
    tables: RefCell<BTreeMap<String, Rc<Table>>>,
    front: OnceCell<Front>,
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
        Self { release, config, tables: RefCell::default(), front: OnceCell::new() }
    }

    /// Reads all that `GET /` shows, and so finds out whether the manifest belongs to the
    /// database. For servers that would rather not start than find out later.
    pub fn check(&self) -> Result<(), OpenError> {
        self.release.manifest().map(drop)
    }

    /// Answers a request; errors are answers too.
    pub fn answer(&self, request: &RawRequest<'_>) -> Response {
        let response = self.try_answer(request).unwrap_or_else(|error| Response::error(&error));
        if request.method == "HEAD" { response.without_body() } else { response }
    }

    fn try_answer(&self, raw: &RawRequest<'_>) -> Result<Response, Error> {
        let request = Request::parse(raw)?;
        let rows = match &request.target {
            Target::Release if raw.method == "OPTIONS" => return Ok(Response::options()),
            Target::Release => return self.front(raw),
            Target::Table(table) => Rows::page(self.table(table)?, request.page, &self.config),
            Target::Row { table, key } => Rows::key(self.table(table)?, key)?,
        };
        if raw.method == "OPTIONS" {
            return Ok(Response::options());
        }
        let etag = ETag::rows(&rows);
        if raw.headers.has(etag.as_str()) {
            return Ok(Response::not_modified(&etag, &self.config));
        }
        if let Scope::Key(key) = &rows.scope {
            match lookup::row(self.release.pages(), &rows.table, key) {
                Ok(Some(row)) => return Response::found(&rows, &row, &etag, &raw.headers, &self.config),
                Ok(None) => return Err(Response::unknown_row(&rows)),
                Err(Unreadable) => {} // SQLite answers, or says what is wrong
            }
        }
        Response::rows(&rows, self.release.connection()?, &etag, &raw.headers, &self.config)
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
        Ok(Response::json(front.body.clone(), &front.etag, &raw.headers, &self.config))
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

    fn table(&self, name: &str) -> Result<Rc<Table>, Error> {
        if let Some(table) = self.tables.borrow().get(name) {
            return Ok(Rc::clone(table));
        }
        let table = match lookup::table(self.release.pages(), name) {
            Ok(table) => table,
            Err(Unreadable) => catalog::table(self.release.connection()?, name)?,
        };
        let Some(table) = table else { return Err(self.unknown_table(name)) };
        let table = Rc::new(table);
        self.tables.borrow_mut().insert(name.to_owned(), Rc::clone(&table));
        Ok(table)
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
        let similar = names
            .into_iter()
            .map(|known| (strsim::jaro_winkler(name, &known), known))
            .filter(|(similarity, _)| *similarity > 0.8)
            .max_by(|(one, _), (other, _)| one.total_cmp(other));
        match similar {
            Some((_, known)) => error.hint(format!("Perhaps you meant the table '{known}'")),
            None => error.hint("GET / lists the tables"),
        }
    }
}
