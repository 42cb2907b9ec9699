//! The change feed: which rows were added, removed and changed by which version of a dataset.
//!
//! It lies in the catalog's own table, since every further object in the file would cost every
//! cold start: a table of its own costs a first request some 34,000 instructions, its rows in the
//! catalog cost fewer than 4,000, a page more to read on the way down. Three kinds of entry, each
//! found by its key alone:
//!
//! ```text
//! kind                     name              entry                      about
//! version/<dataset>        <ordinal>         the version, without ...   ... what it did to each table
//! change/<table>           <ordinal>/<key>   added | removed | changed  {"old":{..},"new":{..}}
//! row/<table>/<key>        <ordinal>
//! ```
//!
//! `ordinal` is a version's place in the history, ten digits with leading zeros, ascending;
//! `key` is a row's key as [`crate::key_text`] writes it. No table's name has a slash.
//!
//! Deliberately absent: how a history is read (builder), and the feed in content digests: they
//! say what the rows are, not what they were.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::digest::{Sha256Hex, hex};
use crate::table::ColumnType;

/// One version of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its place in the history: ascending, the same in every release that has it.
    #[serde(skip)]
    pub ordinal: u64,
    /// The dataset's version, where it is a semantic version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The digest of the dataset's content: [`dataset_digest`].
    pub digest: Sha256Hex,
    /// The Git commit that made it: 40 or 64 hex digits.
    pub commit: String,
    /// That commit's date: RFC 3339, in UTC, to the second.
    pub date: String,
    /// What it did to each table that the dataset had then.
    #[serde(skip)]
    pub tables: BTreeMap<String, TableVersion>,
}

/// What a version did to a table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TableVersion {
    /// How many rows it has in this version.
    pub rows: u64,
    /// Its content digest in this version.
    pub digest: Sha256Hex,
    /// The feed begins here: what the table was before is not told, and no row of it is listed.
    /// So it is in the first version that the feed has, in a table's first one, and where the
    /// primary key became another; also in every version of a table without a primary key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reset: bool,
    /// How many rows were added.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub added: u64,
    /// How many rows were removed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub removed: u64,
    /// How many rows have other values.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub changed: u64,
    /// How its columns changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnChange>,
}

/// How a table's columns changed. A column with another name is one removed and one added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
#[allow(missing_docs)] // the names say it
pub enum ColumnChange {
    Added {
        column: String,
        #[serde(rename = "type")]
        column_type: ColumnType,
    },
    Removed {
        column: String,
        #[serde(rename = "type")]
        column_type: ColumnType,
    },
    Retyped {
        column: String,
        old: ColumnType,
        new: ColumnType,
    },
    /// The columns that both have stand in another order.
    Reordered,
}

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // the names say it
pub enum ChangeKind {
    Added,
    Removed,
    Changed,
}

/// One row's change in one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The version's [`Version::ordinal`].
    pub ordinal: u64,
    /// The row's key, as [`crate::key_text`] writes it.
    pub key: String,
    /// What happened.
    pub kind: ChangeKind,
    /// A JSON object: `new`, the whole row, where it was added; `old`, the whole row, where it
    /// was removed; both, with the columns that differ, where it was changed. A column that the
    /// table had not at the time is absent.
    pub values: String,
}

/// Where the next page of [`changes_since`] begins: behind this change.
#[derive(Debug, Clone, Copy)]
pub struct After<'a> {
    /// Its version.
    pub ordinal: u64,
    /// Its key.
    pub key: &'a str,
}

/// Adds a version. Errors: SQLite's, also where the dataset has one of that ordinal.
pub fn put_version(connection: &Connection, dataset: &str, version: &Version) -> rusqlite::Result<()> {
    let entry = serde_json::to_string(version).expect("a version has string keys only");
    let about = serde_json::to_string(&version.tables).expect("table names are strings");
    let mut insert = connection.prepare_cached(INSERT)?;
    insert.execute(params![format!("version/{dataset}"), ordinal(version.ordinal), entry, about]).map(drop)
}

/// Adds a row's change. Errors: as [`put_version`].
pub fn put_change(connection: &Connection, table: &str, change: &Change) -> rusqlite::Result<()> {
    let number = ordinal(change.ordinal);
    let mut insert = connection.prepare_cached(INSERT)?;
    insert.execute(params![
        format!("change/{table}"),
        format!("{number}/{}", change.key),
        change.kind.name(),
        change.values
    ])?;
    insert.execute(params![format!("row/{table}/{}", change.key), number, "", ""]).map(drop)
}

const INSERT: &str = "INSERT INTO coldpress_catalog(kind, name, entry, about) VALUES (?, ?, ?, ?)";

/// The versions of a dataset, oldest first; none where the release was built without a history.
/// The first one is where the feed begins. Errors: SQLite's.
pub fn versions(connection: &Connection, dataset: &str) -> rusqlite::Result<Vec<Version>> {
    connection
        .prepare_cached("SELECT name, entry, about FROM coldpress_catalog WHERE kind = ? ORDER BY name")?
        .query_map([format!("version/{dataset}")], |row| {
            let mut version: Version = json(row.get_ref(1)?.as_str()?)?;
            version.ordinal = number(row.get_ref(0)?.as_str()?)?;
            version.tables = json(row.get_ref(2)?.as_str()?)?;
            Ok(version)
        })?
        .collect()
}

/// The version that a client means by a semantic version or by a digest: where it last became
/// current.
pub fn find_version<'v>(versions: &'v [Version], named: &str) -> Option<&'v Version> {
    let is_named = |version: &Version| version.version.as_deref() == Some(named) || version.digest == named;
    let last = versions.iter().rposition(is_named)?;
    let before = versions[..last].iter().rposition(|version| !is_named(version));
    versions.get(before.map_or(0, |before| before + 1))
}

/// What versions after `since` (an ordinal) did to the rows of `table`, by version, then by key in
/// the order of its bytes: at most `limit`, from behind `after` on. One range of one index,
/// whatever came before it. Errors: SQLite's.
pub fn changes_since(
    connection: &Connection,
    table: &str,
    since: u64,
    after: Option<After<'_>>,
    limit: usize,
) -> rusqlite::Result<Vec<Change>> {
    // Shorter than each name of that ordinal, and so before all of them.
    let first = ordinal(since.saturating_add(1));
    let after = after.map(|after| format!("{}/{}", ordinal(after.ordinal), after.key));
    let from = after.filter(|after| *after > first).unwrap_or(first);
    connection
        .prepare_cached(
            "SELECT name, entry, about FROM coldpress_catalog WHERE kind = ? AND name > ? ORDER BY name LIMIT ?",
        )?
        .query_map(params![format!("change/{table}"), from, limit_of(limit)], |row| {
            let (number, key) = split(row.get_ref(0)?.as_str()?)?;
            change(number, key, row.get_ref(1)?.as_str()?, row.get(2)?)
        })?
        .collect()
}

/// What versions did to one row, oldest first: at most `limit`, from behind the version `after`
/// (an ordinal) on. Errors: SQLite's.
pub fn row_history(
    connection: &Connection,
    table: &str,
    key: &str,
    after: Option<u64>,
    limit: usize,
) -> rusqlite::Result<Vec<Change>> {
    let after = after.map_or_else(String::new, ordinal);
    connection
        .prepare_cached(
            "SELECT r.name, c.entry, c.about FROM coldpress_catalog AS r CROSS JOIN coldpress_catalog AS c \
             ON c.kind = ?1 AND c.name = r.name || '/' || ?2 \
             WHERE r.kind = ?3 AND r.name > ?4 ORDER BY r.name LIMIT ?5",
        )?
        .query_map(
            params![format!("change/{table}"), key, format!("row/{table}/{key}"), after, limit_of(limit)],
            |row| {
                let ordinal = number(row.get_ref(0)?.as_str()?)?;
                change(ordinal, key, row.get_ref(1)?.as_str()?, row.get(2)?)
            },
        )?
        .collect()
}

/// The last thing that happened to a row and the ordinal of the version that did it, where the feed
/// has anything about the row. Errors: SQLite's.
pub fn last_change(
    connection: &Connection,
    table: &str,
    key: &str,
) -> rusqlite::Result<Option<(u64, ChangeKind)>> {
    connection
        .prepare_cached(
            "SELECT r.name, c.entry FROM coldpress_catalog AS r CROSS JOIN coldpress_catalog AS c \
             ON c.kind = ?1 AND c.name = r.name || '/' || ?2 \
             WHERE r.kind = ?3 ORDER BY r.name DESC LIMIT 1",
        )?
        .query_row(params![format!("change/{table}"), key, format!("row/{table}/{key}")], |row| {
            Ok((number(row.get_ref(0)?.as_str()?)?, kind(row.get_ref(1)?.as_str()?)?))
        })
        .optional()
}

/// The digest of a dataset's content: SHA-256 over `coldpress dataset digest 1\n` and, for each
/// table by name, its name, a zero byte, its content digest and a line feed.
pub fn dataset_digest<'a>(tables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Sha256Hex {
    let mut tables: Vec<_> = tables.into_iter().collect();
    tables.sort_unstable();
    let mut hash = Sha256::new();
    hash.update(b"coldpress dataset digest 1\n");
    for (name, digest) in tables {
        for part in [name, "\0", digest, "\n"] {
            hash.update(part);
        }
    }
    hex(&hash.finalize())
}

impl ChangeKind {
    /// As it is stored and shown: `added`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

fn change(ordinal: u64, key: &str, stored: &str, values: String) -> rusqlite::Result<Change> {
    Ok(Change { ordinal, key: key.to_owned(), kind: kind(stored)?, values })
}

fn kind(stored: &str) -> rusqlite::Result<ChangeKind> {
    [ChangeKind::Added, ChangeKind::Removed, ChangeKind::Changed]
        .into_iter()
        .find(|kind| kind.name() == stored)
        .ok_or_else(|| unreadable(format!("`{stored}` is no change").into()))
}

fn ordinal(number: u64) -> String {
    format!("{number:010}")
}

fn number(stored: &str) -> rusqlite::Result<u64> {
    stored.parse().map_err(|error| unreadable(Box::new(error)))
}

fn split(name: &str) -> rusqlite::Result<(u64, &str)> {
    let (ordinal, key) =
        name.split_once('/').ok_or_else(|| unreadable(format!("`{name}` has no key").into()))?;
    Ok((number(ordinal)?, key))
}

fn json<T: for<'d> Deserialize<'d>>(stored: &str) -> rusqlite::Result<T> {
    serde_json::from_str(stored).map_err(|error| unreadable(Box::new(error)))
}

fn unreadable(error: Box<dyn std::error::Error + Send + Sync>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error)
}

fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(ordinal: u64, key: &str, kind: ChangeKind) -> Change {
        Change { ordinal, key: key.into(), kind, values: "{}".into() }
    }

    fn version(ordinal: u64, name: &str) -> Version {
        Version {
            ordinal,
            version: Some(name.into()),
            digest: format!("d{ordinal}"),
            commit: "c".into(),
            date: "2025-01-01T00:00:00Z".into(),
            tables: BTreeMap::from([("t".into(), TableVersion { rows: 1, ..Default::default() })]),
        }
    }

    /// The second one's key is longer than the first one's, by what parts an ordinal from a key.
    fn feed() -> (Connection, Vec<Change>) {
        let connection = Connection::open_in_memory().unwrap();
        crate::create(&connection).unwrap();
        let changes = vec![
            change(9, "a", ChangeKind::Added),
            change(9, "a/0000000010", ChangeKind::Added),
            change(10, "a", ChangeKind::Changed),
            change(12, "a", ChangeKind::Removed),
        ];
        for change in &changes {
            put_change(&connection, "t", change).unwrap();
        }
        put_change(&connection, "tt", &change(10, "a", ChangeKind::Added)).unwrap();
        (connection, changes)
    }

    #[test]
    fn changes_come_by_version_and_in_pages() {
        let (connection, changes) = feed();
        let since = |since, after, limit| changes_since(&connection, "t", since, after, limit).unwrap();
        assert_eq!(since(0, None, 9), changes);
        assert_eq!(since(9, None, 9), changes[2..]);
        assert_eq!(since(12, None, 9), []);
        assert_eq!(since(0, None, 2), changes[..2]);
        assert_eq!(since(0, Some(After { ordinal: 9, key: "a" }), 2), changes[1..3]);
        assert_eq!(since(10, Some(After { ordinal: 9, key: "a" }), 9), changes[3..]);
    }

    #[test]
    fn a_row_has_its_own_history() {
        let (connection, changes) = feed();
        let history = |key, after, limit| row_history(&connection, "t", key, after, limit).unwrap();
        let [first, other, second, third] = [0, 1, 2, 3].map(|at: usize| changes[at].clone());
        assert_eq!(history("a", None, 9), [first, second.clone(), third.clone()]);
        assert_eq!(history("a", Some(9), 1), [second]);
        assert_eq!(history("a", Some(10), 9), [third]);
        assert_eq!(history("a/0000000010", None, 9), [other]);
        assert_eq!(history("b", None, 9), []);
        assert_eq!(last_change(&connection, "t", "a").unwrap(), Some((12, ChangeKind::Removed)));
        assert_eq!(last_change(&connection, "t", "b").unwrap(), None);
    }

    /// Each of the two questions walks one index range; neither scans nor sorts.
    #[test]
    fn both_questions_are_index_look_ups() {
        let (connection, _) = feed();
        let plan = |sql: &str| -> Vec<String> {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            statement.query_map([], |row| row.get(3)).unwrap().map(Result::unwrap).collect()
        };
        assert_eq!(
            plan("SELECT entry FROM coldpress_catalog WHERE kind = 'c' AND name > 'n' ORDER BY name LIMIT 1"),
            ["SEARCH coldpress_catalog USING PRIMARY KEY (kind=? AND name>?)"]
        );
        assert_eq!(
            plan(
                "SELECT r.name, c.entry FROM coldpress_catalog AS r CROSS JOIN coldpress_catalog AS c \
                 ON c.kind = 'c' AND c.name = r.name || '/' || 'k' \
                 WHERE r.kind = 'r' AND r.name > '' ORDER BY r.name LIMIT 1"
            ),
            [
                "SEARCH r USING PRIMARY KEY (kind=? AND name>?)",
                "SEARCH c USING PRIMARY KEY (kind=? AND name=?)"
            ]
        );
    }

    #[test]
    fn versions_are_read_back_in_order() {
        let (connection, _) = feed();
        let put = [version(9, "1.0.0"), version(10, "1.1.0"), version(100, "1.2.0")];
        put.iter().rev().for_each(|version| put_version(&connection, "d", version).unwrap());
        assert_eq!(versions(&connection, "d").unwrap(), put);
        assert_eq!(versions(&connection, "e").unwrap(), []);
    }

    #[test]
    fn a_version_is_found_where_it_last_began() {
        let all = [
            version(1, "1.0.0"),
            version(2, "1.1.0"),
            version(3, "1.0.0"),
            version(4, "1.0.0"),
            version(5, "1.2.0"),
        ];
        let found = |named| find_version(&all, named).map(|version| version.ordinal);
        assert_eq!(found("1.0.0"), Some(3));
        assert_eq!(found("1.1.0"), Some(2));
        assert_eq!(found("d4"), Some(4));
        assert_eq!(found("2.0.0"), None);
    }
}
