//! Versions of tables as HTTP has them (RFC 7089): lists of them, and the way from a time to one.

use std::rc::Rc;

use catalog::{Table, Version};

use super::Reader;
use crate::error::{Code, Error};
use crate::past::History;
use crate::plan::instant_of;
use crate::request::{Headers, RawRequest, Target, canonical, encode, query_pairs};
use crate::response::{Memento, Response, TimeMap, http_date};

impl Reader {
    /// The versions of a dataset.
    pub(super) fn versions(&self, dataset: &str, headers: &Headers) -> Result<Response, Error> {
        let history = self.history()?;
        if catalog::dataset(self.release.connection()?, dataset)?.is_none() {
            let names: Vec<_> = history.datasets().map(|(name, _)| name).collect();
            return Err(Error::new(Code::UnknownMoment, format!("there is no dataset '{dataset}'"))
                .hint(format!("the datasets are {}", names.join(", "))));
        }
        Response::versions(history.of(dataset)?, headers, &self.config)
    }

    /// The versions of a table that can be read.
    pub(super) fn time_map(&self, table: &str, headers: &Headers) -> Result<Response, Error> {
        let history = self.history()?;
        let (table, dataset) = self.dataset_of(table, &history)?;
        let all = history.of(&dataset)?;
        let kept = kept(&table, all);
        let mut encoded = String::new();
        encode(&table, &mut encoded);
        let mementos: Vec<_> =
            kept.iter().map(|version| (address_at(version, all, &encoded), *version)).collect();
        let base = self.address().unwrap_or_else(|| self.config.base_path.clone());
        Response::time_map(
            &TimeMap { base: &base, table: &encoded, mementos: &mementos },
            headers,
            &self.config,
        )
    }

    /// Where a table or row is as of the time that `wanted` says, in place of an answer; `None` where `raw` asks for
    /// something else.
    pub(super) fn time_gate(&self, wanted: &str, raw: &RawRequest<'_>) -> Result<Option<Response>, Error> {
        let target = Target::parse(raw.path);
        let Some(table) = target.table().filter(|_| !raw.path.starts_with("/-/")) else { return Ok(None) };
        let Ok(time) = httpdate::parse_http_date(wanted.trim()) else {
            return Err(Error::new(Code::InvalidMoment, format!("Accept-Datetime is \"{wanted}\""))
                .hint("it takes a date as HTTP writes them, such as Sat, 01 Mar 2025 08:00:00 GMT"));
        };
        let wanted = time.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let wanted = instant_of(i64::try_from(wanted).unwrap_or(i64::MAX));
        let history = self.history()?;
        let (table, dataset) = self.dataset_of(table, &history)?;
        let all = history.of(&dataset)?;
        let kept = kept(&table, all);
        // The version before the first one that is too late; a time before all means the first.
        let late = kept.iter().position(|version| *version.date > *wanted).unwrap_or(kept.len());
        let Some(version) = kept.get(late.saturating_sub(1)) else {
            return Err(Error::new(Code::NoFeed, format!("the release has no history of '{table}'")));
        };
        let base = &self.config.base_path;
        let memento = Beside::new((&table, &dataset), version, &history, base).memento(raw.path, raw);
        let path = with_query(&encoded_path(raw.path), raw);
        let location = format!("{base}{}", address_at(version, all, &path));
        Ok(Some(Response::found(location, &memento)))
    }

    /// What answers of a version say of a table, which comes with its dataset: made once.
    pub(super) fn beside(
        &self,
        of: (&str, &str),
        version: &Version,
        history: &History,
        base: &str,
    ) -> Rc<Beside> {
        if let Some(known) = self.beside.borrow().get(of.0) {
            return Rc::clone(known);
        }
        let beside = Rc::new(Beside::new(of, version, history, base));
        self.beside.borrow_mut().insert(of.0.to_owned(), Rc::clone(&beside));
        beside
    }
}

/// What the answers of a version say of the others: what does not depend on which row is asked for.
#[derive(Debug)]
pub(super) struct Beside {
    base: String,
    /// The version's date, as HTTP writes dates.
    datetime: String,
    time_map: String,
    /// Other versions: what is before the path of a link, and what is behind it.
    versions: Vec<(String, String)>,
}

impl Beside {
    fn new((table, dataset): (&str, &str), version: &Version, history: &History, base: &str) -> Self {
        let all = history.of(dataset).unwrap_or_default();
        let kept = kept(table, all);
        let at = kept.iter().position(|other| other.ordinal == version.ordinal);
        let mut encoded = String::new();
        encode(table, &mut encoded);
        let time_map =
            format!(", <{base}/-/timemap/{encoded}>; rel=\"timemap\"; type=\"application/link-format\"");
        let last = kept.len().checked_sub(1);
        let (prev, next) = (at.and_then(|at| at.checked_sub(1)), at.map(|at| at + 1));
        let mut versions = vec![];
        for (index, kept) in kept.iter().enumerate() {
            let names = [("first", Some(0)), ("prev", prev), ("next", next), ("last", last)];
            let names: Vec<_> =
                names.into_iter().filter(|(_, of)| *of == Some(index)).map(|(name, _)| name).collect();
            if !names.is_empty() {
                let (names, date) = (names.join(" "), http_date(&kept.date));
                let behind = format!(">; rel=\"{names} memento\"; datetime=\"{date}\"");
                versions.push((format!(", <{base}{}", address_at(kept, all, "")), behind));
            }
        }
        Self { base: base.to_owned(), datetime: http_date(&version.date), time_map, versions }
    }

    /// The same of one answer. `path` is that of the table or row, from its first slash on.
    pub(super) fn memento(&self, path: &str, raw: &RawRequest<'_>) -> Memento {
        let path = with_query(&encoded_path(path), raw);
        let mut links = format!("<{}/{path}>; rel=\"original timegate\"{}", self.base, self.time_map);
        for (before, behind) in &self.versions {
            for part in [before, &path, behind] {
                links.push_str(part);
            }
        }
        Memento { datetime: self.datetime.clone(), links }
    }
}

/// The address of what is below a version, without the base path.
fn address_at(version: &Version, all: &[Version], below: &str) -> String {
    let mut address = String::from("/-/at/");
    encode(catalog::version_address(all, version), &mut address);
    address.push('/');
    address.push_str(below);
    address
}

/// The ordinals of the versions in which the rows of `table`, as it is now, can be read.
pub(super) fn readable(table: &Table, versions: &[Version]) -> Vec<u64> {
    let kept = kept(&table.name, versions);
    let is_same =
        |version: &&Version| version.tables.get(&table.name).is_some_and(|then| then.digest == table.digest);
    // What is not committed is no version: then nothing leads back from it.
    let is_current = kept.last().is_some_and(is_same);
    kept.iter().filter(|version| is_current || is_same(version)).map(|version| version.ordinal).collect()
}

/// The versions in which a table can be read, the oldest first.
pub(super) fn kept<'v>(table: &str, versions: &'v [Version]) -> Vec<&'v Version> {
    let begin = catalog::feed_begin(versions, table).map_or(0, |begin| begin.ordinal);
    let has = |version: &&Version| version.ordinal >= begin && version.tables.contains_key(table);
    versions.iter().filter(has).collect()
}

/// A path as it stands in a URL, without its first slash.
fn encoded_path(path: &str) -> String {
    let mut encoded = String::new();
    let path = path.strip_prefix('/').unwrap_or(path);
    match path.split_once('/') {
        Some((table, key)) => {
            encode(table, &mut encoded);
            encoded.push('/');
            encode(key, &mut encoded);
        }
        None => encode(path, &mut encoded),
    }
    encoded
}

fn with_query(path: &str, raw: &RawRequest<'_>) -> String {
    match query_pairs(raw.query).map(|pairs| canonical(&pairs)) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}
