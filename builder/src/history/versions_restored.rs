//! Whether the feed leads back to the rows of every version: they are restored and compared with the version's digest.

use std::collections::BTreeMap;

use catalog::{Restoration, Table, TableVersion, Version, past_ordinals, row_orders_since};
use rusqlite::Connection;

use crate::progress::Progress;

/// Rows that are restored of versions between the oldest and the newest one of a table, the newer ones first: a minute
/// of a large table. The oldest one is always restored, and leads over all others.
const MOST_ROWS: u64 = 20_000_000;

/// What does not fit in the feed of a table that the release has. Errors: SQLite's.
pub(super) fn mismatches(
    connection: &Connection,
    table: &Table,
    versions: &[Version],
    found: &mut Vec<String>,
    progress: &Progress,
) -> rusqlite::Result<()> {
    let name = &table.name;
    let with_table: Vec<(&Version, &TableVersion)> =
        versions.iter().filter_map(|version| Some((version, version.tables.get(name)?))).collect();
    let tables = descriptions(connection, table, &with_table, found)?;
    orders(connection, name, &with_table, found)?;
    let begin = catalog::feed_begin(versions, name).map_or(0, |begin| begin.ordinal);
    // Uncommitted changes are in no version: nothing leads back from them.
    let is_current = with_table.last().is_some_and(|(_, last)| last.digest == table.digest);
    if !is_current || table.schema.primary_key.is_empty() {
        return Ok(());
    }
    let (mut rows, mut restored) = (0, "");
    for (version, of) in with_table.iter().rev().take_while(|(version, _)| version.ordinal >= begin) {
        let Some(then) = tables.get(&version.ordinal) else { continue };
        if of.digest == restored || (rows > MOST_ROWS && version.ordinal != begin) {
            continue;
        }
        progress.step(&format!("verifying the change feed: {name} {}", version.name()));
        (rows, restored) = (rows + of.rows, &of.digest);
        let restoration = Restoration {
            then,
            now: table,
            version: version.ordinal,
            later: &versions[versions.partition_point(|other| other.ordinal <= version.ordinal)..],
            release: connection,
            most: usize::MAX,
        };
        if let Err(error) = restoration.run(&Connection::open("")?, &|| true) {
            let version = version.name();
            found.push(format!("change feed of `{name}`: version {version} can't be restored: {error}"));
        }
    }
    Ok(())
}

/// The table as each version had it, by ordinal, where the feed says so.
fn descriptions(
    connection: &Connection,
    table: &Table,
    versions: &[(&Version, &TableVersion)],
    found: &mut Vec<String>,
) -> rusqlite::Result<BTreeMap<u64, Table>> {
    let name = &table.name;
    let mut tables = BTreeMap::new();
    let ordinals = past_ordinals(connection, name)?;
    // Releases of earlier versions have none.
    if ordinals.is_empty() {
        return Ok(tables);
    }
    for ordinal in &ordinals {
        if !versions.iter().any(|(version, _)| version.ordinal == *ordinal) {
            found.push(format!("change feed of `{name}`: it has columns of {ordinal}, which is no version"));
        }
    }
    for (version, of) in versions {
        let said = version.name();
        match catalog::past_table(connection, name, version.ordinal) {
            Ok(Some(past)) if past.entry.name != *name || past.entry.dataset != table.dataset => found.push(
                format!("change feed of `{name}`: the columns of version {said} are those of another table"),
            ),
            Ok(Some(past)) => {
                let then = Table { rows: of.rows, digest: of.digest.clone(), ..past.entry };
                if then.digest == table.digest && then.schema != table.schema {
                    found.push(format!(
                        "change feed of `{name}`: the columns of version {said} are not those of its rows"
                    ));
                } else {
                    tables.insert(version.ordinal, then);
                }
            }
            Ok(None) => {
                found.push(format!("change feed of `{name}`: the columns of version {said} are missing"))
            }
            Err(error) => found.push(format!(
                "change feed of `{name}`: the columns of version {said} can't be read: {error}"
            )),
        }
    }
    Ok(tables)
}

/// The order before each version has to be one of the rows that there were.
fn orders(
    connection: &Connection,
    name: &str,
    versions: &[(&Version, &TableVersion)],
    found: &mut Vec<String>,
) -> rusqlite::Result<()> {
    for (ordinal, text) in row_orders_since(connection, name, 0)? {
        let at = versions.iter().position(|(version, _)| version.ordinal == ordinal);
        let before = at.and_then(|at| at.checked_sub(1)).map(|at| versions[at].1);
        let (Some(before), Some(of)) = (before, at.map(|at| versions[at].1).filter(|of| !of.reset)) else {
            found.push(format!(
                "change feed of `{name}`: it has an order of rows before {ordinal}, which is no version"
            ));
            continue;
        };
        let rows = usize::try_from(before.rows).ok();
        let runs = rows.and_then(|rows| catalog::row_order(&text, rows));
        let is_order = runs.is_some_and(|runs| {
            let mut numbers: Vec<u32> = runs.into_iter().flatten().collect();
            numbers.sort_unstable();
            // Each row that was removed has a number behind those that are there.
            let (kept, removed) =
                numbers.split_at(numbers.partition_point(|number| u64::from(*number) < of.rows));
            let follow = removed.iter().zip(of.rows..).all(|(number, next)| u64::from(*number) == next);
            follow && removed.len() as u64 == of.removed && kept.windows(2).all(|pair| pair[0] < pair[1])
        });
        if !is_order {
            let version = at.map_or("", |at| versions[at].0.name());
            found.push(format!(
                "change feed of `{name}`: the order of rows before version {version} is not valid"
            ));
        }
    }
    Ok(())
}
