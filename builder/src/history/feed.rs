//! The versions of a dataset and the changes between them, written into the release.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{CATALOG_TABLE, Table, TableVersion, Version};
use rusqlite::Connection;

use super::delta::{Delta, delta};
use super::notes::{LeftOut, Notes};
use super::revision::{Evaluated, Revision, Revisions};
use super::version_walk::{DatasetVersion, VersionWalk};
use crate::failure::Failure;
use crate::progress::Progress;
use datapackage::schema::Dataset;

/// Where the feed goes. Versions come newest first and rows as they were found, but the file must
/// not depend on that, and is smallest where entries come in order: they wait in a temporary
/// table, which takes the catalog's name, and so what is written to the catalog.
pub(super) struct Writer<'c> {
    connection: &'c Connection,
}

impl<'c> Writer<'c> {
    pub(super) fn new(connection: &'c Connection) -> Result<Self, Failure> {
        let sql = format!(
            "CREATE TEMP TABLE {CATALOG_TABLE}(kind TEXT, name TEXT, entry TEXT, about TEXT, \
             PRIMARY KEY(kind, name)) WITHOUT ROWID"
        );
        connection.execute_batch(&sql).map_err(failed)?;
        Ok(Self { connection })
    }

    pub(super) fn finish(self) -> Result<(), Failure> {
        let sql = format!(
            "INSERT INTO main.{CATALOG_TABLE}(kind, name, entry, about) \
             SELECT kind, name, entry, about FROM temp.{CATALOG_TABLE} ORDER BY kind, name; \
             DROP TABLE temp.{CATALOG_TABLE}"
        );
        self.connection.flush_prepared_statement_cache();
        self.connection.execute_batch(&sql).map_err(failed)
    }

    fn version(
        &self,
        dataset: &Dataset,
        found: &DatasetVersion,
        before: Before<'_>,
        tables: BTreeMap<String, TableVersion>,
    ) -> Result<(), Failure> {
        let Revision { commit, ordinal, .. } = &found.revision;
        let date = self.connection.query_row(
            "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', ?, 'unixepoch')",
            [commit.seconds],
            |row| row.get(0),
        );
        let version = Version {
            ordinal: *ordinal,
            version: found.version.clone(),
            digest: found.digest.clone(),
            commit: commit.id.clone(),
            date: date.map_err(failed)?,
            first: matches!(before, Before::Nothing),
            tables,
        };
        self.tables(dataset, found, before)?;
        catalog::put_version(self.connection, &dataset.name, &version).map_err(failed)
    }

    /// The tables that are other ones than in the version before, but for their rows.
    fn tables(&self, dataset: &Dataset, found: &DatasetVersion, before: Before<'_>) -> Result<(), Failure> {
        let Evaluated::Good(tables) = &found.evaluated else { return Ok(()) };
        for (name, table) in tables {
            let other = match before {
                Before::Version(DatasetVersion { evaluated: Evaluated::Good(tables), .. }) => {
                    tables.get(name)
                }
                _ => None,
            };
            if other.is_none_or(|other| other.root != table.root) {
                catalog::put_past_root(self.connection, name, found.revision.ordinal, &table.root)
                    .map_err(failed)?;
            }
            let same = other.is_some_and(|other| {
                other.about == table.about && is_described_alike(&other.entry, &table.entry)
            });
            if same {
                continue;
            }
            let now = dataset.tables.iter().find(|now| now.name == *name);
            let about = if now.is_some_and(|now| now.about == table.about) { "" } else { &table.about };
            catalog::put_past_table(self.connection, found.revision.ordinal, &table.entry, about)
                .map_err(failed)?;
        }
        Ok(())
    }

    fn delta(&self, table: &str, ordinal: u64, delta: &Delta) -> Result<(), Failure> {
        match delta {
            Delta::Change(change) => catalog::put_change(self.connection, table, change),
            Delta::Order(order) => catalog::put_row_order(self.connection, table, ordinal, order),
        }
        .map_err(failed)
    }
}

/// What was before a version.
#[derive(Clone, Copy)]
enum Before<'a> {
    Version(&'a DatasetVersion),
    /// Versions that the feed does not have.
    NotKept,
    Nothing,
}

/// Whether two tables differ in nothing but their rows.
fn is_described_alike(one: &Table, other: &Table) -> bool {
    one.schema == other.schema
        && one.search == other.search
        && one.stemmed == other.stemmed
        && one.label == other.label
        && one.nan == other.nan
}

/// Writes the newest `most` versions of a dataset with their changes, and the one before them,
/// where the feed begins. What is left out goes to `notes`.
pub(super) fn dataset(
    dataset: &Dataset,
    commits: &[Revision],
    most: usize,
    revisions: &mut Revisions<'_>,
    writer: &mut Writer<'_>,
    notes: &mut Notes,
    progress: &Progress,
) -> Result<(), Failure> {
    let directory = dataset.path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let mut walk = VersionWalk::new(directory, commits, revisions)?;
    // The tables whose changes are still listed: as long as the key is the one that they have now.
    let mut told: BTreeSet<&str> = dataset
        .tables
        .iter()
        .filter(|table| !table.primary_key.is_empty())
        .map(|table| table.name.as_str())
        .collect();
    let mut newer: Option<DatasetVersion> = None;
    let mut written = 0;
    let mut before = Before::Nothing;
    while let Some(found) = walk.next(revisions)? {
        if let Some(newer) = newer.take() {
            let ordinal = newer.revision.ordinal;
            let tables = delta(&found, &newer, directory, revisions, &mut |table, delta| {
                if told.contains(table) { writer.delta(table, ordinal, &delta) } else { Ok(()) }
            })?;
            told.retain(|table| tables.get(*table).is_some_and(|version| !version.reset));
            writer.version(dataset, &newer, Before::Version(&found), tables)?;
            written += 1;
            progress.step(&format!("reading the history of {}: version {written}", dataset.name));
        }
        let kept: Vec<&Revision> = walk.ahead().into_iter().chain([&found.revision]).collect();
        revisions.forget_but(directory, &kept);
        newer = Some(found);
        if written == most {
            before = Before::NotKept;
            break;
        }
    }
    revisions.forget_but(directory, &[]);
    if let Some(DatasetVersion { evaluated: Evaluated::Good(tables), .. }) = &newer {
        let begins = |table: &Table| TableVersion {
            rows: table.rows,
            digest: table.digest.clone(),
            reset: true,
            ..TableVersion::default()
        };
        let tables = tables.iter().map(|(name, table)| (name.clone(), begins(&table.entry))).collect();
        if let Some(found) = &newer {
            writer.version(dataset, found, before, tables)?;
        }
    } else {
        let without = if walk.is_empty() { &mut notes.uncommitted } else { &mut notes.without_versions };
        without.push(dataset.name.clone());
    }
    notes.left_out.extend(walk.left_out.into_iter().map(|(commit, problem)| LeftOut {
        dataset: dataset.name.clone(),
        commit,
        kind: problem.kind,
        reason: problem.reason,
    }));
    Ok(())
}

fn failed(error: rusqlite::Error) -> Failure {
    Failure::sqlite("can't write the change feed")(error)
}
