//! `manifest.json`: the release's record.
//!
//! It holds what the database can't say of itself (its own digest) and what changes without the
//! data (the commit). Like the database it is a pure function of the commit: no time, no path of
//! the machine. Keys come in a fixed order, two spaces of indentation, a final newline.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::names::FORMAT_VERSION;

/// A SHA-256 in lower-case hex.
pub type Sha256Hex = String;

/// The release's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT_VERSION`].
    pub format: u32,
    /// The Git commit of the datasets: 40 or 64 hex digits. `None` without Git, and
    /// where the datasets have uncommitted changes: a release claims only what it can prove.
    pub commit: Option<String>,
    /// The root of the tree over the tables' roots, which vouches for every row. `None` in releases of earlier
    /// versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<Sha256Hex>,
    /// The root of the tree over the tables of all versions that the release keeps. `None` without a change feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<ManifestHistory>,
    /// The database file.
    pub database: Database,
    /// The datasets, by name.
    pub datasets: Vec<Dataset>,
    /// The tables, by name.
    pub tables: Vec<ManifestTable>,
}

/// The tree over the tables of all versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestHistory {
    /// Its root.
    pub root: Sha256Hex,
    /// How many leaves it has: one for each table of each version.
    pub tables: u64,
}

/// The database file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// SHA-256 of its bytes.
    pub sha256: Sha256Hex,
    /// Its size in bytes.
    pub bytes: u64,
}

/// A dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// Its name.
    pub name: String,
    /// Its version, where the descriptor gives one.
    pub version: Option<String>,
    /// The descriptor file.
    pub descriptor: SourceFile,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestTable {
    /// Its name.
    pub name: String,
    /// The dataset that it belongs to.
    pub dataset: String,
    /// How many rows it has.
    pub rows: u64,
    /// Its content digest.
    pub sha256: Sha256Hex,
    /// Its root: the hash over its columns, its key and the tree of its rows. `None` in releases of earlier
    /// versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<Sha256Hex>,
    /// The files that its rows came from, in order.
    pub sources: Vec<SourceFile>,
}

/// A file that the release was built from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// Its path below the datasets directory, with `/` between the parts.
    pub path: String,
    /// SHA-256 of its bytes as stored on disk.
    pub sha256: Sha256Hex,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Why a manifest can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file could not be read.
    #[error("it can't be read: {0}")]
    Io(std::io::Error),
    /// It is not a manifest.
    #[error("it is not a manifest: {0}")]
    Json(serde_json::Error),
    /// It has another format.
    #[error("it has format {found}, this program reads format {FORMAT_VERSION}; build the release again")]
    Format {
        /// The format it has.
        found: u64,
    },
}

impl Manifest {
    /// Reads the manifest at `path`.
    pub fn load(path: &Path) -> Result<Self, ManifestError> {
        Self::parse(&std::fs::read(path).map_err(ManifestError::Io)?)
    }

    /// Reads a manifest from the bytes of its file.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        // The format first: a newer manifest may have keys that this program does not know.
        #[derive(Deserialize)]
        struct Format {
            format: u64,
        }
        let Format { format } = serde_json::from_slice(bytes).map_err(ManifestError::Json)?;
        if format != u64::from(FORMAT_VERSION) {
            return Err(ManifestError::Format { found: format });
        }
        serde_json::from_slice(bytes).map_err(ManifestError::Json)
    }

    /// The bytes of `manifest.json`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a manifest has string keys only");
        bytes.push(b'\n');
        bytes
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&ManifestTable> {
        self.tables.iter().find(|table| table.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let source = |path: &str| SourceFile { path: path.into(), sha256: "00".into(), bytes: 1 };
        Manifest {
            format: FORMAT_VERSION,
            commit: None,
            root: Some("33".into()),
            history: Some(ManifestHistory { root: "55".into(), tables: 3 }),
            database: Database { sha256: "11".into(), bytes: 4096 },
            datasets: vec![Dataset {
                name: "d".into(),
                version: Some("1.0.0".into()),
                descriptor: source("d/datapackage.json"),
            }],
            tables: vec![ManifestTable {
                name: "t".into(),
                dataset: "d".into(),
                rows: 2,
                sha256: "22".into(),
                root: Some("44".into()),
                sources: vec![source("d/t.csv")],
            }],
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(Manifest::parse(&manifest().to_bytes()).unwrap(), manifest());
    }

    #[test]
    fn another_format_is_named_even_if_its_keys_are_unknown() {
        let error = Manifest::parse(br#"{"format": 2, "new": true}"#).unwrap_err();
        assert_eq!(
            error.to_string(),
            "it has format 2, this program reads format 1; build the release again"
        );
    }
}
