//! A directory kept at the release of another directory, such as one that a build writes or a network mounts.

use std::io::ErrorKind;
use std::path::Path;

use catalog::{ATTESTATION_FILE, DATABASE_FILE, MANIFEST_FILE, Manifest, PACKAGE_FILE, file_digest};

use super::bring::Brought;
use super::digest;
use super::failure::Failure;
use super::record::ID_LENGTH;
use builder::progress::Progress;
use builder::release::{Directory, settle};

/// Copies the release in `source` into `target`, unless it is the one that the directory `has`, or has it by its manifest.
/// Its name is the beginning of the manifest's SHA-256. `None` if nothing changed, or there is no release yet. Errors:
/// `target` is unchanged.
pub fn copy(
    source: &Path,
    has: Option<&str>,
    target: &Path,
    progress: &Progress,
) -> Result<Option<Brought>, Failure> {
    let path = source.join(MANIFEST_FILE);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::io("read", &path)(error)),
    };
    let release = digest::of(&bytes)[..ID_LENGTH].to_owned();
    if has == Some(release.as_str()) {
        return Ok(None);
    }
    let manifest = Manifest::parse(&bytes).map_err(|error| {
        Failure::refused(
            format!("`{}` can't be used: {error}", path.display()),
            "run `builder build` again; the directory keeps what it has",
        )
    })?;
    // After a restart.
    if std::fs::read(target.join(MANIFEST_FILE)).ok().as_ref() == Some(&bytes) {
        return Ok(Some(Brought { release, downloaded: false }));
    }
    let directory = Directory::prepare(target, progress)?;
    let put = |name: &str| -> Result<(), Failure> {
        let (from, to) = (source.join(name), directory.file(name));
        std::fs::copy(&from, &to).map_err(Failure::io("read", &from))?;
        settle(&to).map_err(Failure::io("write", &to))
    };
    put(DATABASE_FILE)?;
    let database = directory.file(DATABASE_FILE);
    let found = file_digest(&database).map_err(Failure::io("read", &database))?;
    if found != (manifest.database.sha256.clone(), manifest.database.bytes) {
        return Err(Failure::refused(
            format!(
                "`{}` holds {} bytes, sha256 {}, where its manifest has {} bytes, sha256 {}",
                source.join(DATABASE_FILE).display(),
                found.1,
                found.0,
                manifest.database.bytes,
                manifest.database.sha256
            ),
            "if something replaces it now, the next look finds the new release; otherwise run `builder build` again",
        ));
    }
    for name in [PACKAGE_FILE, ATTESTATION_FILE] {
        if source.join(name).exists() {
            put(name)?;
        }
    }
    // The one that was read: the source may have the next one by now.
    let path = directory.file(MANIFEST_FILE);
    std::fs::write(&path, &bytes).map_err(Failure::io("write", &path))?;
    settle(&path).map_err(Failure::io("write", &path))?;
    directory.replace(progress)?;
    Ok(Some(Brought { release, downloaded: true }))
}
