//! A release downloaded from S3, every byte of it verified.

use std::fs::File;
use std::path::Path;

use catalog::{ATTESTATION_FILE, DATABASE_FILE, MANIFEST_FILE, PACKAGE_FILE};
use serde::Serialize;

use super::bucket::Bucket;
use super::failure::Failure;
use super::lookup::{fetch_record, resolve};
use super::record::Artifact;
use builder::package::attestation_in;
use builder::progress::Progress;
use builder::release::{Directory, settle};

/// The release that was pulled.
#[derive(Debug, Serialize)]
pub struct Pulled {
    /// The release's id.
    pub release: String,
    /// The package.
    pub reader: Artifact,
    /// The database.
    pub database: Artifact,
}

/// Downloads a release, by any name that [`resolve`] accepts, into the directory `target`, which is
/// replaced as a whole once every file is verified. Errors: the directory is unchanged.
pub async fn pull(
    bucket: &Bucket,
    name: &str,
    target: &Path,
    progress: &Progress,
) -> Result<Pulled, Failure> {
    let id = resolve(bucket, name).await?;
    let record = fetch_record(bucket, &id).await?;
    let directory = Directory::prepare(target, progress)?;
    for (key, artifact, file) in [
        (record.database_key(), &record.database, DATABASE_FILE),
        (record.reader_key(), &record.reader, PACKAGE_FILE),
    ] {
        progress.say(&format!("reading {}", bucket.url(&key)));
        let path = directory.file(file);
        let mut out = File::create_new(&path).map_err(Failure::io("write", &path))?;
        let Some((sha256, bytes)) = bucket.get_file(&key, &mut out, &path).await? else {
            return Err(Failure::refused(
                format!("release {id} has a record, but {} is missing", bucket.url(&key)),
                "something deleted it: restore the object's previous version, or upload the same release again",
            ));
        };
        if (&sha256, bytes) != (&artifact.sha256, artifact.bytes) {
            return Err(Failure::refused(
                format!(
                    "{} holds {bytes} bytes, sha256 {sha256}, where release {id} has {} bytes, sha256 {}",
                    bucket.url(&key),
                    artifact.bytes,
                    artifact.sha256
                ),
                "something other than `publisher` wrote it: look at the object's versions, remove the wrong ones and \
                 upload the release again",
            ));
        }
        settle(&path).map_err(Failure::io("write", &path))?;
    }
    let write = |name: &str, bytes: Vec<u8>| {
        let path = directory.file(name);
        std::fs::write(&path, bytes).and_then(|()| settle(&path)).map_err(Failure::io("write", &path))
    };
    // The plain server has it beside the manifest.
    if let Some(bundle) = attestation_in(&directory.file(PACKAGE_FILE))? {
        write(ATTESTATION_FILE, bundle)?;
    }
    write(MANIFEST_FILE, record.manifest.to_bytes())?;
    directory.replace(progress)?;
    Ok(Pulled { release: id, reader: record.reader, database: record.database })
}
