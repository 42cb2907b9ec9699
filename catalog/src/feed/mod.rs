//! The change feed: which rows were added, removed and changed by which version of a dataset.
//!
//! It is in the catalog's own table, since every further object in the file would cost every
//! cold start: a table of its own costs a first request some 34,000 instructions, its rows in the
//! catalog cost fewer than 4,000, a page more to read on the way down. Six kinds of entry, each
//! found by its key alone:
//!
//! ```text
//! kind                     name              entry                      about
//! version/<dataset>        <ordinal>         the version, without ...   ... what it did to each table
//! change/<table>           <ordinal>/<key>   added | removed | changed  {"old":{..},"new":{..}}
//! row/<table>/<key>        <ordinal>
//! past/<table>             <ordinal>         the table from then on     its descriptor, if not the present one
//! order/<table>            <ordinal>                                    the order of its rows before
//! root/<table>             <ordinal>         its root from then on
//! ```
//!
//! `ordinal` is a version's place in the history, ten digits with leading zeros, ascending;
//! `key` is a row's key as [`crate::key_text`] writes it. No table's name has a slash.
//!
//! Deliberately absent: how a history is read (builder), and the feed in content digests: they
//! say what the rows are, not what they were.

mod past;
mod row_order;
mod store;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::past::{
    past_ordinals, past_roots, past_table, put_past_root, put_past_table, put_row_order, row_orders_since,
};
pub use self::row_order::{row_order, row_order_text};
pub use self::store::{
    changes_since, each_change_since, last_change, newest_version, put_change, put_version, removed_keys,
    row_history, stored_version, version_kind, versions,
};
use crate::digest::hex;
use crate::manifest::Sha256Hex;
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
    /// The dataset has no version before: it began with this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub first: bool,
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
    /// The feed begins here: what the table was before is not recorded, and no row of it is listed.
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
    /// The columns that both have are in a different order.
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
    /// table did not have at the time is absent.
    pub values: String,
}

/// One row's change in one version, as it stands in the feed: see [`Change`].
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)] // as in `Change`
pub struct ChangeRef<'a> {
    pub ordinal: u64,
    pub key: &'a str,
    pub kind: ChangeKind,
    pub values: &'a str,
}

/// Where the next page of [`changes_since`] begins: after this change.
#[derive(Debug, Clone, Copy)]
pub struct After<'a> {
    /// Its version.
    pub ordinal: u64,
    /// Its key.
    pub key: &'a str,
}

impl Version {
    /// What clients name it by: its semantic version, or its digest where it has none.
    pub fn name(&self) -> &str {
        self.version.as_deref().unwrap_or(&self.digest)
    }
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Added, Self::Removed, Self::Changed];

    /// As it is stored and shown: `added`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// The version that a client means by a semantic version or by a digest: where it last became
/// current.
pub fn find_version<'v>(versions: &'v [Version], named: &str) -> Option<&'v Version> {
    let is_named = |version: &Version| version.version.as_deref() == Some(named) || version.digest == named;
    let last = versions.iter().rposition(is_named)?;
    let before = versions[..last].iter().rposition(|version| !is_named(version));
    versions.get(before.map_or(0, |before| before + 1))
}

/// What means `version`, one of `versions`, in an address: its name, or its commit where the name came again later.
pub fn version_address<'v>(versions: &[Version], version: &'v Version) -> &'v str {
    let is_it = |found: &Version| found.ordinal == version.ordinal;
    match find_version(versions, version.name()).is_some_and(is_it) {
        true => version.name(),
        false => &version.commit,
    }
}

/// The version that the changes of `table` are kept from: where the table was reset last. `None`
/// where the history has no version.
pub fn feed_begin<'v>(versions: &'v [Version], table: &str) -> Option<&'v Version> {
    let is_reset = |version: &&Version| version.tables.get(table).is_some_and(|table| table.reset);
    versions.iter().rev().find(is_reset).or(versions.first())
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

fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn version(ordinal: u64, name: &str) -> Version {
        Version {
            ordinal,
            version: Some(name.into()),
            digest: format!("d{ordinal}"),
            commit: "c".into(),
            date: "2025-01-01T00:00:00Z".into(),
            first: false,
            tables: BTreeMap::from([("t".into(), TableVersion { rows: 1, ..Default::default() })]),
        }
    }

    #[test]
    fn a_feed_begins_at_the_last_reset() {
        let mut all = [version(1, "1.0.0"), version(2, "1.1.0"), version(3, "1.2.0")];
        assert_eq!(feed_begin(&[], "t"), None);
        assert_eq!(feed_begin(&all, "t"), Some(&all[0]));
        all[1].tables.insert("t".into(), TableVersion { reset: true, ..Default::default() });
        assert_eq!(feed_begin(&all, "t"), Some(&all[1]));
        assert_eq!(feed_begin(&all, "other"), Some(&all[0]));
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
        let addresses = all.each_ref().map(|version| version_address(&all, version));
        assert_eq!(addresses, ["c", "1.1.0", "1.0.0", "c", "1.2.0"]);
    }
}
