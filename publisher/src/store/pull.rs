//! A release brought back from S3, every byte of it proven.

use std::fs::File;
use std::path::Path;

use catalog::{DATABASE_FILE, MANIFEST_FILE, PACKAGE_FILE};
use serde::Serialize;

use super::bucket::Bucket;
use super::channel::{self, Channel};
use super::failure::Failure;
use super::record::{Artifact, Record, is_id};
use builder::progress::Progress;
use builder::release::{Directory, settle};

/// What was pulled.
#[derive(Debug, Serialize)]
pub struct Pulled {
    /// The release's id.
    pub release: String,
    /// The package.
    pub reader: Artifact,
    /// The database.
    pub database: Artifact,
}

/// Pulls a release, named as [`resolve`] takes it, into the directory `target`, which is replaced
/// as a whole once all of it is there and proven. Errors: then the directory is as it was.
pub async fn pull(
    bucket: &Bucket,
    name: &str,
    target: &Path,
    progress: &Progress,
) -> Result<Pulled, Failure> {
    let id = resolve(bucket, name).await?;
    let record = record(bucket, &id).await?;
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
                format!("release {id} is recorded, but {} is not there", bucket.url(&key)),
                "look at the object's versions: somebody removed it; publishing the same release puts it back",
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
                "look at the object's versions: somebody wrote past builder; remove what is wrong and publish the \
                 release again",
            ));
        }
        settle(&path).map_err(Failure::io("write", &path))?;
    }
    let path = directory.file(MANIFEST_FILE);
    std::fs::write(&path, record.manifest.to_bytes()).map_err(Failure::io("write", &path))?;
    settle(&path).map_err(Failure::io("write", &path))?;
    directory.replace(progress)?;
    Ok(Pulled { release: id, reader: record.reader, database: record.database })
}

/// The id that a name stands for: an id itself, `previous` (the release before the one that is
/// live), or a channel such as `live`. Errors: it stands for none.
pub async fn resolve(bucket: &Bucket, name: &str) -> Result<String, Failure> {
    if is_id(name) {
        return Ok(name.to_owned());
    }
    let (channel, previous) = if name == "previous" { (channel::LIVE, true) } else { (name, false) };
    let none = |what: String| {
        Failure::refused(
            what,
            "`publisher releases` lists what is there; name one by its id, or `live` or `previous`",
        )
    };
    if channel != channel::LIVE {
        return Err(none(format!("`{name}` is neither a release's id (16 hex digits) nor a channel")));
    }
    let Some((found, _)) = Channel::load(bucket).await? else {
        return Err(none(format!("no release is live yet: {} is not there", bucket.url(&Channel::key()))));
    };
    if previous {
        return found.previous.ok_or_else(|| none("there is no release before the one that is live".into()));
    }
    Ok(found.current)
}

/// The record of a release. Errors: there is none, or it is not sound.
pub async fn record(bucket: &Bucket, id: &str) -> Result<Record, Failure> {
    let url = bucket.url(&Record::key(id));
    let Some(fetched) = bucket.get(&Record::key(id)).await? else {
        return Err(Failure::refused(
            format!("there is no release {id}: {url} is not there"),
            "`publisher releases` lists what is there",
        ));
    };
    Record::parse(&fetched.bytes, id).map_err(|why| {
        Failure::refused(
            format!("{url} can't be used: {why}"),
            "where its format is newer, use the builder that wrote it; else look at the object's versions",
        )
    })
}
