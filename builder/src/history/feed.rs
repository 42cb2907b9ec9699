//! The versions of a dataset and the changes between them, written into the release.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{CATALOG_TABLE, Change, TableVersion, Version};
use rusqlite::Connection;

use super::delta::delta;
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
            tables,
        };
        catalog::put_version(self.connection, &dataset.name, &version).map_err(failed)
    }

    fn change(&self, table: &str, change: &Change) -> Result<(), Failure> {
        catalog::put_change(self.connection, table, change).map_err(failed)
    }
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
    while let Some(found) = walk.next(revisions)? {
        if let Some(newer) = newer.take() {
            let tables = delta(&found, &newer, directory, revisions, &mut |table, change| {
                if told.contains(table) { writer.change(table, &change) } else { Ok(()) }
            })?;
            told.retain(|table| tables.get(*table).is_some_and(|version| !version.reset));
            writer.version(dataset, &newer, tables)?;
            written += 1;
            progress.step(&format!("reading the history of {}: version {written}", dataset.name));
        }
        let kept: Vec<&Revision> = walk.ahead().into_iter().chain([&found.revision]).collect();
        revisions.forget_but(directory, &kept);
        newer = Some(found);
        if written == most {
            break;
        }
    }
    revisions.forget_but(directory, &[]);
    if let Some(DatasetVersion { evaluated: Evaluated::Good(tables), .. }) = &newer {
        let begins = |table: &catalog::Table| TableVersion {
            rows: table.rows,
            digest: table.digest.clone(),
            reset: true,
            ..TableVersion::default()
        };
        let tables = tables.iter().map(|(name, table)| (name.clone(), begins(table))).collect();
        if let Some(found) = &newer {
            writer.version(dataset, found, tables)?;
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
