//! `/-/at/<when>/...`: a question to the tables as they were. A reader of that moment answers it.

use std::cell::{OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::types::Value;

use catalog::{HistoryTree, Table};

use super::Reader;
use super::file::Begun;
use crate::config::Config;
use crate::error::{Code, Error};
use crate::past::{History, Moment, Past};
use crate::plan::Tables;
use crate::release::Release;
use crate::request::{
    Download, Format, Headers, OPENAPI_FILE, ROBOTS, RawRequest, SITEMAP, Target, When, encode, page_path,
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
    /// The tree over the tables of all versions, made at the first proof; `None` where the feed has no roots.
    tree: OnceCell<Option<Rc<HistoryTree>>>,
    /// By what they were named, and the place in the history that it means.
    readers: RefCell<VecDeque<(String, Moment, Rc<Reader>)>>,
}

/// How a reader of a moment is named in addresses.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// As it was asked.
    pub(super) when: String,
    /// What links on pages begin with: a version has the name of its dataset where there are several, for a page may
    /// lead to another one's table.
    pub(super) root: String,
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

    /// The tree over the tables of all versions. `None` where an earlier builder wrote the feed. Errors: SQLite's, and
    /// a feed that is not that of the manifest.
    pub(super) fn history_tree(&self) -> Result<Option<Rc<HistoryTree>>, Error> {
        if let Some(tree) = self.moments.tree.get() {
            return Ok(tree.clone());
        }
        let Some(kept) = &self.release.manifest()?.history else { return Ok(None) };
        let history = self.history()?;
        let tree = HistoryTree::read(self.release.connection()?, history.datasets())?.map(Rc::new);
        if tree.as_ref().is_some_and(|tree| tree.summary().as_ref() != Some(kept)) {
            return Err(Error::release("the change feed is not that of the manifest"));
        }
        Ok(self.moments.tree.get_or_init(|| tree).clone())
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
        let page = page_path(&below).map(|(path, _)| path);
        let target = Target::parse(page.unwrap_or(&path));
        let history = self.history()?;
        let (table, dataset) = match &target {
            Target::Release if page.is_some() => (None, Self::dataset_of_front(&named, &history)?),
            Target::Table(table)
            | Target::Row { table, .. }
            | Target::Columns(table)
            | Target::Find(table)
            | Target::Proof { table, .. } => {
                let (table, dataset) = self.dataset_of(table, &history)?;
                (Some(table), dataset)
            }
            _ => return Err(nothing_there()),
        };
        let commit = match named {
            When::Commit(_) => self.release.manifest()?.commit.as_deref(),
            _ => None,
        };
        let moment = Moment::find(&named, &dataset, &history, commit)?;
        let reader = self.reader_at(when, &named, &dataset, moment, &history)?;
        if let Target::Proof { table, key } = &target {
            let version = (dataset.as_str(), history.at(&dataset, moment.ordinal));
            let time = time.unwrap_or(self.config.query_time);
            return self
                .proof_at(&reader, version, (table, key.as_deref()), (raw, time))
                .map(Begun::Response);
        }
        if let Some(OPENAPI_FILE | ROBOTS | SITEMAP) = table.as_deref()
            && let Some(table) = &table
            && reader.table(table)?.is_none()
        {
            return Err(reader.unknown_table(table));
        }
        let response = match reader.begin_below(&below, time)? {
            Begun::Response(response) => response,
            Begun::File(file) => reader.in_one_answer(*file, &raw.headers)?,
        };
        let is_memento = response.status < 400 && raw.method != "OPTIONS" && target.table().is_some();
        Ok(match (table, history.at(&dataset, moment.ordinal)) {
            (Some(table), Some(version)) if is_memento => {
                let beside = reader.beside((&table, &dataset), version, &history, &self.config.base_path);
                response.remembered(&beside.memento(page.unwrap_or(&path), raw)).into()
            }
            _ => response.into(),
        })
    }

    /// The dataset whose versions a page of all datasets goes by. Errors: it is not named, and there are several.
    fn dataset_of_front(named: &When, history: &History) -> Result<String, Error> {
        let oldest = history.oldest().unwrap_or_default();
        match named {
            When::Version { dataset: Some(dataset), .. } => Ok(dataset.clone()),
            When::Version { dataset: None, version } if !history.is_alone(oldest) => {
                let names: Vec<_> = history.datasets().map(|(name, _)| name).collect();
                Err(Error::new(Code::InvalidMoment, format!("version {version} of which dataset?"))
                    .details(format!("the datasets are {}", names.join(", ")))
                    .hint(format!("name it, as in {oldest}@{version}")))
            }
            _ => Ok(oldest.to_owned()),
        }
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
    fn reader_at(
        &self,
        when: &str,
        named: &When,
        dataset: &str,
        moment: Moment,
        history: &Rc<History>,
    ) -> Result<Rc<Self>, Error> {
        let mut readers = self.moments.readers.borrow_mut();
        let known = readers.iter().position(|(named, of, _)| named == when && *of == moment);
        if let Some(found) = known.and_then(|index| readers.remove(index)) {
            let reader = Rc::clone(&found.2);
            readers.push_back(found);
            return Ok(reader);
        }
        let at = |when: &str| {
            let mut path = format!("{}/-/at/", self.config.base_path);
            encode(when, &mut path);
            path
        };
        let root = match named {
            When::Version { dataset: None, version } if !history.is_alone(dataset) => {
                at(&format!("{dataset}@{version}"))
            }
            _ => at(when),
        };
        let cache_control = match moment.is_final {
            true => IMMUTABLE.to_owned(),
            false => self.config.cache_control.clone(),
        };
        let config = Config { base_path: at(when), cache_control, ..self.config.clone() };
        let (past, release) = self.past_at(history.last_at(moment.ordinal), &readers, history)?;
        let reader = Rc::new(Self {
            past: Some(past),
            named: Named { when: when.to_owned(), root },
            ..Self::of(release, config, Arc::clone(&self.health), Arc::default())
        });
        while readers.len() >= KEPT {
            readers.pop_front();
        }
        readers.push_back((when.to_owned(), moment, Rc::clone(&reader)));
        Ok(reader)
    }

    /// What is known of a place in the history, and its database: that of a reader which names it in another way, or
    /// a new one.
    fn past_at(
        &self,
        ordinal: u64,
        readers: &VecDeque<(String, Moment, Rc<Self>)>,
        history: &Rc<History>,
    ) -> Result<(Rc<Past>, Rc<Release>), Error> {
        for (_, _, reader) in readers {
            if let Some(past) = reader.past.as_ref().filter(|past| past.ordinal == ordinal) {
                return Ok((Rc::clone(past), Rc::clone(&reader.release)));
            }
        }
        let past = Past::new(Rc::clone(&self.release), Rc::clone(history), ordinal, self.config.clone());
        let release = Rc::new(self.release.private()?);
        past.write_catalog(release.connection()?)?;
        Ok((Rc::new(past), release))
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
