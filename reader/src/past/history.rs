//! The versions of all datasets, read once.

use catalog::Version;
use rusqlite::Connection;

use crate::error::{Code, Error};

/// Every dataset with its versions, the oldest first.
#[derive(Debug)]
pub(crate) struct History {
    datasets: Vec<(String, Vec<Version>)>,
    /// What begins addresses in hints.
    base_path: String,
}

impl History {
    /// Errors: SQLite's.
    pub(crate) fn read(connection: &Connection, base_path: &str) -> Result<Self, Error> {
        let mut datasets = vec![];
        for name in catalog::dataset_names(connection)? {
            let versions = catalog::versions(connection, &name)?;
            datasets.push((name, versions));
        }
        Ok(Self::new(datasets, base_path))
    }

    /// Of datasets with their versions.
    pub(super) fn new(datasets: Vec<(String, Vec<Version>)>, base_path: &str) -> Self {
        Self { datasets, base_path: base_path.to_owned() }
    }

    pub(crate) fn datasets(&self) -> impl Iterator<Item = (&str, &[Version])> {
        self.datasets.iter().map(|(name, versions)| (name.as_str(), versions.as_slice()))
    }

    /// The versions of a dataset. Errors: the release has none.
    pub(crate) fn of(&self, dataset: &str) -> Result<&[Version], Error> {
        let versions = self.versions(dataset);
        if !versions.is_empty() {
            return Ok(versions);
        }
        Err(Error::new(Code::NoFeed, format!("the release has no history of dataset '{dataset}'"))
            .hint("build the release in a full clone of its Git repository, from what is committed"))
    }

    fn versions(&self, dataset: &str) -> &[Version] {
        self.datasets().find(|(name, _)| *name == dataset).map_or(&[], |(_, versions)| versions)
    }

    /// Where the versions of a dataset are, for a hint.
    pub(crate) fn listed(&self, dataset: &str) -> String {
        format!("{}/-/versions/{dataset} lists the versions", self.base_path)
    }

    /// 410: the history of a dataset begins with `oldest`.
    pub(super) fn not_kept(&self, dataset: &str, oldest: &Version) -> Error {
        let message = format!("the history of dataset '{dataset}' is kept from version {} on", oldest.name());
        Error::new(Code::NotKept, message)
            .details(format!("that version is of {}; what was before is not in the release", oldest.date))
            .hint(self.listed(dataset))
    }

    /// The version that a dataset had at the commit with that ordinal.
    pub(crate) fn at(&self, dataset: &str, ordinal: u64) -> Option<&Version> {
        self.versions(dataset).iter().rev().find(|version| version.ordinal <= ordinal)
    }

    /// The versions behind the one with that ordinal, the oldest first.
    pub(crate) fn after(&self, dataset: &str, ordinal: u64) -> &[Version] {
        let versions = self.versions(dataset);
        &versions[versions.partition_point(|version| version.ordinal <= ordinal)..]
    }

    /// The version that the rows of a table are kept from.
    pub(crate) fn begin(&self, dataset: &str, table: &str) -> Option<&Version> {
        catalog::feed_begin(self.versions(dataset), table)
    }

    /// The dataset that had the table in any version.
    pub(crate) fn dataset_of(&self, table: &str) -> Option<&str> {
        let has = |versions: &[Version]| versions.iter().any(|version| version.tables.contains_key(table));
        self.datasets().find(|(_, versions)| has(versions)).map(|(name, _)| name)
    }

    /// How an address means a version of a dataset, of any of its tables.
    pub(crate) fn address(&self, dataset: &str, version: &Version) -> String {
        let named = catalog::version_address(self.versions(dataset), version);
        if self.is_alone(dataset) { named.to_owned() } else { format!("{dataset}@{named}") }
    }

    /// Whether no other dataset has versions.
    pub(crate) fn is_alone(&self, dataset: &str) -> bool {
        self.datasets().all(|(name, versions)| name == dataset || versions.is_empty())
    }

    /// The dataset whose history is longest.
    pub(crate) fn oldest(&self) -> Option<&str> {
        let first =
            |(name, versions): (&'_ str, &[Version])| Some((versions.first()?.ordinal, name.to_owned()));
        let oldest = self.datasets().filter_map(first).min()?.1;
        self.datasets().map(|(name, _)| name).find(|name| *name == oldest)
    }

    /// The place of the last version at or before a place.
    pub(crate) fn last_at(&self, ordinal: u64) -> u64 {
        self.all().map(|version| version.ordinal).filter(|other| *other <= ordinal).max().unwrap_or(ordinal)
    }

    /// The versions of all datasets.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Version> {
        self.datasets.iter().flat_map(|(_, versions)| versions)
    }
}
