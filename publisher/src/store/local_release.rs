//! A release on this machine, verified before any of it is uploaded.

use std::path::{Path, PathBuf};

use catalog::{DATABASE_FILE, MANIFEST_FILE, Manifest, file_digest};
use rusqlite::{Connection, OpenFlags};

use super::failure::Failure;
use super::golden;
use super::record::{Artifact, ReleaseRecord};
use builder::package::inspect;
use builder::progress::Progress;
use builder::release::verify;

/// A release on this machine.
pub struct LocalRelease {
    /// Its record.
    pub record: ReleaseRecord,
    /// The path of its database.
    pub database: PathBuf,
    /// The path of its package.
    pub package: PathBuf,
}

impl LocalRelease {
    /// Verifies the release in `directory` and that `package` was made from it. Errors: it is
    /// damaged, or can't be read.
    pub fn open(directory: &Path, package: &Path, progress: &Progress) -> Result<Self, Failure> {
        if !directory.exists() {
            return Err(Failure::refused(
                format!("there is no release in `{}`: no such directory", directory.display()),
                "`builder build` and `builder package` create one (`make dist` runs both)",
            ));
        }
        let verified = verify(directory, progress)?;
        if let Some(mismatch) = verified.mismatches.first() {
            return Err(Failure::refused(
                format!("the release in `{}` is damaged: {mismatch}", directory.display()),
                "run `builder build` and `builder package` again",
            ));
        }
        let manifest: Manifest = verified.manifest;
        let manifest_path = directory.join(MANIFEST_FILE);
        let manifest_bytes = std::fs::read(&manifest_path).map_err(Failure::io("read", &manifest_path))?;
        if manifest_bytes != manifest.to_bytes() {
            return Err(Failure::refused(
                format!("`{}` was changed after `builder build` wrote it", manifest_path.display()),
                "run `builder build` and `builder package` again",
            ));
        }
        progress.step("reading the package");
        let inside = inspect(package)?;
        let stale = |what: &str| {
            Failure::refused(
                format!(
                    "`{}` has a different {what} than `{}`: it was packaged from another release",
                    package.display(),
                    directory.display()
                ),
                "run `builder package` again",
            )
        };
        if inside.database != (manifest.database.sha256.clone(), manifest.database.bytes) {
            return Err(stale("data.db"));
        }
        if inside.manifest != manifest_bytes {
            return Err(stale("manifest.json"));
        }
        let (sha256, bytes) = file_digest(package).map_err(Failure::io("read", package))?;
        let database = directory.join(DATABASE_FILE);
        let golden = Connection::open_with_flags(&database, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .and_then(|connection| golden::golden_rows(&connection))
            .map_err(builder::failure::Failure::sqlite("can't read rows of the database"))?;
        let record = ReleaseRecord::new(
            inside.architecture.to_string(),
            Artifact { sha256, bytes },
            Artifact { sha256: manifest.database.sha256.clone(), bytes: manifest.database.bytes },
            manifest,
            golden,
        );
        Ok(Self { record, database, package: package.to_owned() })
    }
}
