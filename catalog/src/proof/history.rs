//! The tree over the tables of all versions that a release keeps, so that a row as it was can be checked too: its
//! root is in the manifest.
//!
//! Deliberately absent: the rows of then (the reader restores them).

use std::collections::BTreeMap;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde::{Deserialize, Serialize};

use crate::canonical::write_canonical;
use crate::digest::hex;
use crate::feed::{Version, past_roots};
use crate::manifest::ManifestHistory;
use crate::tree::{Hash, leaf_hash, path, tree_root};

/// A version as its leaves name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvedVersion {
    /// The dataset.
    pub dataset: String,
    /// Its version, where it is a semantic version.
    pub version: Option<String>,
    /// The commit that made it.
    pub commit: String,
    /// That commit's date.
    pub date: String,
}

impl ProvedVersion {
    /// The version of a dataset.
    pub fn of(dataset: &str, version: &Version) -> Self {
        Self {
            dataset: dataset.to_owned(),
            version: version.version.clone(),
            commit: version.commit.clone(),
            date: version.date.clone(),
        }
    }

    /// Whether `when` names it: by its version, alone or behind the dataset and `@`, or by seven digits of its
    /// commit or more.
    pub fn is(&self, when: &str) -> bool {
        let when = when.strip_prefix(&self.dataset).and_then(|rest| rest.strip_prefix('@')).unwrap_or(when);
        let is_commit = when.len() >= 7 && self.commit.starts_with(&when.to_ascii_lowercase());
        is_commit || self.version.as_deref() == Some(when)
    }

    /// The leaf of one of its tables: the hash of a leaf with these bytes:
    ///
    /// ```text
    /// "coldpress version 1\n"  then values as in `canonical`:
    ///   text dataset, text version or null, text commit, text date, text root of the table in hex
    /// ```
    pub fn leaf(&self, table: &Hash) -> Hash {
        let mut bytes = b"coldpress version 1\n".to_vec();
        let mut put = |value: ValueRef<'_>| write_canonical(value, &mut bytes);
        put(ValueRef::Text(self.dataset.as_bytes()));
        put(self.version.as_ref().map_or(ValueRef::Null, |version| ValueRef::Text(version.as_bytes())));
        put(ValueRef::Text(self.commit.as_bytes()));
        put(ValueRef::Text(self.date.as_bytes()));
        put(ValueRef::Text(hex(table).as_bytes()));
        leaf_hash(&bytes)
    }
}

/// The tree: a leaf for each table of each version, by dataset, version and table.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct HistoryTree {
    /// What the leaf of a table and version is, by dataset, ordinal and table: its place, and the table's root.
    places: BTreeMap<(String, u64, String), (usize, Hash)>,
    leaves: Vec<Hash>,
}

impl HistoryTree {
    /// Of the datasets with these versions. `None` where a version has no root: an earlier builder wrote the
    /// feed. Errors: SQLite's.
    pub fn read<'v>(
        connection: &Connection,
        datasets: impl IntoIterator<Item = (&'v str, &'v [Version])>,
    ) -> rusqlite::Result<Option<Self>> {
        let mut datasets: Vec<_> = datasets.into_iter().collect();
        datasets.sort_unstable_by_key(|(name, _)| *name);
        let mut roots: BTreeMap<&str, Vec<(u64, Hash)>> = BTreeMap::new();
        let mut tree = Self::default();
        for (dataset, versions) in datasets {
            for version in versions {
                let proved = ProvedVersion::of(dataset, version);
                for name in version.tables.keys() {
                    if !roots.contains_key(name.as_str()) {
                        roots.insert(name, past_roots(connection, name)?);
                    }
                    let of_table = roots.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
                    let root = of_table.iter().rev().find(|(ordinal, _)| *ordinal <= version.ordinal);
                    let Some((_, root)) = root else { return Ok(None) };
                    let place = (dataset.to_owned(), version.ordinal, name.clone());
                    tree.places.insert(place, (tree.leaves.len(), *root));
                    tree.leaves.push(proved.leaf(root));
                }
            }
        }
        Ok(Some(tree))
    }

    /// What the manifest says of it; `None` where there is no version.
    pub fn summary(&self) -> Option<ManifestHistory> {
        (!self.leaves.is_empty()).then(|| ManifestHistory {
            root: hex(&tree_root(&self.leaves)),
            tables: self.leaves.len() as u64,
        })
    }

    /// The place of a table in a version of its dataset, the table's root, and the path from its leaf.
    pub fn path(&self, dataset: &str, ordinal: u64, table: &str) -> Option<(usize, Hash, Vec<Hash>)> {
        let (place, root) = self.places.get(&(dataset.to_owned(), ordinal, table.to_owned()))?;
        Some((*place, *root, path(*place, &self.leaves)))
    }
}
