//! One file of a resource.

use std::path::{Path, PathBuf};

/// One CSV file of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Its path.
    pub file: PathBuf,
    /// Its path below the datasets directory, with `/` between the parts.
    pub path: String,
    /// Whether it is compressed with gzip.
    pub gzip: bool,
    /// `bytes`: its size as stored, where the descriptor gives one.
    pub bytes: Option<u64>,
    /// `hash`, of the file as stored.
    pub hash: Option<Hash>,
}

/// A file's hash as its descriptor gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hash {
    /// How it was made.
    pub algorithm: HashAlgorithm,
    /// Lower-case hex, of the algorithm's length.
    pub digest: String,
}

/// The algorithms of `hash` (Data Resource, "hash").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // their names are what they are
pub enum HashAlgorithm {
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

impl DataFile {
    /// A file of which no descriptor says anything: what ends in `.gz` is compressed.
    pub fn plain(file: &Path) -> Self {
        let gzip = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
        Self { file: file.to_owned(), path: String::new(), gzip, bytes: None, hash: None }
    }
}
