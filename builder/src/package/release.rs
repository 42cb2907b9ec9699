//! The release's files, checked against each other.
//!
//! The database is read once, while it goes into the zip: what is compared with the manifest are
//! the very bytes that were packaged. That its contents are sound is the matter of
//! `builder verify`.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use catalog::{
    ATTESTATION_FILE, Attestation, AttestationError, FileDigest, Header, HeaderError, MANIFEST_FILE,
    Manifest, ManifestError, Sha256Hex,
};

use super::Failure;

/// Why the reader could not serve a release.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseProblem {
    /// The manifest can't be read, or has another format.
    #[error("{0}")]
    Manifest(ManifestError),
    /// The attestation can't be read.
    #[error("{0}")]
    Attestation(AttestationError),
    /// The attestation is about other files.
    #[error("it is not about {MANIFEST_FILE}, whose sha256 is {0}")]
    OtherAttestation(Sha256Hex),
    /// The database can't be read, or has another format.
    #[error("{0}")]
    Database(HeaderError),
    /// The database has another size than the manifest says.
    #[error("it has {found} bytes where its manifest says {expected}")]
    Size {
        /// The manifest's, in bytes.
        expected: u64,
        /// The file's, in bytes.
        found: u64,
    },
    /// The database has another digest than the manifest says.
    #[error("its sha256 is {found} where its manifest says {expected}")]
    Digest {
        /// The manifest's.
        expected: Sha256Hex,
        /// The file's.
        found: Sha256Hex,
    },
}

/// A release whose manifest and database header are in order.
pub(super) struct Release {
    /// The manifest's bytes, as stored on disk.
    pub(super) manifest_bytes: Vec<u8>,
    /// The bundle that attests the manifest, where there is one.
    pub(super) attestation: Option<Vec<u8>>,
    manifest: Manifest,
    database: File,
    database_path: PathBuf,
    digest: FileDigest,
}

impl Release {
    pub(super) fn open(manifest_path: &Path, database_path: &Path) -> Result<Self, Failure> {
        let read = |path: &Path, error| Failure::Read { path: path.into(), error };
        let manifest_bytes = std::fs::read(manifest_path).map_err(|error| read(manifest_path, error))?;
        let manifest = Manifest::parse(&manifest_bytes).map_err(|error| Failure::Release {
            path: manifest_path.into(),
            problem: ReleaseProblem::Manifest(error),
        })?;
        let attestation = attestation(&manifest_path.with_file_name(ATTESTATION_FILE), &manifest_bytes)?;
        let refuse = |problem| Failure::Release { path: database_path.into(), problem };
        let mut database = File::open(database_path).map_err(|error| read(database_path, error))?;
        let found = database.metadata().map_err(|error| read(database_path, error))?.len();
        Header::read(&mut database, found).map_err(|error| match error {
            HeaderError::Io(error) => read(database_path, error),
            other => refuse(ReleaseProblem::Database(other)),
        })?;
        let expected = manifest.database.bytes;
        if found != expected {
            return Err(refuse(ReleaseProblem::Size { expected, found }));
        }
        database.rewind().map_err(|error| read(database_path, error))?;
        let (database_path, digest) = (database_path.into(), FileDigest::default());
        Ok(Self { manifest_bytes, attestation, manifest, database, database_path, digest })
    }

    pub(super) fn database_path(&self) -> &Path {
        &self.database_path
    }

    /// The database's next bytes.
    pub(super) fn read_database(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.database.read(buffer)?;
        self.digest.update(&buffer[..read]);
        Ok(read)
    }

    /// Once the database is read to its end: was it the one that the manifest describes?
    pub(super) fn finish(self) -> Result<(), Failure> {
        let refuse = |problem| Failure::Release { path: self.database_path, problem };
        let (found, bytes) = self.digest.finish();
        let catalog::Database { sha256, bytes: expected_bytes } = self.manifest.database;
        if bytes != expected_bytes {
            return Err(refuse(ReleaseProblem::Size { expected: expected_bytes, found: bytes }));
        }
        if found != sha256 {
            return Err(refuse(ReleaseProblem::Digest { expected: sha256, found }));
        }
        Ok(())
    }
}

/// The bundle at `path`, where there is one. Errors: it can't be read, or is not about the manifest.
fn attestation(path: &Path, manifest: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
    let bundle = match std::fs::read(path) {
        Ok(bundle) => bundle,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::Read { path: path.into(), error }),
    };
    let refuse = |problem| Failure::Release { path: path.into(), problem };
    let found = Attestation::parse(&bundle).map_err(|error| refuse(ReleaseProblem::Attestation(error)))?;
    let mut digest = FileDigest::default();
    digest.update(manifest);
    let (digest, _) = digest.finish();
    if found.is_about(&digest) {
        Ok(Some(bundle))
    } else {
        Err(refuse(ReleaseProblem::OtherAttestation(digest)))
    }
}
