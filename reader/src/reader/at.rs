//! `/-/at/<when>/...`: a question to the tables as they were. A reader of that moment answers it.

use std::cell::{OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::types::Value;

use catalog::Table;

use super::Reader;
use super::file::Begun;
use crate::config::Config;
use crate::error::{Code, Error};
use crate::past::{History, Moment, Past};
use crate::plan::Tables;
use crate::request::{
    Download, Format, Headers, OPENAPI_FILE, ROBOTS, RawRequest, SITEMAP, Target, When, encode,
};
use crate::response::{ETag, Response, row_key};

/// Moments whose tables are kept, each with up to 2 MB of its database in memory.
const KEPT: usize = 4;

/// What an answer may say that is the same for ever.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// The history, and the readers of moments that were asked for.
#[derive(Debug, Default)]
pub(super) struct Moments {
    history: OnceCell<Rc<History>>,
    /// By what they were named, and the place in the history that it means.
    readers: RefCell<VecDeque<(String, Moment, Rc<Reader>)>>,
}

impl Reader {
    /// The versions of all datasets.
    pub(super) fn history(&self) -> Result<Rc<History>, Error> {
        if let Some(history) = self.moments.history.get() {
            return Ok(Rc::clone(history));
        }
        let history = Rc::new(History::read(self.release.connection()?, &self.config.base_path)?);
        Ok(Rc::clone(self.moments.history.get_or_init(|| history)))
    }

    /// The answer to what `raw` asks of `path`, as of `when`.
    pub(super) fn at(
        &self,
        when: &str,
        path: &str,
        raw: &RawRequest<'_>,
        time: Option<Duration>,
    ) -> Result<Begun, Error> {
        let named = When::parse(when)?;
        let path = format!("/{path}");
        let below =
            RawRequest { method: raw.method, path: &path, query: raw.query, headers: raw.headers.clone() };
        let target = Target::parse(&path);
        let proved = match &target {
            Target::Proof { table, .. } => Some(table.as_str()),
            _ => None,
        };
        let Some(table) = target.table().or(proved) else { return Err(nothing_there()) };
        let history = self.history()?;
        let (table, dataset) = self.dataset_of(table, &history)?;
        let commit = match named {
            When::Commit(_) => self.release.manifest()?.commit.as_deref(),
            _ => None,
        };
        let moment = Moment::find(&named, &dataset, &history, commit)?;
        let reader = self.reader_at(when, moment, &history)?;
        if let Target::Proof { table, key } = &target {
            let version = (dataset.as_str(), history.at(&dataset, moment.ordinal));
            let time = time.unwrap_or(self.config.query_time);
            return self
                .proof_at(&reader, version, (table, key.as_deref()), (raw, time))
                .map(Begun::Response);
        }
        if matches!(table.as_str(), OPENAPI_FILE | ROBOTS | SITEMAP) && reader.table(&table)?.is_none() {
            return Err(reader.unknown_table(&table));
        }
        let response = match reader.begin_below(&below, time)? {
            Begun::Response(response) => response,
            Begun::File(file) => reader.in_one_answer(*file, &raw.headers)?,
        };
        Ok(match history.at(&dataset, moment.ordinal) {
            Some(version) if response.status < 400 && raw.method != "OPTIONS" => {
                let memento = self.memento((&table, &dataset), &path, raw, version, &history);
                response.remembered(&memento).into()
            }
            _ => response.into(),
        })
    }

    /// The table that a path names, without the extension of a file, and its dataset, now or in any version. Errors:
    /// there never was one.
    pub(super) fn dataset_of(&self, name: &str, history: &History) -> Result<(String, String), Error> {
        let names = [Some(name), Download::split(name).map(|(table, _)| table)];
        for name in names.into_iter().flatten() {
            let dataset = match self.table(name)? {
                Some(table) => Some(table.dataset.clone()),
                None => history.dataset_of(name).map(str::to_owned),
            };
            if let Some(dataset) = dataset {
                return Ok((name.to_owned(), dataset));
            }
        }
        Err(self.unknown_table(name))
    }

    /// The reader of a moment; it is kept, in place of the one that was asked longest ago.
    fn reader_at(&self, when: &str, moment: Moment, history: &Rc<History>) -> Result<Rc<Self>, Error> {
        let mut readers = self.moments.readers.borrow_mut();
        let known = readers.iter().position(|(named, of, _)| named == when && *of == moment);
        if let Some(found) = known.and_then(|index| readers.remove(index)) {
            let reader = Rc::clone(&found.2);
            readers.push_back(found);
            return Ok(reader);
        }
        let mut base_path = format!("{}/-/at/", self.config.base_path);
        encode(when, &mut base_path);
        let cache_control = match moment.is_final {
            true => IMMUTABLE.to_owned(),
            false => self.config.cache_control.clone(),
        };
        let config = Config { base_path, cache_control, ..self.config.clone() };
        let past =
            Past::new(Rc::clone(&self.release), Rc::clone(history), moment, self.config.base_path.clone());
        let release = Rc::new(self.release.private()?);
        past.write_catalog(release.connection()?)?;
        let reader = Rc::new(Self {
            past: Some(past),
            ..Self::of(release, config, Arc::clone(&self.health), Arc::default())
        });
        while readers.len() >= KEPT {
            readers.pop_front();
        }
        readers.push_back((when.to_owned(), moment, Rc::clone(&reader)));
        Ok(reader)
    }

    /// The row with that key of an earlier moment.
    pub(super) fn past_row(
        &self,
        past: &Past,
        table: &Table,
        key: &[(usize, Value)],
        (format, etag, headers): (Format, &ETag, &Headers),
    ) -> Result<Begun, Error> {
        match past.row(table, key, &row_key(table, key)?)? {
            Some(row) => {
                let get = |index: usize| Ok((&row[index]).into());
                Response::row(table, get, format, etag, headers, &self.config).map(Begun::Response)
            }
            None => Err(self.missing(table, key)?),
        }
    }
}

fn nothing_there() -> Error {
    Error::new(Code::InvalidPath, "Invalid path specified in request URL")
        .hint("/-/at/<when>/ is followed by <table>, <table>/<key> or -/proof/<table>/<key>, as in /-/at/1.4.0/products")
}
