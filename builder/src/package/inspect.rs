//! What a finished package holds: read back from the zip, not from what it was made of.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use catalog::{ATTESTATION_FILE, DATABASE_FILE, FileDigest, MANIFEST_FILE, Sha256Hex};
use zip::ZipArchive;
use zip::result::ZipError;

use super::archive::BOOTSTRAP_FILE;
use super::{Architecture, Failure, UNZIPPED_LIMIT, bootstrap};

/// What a package holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// The processor that its bootstrap runs on.
    pub architecture: Architecture,
    /// The digest of its database and its size in bytes.
    pub database: (Sha256Hex, u64),
    /// Its manifest's bytes.
    pub manifest: Vec<u8>,
}

/// Reads the package at `path`. Errors: it can't be read, is not a zip with the three files, or its
/// bootstrap is nothing that Lambda starts.
pub fn inspect(path: &Path) -> Result<Inside, Failure> {
    let read = |error| Failure::Read { path: path.into(), error };
    let broken = |error: ZipError| read(error.into());
    let mut archive = ZipArchive::new(File::open(path).map_err(read)?).map_err(broken)?;
    let mut bootstrap = vec![];
    let entry = archive.by_name(BOOTSTRAP_FILE).map_err(broken)?;
    entry.take(UNZIPPED_LIMIT).read_to_end(&mut bootstrap).map_err(read)?;
    let checked = bootstrap::check(&bootstrap)
        .map_err(|problem| Failure::Bootstrap { path: path.join(BOOTSTRAP_FILE), problem })?;
    let mut manifest = vec![];
    let entry = archive.by_name(MANIFEST_FILE).map_err(broken)?;
    entry.take(UNZIPPED_LIMIT).read_to_end(&mut manifest).map_err(read)?;
    let mut database = archive.by_name(DATABASE_FILE).map_err(broken)?;
    let mut digest = FileDigest::default();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = database.read(&mut buffer).map_err(read)?;
        if count == 0 {
            break;
        }
        digest.update(&buffer[..count]);
    }
    Ok(Inside { architecture: checked.architecture, database: digest.finish(), manifest })
}

/// The bundle in the package at `path` that attests its manifest, where there is one. Errors: it can't be read.
pub fn attestation_in(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let read = |error| Failure::Read { path: path.into(), error };
    let mut archive = ZipArchive::new(File::open(path).map_err(read)?).map_err(|error| read(error.into()))?;
    match archive.by_name(ATTESTATION_FILE) {
        Ok(entry) => {
            let mut bundle = vec![];
            entry.take(UNZIPPED_LIMIT).read_to_end(&mut bundle).map_err(read)?;
            Ok(Some(bundle))
        }
        Err(ZipError::FileNotFound) => Ok(None),
        Err(error) => Err(read(error.into())),
    }
}
