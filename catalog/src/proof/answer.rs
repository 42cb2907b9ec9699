//! The answer of `/-/proof/...`, as JSON.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::history::ProvedVersion;
use crate::manifest::Sha256Hex;
use crate::table::{Column, ColumnType, Schema};
use crate::tree::Hash;

/// What is proved of a release, and how.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The manifest's commit.
    pub commit: Option<String>,
    /// The manifest's root; as of a version, that of its history.
    pub root: Sha256Hex,
    /// The version whose table this is; none where it is that of the release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<ProvedVersion>,
    /// The table.
    pub table: ProvedTable,
    /// The row that is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<ProvedRow>,
    /// The rows around the key, if no row has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<Absence>,
}

/// A table in the release's tree, or in that of its history.
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
    /// The root of the tree over its rows; none where the proof of a row leads there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<Sha256Hex>,
    /// Its place among the tables, from 0.
    pub index: u64,
    /// How many tables there are.
    pub tables: u64,
    /// From its leaf to the root.
    pub path: Path,
}

/// A row in its table's tree.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvedRow {
    /// The row as in other answers.
    pub values: Box<RawValue>,
    /// The bytes that the leaf is the hash of.
    pub leaf: Leaf,
    /// Its place in the order of the key, from 0.
    pub index: u64,
    /// From its leaf to the root of the rows.
    pub path: Path,
}

/// The rows around a key that no row has: they are next to each other.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// How many rows have a smaller key.
    pub index: u64,
    /// The last row with a smaller key, if there is one.
    pub before: Option<Leaf>,
    /// The first row with a greater key, if there is one.
    pub after: Option<Leaf>,
    /// From them to the root of the rows.
    pub path: Path,
}

/// The bytes that a leaf is the hash of: in JSON, base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf(pub Vec<u8>);

/// Hashes from a leaf up: in JSON, base64 of one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path(pub Vec<Hash>);

impl Serialize for Leaf {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Leaf {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        STANDARD.decode(text.as_bytes()).map(Self).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Path {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.0.as_flattened()))
    }
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Leaf(bytes) = Leaf::deserialize(deserializer)?;
        match bytes.as_chunks() {
            (hashes, []) => Ok(Self(hashes.to_vec())),
            _ => Err(serde::de::Error::custom("a path is hashes of 32 bytes")),
        }
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
