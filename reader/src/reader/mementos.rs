//! Versions of tables as HTTP has them (RFC 7089): lists of them, and the way from a time to one.

use catalog::Version;

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
        let kept = kept(&table, history.of(&dataset)?);
        let mut encoded = String::new();
        encode(&table, &mut encoded);
        let mementos: Vec<_> = kept
            .iter()
            .map(|version| (self.address_at(version, &history, &dataset, &encoded), *version))
            .collect();
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
        let kept = kept(&table, history.of(&dataset)?);
        // The version before the first one that is too late; a time before all means the first.
        let late = kept.iter().position(|version| *version.date > *wanted).unwrap_or(kept.len());
        let Some(version) = kept.get(late.saturating_sub(1)) else {
            return Err(Error::new(Code::NoFeed, format!("the release has no history of '{table}'")));
        };
        let memento = self.memento((&table, &dataset), raw.path, raw, version, &history);
        let path = with_query(&encoded_path(raw.path), raw);
        let location =
            format!("{}{}", self.config.base_path, self.address_at(version, &history, &dataset, &path));
        Ok(Some(Response::found(location, &memento)))
    }

    /// What the answer of a version says of the others. `table` comes with its dataset, `path` is that of the table or
    /// row, from its first slash on.
    pub(super) fn memento(
        &self,
        (table, dataset): (&str, &str),
        path: &str,
        raw: &RawRequest<'_>,
        version: &Version,
        history: &History,
    ) -> Memento {
        let kept = kept(table, history.of(dataset).unwrap_or_default());
        let path = with_query(&encoded_path(path), raw);
        let at = kept.iter().position(|other| other.ordinal == version.ordinal);
        let base = &self.config.base_path;
        let mut links = format!("<{base}/{path}>; rel=\"original timegate\"");
        let mut encoded = String::new();
        encode(table, &mut encoded);
        links.push_str(&format!(
            ", <{base}/-/timemap/{encoded}>; rel=\"timemap\"; type=\"application/link-format\""
        ));
        let last = kept.len().checked_sub(1);
        let (prev, next) = (at.and_then(|at| at.checked_sub(1)), at.map(|at| at + 1));
        for (index, kept) in kept.iter().enumerate() {
            let names = [("first", Some(0)), ("prev", prev), ("next", next), ("last", last)];
            let names: Vec<_> =
                names.into_iter().filter(|(_, of)| *of == Some(index)).map(|(name, _)| name).collect();
            if names.is_empty() {
                continue;
            }
            let address = self.address_at(kept, history, dataset, &path);
            links.push_str(&format!(
                ", <{base}{address}>; rel=\"{} memento\"; datetime=\"{}\"",
                names.join(" "),
                http_date(&kept.date)
            ));
        }
        Memento { datetime: http_date(&version.date), links }
    }

    /// The address of what is below a version, without the base path.
    fn address_at(&self, version: &Version, history: &History, dataset: &str, below: &str) -> String {
        let of_name = history.of(dataset).ok().and_then(|all| catalog::find_version(all, version.name()));
        // A name that came twice means the later one.
        let is_it = of_name.is_some_and(|found| found.ordinal == version.ordinal);
        let mut address = String::from("/-/at/");
        encode(if is_it { version.name() } else { &version.commit }, &mut address);
        address.push('/');
        address.push_str(below);
        address
    }
}

/// The versions in which a table can be read, the oldest first.
fn kept<'v>(table: &str, versions: &'v [Version]) -> Vec<&'v Version> {
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
