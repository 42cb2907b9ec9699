//! A release on this machine, proven sound before any of it is sent.

use std::path::{Path, PathBuf};

use catalog::{DATABASE_FILE, MANIFEST_FILE, Manifest, file_digest};
use rusqlite::{Connection, OpenFlags};

use super::failure::Failure;
use super::golden;
use super::record::{Artifact, Record};
use builder::package::inspect;
use builder::progress::Progress;
use builder::release::verify;

/// A release on this machine.
pub struct Local {
    /// Its record.
    pub record: Record,
    /// The path of its database.
    pub database: PathBuf,
    /// The path of its package.
    pub package: PathBuf,
}

impl Local {
    /// Verifies the release in `directory` and that `package` was made from it. Errors: it is not
    /// sound, or can't be read.
    pub fn open(directory: &Path, package: &Path, progress: &Progress) -> Result<Self, Failure> {
        if !directory.exists() {
            return Err(Failure::refused(
                format!("there is no release in `{}`: there is no such directory", directory.display()),
                "`builder build` and `builder package` make one (`make dist` does both)",
            ));
        }
        let verified = verify(directory, progress)?;
        if let Some(mismatch) = verified.mismatches.first() {
            return Err(Failure::refused(
                format!("`{}` is no sound release: {mismatch}", directory.display()),
                "build it again with `builder build`, and package it",
            ));
        }
        let manifest: Manifest = verified.manifest;
        let manifest_path = directory.join(MANIFEST_FILE);
        let manifest_bytes = std::fs::read(&manifest_path).map_err(Failure::io("read", &manifest_path))?;
        if manifest_bytes != manifest.to_bytes() {
            return Err(Failure::refused(
                format!("`{}` is not as `builder build` writes it", manifest_path.display()),
                "build the release again",
            ));
        }
        progress.step("reading the package");
        let inside = inspect(package)?;
        let stale = |what: &str| {
            Failure::refused(
                format!(
                    "`{}` holds {what} than `{}`: it was made from another release",
                    package.display(),
                    directory.display()
                ),
                "make it again with `builder package`",
            )
        };
        if inside.database != (manifest.database.sha256.clone(), manifest.database.bytes) {
            return Err(stale("another data.db"));
        }
        if inside.manifest != manifest_bytes {
            return Err(stale("another manifest.json"));
        }
        let (sha256, bytes) = file_digest(package).map_err(Failure::io("read", package))?;
        let database = directory.join(DATABASE_FILE);
        let golden = Connection::open_with_flags(&database, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .and_then(|connection| golden::questions(&connection))
            .map_err(builder::failure::Failure::sqlite("can't read rows of the database"))?;
        let record = Record::new(
            inside.architecture.to_string(),
            Artifact { sha256, bytes },
            Artifact { sha256: manifest.database.sha256.clone(), bytes: manifest.database.bytes },
            manifest,
            golden,
        );
        Ok(Self { record, database, package: package.to_owned() })
    }
}
