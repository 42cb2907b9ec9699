//! `releases/<id>.json`: what a release is made of.
//!
//! Its bytes depend on the release alone, not on when or by whom it is uploaded. The id is the first
//! 16 hex digits of their SHA-256, so a record can't change under its name, and uploading a release
//! twice changes nothing.

use catalog::{Manifest, Sha256Hex};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::attestation;
use super::digest;

/// The version of the record's layout.
const FORMAT: u32 = 1;

/// How many hex digits an id has: 64 bits, so that a billion releases hardly collide.
pub const ID_LENGTH: usize = 16;

/// A release's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRecord {
    /// The layout: 1.
    pub format: u32,
    /// The processor that the package runs on: `arm64` or `x86_64`.
    pub architecture: String,
    /// The package, `readers/<sha256>.zip`.
    pub reader: Artifact,
    /// The database, `db/<sha256>.db`.
    pub database: Artifact,
    /// The whole manifest.
    pub manifest: Manifest,
    /// One row of each table, to compare with what serves the release.
    pub golden: Vec<GoldenRow>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    /// Its digest.
    pub sha256: Sha256Hex,
    /// Its size in bytes.
    pub bytes: u64,
}

/// One row of a table, to compare with what serves the release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldenRow {
    /// The table's name.
    pub table: String,
    /// Which row, counted from 0.
    pub offset: u64,
    /// The answer: an array of that row, or an empty one where the table has no rows.
    pub answer: Value,
}

/// Whether a text has the form of an id.
pub fn is_id(text: &str) -> bool {
    text.len() == ID_LENGTH && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

impl ReleaseRecord {
    /// The record of a release of these parts.
    pub fn new(
        architecture: String,
        reader: Artifact,
        database: Artifact,
        manifest: Manifest,
        golden: Vec<GoldenRow>,
    ) -> Self {
        Self { format: FORMAT, architecture, reader, database, manifest, golden }
    }

    /// The record's bytes: keys in order, indented, a final newline.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a record has string keys only");
        bytes.push(b'\n');
        bytes
    }

    /// The release's id.
    pub fn id(&self) -> String {
        Self::id_of(&self.to_bytes())
    }

    /// The id of the release whose record has these bytes.
    pub fn id_of(bytes: &[u8]) -> String {
        let mut id = digest::of(bytes);
        id.truncate(ID_LENGTH);
        id
    }

    /// Reads a record. Errors, as a sentence: it is invalid, or has another id, or was written by a
    /// newer program.
    pub fn parse(bytes: &[u8], id: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Format {
            format: u64,
        }
        let found = Self::id_of(bytes);
        if found != id {
            return Err(format!("it is the record of release {found}"));
        }
        let Format { format } =
            serde_json::from_slice(bytes).map_err(|error| format!("it is not a record: {error}"))?;
        if format != u64::from(FORMAT) {
            return Err(format!("it has format {format}, and this program reads format {FORMAT}"));
        }
        serde_json::from_slice(bytes).map_err(|error| format!("it is not a record: {error}"))
    }

    /// The key of the record of release `id`.
    pub fn key(id: &str) -> String {
        format!("releases/{id}.json")
    }

    /// The database's key.
    pub fn database_key(&self) -> String {
        format!("db/{}.db", self.database.sha256)
    }

    /// The key of its attestation, which may be absent.
    pub fn attestation_key(&self) -> String {
        attestation::key(&digest::of(&self.manifest.to_bytes()))
    }

    /// The package's key.
    pub fn reader_key(&self) -> String {
        format!("readers/{}.zip", self.reader.sha256)
    }
}
