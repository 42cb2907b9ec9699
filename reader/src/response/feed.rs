//! The change feed: what versions did to the rows of a table, or to one row.

use catalog::{After, Change, ChangeKind, Table, Version, key_text};
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};
use serde_json::json;

use super::{ETag, Response, SizeLimit, page_cut};
use crate::config::Config;
use crate::error::{Code, Error};
use crate::request::{Feed, FeedCursor, FeedQuery, Headers, encode, unpaged};

/// A request for the feed of a table.
#[derive(Debug)]
pub(crate) struct FeedRequest<'a> {
    pub(crate) feed: &'a Feed,
    pub(crate) query: &'a FeedQuery,
    /// The query's parameters, decoded.
    pub(crate) pairs: &'a [(String, String)],
    pub(crate) headers: &'a Headers,
}

/// A page of what happened, for a page that shows it.
#[derive(Debug)]
pub(crate) struct ListedChanges {
    /// The versions of the table's dataset, oldest first.
    pub(crate) versions: Vec<Version>,
    pub(crate) changes: Vec<Change>,
    /// The path and query of the next page.
    pub(crate) next: Option<String>,
}

impl ListedChanges {
    /// What happened to the rows of `table`, or to the one with that key. Errors: as of [`Response::changes`].
    pub(crate) fn read(
        table: &Table,
        key: Option<&str>,
        asked: &FeedRequest<'_>,
        connection: &Connection,
        config: &Config,
    ) -> Result<Self, Error> {
        let versions = versions(connection, table)?;
        let query = asked.query;
        let most = query.limit.unwrap_or(config.default_limit).min(config.max_limit);
        let since = first(table, &versions, query, config)?;
        let (changes, more) = read(table, key, since, query, most, connection)?;
        let next = changes.last().filter(|_| more).map(|last| next(asked, most, last));
        Ok(Self { versions, changes, next })
    }
}

impl Response {
    /// A page of what happened to the rows of `table`, or to the one with that key.
    pub(crate) fn changes(
        table: &Table,
        key: Option<&str>,
        asked: &FeedRequest<'_>,
        connection: &Connection,
        config: &Config,
    ) -> Result<Self, Error> {
        let versions = versions(connection, table)?;
        let query = asked.query;
        let most = query.limit.unwrap_or(config.default_limit).min(config.max_limit);
        let etag = ETag::release(
            format!(
                "feed {} {:?} {most} {} {}",
                asked.feed.scope(),
                asked.pairs,
                config.max_bytes,
                print(&versions)
            )
            .as_bytes(),
        );
        if let Some(held) = etag.held(asked.headers) {
            return Ok(Self::not_modified(&held, config));
        }
        let since = first(table, &versions, query, config)?;
        let (changes, mut more) = read(table, key, since, query, most, connection)?;
        let mut body = vec![b'['];
        let mut room = SizeLimit::new(config.max_bytes);
        let mut rows = 0_usize;
        for change in &changes {
            let end = body.len();
            if rows > 0 {
                body.extend_from_slice(b",\n ");
            }
            write(change, &versions, &mut body)?;
            if let Err(error) = room.take(&body) {
                if rows == 0 {
                    return Err(error);
                }
                body.truncate(end);
                more = true;
                break;
            }
            rows += 1;
        }
        body.push(b']');
        let response = Self::json(body, &etag, asked.headers, config)?;
        match changes.get(rows.wrapping_sub(1)).filter(|_| more) {
            Some(last) => {
                let response = response.header(
                    "link",
                    format!("<{}{}>; rel=\"next\"", config.base_path, next(asked, most, last)),
                );
                // A page that is full is shorter than its limit.
                let limit = match query.limit {
                    _ if (rows as u64) < most => None,
                    None => Some("default limit"),
                    Some(limit) => (limit > most).then_some("maximum"),
                };
                Ok(match limit {
                    Some(limit) => response.header("warning", page_cut(limit, most)),
                    None => response,
                })
            }
            None => Ok(response),
        }
    }

    /// The error of a key that no row has any more, where the feed knows when it went.
    pub(crate) fn removed_row(
        table: &Table,
        key: &[(usize, Value)],
        connection: &Connection,
        config: &Config,
    ) -> Result<Option<Error>, Error> {
        let key = row_key(table, key)?;
        let last = catalog::last_change(connection, &table.name, &key)?;
        let Some((ordinal, ChangeKind::Removed)) = last else { return Ok(None) };
        let versions = catalog::versions(connection, &table.dataset)?;
        let change = catalog::row_history(connection, &table.name, &key, ordinal.checked_sub(1), 1)?;
        let (Some(version), Some(change)) = (version(&versions, ordinal), change.first()) else {
            return Err(Error::release("the change feed is not whole"));
        };
        let values: serde_json::Value = serde_json::from_str(&change.values).map_err(Error::release)?;
        let mut url = format!("{}/-/history/{}/", config.base_path, encoded(&table.name));
        encode(&key, &mut url);
        let error = Error::new(Code::RemovedRow, "the row with this key was removed")
            .details(json!({
                "version": version.version,
                "commit": version.commit,
                "date": version.date,
                "row": values["old"],
            }))
            .hint(format!("its history is at {url}"));
        Ok(Some(error))
    }
}

/// The key of a row as the feed has it.
pub(crate) fn row_key(table: &Table, key: &[(usize, Value)]) -> Result<String, Error> {
    let parts: Vec<_> = key
        .iter()
        .map(|(index, value)| (ValueRef::from(value), table.schema.columns[*index].column_type.storage()))
        .collect();
    key_text(&parts).map_err(Error::release)
}

/// The versions of the table's dataset, at least one.
fn versions(connection: &Connection, table: &Table) -> Result<Vec<Version>, Error> {
    let versions = catalog::versions(connection, &table.dataset)?;
    if versions.iter().any(|version| version.tables.contains_key(&table.name)) {
        return Ok(versions);
    }
    let hint = match versions.is_empty() {
        true => "build the release in a full clone of its Git repository",
        false => "a table that is not committed has no feed",
    };
    Err(Error::new(Code::NoFeed, format!("the release has no change feed of '{}'", table.name)).hint(hint))
}

fn version(versions: &[Version], ordinal: u64) -> Option<&Version> {
    let at = versions.binary_search_by_key(&ordinal, |version| version.ordinal).ok()?;
    versions.get(at)
}

/// The version that the table's changes are kept from.
fn begin(table: &Table, versions: &[Version]) -> Result<u64, Error> {
    let begin = catalog::feed_begin(versions, &table.name);
    begin.map(|version| version.ordinal).ok_or_else(|| Error::release("the change feed is not whole"))
}

fn since<'v>(table: &Table, versions: &'v [Version], named: &str) -> Result<&'v Version, Error> {
    catalog::find_version(versions, named).ok_or_else(|| {
        let known: Vec<_> = versions.iter().map(Version::name).collect();
        Error::new(Code::UnknownVersion, format!("dataset '{}' has no version \"{named}\"", table.dataset))
            .details(format!("the feed has {}", known.join(", ")))
            .hint("older versions are not kept: read the whole table again")
    })
}

fn not_kept(table: &Table, versions: &[Version], begin: u64, base: &str) -> Error {
    let begin = version(versions, begin).map_or("", Version::name);
    Error::new(Code::NotKept, format!("the changes of '{}' are kept from version {begin} on", table.name))
        .details("changes before that version, or under another primary key, are not recorded")
        .hint(format!(
            "read the whole table at {base}/{}, then continue with since={begin}",
            encoded(&table.name)
        ))
}

/// The version after which changes are asked for.
fn first(table: &Table, versions: &[Version], query: &FeedQuery, config: &Config) -> Result<u64, Error> {
    let begin = begin(table, versions)?;
    let since = match &query.since {
        Some(named) => since(table, versions, named)?.ordinal,
        None => begin,
    };
    let first = query.cursor.as_ref().map_or(since, |cursor| cursor.ordinal);
    // The version in which the feed begins lists no row, so no cursor is of it.
    if first < begin || query.cursor.is_some() && first == begin {
        return Err(not_kept(table, versions, begin, &config.base_path));
    }
    Ok(since)
}

fn print(versions: &[Version]) -> String {
    versions.iter().map(|version| format!("{}:{} ", version.ordinal, version.commit)).collect()
}

/// At most `most` changes, and whether there are more.
fn read(
    table: &Table,
    key: Option<&str>,
    since: u64,
    query: &FeedQuery,
    most: u64,
    connection: &Connection,
) -> Result<(Vec<Change>, bool), Error> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let asked = most.saturating_add(1);
    let mut found = vec![];
    let mut behind = query.cursor.clone();
    loop {
        let after = behind.as_ref().map(|cursor| After { ordinal: cursor.ordinal, key: &cursor.key });
        let batch = match key {
            Some(key) => {
                let after = after.map_or(since, |after| after.ordinal);
                catalog::row_history(connection, &table.name, key, Some(after), asked)?
            }
            None => catalog::changes_since(connection, &table.name, since, after, asked)?,
        };
        let last = batch.len() < asked;
        behind = batch.last().map(|change| FeedCursor { ordinal: change.ordinal, key: change.key.clone() });
        let wanted = |change: &Change| query.kinds.as_ref().is_none_or(|kinds| kinds.contains(&change.kind));
        found.extend(batch.into_iter().filter(wanted));
        if last || found.len() > most {
            let more = found.len() > most;
            found.truncate(most);
            return Ok((found, more));
        }
    }
}

fn write(change: &Change, versions: &[Version], out: &mut Vec<u8>) -> Result<(), Error> {
    let version =
        version(versions, change.ordinal).ok_or_else(|| Error::release("the change feed is not whole"))?;
    let head = [
        ("version", json!(version.version)),
        ("digest", json!(version.digest)),
        ("commit", json!(version.commit)),
        ("date", json!(version.date)),
        ("change", json!(change.kind.name())),
        ("key", json!(change.key)),
    ];
    for (index, (name, value)) in head.iter().enumerate() {
        let before = if index == 0 { '{' } else { ',' };
        out.extend_from_slice(format!("{before}\"{name}\":{value}").as_bytes());
    }
    // An object with at least one member, whose members go on here.
    let members = change.values.strip_prefix('{').unwrap_or("}");
    if members != "}" {
        out.push(b',');
    }
    out.extend_from_slice(members.as_bytes());
    Ok(())
}

/// The address of the next page.
fn next(asked: &FeedRequest<'_>, most: u64, last: &Change) -> String {
    let cursor = FeedCursor { ordinal: last.ordinal, key: last.key.clone() }.to_text(&asked.feed.scope());
    let path = match asked.feed {
        Feed::Changes(table) => format!("/-/changes/{}", encoded(table)),
        Feed::History { table, key } => format!("/-/history/{}/{}", encoded(table), encoded(key)),
        Feed::Atom => String::from("/-/changes.atom"),
    };
    let mut query = unpaged(asked.pairs);
    if !query.is_empty() {
        query.push('&');
    }
    format!("{path}?{query}limit={most}&cursor={cursor}")
}

fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    encode(text, &mut encoded);
    encoded
}
