//! The feed's entries in the catalog's table: written by the builder, queried by range.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Deserialize;

use super::{After, Change, ChangeKind, ChangeRef, Version};

/// Adds a version. Errors: SQLite's, also where the dataset has one of that ordinal.
pub fn put_version(connection: &Connection, dataset: &str, version: &Version) -> rusqlite::Result<()> {
    let entry = serde_json::to_string(version).expect("a version has string keys only");
    let about = serde_json::to_string(&version.tables).expect("table names are strings");
    let mut insert = connection.prepare_cached(INSERT)?;
    insert.execute(params![version_kind(dataset), ordinal(version.ordinal), entry, about]).map(drop)
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

pub(super) const INSERT: &str = "INSERT INTO coldpress_catalog(kind, name, entry, about) VALUES (?, ?, ?, ?)";

/// The versions of a dataset, oldest first; none where the release was built without a history.
/// The first one is where the feed begins. Errors: SQLite's.
pub fn versions(connection: &Connection, dataset: &str) -> rusqlite::Result<Vec<Version>> {
    connection
        .prepare_cached("SELECT name, entry, about FROM coldpress_catalog WHERE kind = ? ORDER BY name")?
        .query_map([version_kind(dataset)], version)?
        .collect()
}

/// The newest version of a dataset; `None` where the release was built without a history. One look-up.
pub fn newest_version(connection: &Connection, dataset: &str) -> rusqlite::Result<Option<Version>> {
    connection
        .prepare_cached(
            "SELECT name, entry, about FROM coldpress_catalog WHERE kind = ? ORDER BY name DESC LIMIT 1",
        )?
        .query_row([version_kind(dataset)], version)
        .optional()
}

fn version(row: &Row<'_>) -> rusqlite::Result<Version> {
    stored_version(row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?)
}

/// The `kind` of a dataset's versions in the catalog. Their names are in the versions' order.
pub fn version_kind(dataset: &str) -> String {
    format!("version/{dataset}")
}

/// The version that the catalog has as these three texts. Errors: they are not those of a version.
pub fn stored_version(name: &str, entry: &str, about: &str) -> rusqlite::Result<Version> {
    let mut version: Version = json(entry)?;
    version.ordinal = number(name)?;
    version.tables = json(about)?;
    Ok(version)
}

/// What versions after `since` (an ordinal) did to the rows of `table`, by version, then by key in
/// the order of its bytes: at most `limit`, starting after `after`. One range of one index,
/// independent of what came before it. Errors: SQLite's.
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

/// Hands each change that [`changes_since`] has to `take`, without a page's memory. Errors: SQLite's, and those of `take`,
/// after which nothing more is read.
pub fn each_change_since<E: From<rusqlite::Error>>(
    connection: &Connection,
    table: &str,
    since: u64,
    mut take: impl FnMut(ChangeRef<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut statement = connection.prepare_cached(
        "SELECT name, entry, about FROM coldpress_catalog WHERE kind = ? AND name > ? ORDER BY name",
    )?;
    let mut rows = statement.query(params![format!("change/{table}"), ordinal(since.saturating_add(1))])?;
    while let Some(row) = rows.next()? {
        let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
        let (number, key) = split(text(0)?)?;
        take(ChangeRef { ordinal: number, key, kind: kind(text(1)?)?, values: text(2)? })?;
    }
    Ok(())
}

/// The keys of the rows that a version removed, in the order of their bytes. One range of one index. Errors: SQLite's.
pub fn removed_keys(connection: &Connection, table: &str, version: u64) -> rusqlite::Result<Vec<String>> {
    let number = ordinal(version);
    // `0` is the character behind the slash.
    connection
        .prepare_cached(
            "SELECT name FROM coldpress_catalog WHERE kind = ?1 AND name > ?2 || '/' AND name < ?2 || '0' \
             AND entry = 'removed' ORDER BY name",
        )?
        .query_map([format!("change/{table}"), number], |row| {
            Ok(split(row.get_ref(0)?.as_str()?)?.1.to_owned())
        })?
        .collect()
}

/// What versions did to one row, oldest first: at most `limit`, starting after the version `after`
/// (an ordinal). Errors: SQLite's.
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

fn change(ordinal: u64, key: &str, stored: &str, values: String) -> rusqlite::Result<Change> {
    Ok(Change { ordinal, key: key.to_owned(), kind: kind(stored)?, values })
}

fn kind(stored: &str) -> rusqlite::Result<ChangeKind> {
    ChangeKind::ALL
        .into_iter()
        .find(|kind| kind.name() == stored)
        .ok_or_else(|| unreadable(format!("`{stored}` is no change").into()))
}

pub(super) fn ordinal(number: u64) -> String {
    format!("{number:010}")
}

pub(super) fn number(stored: &str) -> rusqlite::Result<u64> {
    stored.parse().map_err(|error| unreadable(Box::new(error)))
}

fn split(name: &str) -> rusqlite::Result<(u64, &str)> {
    let (ordinal, key) =
        name.split_once('/').ok_or_else(|| unreadable(format!("`{name}` has no key").into()))?;
    Ok((number(ordinal)?, key))
}

pub(super) fn json<T: for<'d> Deserialize<'d>>(stored: &str) -> rusqlite::Result<T> {
    serde_json::from_str(stored).map_err(|error| unreadable(Box::new(error)))
}

fn unreadable(error: Box<dyn std::error::Error + Send + Sync>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error)
}

fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::tests::version;
    use super::*;

    fn change(ordinal: u64, key: &str, kind: ChangeKind) -> Change {
        Change { ordinal, key: key.into(), kind, values: "{}".into() }
    }

    /// The second one's key is longer than the first one's, by the separator between ordinal and key.
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
        for ordinal in [0, 9, 12] {
            let mut each = vec![];
            each_change_since(&connection, "t", ordinal, |ChangeRef { ordinal, key, kind, values }| {
                each.push(Change { ordinal, key: key.into(), kind, values: values.into() });
                Ok::<_, rusqlite::Error>(())
            })
            .unwrap();
            assert_eq!(each, since(ordinal, None, 9));
        }
    }

    #[test]
    fn removed_rows_are_those_of_one_version() {
        let (connection, _) = feed();
        for (ordinal, key) in [(12, "b"), (12, "0"), (120, "c"), (1, "d")] {
            put_change(&connection, "t", &change(ordinal, key, ChangeKind::Removed)).unwrap();
        }
        put_change(&connection, "t", &change(12, "e", ChangeKind::Added)).unwrap();
        assert_eq!(removed_keys(&connection, "t", 12).unwrap(), ["0", "a", "b"]);
        assert_eq!(removed_keys(&connection, "t", 10).unwrap(), [""; 0]);
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

    /// Each of the two queries reads one index range; neither scans nor sorts.
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
}
