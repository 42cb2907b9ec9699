//! The answer of `/-/proof/...`, as JSON.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::manifest::Sha256Hex;
use crate::table::{Column, ColumnType, Schema};
use crate::tree::Hash;

/// What is proved of a release, and how.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The manifest's commit.
    pub commit: Option<String>,
    /// The manifest's root.
    pub root: Sha256Hex,
    /// The table.
    pub table: ProvedTable,
    /// The row that is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<ProvedRow>,
    /// The rows around the key, if no row has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<Absence>,
}

/// A table in the release's tree.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvedTable {
    /// Its name.
    pub name: String,
    /// How many rows it has: the size of the tree over them.
    pub rows: u64,
    /// Name and type of each column.
    pub columns: Vec<(String, ColumnType)>,
    /// The columns of the primary key, by which rows are in order.
    pub key: Vec<String>,
    /// The root of the tree over its rows.
    pub tree: Sha256Hex,
    /// Its place among the tables, from 0.
    pub index: u64,
    /// How many tables there are.
    pub tables: u64,
    /// From its root to the release's.
    pub path: Vec<PathHash>,
}

/// A row in its table's tree.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvedRow {
    /// The row as in other answers.
    pub values: Box<RawValue>,
    /// The bytes that the leaf is the hash of, in base64.
    pub leaf: String,
    /// Its place in the order of the key, from 0.
    pub index: u64,
    /// From its leaf to the root of the rows.
    pub path: Vec<PathHash>,
}

/// The rows around a key that no row has.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// The last row with a smaller key, if there is one.
    pub before: Option<ProvedRow>,
    /// The first row with a greater key, if there is one.
    pub after: Option<NextRow>,
}

/// The row after a key that no row has. Higher up, its path is that of the row before it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextRow {
    /// As in [`ProvedRow`].
    pub values: Box<RawValue>,
    /// As in [`ProvedRow`].
    pub leaf: String,
    /// As in [`ProvedRow`].
    pub index: u64,
    /// The lower part of its path.
    pub path: Vec<PathHash>,
    /// How many of the last hashes in the path of `before` complete it.
    pub shared: u64,
}

/// A hash as in RFC 6962's answers: base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathHash(pub Hash);

impl From<Hash> for PathHash {
    fn from(hash: Hash) -> Self {
        Self(hash)
    }
}

impl Serialize for PathHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for PathHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(PathHash).ok_or_else(|| serde::de::Error::custom("a hash is 32 bytes in base64"))
    }
}

impl ProvedRow {
    /// A row's bytes as a leaf is written.
    pub fn new(leaf: &[u8], values: Box<RawValue>, index: u64, path: &[Hash]) -> Self {
        let path = path.iter().copied().map(PathHash::from).collect();
        Self { values, leaf: STANDARD.encode(leaf), index, path }
    }
}

impl NextRow {
    /// The row after `before`, without what their paths share.
    pub fn new(row: ProvedRow, before: Option<&ProvedRow>) -> Self {
        let ProvedRow { values, leaf, index, mut path } = row;
        let before = before.map_or(&[][..], |before| &before.path);
        let shared =
            path.iter().rev().zip(before.iter().rev()).take_while(|(own, other)| own == other).count();
        path.truncate(path.len() - shared);
        Self { values, leaf, index, path, shared: shared as u64 }
    }

    /// The row with its whole path; `None` where `before` does not have as much of one.
    pub(super) fn whole(&self, before: Option<&ProvedRow>) -> Option<ProvedRow> {
        let before = before.map_or(&[][..], |before| &before.path);
        let start = before.len().checked_sub(usize::try_from(self.shared).ok()?)?;
        let path = self.path.iter().chain(&before[start..]).copied().collect();
        Some(ProvedRow { values: self.values.clone(), leaf: self.leaf.clone(), index: self.index, path })
    }
}

impl ProvedTable {
    /// Columns and key as a schema has them; what a proof does not say of them is left empty.
    pub fn schema(&self) -> Schema {
        let columns = self.columns.iter().map(|(name, column_type)| Column {
            name: name.clone(),
            column_type: *column_type,
            required: false,
        });
        Schema {
            columns: columns.collect(),
            primary_key: self.key.clone(),
            unique_keys: vec![],
            foreign_keys: vec![],
        }
    }

    /// The numbers of the key's columns; `None` where there is no column of such a name.
    pub fn key_columns(&self) -> Option<Vec<usize>> {
        self.key.iter().map(|name| self.columns.iter().position(|(column, _)| column == name)).collect()
    }
}
